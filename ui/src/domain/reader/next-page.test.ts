import { describe, expect, test } from "vitest";
import { pagesFrom } from "./next-page";

describe("the order of pages with hits", () => {
  test.each([
    [1, 0, true, [2, 5, 9]], [1, 5, true, [5, 9, 2]], [1, 5, false, [9, 2, 5]], [1, 9, false, [2, 5, 9]],
    [-1, 9, true, [9, 5, 2]], [-1, 9, false, [5, 2, 9]], [-1, 2, false, [9, 5, 2]], [-1, 0, true, [9, 5, 2]],
  ] as const)("direction %i from page %i (itself: %s) is %j", (direction, from, itself, expected) => {
    expect(pagesFrom([2, 5, 9], direction, from, itself)).toEqual(expected);
  });
  test("without any page there is none", () => {
    expect(pagesFrom([], 1, 4, true)).toEqual([]);
  });
});
