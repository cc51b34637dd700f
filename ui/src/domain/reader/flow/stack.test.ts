import { describe, expect, it } from "vitest";
import { blockAt, guessOf, near, pageAt, topsOf } from "./stack";

describe("the stack of the reading mode", () => {
  const known = new Map([[0, 500], [2, 100]]);

  it("takes known heights and guesses the others", () => {
    expect([...topsOf(4, known, 300)]).toEqual([0, 500, 800, 900, 1200]);
    expect(guessOf(known, 900)).toBe(300);
    expect(guessOf(new Map(), 900)).toBe(900);
    expect([...topsOf(0, known, 300)]).toEqual([0]);
  });

  it("finds the page at a height, also outside", () => {
    const tops = topsOf(4, known, 300);
    expect([-5, 0, 499, 500, 899, 900, 99_999].map((y) => pageAt(tops, y))).toEqual([0, 0, 0, 1, 2, 3, 3]);
    expect(pageAt(topsOf(0, known, 300), 10)).toBe(0);
  });

  it("keeps few pages of twelve hundred", () => {
    const tops = topsOf(1200, new Map(), 900);
    const [first, last] = near(tops, 600 * 900, 1000);
    expect(first).toBe(598);
    expect(last).toBe(602);
    expect(near(tops, 0, 1000)).toEqual([0, 2]);
    expect(near(tops, tops[1200] ?? 0, 1000)).toEqual([1198, 1199]);
  });

  it("keeps a neighbour on each side even of long pages", () => {
    const tops = topsOf(10, new Map(), 20_000);
    expect(near(tops, 65_000, 800)).toEqual([2, 4]);
  });

  it("finds the block at a place, also where columns begin anew", () => {
    expect(blockAt([0.1, 0.3, 0.6], 0.5)).toBe(1);
    expect(blockAt([0.1, 0.3, 0.6], 0)).toBe(0);
    expect(blockAt([0.1, 0.3, 0.8, 0.2, 0.5], 0.55)).toBe(4);
    expect(blockAt([], 0.5)).toBe(0);
  });
});
