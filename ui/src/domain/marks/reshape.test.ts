import { describe, expect, it } from "vitest";
import type { Mark } from "../../host/generated/Mark";
import { toShown, type Point, type Shown } from "../reader/geometry";
import { letterDeeds } from "./edit";
import { spread } from "./handles";
import { KeyGesture } from "./key-gesture";
import { isForm, type Deed } from "./mark";
import { seeded } from "./model.testing";
import { isPlacing, laid, middleOf, PLACING, type Set } from "./placing";
import { extent, grown, handlesOf, isSizable, reshaped, scaled, type Handle, type Look } from "./reshape";
import { endsOf } from "./shape";
import { SizeGesture } from "./size-gesture";
import { heightOf } from "./text-box";
import { FORMS } from "./mark";
import { TOOLS } from "./tools.svelte";

const mark = (id: string, more: Partial<Mark>): Mark => ({ id, kind: "rectangle", target: { kind: "file", id: "f" }, page: 0, rects: [], quoteLocked: false, imported: false, createdAtMs: 0, updatedAtMs: 0, public: true, ...more });
const box = (more: Partial<Mark> = {}): Mark => mark("r", { color: "rot", widthPt: 2, strokes: [[[100, 700, 0.5], [200, 600, 0.5]]], ...more });
const stamp = mark("s", { kind: "stamp", stamp: "done", rects: [[100, 600, 192, 621]] });
/** Two strokes in a box of 80 × 40. */
const ink = mark("i", { kind: "ink", color: "blau", widthPt: 2, strokes: [[[100, 600, 0.2], [140, 640, 0.8]], [[160, 610, 0.5], [180, 620, 1]]] });
const words = mark("t", { kind: "textBox", color: "blau", widthPt: 10, text: "eins zwei drei", rects: [[100, 600, 290, 612.5]] });
/** Every letter is half as wide as it is high. */
const measure = (text: string, sizePt: number) => (text.length * sizePt) / 2;
const shownAt = (rotation: number): Shown => ({ box: [0, 0, 595, 842], rotation });
const look = (rotation = 0, turned = 0): Look => ({ shown: shownAt((rotation + turned) % 360), upright: shownAt(rotation), measure });
const touch = (x: number, y: number, isStraight = false) => ({ at: { x, y }, pressure: 0, hasPressure: false, isStraight });
const update = ([deed]: Deed[]) => (deed?.kind === "update" ? deed.change : undefined);
const ends = (of: Mark) => endsOf(of)?.map(({ x, y }) => [x, y]);
const held = (of: Mark, at: number, on = look()): Handle => handlesOf(of, on)[at] as Handle;

describe("handles", () => {
  it("stand at both ends of lines, at the corners of forms, stamps and handwriting, at the sides of words", () => {
    expect(handlesOf(box(), look()).map(({ at }) => [at.x, at.y])).toEqual([[100, 700], [200, 700], [200, 600], [100, 600]]);
    expect(handlesOf(box({ kind: "arrow" }), look()).map(({ at }) => [at.x, at.y])).toEqual([[100, 700], [200, 600]]);
    expect(handlesOf(stamp, look())).toHaveLength(4);
    expect(handlesOf(ink, look()).map(({ at }) => [at.x, at.y])).toEqual([[100, 600], [180, 600], [180, 640], [100, 640]]);
    expect([handlesOf(mark("dot", { kind: "ink", strokes: [[[5, 5, 0.5]]] }), look()), isSizable(mark("dot", { kind: "brush", strokes: [] }))], "a dot has no size").toEqual([[], false]);
    expect(handlesOf(words, look()).map(({ at }) => [at.x, at.y])).toEqual([[100, 606.25], [290, 606.25]]);
    for (const kind of ["note", "highlight"] as const) expect(handlesOf(mark("n", { kind, rects: [[1, 1, 9, 9]], strokes: [[[1, 1, 1], [2, 2, 1]]] }), look()), kind).toEqual([]);
  });

  it("are far enough apart for a finger, however small the mark", () => {
    for (const places of [[[0, 0], [0, 0]], [[5, 5], [6, 5]], [[0, 0], [9, 0], [9, 3], [0, 3]], [[4, 4], [4, 4], [4, 4], [4, 4]]]) {
      const sides = places.length === 2 ? [{ x: 0, y: 0 }, { x: 1, y: 1 }] as const : [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }] as const;
      const at = spread(places.map(([x = 0, y = 0]) => ({ x, y })), sides);
      for (const [one, a] of at.entries()) for (const b of at.slice(one + 1)) expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y)), JSON.stringify(places)).toBeGreaterThanOrEqual(44);
    }
  });
});

