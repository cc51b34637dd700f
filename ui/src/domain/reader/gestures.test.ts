import { describe, expect, it } from "vitest";
import { NO_WHEEL, pulled, PULL_PX, swipe, tapSide, wheeled, type Wheel } from "./gestures";

describe("a pull past the end", () => {
  it("counts only away from the page, and no further than enough", () => {
    expect(pulled(1, 500, 500 - PULL_PX / 2)).toBe(0.5);
    expect(pulled(1, 500, 0)).toBe(1);
    expect(pulled(1, 500, 560), "back down the page").toBe(0);
    expect(pulled(-1, 200, 200 + PULL_PX)).toBe(1);
  });
});

describe("a swipe", () => {
  it("to the left brings the next page, to the right the one before", () => {
    expect(swipe(-120, 10, 200)).toBe(1);
    expect(swipe(120, -10, 200)).toBe(-1);
  });
  it("is neither short nor slow nor a scroll", () => {
    expect(swipe(-20, 0, 100)).toBe(0);
    expect(swipe(-200, 0, 2000)).toBe(0);
    expect(swipe(-100, 90, 200)).toBe(0);
  });
});

describe("a tap", () => {
  it("turns only at the edges", () => {
    expect(tapSide(10, 800)).toBe(-1);
    expect(tapSide(790, 800)).toBe(1);
    expect(tapSide(400, 800)).toBe(0);
    expect(tapSide(130, 1400), "the edge stays narrow on a wide screen").toBe(0);
  });
});

describe("the wheel", () => {
  const roll = (from: Wheel, deltas: [number, number][], end: 1 | -1 | 0, isPage = false) => {
    let state = from;
    let leads = 0;
    for (const [at, delta] of deltas) {
      const step = wheeled(state, delta, end, at, isPage);
      state = step.wheel;
      leads ||= step.leads;
    }
    return { state, leads };
  };
  it("does not lead on with the swing that reached the end", () => {
    const swing = roll(NO_WHEEL, [[1000, 120], [1050, 120]], 0).state;
    expect(roll(swing, Array.from({ length: 40 }, (_, step) => [1100 + step * 50, 120] as [number, number]), 1).leads).toBe(0);
  });
  it("leads on after a rest, later to a file than to a page", () => {
    const rested = roll(NO_WHEEL, [[1000, 120]], 0).state;
    expect(roll(rested, [[2000, 120]], 1, true).leads).toBe(1);
    expect(roll(rested, [[2000, 120], [2050, 120]], 1).leads).toBe(0);
    expect(roll(rested, [[2000, 120], [2050, 120], [2100, 120]], 1).leads).toBe(1);
    expect(roll(rested, [[2000, -400]], -1).leads).toBe(-1);
  });
  it("begins anew when there is room again", () => {
    const begun = roll(NO_WHEEL, [[2000, 200]], 1).state;
    const back = roll(begun, [[2100, -100]], 0).state;
    expect(roll(back, [[2150, 200]], 1).leads).toBe(0);
  });
});
