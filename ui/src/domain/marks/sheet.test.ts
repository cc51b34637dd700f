import { describe, expect, it } from "vitest";
import { panelGroups, shownRows, choices } from "./panel-list";
import { boxAt, stampBox, wrapped } from "./text-box";
import { canvasWindow } from "./window";
import type { NoteRow } from "../../host/generated/NoteRow";

describe("the window of a canvas", () => {
  const view = { x: 0, y: 300, width: 1000, height: 900 };
  it("is the whole page while that is affordable", () => {
    expect(canvasWindow({ width: 800, height: 1130 }, view, 2)).toEqual({ x: 0, y: 0, width: 800, height: 1130 });
  });
  it("is what is seen of a page that is too large, and the same after a small scroll", () => {
    const page = { width: 6000, height: 9000 };
    const seen = { x: 2000, y: 3000, width: 1000, height: 900 };
    const frame = canvasWindow(page, seen, 2);
    expect(frame.x).toBeLessThanOrEqual(2000);
    expect(frame.x + frame.width).toBeGreaterThanOrEqual(3000);
    expect(frame.y + frame.height).toBeGreaterThanOrEqual(3900);
    expect(frame.width * frame.height * 4).toBeLessThan(16_000_000);
    expect(canvasWindow(page, { ...seen, y: 3030 }, 2)).toEqual(frame);
    expect(canvasWindow(page, { ...seen, y: 20_000 }, 2).height, "out of view").toBe(0);
  });
});

describe("words on the page", () => {
  const measure = (text: string) => text.length * 5;
  it("break between words, and within words that are too long", () => {
    expect(wrapped("Wer zahlt das?", 50, measure)).toEqual(["Wer zahlt", "das?"]);
    expect(wrapped("eins\n\nzwei", 50, measure)).toEqual(["eins", "", "zwei"]);
    expect(wrapped("Straßenausbaubeitrag", 50, measure)).toEqual(["Straßenaus", "baubeitrag"]);
    expect(wrapped("", 50, measure)).toEqual([""]);
  });
  it("lie inside the page, also on turned ones", () => {
    const shown = { box: [0, 0, 595, 842] as [number, number, number, number], rotation: 0 };
    expect(boxAt({ x: 580, y: 10 }, { width: 100, height: 20 }, shown)).toEqual([495, 812, 595, 832]);
    const [left, bottom, right, top] = stampBox({ x: 300, y: 400 }, { ...shown, rotation: 90 });
    expect([right - left, top - bottom], "upright as it is shown").toEqual([21, 92]);
  });
});

describe("the panel's list", () => {
  const row = (id: string, more: Partial<NoteRow>): NoteRow => ({ councilId: "c", id, markIds: [id], kind: "note", target: { kind: "file", id: "f" }, quoteLocked: false, imported: false, createdAtMs: 0, updatedAtMs: 0, public: true, presence: "here", placeRank: 0, ...more });
  const rows = [row("a", { page: 2, text: "Größe", updatedAtMs: 3 }), row("b", { page: 0, kind: "stamp", stamp: "done", updatedAtMs: 5, placeRank: 2 }), row("c", { page: 0, kind: "ink", color: "rot", updatedAtMs: 4, placeRank: 1 })];
  const shape = (groups: ReturnType<typeof panelGroups>) => groups.map((group) => `${group.page ?? "-"}:${group.rows.map((each) => each.id).join("")}`);
  it("goes by page and place, or by time", () => {
    expect(shape(panelGroups(rows, "page", 9))).toEqual(["0:cb", "2:a"]);
    expect(shape(panelGroups(rows, "time", 2))).toEqual(["-:bc"]);
    expect(panelGroups([], "time", 9)).toEqual([]);
  });
  it("is narrowed by kind, colour, stamp and words", () => {
    const found = (filter: Partial<Parameters<typeof shownRows>[1]>) => shownRows(rows, { words: "", ...filter }).map((each) => each.id).join("");
    expect([found({}), found({ kind: "ink" }), found({ color: "rot" }), found({ stamp: "done" }), found({ words: "grosse" }), found({ words: "grosse", kind: "ink" })]).toEqual(["abc", "c", "c", "b", "a", ""]);
    expect(choices(rows)).toEqual({ kinds: ["note", "stamp", "ink"], colors: ["rot"], stamps: ["done"] });
  });
});
