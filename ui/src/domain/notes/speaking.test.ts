import { describe, expect, it } from "vitest";
import { swiped, turned } from "./speaking";

describe("turning while speaking", () => {
  it("by keys, and by no others", () => {
    expect(["ArrowRight", "PageDown", " ", "ArrowLeft", "PageUp"].map(turned)).toEqual([1, 1, 1, -1, -1]);
    expect([turned("Enter"), turned("ArrowDown"), turned("a")], "down scrolls").toEqual([0, 0, 0]);
  });

  it("by a swipe across, not by a tap and not while scrolling", () => {
    expect([swiped(-120, 10), swiped(90, -20)]).toEqual([1, -1]);
    expect([swiped(-20, 0), swiped(-100, 90), swiped(0, 300)]).toEqual([0, 0, 0]);
  });
});
