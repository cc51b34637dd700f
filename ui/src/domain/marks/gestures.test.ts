import { describe, expect, it } from "vitest";
import type { Mark } from "../../host/generated/Mark";
import type { Box, Point } from "../reader/geometry";
import { FormGesture, HOLD, InkGesture, LassoGesture, MoveGesture, RubGesture, type Outcome, type Touch } from "./gestures";
import { distance } from "./hit";
import type { InkPoint } from "./ink";
import type { Deed } from "./mark";
import { seeded } from "./model.testing";
import { PageIndex } from "./page-index";
import { TextGesture } from "./text-gesture";

const touch = (x: number, y: number, more: Partial<Touch> = {}): Touch => ({ at: { x, y }, pressure: 0.4, hasPressure: true, isStraight: false, ...more });
const mark = (id: string, more: Partial<Mark>): Mark => ({ id, kind: "ink", target: { kind: "file", id: "f" }, page: 0, rects: [], quoteLocked: false, imported: false, createdAtMs: 0, updatedAtMs: 0, public: true, ...more });
const line = (id: string, y: number, points = 21): Mark => mark(id, { color: "blau", widthPt: 1, strokes: [Array.from({ length: points }, (_, step): InkPoint => [100 + (step * 100) / (points - 1), y, 0.5])] });
const indexOf = (...marks: Mark[]) => {
  const index = new PageIndex();
  index.sync(marks);
  return index;
};
const deeds = (outcome: Outcome): Deed[] => (outcome.kind === "deeds" ? outcome.deeds : []);
const selected = (outcome: Outcome): string[] => (outcome.kind === "select" ? outcome.ids : []);
const PAGE: Box = [0, 0, 595, 842];

describe("the pen", () => {
  const pen = { kind: "ink" as const, page: 2, color: "rot", widthPt: 1.7 };

  it("stores what was drawn with its pressure, and nothing foretold", () => {
    const gesture = new InkGesture(pen, touch(10, 10));
    gesture.move([touch(12, 10), touch(15, 11, { pressure: 0.9 })]);
    expect(gesture.preview([touch(30, 30)]).marks[0]?.strokes?.[0]).toHaveLength(4);
    expect(deeds(gesture.end())).toEqual([{ kind: "create", mark: { ...pen, rects: [], strokes: [[[10, 10, 0.4], [12, 10, 0.4], [15, 11, 0.9]]] } }]);
  });

  it("keeps a dot", () => {
    expect(deeds(new InkGesture(pen, touch(10, 10)).end())).toHaveLength(1);
  });

  it("draws a straight line when the pen is held still at its end, and follows from then on", () => {
    const gesture = new InkGesture(pen, touch(10, 10));
    gesture.rest();
    gesture.move([touch(40, 30), touch(90, 12)]);
    const rests = Array.from({ length: HOLD }, () => gesture.rest());
    expect(rests).toEqual([...rests.slice(1).fill(false), true]);
    expect(gesture.preview().marks[0]?.strokes?.[0], "nearly level becomes level").toEqual([[10, 10, 0.4], [90, 10, 0.4]]);
    gesture.move([touch(80, 60)]);
    expect(gesture.preview().marks[0]?.strokes?.[0]?.[1]).toEqual([80, 60, 0.4]);
  });

  it("is straight with Shift, and never makes a line of a dot", () => {
    const gesture = new InkGesture(pen, touch(10, 10));
    gesture.move([touch(30, 70), touch(11, 80, { isStraight: true })]);
    expect(gesture.preview().marks[0]?.strokes?.[0]).toEqual([[10, 10, 0.4], [10, 80, 0.4]]);
    const dot = new InkGesture(pen, touch(10, 10));
    expect(Array.from({ length: 2 * HOLD }, () => dot.rest())).not.toContain(true);
  });
});

describe("forms", () => {
  const look = { kind: "rectangle" as const, page: 0, color: "rot", widthPt: 2 };
  it("reach from corner to corner; a slip of the hand is none", () => {
    const gesture = new FormGesture(look, { x: 10, y: 10 });
    expect(deeds(gesture.end())).toEqual([]);
    gesture.move([touch(60, 30)]);
    expect(deeds(gesture.end())).toEqual([{ kind: "create", mark: { ...look, rects: [], strokes: [[[10, 10, 0.5], [60, 30, 0.5]]] } }]);
  });
  it("are even with Shift", () => {
    const square = new FormGesture(look, { x: 10, y: 10 });
    square.move([touch(60, -10, { isStraight: true })]);
    expect(square.preview().marks[0]?.strokes?.[0]?.[1]).toEqual([60, -40, 0.5]);
    const arrow = new FormGesture({ ...look, kind: "arrow" }, { x: 0, y: 0 });
    arrow.move([touch(100, 8, { isStraight: true })]);
    expect(arrow.preview().marks[0]?.strokes?.[0]?.[1]?.[1]).toBeCloseTo(0);
  });
});