describe("a handle that is dragged", () => {
  it("takes its corner along, from where the finger took it, as one deed", () => {
    const gesture = new SizeGesture(box(), held(box(), 2), look(), { x: 205, y: 597 });
    gesture.move([touch(250, 560), touch(235, 577)]);
    expect(gesture.preview()).toMatchObject({ marks: [{ id: "r", strokes: [[[100, 700, 0.5], [230, 580, 0.5]]] }], hidden: new Set(["r"]) });
    const outcome = gesture.end();
    expect(outcome).toEqual({ kind: "deeds", deeds: [{ kind: "update", change: { id: "r", strokes: [[[100, 700, 0.5], [230, 580, 0.5]]] } }] });
  });

  it("changes nothing by a tap", () => {
    expect(new SizeGesture(box(), held(box(), 2), look(), { x: 205, y: 597 }).end()).toEqual({ kind: "deeds", deeds: [] });
  });

  it("moves one end of a line, evenly with Shift, and never onto the other", () => {
    const line = box({ kind: "line" });
    expect(ends(reshaped(line, held(line, 0), { x: 150, y: 500 }, look()))).toEqual([[150, 500], [200, 600]]);
    expect(ends(reshaped(line, held(line, 1), { x: 180, y: 690 }, look(), true))?.[1]?.[1], "nearly level becomes level").toBeCloseTo(700);
    expect(reshaped(line, held(line, 1), { x: 101, y: 700 }, look())).toBe(line);
  });

  it("keeps on the page", () => {
    expect(ends(reshaped(box(), held(box(), 2), { x: 900, y: -50 }, look()))).toEqual([[100, 700], [595, 0]]);
    const [wide] = reshaped(stamp, held(stamp, 1), { x: 5000, y: 600 }, look()).rects;
    expect(wide?.[2]).toBeLessThanOrEqual(595);
  });

  it("keeps a stamp as broad for its height as it was, and readable", () => {
    const [rect] = reshaped(stamp, held(stamp, 2), { x: 284, y: 642 }, look()).rects as [[number, number, number, number]];
    expect([rect[0], rect[1], rect[2], rect[3]]).toEqual([100, 600, 284, 642]);
    const [least] = reshaped(stamp, held(stamp, 2), { x: 100, y: 600 }, look()).rects as [[number, number, number, number]];
    expect(least[2] - least[0]).toBeCloseTo(30);
    expect((least[3] - least[1]) / 30).toBeCloseTo(21 / 92, 2);
  });

  it("sizes handwriting evenly from the corner over against it, pressure and pen as they were", () => {
    const twice = reshaped(ink, held(ink, 2), { x: 260, y: 680 }, look());
    expect(twice).toEqual({ ...ink, strokes: [[[100, 600, 0.2], [180, 680, 0.8]], [[220, 620, 0.5], [260, 640, 1]]] });
    const fromLeft = reshaped(ink, held(ink, 0), { x: 140, y: 620 }, look());
    expect(fromLeft.strokes, "the far corner stays").toEqual([[[140, 620, 0.2], [160, 640, 0.8]], [[170, 625, 0.5], [180, 630, 1]]]);
    expect(reshaped(ink, held(ink, 2), { x: 100, y: 600 }, look()), "not so small that it is lost").toMatchObject({ strokes: [[[100, 600, 0.2], [103, 603, 0.8]], [[104.5, 600.75, 0.5], [106, 601.5, 1]]] });
    const flat = mark("flat", { kind: "brush", widthPt: 10, strokes: [[[10, 10, 0.5], [12, 10, 0.5]]] });
    expect(reshaped(flat, held(flat, 2), { x: 10, y: 10 }, look()), "what is smaller already stays").toBe(flat);
    expect(reshaped(flat, held(flat, 2), { x: 5000, y: 10 }, look()).strokes?.[0]?.[1]?.[0], "keeps on the page").toBeCloseTo(595);
  });

  it("stores handwriting of another size as one deed that leaves everything else alone", () => {
    const gesture = new SizeGesture(ink, held(ink, 2), look(), { x: 180, y: 640 });
    gesture.move([touch(220, 660)]);
    expect(gesture.preview()).toMatchObject({ hidden: new Set(["i"]) });
    expect(gesture.end()).toEqual({ kind: "deeds", deeds: [{ kind: "update", change: { id: "i", strokes: [[[100, 600, 0.2], [160, 660, 0.8]], [[190, 615, 0.5], [220, 630, 1]]] } }] });
    expect(new SizeGesture(ink, held(ink, 2), look(), { x: 180, y: 640 }).end(), "a tap changes nothing").toEqual({ kind: "deeds", deeds: [] });
  });

  it("sizes handwriting by keys and buttons from its upper left, on turned pages, too", () => {
    for (const turned of [0, 90, 180, 270]) {
      const seen = (of: Mark) => (of.strokes ?? []).flat().map(([x, y]) => toShown({ x, y }, look(0, turned).shown));
      const edge = (of: Mark, pick: (...all: number[]) => number) => [pick(...seen(of).map(({ x }) => x)), pick(...seen(of).map(({ y }) => y))];
      const gesture = new KeyGesture([ink], look(0, turned));
      expect(gesture.grow({ x: 8, y: 0 })).toBe(true);
      const [larger] = gesture.marks as [Mark];
      const [before, after] = [extent(ink, look(0, turned)), extent(larger, look(0, turned))];
      expect(Math.max(after.width, after.height), `turned by ${turned}`).toBeCloseTo(88, 1);
      expect(after.width / after.height).toBeCloseTo(before.width / before.height, 2);
      for (const [at, value] of edge(larger, Math.min).entries()) expect(value, "upper left stays").toBeCloseTo(edge(ink, Math.min)[at] ?? NaN, 1);
      const button = scaled(ink, 1.2, look(0, turned));
      expect(extent(button, look(0, turned)).width).toBeCloseTo(before.width * 1.2, 1);
    }
  });

  it("lets words break anew: their height follows", () => {
    const narrow = reshaped(words, held(words, 1), { x: 130, y: 0 }, look());
    const [rect] = narrow.rects as [[number, number, number, number]];
    expect([rect[0], rect[2], rect[3], "upper edge stays"]).toEqual([100, 130, 612.5, "upper edge stays"]);
    expect(rect[3] - rect[1]).toBeCloseTo(heightOf("eins zwei drei", 30, 10, (text) => measure(text, 10)));
    const left = reshaped(words, held(words, 0), { x: 240, y: 0 }, look()).rects[0];
    expect([left?.[0], left?.[2]], "the other side stays").toEqual([240, 290]);
    expect(reshaped(words, held(words, 0), { x: 400, y: 0 }, look()).rects[0]?.slice(0, 3), "never narrower than two letters").toEqual([266, expect.any(Number), 290]);
  });

  it("makes room for larger letters", () => {
    const [deed] = letterDeeds([words, stamp, { ...words, id: "same", widthPt: 20 }], 20, look());
    const change = deed?.kind === "update" ? deed.change : undefined;
    const [rect] = change?.rects ?? [];
    expect([change?.widthPt, rect?.[0], rect?.[2], rect?.[3]]).toEqual([20, 100, 290, 612.5]);
    expect((rect?.[3] ?? 0) - (rect?.[1] ?? 0)).toBeCloseTo(heightOf("eins zwei drei", 190, 20, (text) => measure(text, 20)));
    expect(letterDeeds([stamp], 20, look())).toEqual([]);
  });

  it("does the same on turned pages", () => {
    const upright = mark("t", { ...words, rects: [[300, 200, 312.5, 390]] });
    const [rect] = reshaped(upright, held(upright, 1, look(90)), { x: 300, y: 250 }, look(90)).rects as [[number, number, number, number]];
    expect([rect[1], rect[3]]).toEqual([200, 250]);
  });
});

