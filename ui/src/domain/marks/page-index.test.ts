import { describe, expect, it } from "vitest";
import type { Mark } from "../../host/generated/Mark";
import type { Box } from "../reader/geometry";
import { distance } from "./hit";
import { seeded } from "./model.testing";
import { PageIndex } from "./page-index";
import { bounds, touches } from "./shape";

const base = { kind: "ink" as const, target: { kind: "file" as const, id: "f" }, page: 0, rects: [], quoteLocked: false, imported: false, createdAtMs: 0, updatedAtMs: 0, public: true, widthPt: 1 };
const random = seeded(3);
const stroke = (id: string): Mark => {
  const [x, y] = [random() * 560, random() * 800];
  return { ...base, id, strokes: [Array.from({ length: 12 }, (_, step): [number, number, number] => [x + step * 2, y + random() * 8, 0.5])] };
};
const ids = (marks: readonly Mark[]) => marks.map((mark) => mark.id);

describe("the grid of a page", () => {
  it("finds what a look at every mark finds, after any changes", () => {
    const index = new PageIndex();
    let marks = Array.from({ length: 400 }, (_, at) => stroke(`m${at}`));
    for (let turn = 0; turn < 30; turn += 1) {
      if (turn % 3 === 0) marks = [...marks, stroke(`new${turn}`)];
      else if (turn % 3 === 1) marks = marks.filter(() => random() > 0.1);
      else marks = marks.map((mark) => (random() < 0.1 ? { ...stroke(mark.id), id: mark.id } : mark));
      index.sync(marks);
      const point = { x: random() * 595, y: random() * 842 };
      expect(index.at(point, 20)).toBe([...marks].reverse().find((mark) => distance(mark, point) <= 20));
      const box: Box = [point.x, point.y, point.x + 90, point.y + 60];
      expect(ids(index.near(box))).toEqual(ids(marks.filter((mark) => touches(bounds(mark) as Box, box))));
    }
  });

  it("draws a new mark alone, a changed or gone one with its surroundings", () => {
    const index = new PageIndex();
    const [a, b, c] = [stroke("a"), stroke("b"), stroke("c")];
    expect(ids(index.sync([a, b]).tops)).toEqual(["a", "b"]);
    expect(index.sync([a, b, c])).toEqual({ tops: [c], boxes: [] });
    const moved = { ...stroke("a"), id: "a" };
    expect(index.sync([moved, b, c])).toEqual({ tops: [], boxes: [bounds(a), bounds(moved), bounds(moved)] });
    expect(index.sync([moved, c])).toEqual({ tops: [], boxes: [bounds(b)] });
    expect(index.sync([moved, b, c]), "brought back between others").toEqual({ tops: [], boxes: [bounds(b)] });
    expect(index.size).toBe(3);
  });

  it("takes 5,000 strokes, and one more costs no look at their points", () => {
    const index = new PageIndex();
    const marks = Array.from({ length: 5000 }, (_, at) => stroke(`m${at}`));
    index.sync(marks);
    // A mark whose points are looked at again would throw.
    for (const mark of marks) Object.defineProperty(mark, "strokes", { get: () => { throw new Error("looked at again"); } });
    expect(ids(index.sync([...marks, stroke("one more")]).tops)).toEqual(["one more"]);
  });
});
