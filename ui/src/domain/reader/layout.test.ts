import { describe, expect, it } from "vitest";
import { anchoredScroll, fitPage, fitWidth, GAP, leftOf, MAX_SCALE, pageAt, readingWidth, single, stack, TILE, tiles, tilesAhead, touches, visible } from "./layout";

const a4 = { widthPt: 595, heightPt: 842 };

describe("the stack of pages", () => {
  const layout = stack(Array.from({ length: 1200 }, () => a4), 1);
  it("finds the page at a height", () => {
    expect(pageAt(layout, 0)).toBe(0);
    expect(pageAt(layout, GAP + 842 + GAP)).toBe(1);
    expect(pageAt(layout, layout.total + 999)).toBe(1199);
  });
  it("keeps few pages of many near the view", () => {
    const [first, last] = visible(layout, 500_000, 1000, 1000);
    expect(last - first).toBeLessThanOrEqual(4);
    expect(first).toBeGreaterThan(500);
  });
  it("fits the common width, not the one plan", () => {
    const sizes = [a4, a4, { widthPt: 2384, heightPt: 1684 }];
    expect(fitWidth(sizes, 595 + 2 * GAP)).toBeCloseTo(1);
  });
});

describe("tiles", () => {
  it("are in view where they have more in common with it than an edge", () => {
    const view = { x: 0, y: 1024, w: 700, h: 900 };
    expect(touches({ x: 0, y: 0, w: 700, h: 1024 }, view)).toBe(false);
    expect(touches({ x: 0, y: 0, w: 700, h: 1025 }, view)).toBe(true);
    expect(touches({ x: 700, y: 1024, w: 10, h: 10 }, view)).toBe(false);
    expect(touches({ x: 0, y: 1924, w: 700, h: 10 }, view)).toBe(false);
  });
  it("cover exactly the page", () => {
    const all = tiles(2500, 1500, { x: 0, y: 0, w: 2500, h: 1500 });
    expect(all.reduce((sum, tile) => sum + tile.w * tile.h, 0)).toBe(2500 * 1500);
    expect(all.every((tile) => tile.w <= TILE && tile.h <= TILE)).toBe(true);
  });
  it("are only those in view", () => {
    expect(tiles(20_000, 20_000, { x: 5000, y: 5000, w: 900, h: 900 }).length).toBeLessThanOrEqual(4);
    expect(tiles(1000, 1000, { x: 0, y: 4000, w: 900, h: 900 })).toEqual([]);
  });
});

describe("a plan at the highest zoom", () => {
  // A0 lying, on a tablet of 1366 × 1024 CSS px at two device px each.
  const [width, height] = [3370 * MAX_SCALE * 2, 2384 * MAX_SCALE * 2];
  const view = { x: 30_000, y: 20_000, w: 1766 * 2, h: 1424 * 2 };
  it("asks for no more tiles than the view needs", () => {
    expect(tiles(width, height, view).length).toBeLessThanOrEqual(5 * 4);
  });
  it("asks ahead for a bounded number, nearest first, none twice", () => {
    const here = tiles(width, height, view).map(({ x, y }) => `${x}:${y}`);
    const ahead = tilesAhead(width, height, view, { ...view, y: view.y + view.h });
    expect(ahead.length).toBeGreaterThan(0);
    expect(ahead.length).toBeLessThanOrEqual(8);
    expect(ahead.some(({ x, y }) => here.includes(`${x}:${y}`))).toBe(false);
    expect(ahead.every(({ y }) => y >= (ahead[0]?.y ?? 0) && y > view.y)).toBe(true);
  });
  it("asks for nothing beyond the page", () => {
    expect(tilesAhead(1000, 1000, { x: 0, y: 0, w: 900, h: 1000 }, { x: 0, y: 1000, w: 900, h: 1000 })).toEqual([]);
  });
});

describe("one page alone", () => {
  const sizes = [a4, { widthPt: 842, heightPt: 595 }, a4];
  it("stands in the middle, and no height leads to another", () => {
    const layout = single(sizes, 1, 1, 1000);
    expect(layout.tops[1]).toBeCloseTo((1000 - 595) / 2);
    expect(layout.total).toBeLessThanOrEqual(1000);
    expect([0, 500, 5000].map((y) => pageAt(layout, y + (layout.tops[1] ?? 0)))).toEqual([1, 1, 1]);
    expect(layout.widest).toBe(842);
  });
  it("has the ways on only at the ends of the file", () => {
    const room = { head: 80, foot: 90 };
    expect(single(sizes, 0, 2, 1000, room).tops[0]).toBe(80 + GAP);
    expect(single(sizes, 1, 4, 1000, room).tops[1]).toBe(GAP);
    expect(single(sizes, 2, 2, 1000, room).total).toBe(GAP + 2 * 842 + GAP + 90);
    expect(stack(sizes, 1, room).total - stack(sizes, 1).total).toBe(170);
  });
  it("fits wholly", () => {
    const scale = fitPage(a4, 1200, 900);
    expect(842 * scale).toBeCloseTo(900 - 2 * GAP);
    expect(595 * fitPage(a4, 500, 9000)).toBeCloseTo(500 - 2 * GAP);
  });
});

describe("zoom", () => {
  it("keeps the point under the pointer", () => {
    const after = anchoredScroll(1000, 200, { start: 516, scale: 1 }, { start: 1016, scale: 2 });
    expect((after + 200 - 1016) / 2).toBeCloseTo(1000 + 200 - 516);
  });
});

describe("the note margin", () => {
  it("is kept beside the page on a tablet, and given up on a phone", () => {
    expect(readingWidth(926, 16)).toBe(744 + 2 * GAP);
    expect(readingWidth(1278, 16)).toBe(816 + 2 * GAP);
    expect(readingWidth(412, 16)).toBe(412);
    expect(readingWidth(926, 32), "at twice the text size pages take the whole width").toBe(926);
  });
  it("puts pages left while it is a margin, in the middle of a very wide window", () => {
    expect(leftOf(744, 926, 926, 16)).toBe(GAP);
    expect(leftOf(400, 1278, 1278, 16)).toBeGreaterThan(GAP);
    expect(leftOf(894, 926, 926, 16)).toBe(GAP);
    expect(leftOf(600, 1400, 926, 16), "a narrow page beside a wide plan stays in the middle of the scroll").toBe(400);
  });
});
