import { describe, expect, it, vi } from "vitest";
import type { Mark } from "../../host/generated/Mark";
import { moveDeeds } from "./edit";
import type { Draft } from "./mark";
import { Marks } from "./marks.svelte";
import { KeyGesture } from "./key-gesture";
import { Model, seeded } from "./model.testing";
import { laid, PLACING } from "./placing";
import { handlesOf, type Look } from "./reshape";
import { SizeGesture } from "./size-gesture";
import { FORMS } from "./mark";

const stroke = (page: number, x: number): Draft => ({ kind: "ink", page, rects: [], color: "blau", widthPt: 1, strokes: [[[x, 10, 0.5], [x + 20, 12, 0.5]]] });
const note = (page: number): Draft => ({ kind: "note", page, rects: [[1, 1, 1, 1]], text: "" });
const shown = { box: [0, 0, 595, 842] as [number, number, number, number], rotation: 90 };
const LOOK: Look = { shown, upright: shown, measure: (text, sizePt) => (text.length * sizePt) / 2 };
const opened = (model: Model, failed: (error: unknown) => void = (error) => { throw error; }) => {
  const marks = new Marks("f", model.ask, { failed, done: () => {}, taken: () => {} });
  marks.begin({ canUndo: false, canRedo: false });
  return marks;
};
/** Until all that was asked is answered. */
const quiet = async (marks: Marks) => {
  await marks.find(99, "none");
  await marks.find(99, "none");
};
const ids = (marks: readonly Mark[]) => marks.map((mark) => mark.id);

describe("marks by page", () => {
  it("loads pages that come near in one call and drops those that go", async () => {
    const model = new Model();
    const asked = vi.fn(model.ask);
    const marks = new Marks("f", asked, { failed: (error) => { throw error; }, done: () => {}, taken: () => {} });
    marks.begin({ canUndo: false, canRedo: false });
    const leave = [0, 1, 2].map((page) => marks.show(page));
    await quiet(marks);
    expect(asked.mock.calls.filter(([name, request]) => name === "marks_page" && "pages" in request && request.pages.length === 3)).toHaveLength(1);
    await marks.create(stroke(1, 5));
    expect(marks.on(1)).toHaveLength(1);
    expect([marks.total, marks.has(1), marks.has(0)]).toEqual([1, true, false]);
    leave[1]?.();
    expect(marks.on(1), "a page that is gone weighs nothing").toEqual([]);
    expect(marks.has(1), "and is known to have marks").toBe(true);
    marks.show(1);
    await quiet(marks);
    expect(marks.on(1)).toHaveLength(1);
  });

  it("takes an undo after the stroke that is being stored", async () => {
    const model = new Model();
    const marks = opened(model);
    marks.show(0);
    const kept = marks.create(stroke(0, 1));
    const undone = marks.turn("undo");
    await Promise.all([kept, undone]);
    expect([marks.on(0).length, model.all.length, marks.canUndo, marks.canRedo]).toEqual([0, 0, false, true]);
  });

  it("reports a failed deed, keeps what is there and goes on", async () => {
    const failures: unknown[] = [];
    const marks = opened(new Model(), (error) => failures.push(error));
    marks.show(0);
    await marks.create(stroke(0, 1));
    expect(await marks.change([{ kind: "delete", id: "never" }, { kind: "create", mark: stroke(0, 2) }])).toBeUndefined();
    expect([failures.length, marks.on(0).length]).toEqual([1, 1]);
    expect(await marks.create(stroke(0, 3))).toBeDefined();
  });

  it("says when annotations of the file may be own ones no longer: not while one draws", async () => {
    const model = new Model();
    const taken = vi.fn();
    const marks = new Marks("f", model.ask, { failed: (error) => { throw error; }, done: () => {}, taken });
    marks.show(0);
    const mark = await marks.create(stroke(0, 1));
    await marks.change([{ kind: "create", mark: stroke(0, 9) }]);
    expect(taken).not.toHaveBeenCalled();
    await marks.remove([mark?.id ?? ""]);
    await marks.turn("undo");
    await marks.again();
    expect(taken).toHaveBeenCalledTimes(3);
  });

  it("closes and unselects what is gone", async () => {
    const marks = opened(new Model());
    marks.show(0);
    const a = await marks.create(note(0));
    const b = await marks.create(stroke(0, 1));
    await quiet(marks);
    marks.openNote = a?.id;
    marks.select(0, [a?.id ?? "", b?.id ?? ""]);
    await marks.turn("undo");
    expect([...(marks.selected?.ids ?? [])]).toEqual([a?.id]);
    await marks.remove([a?.id ?? ""]);
    expect([marks.openNote, marks.selected]).toEqual([undefined, undefined]);
  });

  it("makes one undo of what was written in one go", async () => {
    const model = new Model();
    const marks = opened(model);
    marks.show(0);
    const made = await marks.create(note(0));
    await marks.write(made?.id ?? "", "Wer", true);
    await marks.write(made?.id ?? "", "Wer zahlt?", true, [[1, 1, 9, 9]]);
    expect(marks.on(0)[0]).toMatchObject({ text: "Wer zahlt?", rects: [[1, 1, 9, 9]] });
    await marks.turn("undo");
    expect(marks.on(0)[0]).toMatchObject({ text: "", rects: [[1, 1, 1, 1]] });
    await marks.turn("undo");
    expect(marks.on(0)).toEqual([]);
  });
});

