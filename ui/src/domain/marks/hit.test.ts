import { describe, expect, it } from "vitest";
import type { Mark } from "../../host/generated/Mark";
import { distance, isHeld } from "./hit";
import { PageIndex } from "./page-index";

const base = { target: { kind: "file" as const, id: "f" }, quoteLocked: false, imported: false, createdAtMs: 0, updatedAtMs: 0, public: true, page: 0 };
const ink: Mark = { ...base, id: "ink", kind: "ink", rects: [], widthPt: 1, strokes: [[[0, 0, 0.5], [100, 0, 0.5]]] };
const highlight: Mark = { ...base, id: "highlight", kind: "highlight", rects: [[0, 50, 100, 60]] };
const frame: Mark = { ...base, id: "frame", kind: "rectangle", rects: [], widthPt: 2, strokes: [[[200, 200, 0.5], [300, 260, 0.5]]] };
const index = new PageIndex();
index.sync([ink, highlight, frame]);

describe("hit test", () => {
  it("finds a stroke between its points and a highlight inside its box", () => {
    expect(index.at({ x: 50, y: 3 }, 6)?.id).toBe("ink");
    expect(index.at({ x: 50, y: 55 }, 6)?.id).toBe("highlight");
  });
  it("finds nothing elsewhere", () => {
    expect(index.at({ x: 50, y: 30 }, 6)).toBeUndefined();
  });
  it("takes a frame at its line, not inside", () => {
    expect(index.at({ x: 250, y: 201 }, 4)?.id).toBe("frame");
    expect(index.at({ x: 250, y: 230 }, 4)).toBeUndefined();
    expect(distance(frame, { x: 250, y: 230 })).toBeCloseTo(29);
  });
  it("takes the topmost that may be taken", () => {
    const above: Mark = { ...ink, id: "above" };
    const both = new PageIndex();
    both.sync([ink, above]);
    expect(both.at({ x: 50, y: 0 }, 3)?.id).toBe("above");
    expect(both.at({ x: 50, y: 0 }, 3, (mark) => mark.id !== "above")?.id).toBe("ink");
  });
});

describe("a lasso", () => {
  const box = (left: number, bottom: number, right: number, top: number) => [{ x: left, y: bottom }, { x: right, y: bottom }, { x: right, y: top }, { x: left, y: top }];
  it("holds what lies in it by more than half", () => {
    expect(isHeld(frame, box(190, 190, 310, 270))).toBe(true);
    expect(isHeld(frame, box(190, 190, 260, 215)), "one corner").toBe(false);
    expect(isHeld(highlight, box(-5, 40, 70, 70))).toBe(true);
    expect(isHeld(highlight, box(-5, 40, 30, 70))).toBe(false);
  });
});
