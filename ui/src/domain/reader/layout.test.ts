import { describe, expect, it } from "vitest";
import { anchoredScroll, fitWidth, GAP, pageAt, stack, TILE, tiles, visible } from "./layout";

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