describe("any edits, in any order", () => {
  it.each([1, 2, 3, 4, 5, 6])("show on the pages what is stored, after undo, redo and reading again (seed %i)", async (seed) => {
    const random = seeded(seed);
    const upTo = (most: number) => Math.floor(random() * most);
    const model = new Model();
    let marks = opened(model);
    const shows = new Map([0, 1].map((page) => [page, marks.show(page)]));
    await quiet(marks);
    let sized = 0;
    for (let turn = 0; turn < 200; turn += 1) {
      const page = upTo(3);
      const on = marks.on(page);
      const some = on.filter(() => random() < 0.5);
      const deed = upTo(13);
      if (deed < 3) await marks.create(random() < 0.7 ? stroke(page, upTo(400)) : note(page));
      else if (deed === 3) await marks.change(moveDeeds(some, { x: upTo(9), y: upTo(9) }));
      else if (deed === 4) await marks.remove(ids(some));
      else if (deed === 5 && on[0]?.kind === "note") await marks.write(on[0].id, `Worte ${turn}`, random() < 0.5);
      else if (deed === 6) await marks.turn("undo");
      else if (deed === 7) await marks.turn("redo");
      else if (deed === 8) {
        const gone = shows.get(page);
        shows.delete(page);
        if (gone) gone();
        else shows.set(page, marks.show(page));
      } else if (deed === 9) {
        // Laid down by keys.
        const tool = PLACING[upTo(PLACING.length)] ?? "note";
        const set = { shape: { form: FORMS[upTo(FORMS.length)] ?? "line", color: "rot" as const, widthPt: 2 }, text: { color: "blau" as const, sizePt: 11 }, stamp: "done" as const };
        const gesture = new KeyGesture([laid(tool, set, page, { x: upTo(595), y: upTo(842) }, LOOK)], LOOK);
        gesture.grow({ x: upTo(40), y: upTo(40) });
        const outcome = gesture.end();
        if (outcome.kind === "deeds") await marks.change(outcome.deeds);
      } else if (deed === 10) {
        const gesture = new KeyGesture(some, LOOK);
        gesture.shift({ x: upTo(20), y: upTo(20) });
        gesture.grow({ x: upTo(60) - 30, y: upTo(60) - 30 });
        const outcome = gesture.end();
        if (outcome.kind === "deeds") await marks.change(outcome.deeds);
      } else if (deed === 11) {
        const one = on.find((mark) => handlesOf(mark, LOOK).length > 0);
        const handle = one && handlesOf(one, LOOK)[0];
        if (one && handle) {
          const gesture = new SizeGesture(one, handle, LOOK, handle.at);
          gesture.move([{ at: { x: upTo(595), y: upTo(842) }, pressure: 0, hasPressure: false, isStraight: random() < 0.5 }]);
          const outcome = gesture.end();
          if (outcome.kind === "deeds") await marks.change(outcome.deeds);
          sized += outcome.kind === "deeds" ? outcome.deeds.length : 0;
        }
      } else if (random() < 0.2) {
        // The app is opened again.
        marks = opened(model);
        for (const each of shows.keys()) shows.set(each, marks.show(each));
      }
      await quiet(marks);
      for (const each of [0, 1, 2]) {
        expect(marks.on(each), `page ${each} after ${turn} deeds`).toEqual(shows.has(each) ? model.page(each) : []);
        expect(marks.has(each)).toBe(model.page(each).length > 0);
      }
      expect(marks.total).toBe(model.all.length);
    }
    expect(sized, "some were given another size").toBeGreaterThan(0);
  });

  it("taken back to the begin and done again come to the same", async () => {
    const random = seeded(11);
    const model = new Model();
    const marks = opened(model);
    marks.show(0);
    for (let turn = 0; turn < 60; turn += 1) {
      const some = marks.on(0).filter(() => random() < 0.3);
      if (random() < 0.6) await marks.create(stroke(0, turn));
      else if (random() < 0.5) await marks.change(moveDeeds(some, { x: 3, y: 1 }));
      else await marks.remove(ids(some));
    }
    const end = structuredClone(marks.on(0)) as Mark[];
    while (marks.canUndo) await marks.turn("undo");
    expect(marks.on(0)).toEqual([]);
    while (marks.canRedo) await marks.turn("redo");
    expect(marks.on(0)).toEqual(end);
  });
});