describe("the rubber", () => {
  it("takes whole marks as one deed, but never a note", () => {
    const index = indexOf(line("a", 100), line("b", 120), mark("n", { kind: "note", rects: [[150, 110, 150, 110]] }));
    const gesture = new RubGesture(index, false, 5, { x: 150, y: 100 });
    gesture.move([touch(150, 121)]);
    expect([...gesture.preview().hidden]).toEqual(["a", "b"]);
    expect(deeds(gesture.end())).toEqual([{ kind: "delete", id: "a" }, { kind: "delete", id: "b" }]);
  });

  it("cuts a stroke in two where it passes", () => {
    const gesture = new RubGesture(indexOf(line("a", 100)), true, 5, { x: 150, y: 80 });
    gesture.move([touch(150, 130)]);
    const [cut] = deeds(gesture.end());
    expect(cut?.kind === "update" && cut.change.strokes?.map((stroke) => [stroke[0]?.[0], stroke.at(-1)?.[0]])).toEqual([[100, 145], [155, 200]]);
  });

  it("cuts a straight line of two points as well, and takes what it covers altogether", () => {
    const index = indexOf(line("a", 100, 2), mark("dot", { strokes: [[[150, 104, 0.5]]] }), line("far", 300));
    const gesture = new RubGesture(index, true, 6, { x: 150, y: 100 });
    const done = deeds(gesture.end());
    expect(done.map((deed) => (deed.kind === "update" ? deed.change.id : deed.kind === "delete" ? deed.id : ""))).toEqual(["a", "dot"]);
  });

  it("leaves nothing inside and everything outside, wherever it is led", () => {
    const random = seeded(5);
    for (let turn = 0; turn < 40; turn += 1) {
      const points = Array.from({ length: 30 }, (): InkPoint => [random() * 200, random() * 200, 0.5]);
      const whole = mark("a", { widthPt: 1, strokes: [points] });
      const centers: Point[] = [{ x: random() * 200, y: random() * 200 }, { x: random() * 200, y: random() * 200 }];
      const gesture = new RubGesture(indexOf(whole), true, 12, centers[0] as Point);
      gesture.move([touch((centers[1] as Point).x, (centers[1] as Point).y)]);
      const [deed] = deeds(gesture.end());
      const left = deed?.kind === "update" ? (deed.change.strokes ?? []) : deed ? [] : [points];
      for (const stroke of left) {
        for (const [x, y] of stroke) {
          for (const center of centers) expect(Math.hypot(x - center.x, y - center.y), "outside the rubber").toBeGreaterThan(11.9);
          expect(distance({ ...whole, widthPt: 0 }, { x, y }), "on the old stroke").toBeLessThan(0.02);
        }
      }
    }
  });
});

describe("selecting", () => {
  const index = indexOf(line("a", 100), line("b", 120), mark("s", { kind: "stamp", stamp: "done", rects: [[300, 300, 390, 320]] }));
  it("by lasso, by box and by tap", () => {
    const lasso = new LassoGesture(index, false, 5, { x: 80, y: 90 });
    lasso.move([touch(220, 90), touch(220, 110), touch(80, 110)]);
    expect(selected(lasso.end())).toEqual(["a"]);
    const box = new LassoGesture(index, true, 5, { x: 80, y: 90 });
    box.move([touch(220, 130)]);
    expect(selected(box.end())).toEqual(["a", "b"]);
    expect(selected(new LassoGesture(index, false, 5, { x: 310, y: 310 }).end())).toEqual(["s"]);
    expect(selected(new LassoGesture(index, false, 5, { x: 500, y: 310 }).end())).toEqual([]);
  });
  it("adds to what is selected, and takes away by a second tap", () => {
    expect(selected(new LassoGesture(index, false, 5, { x: 310, y: 310 }, ["a"]).end())).toEqual(["a", "s"]);
    expect(selected(new LassoGesture(index, false, 5, { x: 150, y: 100 }, ["a", "s"]).end())).toEqual(["s"]);
  });
});

describe("moving", () => {
  it("moves strokes and boxes by the same way, text marks stay with their words", () => {
    const quoted = mark("h", { kind: "highlight", rects: [[10, 10, 20, 20]], quote: { exact: "Wort", prefix: "", suffix: "" } });
    const gesture = new MoveGesture([line("a", 100, 2), mark("s", { kind: "stamp", rects: [[300, 300, 390, 320]] }), quoted], PAGE, { x: 5, y: 5 });
    gesture.move([touch(15, 3)]);
    expect(deeds(gesture.end())).toEqual([
      { kind: "update", change: { id: "a", strokes: [[[110, 98, 0.5], [210, 98, 0.5]]] } },
      { kind: "update", change: { id: "s", rects: [[310, 298, 400, 318]] } },
    ]);
  });
  it("loses nothing beside the page", () => {
    const gesture = new MoveGesture([line("a", 100)], PAGE, { x: 0, y: 0 });
    gesture.move([touch(900, 0)]);
    expect(deeds(gesture.end())).toEqual([]);
  });
});

describe("marking words", () => {
  const letters = [..."Der Plan liegt vor"];
  const text = { letters, boxes: letters.map((_, at): Box => [100 + at * 6, 700, 106 + at * 6, 710]), lines: [{ start: 0, end: letters.length }] };
  const look = { style: "underline" as const, page: 1, color: "rot" };

  it("marks whole words, also when the letters come late", () => {
    const gesture = new TextGesture(look, touch(126, 705));
    gesture.move([touch(160, 704)]);
    expect(gesture.preview().marks).toEqual([]);
    gesture.know(text);
    const [deed] = deeds(gesture.end());
    expect(deed?.kind === "create" && [deed.mark.kind, deed.mark.quote?.exact, deed.mark.rects]).toEqual(["underline", "Plan liegt", [[124, 700, 184, 710]]]);
  });

  it("is a brush where no words are, if there is one", () => {
    const scan = { letters: [], boxes: [], lines: [] };
    const gesture = new TextGesture({ ...look, style: "highlight", color: "gelb", brush: { color: "gelb", widthPt: 12 } }, touch(100, 100));
    gesture.move([touch(150, 100)]);
    gesture.know(scan);
    const [deed] = deeds(gesture.end());
    expect(deed?.kind === "create" && [deed.mark.kind, deed.mark.widthPt, deed.mark.strokes?.[0]?.length]).toEqual(["brush", 12, 2]);
    const lineAtNothing = new TextGesture(look, touch(100, 100));
    lineAtNothing.know(text);
    expect(deeds(lineAtNothing.end()), "no words are near").toEqual([]);
  });
});
