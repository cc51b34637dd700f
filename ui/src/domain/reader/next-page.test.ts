import { describe, expect, test } from "vitest";
import { nextPage } from "./next-page";

describe("the next page with hits", () => {
  const pages = [2, 5, 9];
  test.each([
    [1, 0, true, 2], [1, 5, true, 5], [1, 5, false, 9], [1, 9, false, 2],
    [-1, 9, true, 9], [-1, 9, false, 5], [-1, 2, false, 9], [-1, 0, true, 9],
  ] as const)("direction %i from page %i (itself: %s) is %i", (direction, from, itself, expected) => {
    expect(nextPage(pages, direction, from, itself)).toBe(expected);
  });
  test("without any page it stays", () => {
    expect(nextPage([], 1, 4, true)).toBe(4);
  });
});
