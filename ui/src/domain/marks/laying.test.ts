import { describe, expect, it } from "vitest";
import type { Mark } from "../../host/generated/Mark";
import { laidOnPage, laidOnWords, needsWords } from "./laying";

const mark = (parts: Partial<Mark>): Mark => ({
  id: "m", kind: "note", target: { kind: "file", id: "f" }, page: 3, rects: [[100, 700, 120, 720]], quoteLocked: false, createdAtMs: 0, updatedAtMs: 0, public: true, imported: false, ...parts,
});

describe("laying a mark of an older version by hand", () => {
  it("keeps its place where the page has room", () => {
    expect(laidOnPage(mark({}), 5, [0, 0, 595, 842])).toEqual({ id: "m", onto: { page: 5 }, rects: [[100, 700, 120, 720]] });
  });
  it("brings it onto a smaller page, with its strokes", () => {
    const ink = mark({ kind: "ink", rects: [], strokes: [[[500, 800, 1], [560, 820, 1]]] });
    expect(laidOnPage(ink, 0, [0, 0, 420, 595])).toEqual({ id: "m", onto: { page: 0 }, strokes: [[[360, 575, 1], [420, 595, 1]]] });
    expect(laidOnPage(mark({ rects: [[-40, 10, -20, 30]] }), 0, [0, 0, 420, 595]).rects).toEqual([[0, 10, 20, 30]]);
  });
  it("keeps the left and lower edge in sight of what is larger than the page", () => {
    expect(laidOnPage(mark({ rects: [[50, 50, 900, 900]] }), 0, [0, 0, 420, 595]).rects?.[0]?.slice(0, 2)).toEqual([0, 0]);
  });
  it("lays what lies on words on words", () => {
    const text = mark({ kind: "underline", quote: { exact: "als Satzung", prefix: "", suffix: "" } });
    expect([needsWords(text), needsWords(mark({ kind: "underline" })), needsWords(mark({}))]).toEqual([true, false, false]);
    const selection = { start: 0, end: 3, rects: [[1, 2, 3, 4] as [number, number, number, number]], quote: { exact: "neu", prefix: "", suffix: "" } };
    expect(laidOnWords(text, 2, selection)).toEqual({ id: "m", rects: [[1, 2, 3, 4]], onto: { page: 2, quote: selection.quote } });
  });
});
