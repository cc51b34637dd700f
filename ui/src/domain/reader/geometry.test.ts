import { describe, expect, it } from "vitest";
import { boxToShown, fromShown, toShown, type Shown } from "./geometry";

describe("page geometry", () => {
  for (const rotation of [0, 90, 180, 270]) {
    const shown: Shown = { box: [10, 20, 605, 862], rotation };
    it(`comes back from ${rotation}°`, () => {
      const back = fromShown(toShown({ x: 100, y: 700 }, shown), shown);
      expect(back.x).toBeCloseTo(100);
      expect(back.y).toBeCloseTo(700);
    });
  }
  it("puts the unrotated top left where rotation carries it", () => {
    const box: Shown["box"] = [0, 0, 600, 800];
    expect(toShown({ x: 0, y: 800 }, { box, rotation: 0 })).toEqual({ x: 0, y: 0 });
    expect(toShown({ x: 0, y: 800 }, { box, rotation: 90 })).toEqual({ x: 800, y: 0 });
    expect(toShown({ x: 0, y: 800 }, { box, rotation: 180 })).toEqual({ x: 600, y: 800 });
    expect(toShown({ x: 0, y: 800 }, { box, rotation: 270 })).toEqual({ x: 0, y: 600 });
  });
  it("swaps width and height when lying", () => {
    expect(boxToShown([0, 0, 100, 10], { box: [0, 0, 600, 800], rotation: 90 })).toEqual({ x: 0, y: 0, width: 10, height: 100 });
  });
});
