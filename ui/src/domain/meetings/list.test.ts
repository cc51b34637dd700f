import { describe, expect, it } from "vitest";
import type { MeetingCard } from "../../host/generated/MeetingCard";
import type { MeetingTerm } from "../../host/generated/MeetingTerm";
import { byYear, isOpen, noFilter, passing, years } from "./list";
import { shortened, shortName } from "./short";

let count = 0;
const card = (year: number, month: number, day: number, more: Partial<MeetingCard> = {}): MeetingCard => ({
  id: `m${(count += 1)}`, councilId: "c1", name: "Stadtrat", startAtMs: new Date(year, month - 1, day, 17).getTime(), cancelled: false, public: true, committeeIds: ["o1"],
  agendaCount: 0, pageCount: 0, pagesRead: 0, fileCount: 0, filesPresent: 0, hasInvitation: false, isMine: true, late: false, clashes: [], ...more,
});
const at = (year: number, month: number, day: number) => new Date(year, month - 1, day).getTime();
const old: MeetingTerm = { id: "t1", councilId: "c1", name: "Wahlperiode 2019–2024", startAtMs: at(2019, 6, 1), endAtMs: at(2024, 6, 1) };
const now: MeetingTerm = { id: "t2", councilId: "c1", name: "Wahlperiode 2024–2029", startAtMs: at(2024, 6, 1) };

describe("the list of meetings", () => {
  const all = [card(2025, 3, 4), card(2024, 9, 3, { isMine: false, committeeIds: ["o2"] }), card(2024, 6, 1), card(2024, 5, 31), card(2023, 1, 10, { cancelled: true })];

  it("is narrowed by mine, committee, year and term, each for itself and together", () => {
    const shown = (filter: Partial<ReturnType<typeof noFilter>>) => passing(all, { ...noFilter(), ...filter }, [now, old]).map((each) => all.indexOf(each));
    expect(shown({})).toEqual([0, 1, 2, 3, 4]);
    expect(shown({ mine: true })).toEqual([0, 2, 3, 4]);
    expect(shown({ committee: "o2" })).toEqual([1]);
    expect(shown({ period: "y2024" })).toEqual([1, 2, 3]);
    expect(shown({ period: "tt2" })).toEqual([0, 1, 2]);
    expect(shown({ period: "tt1" })).toEqual([3, 4]);
    expect(shown({ period: "tgone" })).toEqual([0, 1, 2, 3, 4]);
    expect(shown({ mine: true, committee: "o1", period: "y2024" })).toEqual([2, 3]);
    expect(years(all)).toEqual([2025, 2024, 2023]);
  });

  it("divides a year in which a term ends", () => {
    const groups = byYear(all, [now, old]).map((group) => [group.term?.id ?? "", group.year, group.count]);
    expect(groups).toEqual([["t2", 2025, 1], ["", 2024, 2], ["t1", 2024, 1], ["", 2023, 1]]);
    expect(new Set(byYear(all, [now, old]).map((group) => group.key)).size).toBe(4);
    expect(byYear(all, []).map((group) => group.year), "without terms the years alone").toEqual([2025, 2024, 2023]);
    expect(byYear(all, [now, { ...old, councilId: "c2" }]).length, "terms of two councils divide nothing").toBe(3);
  });

  it("keeps every meeting once, by month, in its order", () => {
    const months = byYear(all, [now, old]).flatMap((group) => group.months);
    expect(months.flatMap((month) => month.meetings)).toEqual(all);
  });

  it("opens the latest year, all where there are few, and what the member opened", () => {
    const groups = byYear(all, []);
    const open = (total: number, set = new Map<string, boolean>()) => groups.map((group, index) => isOpen(group, index, total, set));
    expect(open(600)).toEqual([true, false, false]);
    expect(open(5)).toEqual([true, true, true]);
    expect(open(600, new Map([["/2025", false], ["/2023", true]]))).toEqual([false, false, true]);
  });
});

describe("short names", () => {
  it("keep whole words and say what is left out", () => {
    expect(shortened("Stadtrat")).toBe("Stadtrat");
    expect(shortened("Ausschuss für Stadtentwicklung, Bauen und Umwelt")).toBe("Stadtentwicklung u.\u00a0a.");
    expect(shortened("Haupt- und Finanzausschuss")).toBe("Haupt- und Finanzausschuss");
    expect(shortened("Ausschuss für Bildung und Kultur")).toBe("Bildung u.\u00a0a.");
    expect(shortened("Ortsteilrat Rödigen-Nord")).toBe("OTR Rödigen-Nord");
    expect(shortened("Rechnungsprüfungsausschuss")).toBe("Rechnungsprüfungsausschuss");
    expect(shortened("Ausschuss für die Angelegenheiten der Feuerwehr")).toBe("Angelegenheiten der Feuerwehr");
  });

  it("are the council's own where it has them", () => {
    const committees = new Map([["o1", { name: "Ausschuss für Bildung und Kultur", shortName: "ABK" }], ["o2", { name: "Haupt- und Finanzausschuss" }]]);
    expect(shortName({ name: "Sondersitzung", committeeIds: ["o1"] }, committees)).toBe("ABK");
    expect(shortName({ name: "x", committeeIds: ["o1", "o2"] }, committees)).toBe("ABK + Haupt- und Finanzausschuss");
    expect(shortName({ name: "Stadtrat", committeeIds: [] }, committees)).toBe("Stadtrat");
    expect(shortName({ name: "Stadtrat", committeeIds: ["gone"] }, committees)).toBe("Stadtrat");
  });
});
