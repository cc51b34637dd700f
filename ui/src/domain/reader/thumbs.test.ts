import { describe, expect, it } from "vitest";
import { fitted, grid, leftOf, ready, reveal, step, topOf } from "./thumbs";

describe("the grid of small pages", () => {
  const two = grid(1200, 320, 16);

  it("takes as many columns as fit and never none", () => {
    expect(two.columns).toBe(2);
    expect(grid(1200, 100, 16).columns).toBe(1);
    expect(grid(1200, 320, 32).columns, "at twice the text size").toBe(1);
    expect(leftOf(two, 1) + two.cell).toBeCloseTo(320);
    expect(two.total).toBe(600 * two.row);
  });
  it("has few pages of many ready, wherever it stands", () => {
    for (const top of [0, 50_000, two.total]) {
      const [first, last] = ready(two, top, 900);
      expect(last - first).toBeLessThanOrEqual(16);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(last).toBeLessThanOrEqual(1200);
    }
    const [first, last] = ready(two, 50_000, 900);
    expect(topOf(two, first)).toBeLessThanOrEqual(50_000);
    expect(topOf(two, last - 1) + two.row).toBeGreaterThanOrEqual(50_900);
    expect(ready(grid(0, 320, 16), 0, 900)).toEqual([0, 0]);
  });
  it("moves only as far as needed to show a page", () => {
    expect(reveal(two, 0, 0, 900)).toBe(0);
    expect(reveal(two, 2, 0, 900)).toBe(0);
    const down = reveal(two, 100, 0, 900);
    expect(down + 900).toBeCloseTo(topOf(two, 100) + two.row);
    expect(reveal(two, 0, down, 900)).toBe(0);
    expect(reveal(two, 4, 0, two.row / 2), "a list lower than a row shows its upper edge").toBe(topOf(two, 4));
  });
  it("goes by keys, and stays within", () => {
    const go = (from: number, key: string) => step(two, from, key, 900);
    expect([go(5, "ArrowRight"), go(5, "ArrowLeft"), go(5, "ArrowDown"), go(5, "ArrowUp")]).toEqual([6, 4, 7, 3]);
    expect([go(0, "ArrowLeft"), go(1, "ArrowUp"), go(1199, "ArrowRight"), go(1198, "ArrowDown")]).toEqual([0, 1, 1199, 1198]);
    expect([go(700, "Home"), go(700, "End"), go(0, "PageUp"), go(1199, "PageDown")]).toEqual([0, 1199, 0, 1199]);
    expect(go(0, "PageDown")).toBe(2 * Math.floor(900 / two.row));
    expect(go(5, "x")).toBeUndefined();
    expect(step(grid(0, 320, 16), 0, "End", 900)).toBeUndefined();
  });
  it("fits pages of any shape into their box", () => {
    const upright = fitted({ widthPt: 595, heightPt: 842 }, two);
    expect(upright.width).toBeCloseTo(two.cell, 0);
    for (const size of [{ widthPt: 2384, heightPt: 1684 }, { widthPt: 10, heightPt: 5000 }, { widthPt: 100_000, heightPt: 1 }]) {
      const { width, height } = fitted(size, two);
      expect(width).toBeLessThanOrEqual(two.cell + 0.01);
      expect(height).toBeLessThanOrEqual(two.image + 0.01);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
    }
  });
});
