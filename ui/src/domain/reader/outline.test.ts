import { describe, expect, it } from "vitest";
import type { OutlineEntry } from "../../host/generated/OutlineEntry";
import { onKey, openAtFirst, parentOf, readNow, rowOf, rows } from "./outline";

const entry = (title: string, level: number, page: number, top?: number, isOpen = false): OutlineEntry => ({ title, level, isOpen, target: { kind: "page", page, ...(top === undefined ? {} : { top }) } });
const entries = [
  entry("A", 0, 0, undefined, true), entry("A1", 1, 1), entry("A1a", 2, 1, 300), entry("A2", 1, 4),
  entry("B", 0, 6), entry("B1", 1, 7), entry("C", 0, 9),
];
const titles = (open: number[]) => rows(entries, new Set(open)).map((row) => entries[row.index]?.title);

describe("the outline", () => {
  it("shows what is open, however deep", () => {
    expect(titles([])).toEqual(["A", "B", "C"]);
    expect(titles([0])).toEqual(["A", "A1", "A2", "B", "C"]);
    expect(titles([0, 1, 4])).toEqual(["A", "A1", "A1a", "A2", "B", "B1", "C"]);
    expect(titles([1]), "below a closed one nothing shows").toEqual(["A", "B", "C"]);
  });
  it("tells levels, places and numbers for a screen reader", () => {
    const seen = rows(entries, new Set([0]));
    expect(seen.map(({ level, position, siblings }) => [level, position, siblings])).toEqual([[1, 1, 3], [2, 1, 2], [2, 2, 2], [1, 2, 3], [1, 3, 3]]);
    expect(seen.map((row) => row.hasChildren)).toEqual([true, true, false, true, false]);
  });
  it("opens all of a short one; else what the file wants, and a single heading over all", () => {
    expect([...openAtFirst(entries)]).toEqual([0, 1, 4]);
    expect([...openAtFirst(entries, 3)]).toEqual([0]);
    expect([...openAtFirst([entry("Alles", 0, 0), entry("Eins", 1, 1), entry("Tiefer", 2, 1)], 1)]).toEqual([0]);
    expect([...openAtFirst([entry("Blatt", 0, 0, undefined, true), entry("Blatt", 0, 1)], 1)]).toEqual([]);
  });
  it("knows what is read", () => {
    const now = (page: number, line = Infinity) => {
      const at = readNow(entries, page, ({ target }) => target.top === undefined || target.top >= line);
      return at === undefined ? undefined : entries[at]?.title;
    };
    expect(now(0)).toBe("A");
    expect(now(1, 500), "above its heading").toBe("A1");
    expect(now(1, 100)).toBe("A1a");
    expect([now(3, 0), now(5), now(8), now(400)]).toEqual(["A1a", "A2", "B1", "C"]);
    expect(readNow([entry("Später", 0, 5)], 2, () => true)).toBeUndefined();
    expect(readNow([{ ...entry("Netz", 0, 0), target: { kind: "web", address: "https://a.example/" } }], 2, () => true)).toBeUndefined();
  });
  it("marks the closed heading over what is read", () => {
    expect(parentOf(entries, 2)).toBe(1);
    expect(parentOf(entries, 4)).toBeUndefined();
    expect(rowOf(entries, rows(entries, new Set()), 2)).toBe(0);
    expect(rowOf(entries, rows(entries, new Set([0])), 2)).toBe(1);
    expect(rowOf(entries, rows(entries, new Set([0])), undefined)).toBeUndefined();
  });
  it("is walked by keys", () => {
    const closed = rows(entries, new Set());
    const open = rows(entries, new Set([0]));
    expect(onKey(entries, closed, 0, "ArrowRight")).toEqual({ open: 0 });
    expect(onKey(entries, open, 0, "ArrowRight")).toEqual({ to: 1 });
    expect(onKey(entries, open, 0, "ArrowLeft")).toEqual({ close: 0 });
    expect(onKey(entries, open, 3, "ArrowLeft")).toEqual({ to: 0 });
    expect(onKey(entries, closed, 6, "ArrowRight")).toBeUndefined();
    expect(onKey(entries, closed, 6, "ArrowLeft")).toBeUndefined();
    expect([onKey(entries, closed, 0, "ArrowDown"), onKey(entries, closed, 4, "ArrowUp")]).toEqual([{ to: 4 }, { to: 0 }]);
    expect(onKey(entries, closed, 6, "ArrowDown")).toBeUndefined();
    expect([onKey(entries, open, 3, "Home"), onKey(entries, open, 0, "End")]).toEqual([{ to: 0 }, { to: 6 }]);
  });
});