describe("keys", () => {
  it("move and size what is selected as it is seen, in one deed", () => {
    const gesture = new KeyGesture([box()], look(0, 90));
    expect([gesture.shift({ x: 10, y: 0 }), gesture.grow({ x: 0, y: 6 })]).toEqual([true, true]);
    const outcome = gesture.end();
    const change = outcome.kind === "deeds" ? update(outcome.deeds) : undefined;
    const seen = (at: [number, number, number] | undefined): Point => toShown({ x: at?.[0] ?? 0, y: at?.[1] ?? 0 }, look(0, 90).shown);
    const before = box().strokes?.[0]?.map(seen);
    const after = change?.strokes?.[0]?.map(seen);
    const far = (points: Point[] | undefined) => [Math.max(...(points ?? []).map(({ x }) => x)), Math.max(...(points ?? []).map(({ y }) => y))];
    expect(far(after)).toEqual([(far(before)[0] ?? 0) + 10, (far(before)[1] ?? 0) + 6]);
  });

  it("do not turn a form over, nor make it vanish", () => {
    let small: Mark = box();
    for (let turn = 0; turn < 200; turn += 1) small = grown(small, { x: -2, y: -2 }, look());
    const { width, height } = extent(small, look());
    expect(Math.max(width, height)).toBeGreaterThan(1);
    expect(ends(small)?.[0]).toEqual([100, 700]);
  });

  it("make a stamp larger both to the right and down, and smaller the other way", () => {
    for (const [step, larger] of [[{ x: 2, y: 0 }, true], [{ x: 0, y: 2 }, true], [{ x: -2, y: 0 }, false], [{ x: 0, y: -2 }, false]] as const) {
      expect(extent(grown(stamp, step, look()), look()).width > 92).toBe(larger);
    }
  });

  it("leave alone what lies on words, and what has no size", () => {
    const quoted = mark("h", { kind: "highlight", rects: [[10, 10, 20, 20]], quote: { exact: "Wort", prefix: "", suffix: "" } });
    const gesture = new KeyGesture([quoted], look());
    expect([gesture.shift({ x: 2, y: 0 }), gesture.grow({ x: 2, y: 0 }), gesture.end()]).toEqual([false, false, { kind: "deeds", deeds: [] }]);
    const note = mark("n", { kind: "note", rects: [[50, 50, 50, 50]] });
    const moved = new KeyGesture([note], look());
    expect([moved.grow({ x: 2, y: 2 }), moved.shift({ x: 2, y: 2 })]).toEqual([false, true]);
  });

  it("never lead a mark off the page", () => {
    const gesture = new KeyGesture([stamp], look());
    let steps = 0;
    while (gesture.shift({ x: -18, y: 0 }) && steps < 1000) steps += 1;
    const [rect] = gesture.marks[0]?.rects ?? [];
    expect([steps < 1000, (rect?.[2] ?? 0) >= -4]).toEqual([true, true]);
  });
});

