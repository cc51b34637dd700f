import { describe, expect, it } from "vitest";
import type { NoteMeeting } from "../../host/generated/NoteMeeting";
import type { NoteRow } from "../../host/generated/NoteRow";
import { counts, folded, isFiltering, known, noFilter, passing, toggled } from "./filter";
import { first, grouped } from "./order";

const DAY = 86_400_000;
const meetings: NoteMeeting[] = [
  { councilId: "stadt", id: "m2", name: "Stadtrat", startAtMs: 20 * DAY, committeeIds: ["rat"] },
  { councilId: "stadt", id: "m1", name: "Bauausschuss und Hauptausschuss", startAtMs: 10 * DAY, committeeIds: ["bau", "haupt"] },
];
const row = (id: string, more: Partial<NoteRow> = {}): NoteRow => ({
  councilId: id === "c" ? "kreis" : "stadt", id, markIds: [id], kind: "note", target: { kind: "file", id: "f" }, quoteLocked: false, imported: false, createdAtMs: 0, updatedAtMs: 0, public: true, presence: "here", placeRank: 0, ...more,
});
const rows: NoteRow[] = [
  row("a", { meetingId: "m1", text: "Straße prüfen", updatedAtMs: 3 * DAY, placeRank: 2 }),
  row("b", { meetingId: "m1", kind: "highlight", color: "gelb", quote: { exact: "Abwägung", prefix: "vor", suffix: "nach" }, updatedAtMs: 5 * DAY, placeRank: 1 }),
  row("c", { meetingId: "m2", kind: "ink", color: "blau", public: false, updatedAtMs: 4 * DAY, placeRank: 3 }),
  row("d", { kind: "highlight", color: "blau", updatedAtMs: 4 * DAY + 1, placeRank: 4 }),
  row("e", { presence: "gone", public: false, text: "bleibt", updatedAtMs: 6 * DAY, placeRank: 5 }),
];
const all = known(rows, meetings);
const ids = (found: { note: NoteRow }[]) => found.map((each) => each.note.id).join("");

describe("filtering", () => {
  it("shows all while nothing is chosen", () => {
    expect(ids(passing(all, noFilter()))).toBe("abcde");
    expect(isFiltering(noFilter())).toBe(false);
    expect(isFiltering({ ...noFilter(), words: "  " })).toBe(false);
    expect(isFiltering({ ...noFilter(), meeting: "" })).toBe(true);
  });

  it("takes any choice of a group and all groups together", () => {
    expect(ids(passing(all, { ...noFilter(), kinds: ["note", "ink"] }))).toBe("ace");
    expect(ids(passing(all, { ...noFilter(), kinds: ["note", "ink"], publicity: ["nonpublic"] }))).toBe("ce");
    expect(ids(passing(all, { ...noFilter(), colors: ["blau"] }))).toBe("cd");
    expect(ids(passing(all, { ...noFilter(), colors: ["blau"], councils: ["stadt"] }))).toBe("d");
    expect(isFiltering({ ...noFilter(), councils: ["kreis"] })).toBe(true);
  });

  it("takes kinds that belong together at once, and stamps by what they say", () => {
    const mixed = known([row("u", { kind: "underline" }), row("p", { kind: "brush" }), row("r", { kind: "arrow" }), row("s", { kind: "stamp", stamp: "question" }), row("t", { kind: "stamp", stamp: "done" })], []);
    expect(ids(passing(mixed, { ...noFilter(), kinds: ["marking"] }))).toBe("up");
    expect(ids(passing(mixed, { ...noFilter(), kinds: ["form", "marking"] }))).toBe("upr");
    expect(ids(passing(mixed, { ...noFilter(), stamps: ["done"] }))).toBe("t");
    expect(Object.fromEntries(counts(mixed, { ...noFilter(), stamps: ["done"] }, "stamps"))).toEqual({ question: 1, done: 1 });
    expect(isFiltering({ ...noFilter(), stamps: ["done"] })).toBe(true);
  });

  it("finds a joint meeting under each of its committees", () => {
    expect(ids(passing(all, { ...noFilter(), committees: ["bau"] }))).toBe("ab");
    expect(ids(passing(all, { ...noFilter(), committees: ["haupt", "rat"] }))).toBe("abc");
  });

  it("takes one meeting, or what belongs to none", () => {
    expect(ids(passing(all, { ...noFilter(), meeting: "m2" }))).toBe("c");
    expect(ids(passing(all, { ...noFilter(), meeting: "" }))).toBe("de");
  });

  it("looks for each word in text, quotation and place, whatever the spelling", () => {
    expect(folded("Größe STRASSE Ärger")).toBe("grosse strasse arger");
    expect(ids(passing(all, { ...noFilter(), words: "strasse" }))).toBe("a");
    expect(ids(passing(all, { ...noFilter(), words: "abwag" }))).toBe("b");
    expect(ids(passing(all, { ...noFilter(), words: "bauausschuss prüfen" }))).toBe("a");
    expect(ids(passing(all, { ...noFilter(), words: "vor" }))).toBe("");
  });

  it("counts what each choice would show with the other groups as they are", () => {
    const filter = { ...noFilter(), kinds: ["note" as const], publicity: ["nonpublic" as const] };
    expect(Object.fromEntries(counts(all, filter, "kinds"))).toEqual({ ink: 1, note: 1 });
    expect(Object.fromEntries(counts(all, filter, "publicity"))).toEqual({ public: 1, nonpublic: 1 });
    expect(Object.fromEntries(counts(all, noFilter(), "meeting"))).toEqual({ m1: 2, m2: 1, "": 2 });
    expect(Object.fromEntries(counts(all, { ...noFilter(), meeting: "m1" }, "committees"))).toEqual({ bau: 2, haupt: 2 });
  });

  it("switches a choice on and off", () => {
    expect(toggled(["a"], "b")).toEqual(["a", "b"]);
    expect(toggled(["a", "b"], "a")).toEqual(["b"]);
  });
});

describe("order", () => {
  it("by meeting: latest first, in the order of the agenda, what belongs nowhere and what is gone last", () => {
    const groups = grouped(all, "meeting");
    expect(groups.map((group) => `${group.key}:${ids(group.notes)}`)).toEqual(["m2:c", "m1:ba", "none:d", "gone:e"]);
    expect(groups[0]?.heading).toEqual({ kind: "meeting", meeting: meetings[0] });
  });

  it("by time: changed last first, each day once", () => {
    const groups = grouped(all, "time");
    expect(groups.map((group) => ids(group.notes))).toEqual(["e", "b", "dc", "a"]);
  });

  it("shows the first so many and drops groups that would be empty", () => {
    expect(first(grouped(all, "meeting"), 2).map((group) => ids(group.notes))).toEqual(["c", "b"]);
    expect(first(grouped(all, "time"), 99)).toHaveLength(4);
  });
});
