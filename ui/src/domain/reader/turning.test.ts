import { describe, expect, it } from "vitest";
import { toShown, type Shown } from "./geometry";
import { imageTransform, quarter, turnedShown, turnedSize, unturned, type Rotation } from "./turning";

const all: Rotation[] = [0, 90, 180, 270];
const width = 595;
const height = 842;
const page: Shown = { box: [0, 0, width, height], rotation: 0 };

describe("a turned page", () => {
  it("goes round in four steps, both ways", () => {
    expect(all.map((rotation) => quarter(rotation, 1))).toEqual([90, 180, 270, 0]);
    expect(all.map((rotation) => quarter(rotation, -1))).toEqual([270, 0, 90, 180]);
  });
  it("swaps its sides when it lies", () => {
    expect(turnedSize({ widthPt: width, heightPt: height }, 90)).toEqual({ widthPt: height, heightPt: width });
    expect(turnedSize({ widthPt: width, heightPt: height }, 180)).toEqual({ widthPt: width, heightPt: height });
  });
  it("adds to the rotation that the page has of its own", () => {
    expect(turnedShown({ box: [0, 0, 1, 1], rotation: 270 }, 180).rotation).toBe(90);
  });
  it("asks for the image part that lies under a part of the view, whichever way it is turned", () => {
    for (const rotation of all) {
      const turned = turnedSize({ widthPt: width, heightPt: height }, rotation);
      expect(unturned({ x: 0, y: 0, w: turned.widthPt, h: turned.heightPt }, rotation, width, height), `whole page at ${rotation}`).toEqual({ x: 0, y: 0, w: width, h: height });
      // The upper left corner of a part before turning lies in the part of the view that it is computed from.
      const view = { x: 100, y: 200, w: 30, h: 40 };
      const part = unturned(view, rotation, width, height);
      const corner = toShown({ x: part.x, y: height - part.y }, turnedShown(page, rotation));
      expect(corner.x).toBeGreaterThanOrEqual(view.x);
      expect(corner.x).toBeLessThanOrEqual(view.x + view.w);
      expect(corner.y).toBeGreaterThanOrEqual(view.y);
      expect(corner.y).toBeLessThanOrEqual(view.y + view.h);
    }
  });
  it("moves an image to where the points of its corner are shown", () => {
    for (const rotation of [90, 180, 270] as Rotation[]) {
      const part = { x: 120, y: 300, w: 50, h: 60 };
      const corner = toShown({ x: part.x, y: height - part.y }, turnedShown(page, rotation));
      const moved = /translate\(([-\d.]+)px, ([-\d.]+)px\) rotate\((\d+)deg\)/.exec(imageTransform(part, rotation, width, height) ?? "");
      expect(Number(moved?.[1]), `across at ${rotation}`).toBeCloseTo(corner.x);
      expect(Number(moved?.[2]), `down at ${rotation}`).toBeCloseTo(corner.y);
      expect(Number(moved?.[3])).toBe(rotation);
    }
    expect(imageTransform({ x: 1, y: 1, w: 1, h: 1 }, 0, width, height), "unturned images stand by left and top").toBeUndefined();
  });
});