describe("placing without a pointer", () => {
  const set: Set = { shape: { form: "arrow", color: "rot", widthPt: 2 }, text: { color: "blau", sizePt: 11 }, stamp: "followUp" };

  it("begins in the middle of what is seen", () => {
    expect(middleOf({ x: 0, y: 400, width: 1190, height: 800 }, 2, look())).toEqual({ x: 297.5, y: 442 });
    expect(middleOf({ x: -200, y: 1500, width: 2000, height: 800 }, 2, look()), "what lies beside the page does not count").toEqual({ x: 297.5, y: 842 - (750 + 842) / 2 });
    expect(middleOf({ x: 0, y: 9000, width: 100, height: 100 }, 2, look()), "a page out of sight").toEqual({ x: 297.5, y: 421 });
  });

  it("lays down what the tool is set to, and nothing before that", () => {
    for (const tool of PLACING) {
      for (const form of FORMS) {
        for (const rotation of [0, 90, 180, 270]) {
          const on = look(rotation);
          const draft = laid(tool, { ...set, shape: { ...set.shape, form } }, 3, { x: 300, y: 400 }, on);
          const gesture = new KeyGesture([draft], on);
          expect(gesture.preview().hidden.size).toBe(0);
          gesture.shift({ x: 12, y: 4 });
          if (tool !== "note") expect(gesture.grow({ x: 12, y: 0 }), `${tool} ${form} ${rotation}`).toBe(true);
          const outcome = gesture.end();
          const [deed] = outcome.kind === "deeds" ? outcome.deeds : [];
          expect(deed?.kind === "create" && [deed.mark.page, deed.mark.kind === "note" || isSizable(deed.mark)]).toEqual([3, true]);
        }
      }
    }
  });

  it("is for the tools that lay something down", () => {
    expect(TOOLS.filter(isPlacing)).toEqual(["note", "text", "shape", "stamp"]);
  });
});

