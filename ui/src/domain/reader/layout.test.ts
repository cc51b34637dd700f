import { describe, expect, it } from "vitest";
import { anchoredScroll, fitWidth, GAP, leftOf, pageAt, readingWidth, stack, TILE, tiles, visible } from "./layout";

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

describe("zoom", () => {
  it("keeps the point under the pointer", () => {
    const after = anchoredScroll(1000, 200, 1, 2, 16);
    expect((after + 200 - 16) / 2).toBeCloseTo(1000 + 200 - 16);
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