describe("larger and smaller by a button", () => {
  it("is taken back by its opposite, and stops at the edge", () => {
    for (const one of [box(), box({ kind: "line" }), stamp, words]) {
      const large = scaled(one, 1.25, look());
      expect(extent(large, look()).width, one.kind).toBeGreaterThan(extent(one, look()).width);
      expect(extent(scaled(large, 0.8, look()), look()).width, one.kind).toBeCloseTo(extent(one, look()).width, 1);
    }
    let huge: Mark = box();
    for (let turn = 0; turn < 40; turn += 1) huge = scaled(huge, 1.5, look());
    expect(huge.strokes?.flat().every(([x, y]) => x >= 0 && y >= 0 && x <= 595 && y <= 842)).toBe(true);
  });
});

describe("any sizes, in any order", () => {
  it.each([1, 2, 3, 4])("leave marks that can be seen and held (seed %i)", (seed) => {
    const random = seeded(seed);
    for (const start of [box(), box({ kind: "ellipse" }), box({ kind: "line" }), box({ kind: "arrow" }), stamp, words]) {
      let one: Mark = start;
      for (let turn = 0; turn < 120; turn += 1) {
        const on = look([0, 90, 180, 270][Math.floor(random() * 4)], [0, 90][Math.floor(random() * 2)]);
        const handles = handlesOf(one, on);
        const handle = handles[Math.floor(random() * handles.length)];
        const way = random();
        if (way < 0.5 && handle) one = reshaped(one, handle, { x: random() * 900 - 150, y: random() * 1100 - 120 }, on, random() < 0.3);
        else if (way < 0.8) one = grown(one, { x: Math.round(random() * 40 - 20), y: Math.round(random() * 40 - 20) }, on);
        else one = scaled(one, 0.5 + random(), on);
        const { width, height } = extent(one, on);
        expect(Number.isFinite(width + height) && Math.max(width, height) >= 2.8, `${start.kind} ${turn} ${width} ${height}`).toBe(true);
        expect([isSizable(one), one.rects.every(([left, bottom, right, top]) => left < right && bottom < top)]).toEqual([true, true]);
        if (isForm(one.kind)) expect(one.strokes?.[0]?.length).toBe(2);
      }
    }
  });
});
