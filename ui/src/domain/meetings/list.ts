// Which meetings the list shows, and under which headings. Pure.
import type { MeetingCard } from "../../host/generated/MeetingCard";
import type { MeetingTerm } from "../../host/generated/MeetingTerm";

export interface MeetingsFilter {
  mine: boolean;
  /** Id; "" = any. */
  council: string;
  /** Id; "" = any. */
  committee: string;
  /** "" = all, "y2026" = a year, "t" and the id of a term. */
  period: string;
}

export const noFilter = (): MeetingsFilter => ({ mine: false, council: "", committee: "", period: "" });
export const isFiltering = (filter: MeetingsFilter): boolean => filter.mine || filter.council !== "" || filter.committee !== "" || filter.period !== "";

const yearOf = (card: MeetingCard): number => new Date(card.startAtMs).getFullYear();
export const isWithin = (term: MeetingTerm, card: MeetingCard): boolean =>
  card.councilId === term.councilId && (term.startAtMs === undefined || term.startAtMs <= card.startAtMs) && (term.endAtMs === undefined || card.startAtMs < term.endAtMs);

function isOf(period: string, terms: readonly MeetingTerm[]): (card: MeetingCard) => boolean {
  if (period.startsWith("y")) return (card) => `y${yearOf(card)}` === period;
  const term = terms.find((each) => `t${each.id}` === period);
  // A term that is no longer here narrows nothing.
  return term ? (card) => isWithin(term, card) : () => true;
}

/** The meetings that pass, in their order. */
export function passing(all: readonly MeetingCard[], filter: MeetingsFilter, terms: readonly MeetingTerm[]): MeetingCard[] {
  const isInPeriod = isOf(filter.period, terms);
  return all.filter((card) => (!filter.mine || card.isMine) && (filter.council === "" || card.councilId === filter.council) && (filter.committee === "" || card.committeeIds.includes(filter.committee)) && isInPeriod(card));
}

/** The years with meetings, latest first. */
export const years = (all: readonly MeetingCard[]): number[] => [...new Set(all.map(yearOf))].sort((a, b) => b - a);

export interface MonthGroup { key: string; atMs: number; meetings: MeetingCard[] }
export interface YearGroup {
  key: string;
  year: number;
  /** Set on the first year of each term but only where there are several terms. */
  term?: MeetingTerm;
  count: number;
  months: MonthGroup[];
}

/** Meetings by month, in their order. */
export function byMonth(all: readonly MeetingCard[]): MonthGroup[] {
  const groups: MonthGroup[] = [];
  for (const card of all) {
    const date = new Date(card.startAtMs);
    const key = `${date.getFullYear()}-${date.getMonth() + 1}`;
    const last = groups.at(-1);
    if (last?.key === key) last.meetings.push(card);
    else groups.push({ key, atMs: card.startAtMs, meetings: [card] });
  }
  return groups;
}

/**
 * Past meetings, latest first, by year and month. Terms of one council divide the years: a year in which one ends and the next begins comes twice.
 * Terms of several councils would cross each other, so there they only filter.
 */
export function byYear(past: readonly MeetingCard[], terms: readonly MeetingTerm[]): YearGroup[] {
  const divides = terms.length > 1 && new Set(terms.map((term) => term.councilId)).size === 1;
  const groups: (YearGroup & { meetings: MeetingCard[]; of: MeetingTerm | undefined })[] = [];
  for (const card of past) {
    const year = yearOf(card);
    const of = divides ? terms.find((term) => isWithin(term, card)) : undefined;
    const last = groups.at(-1);
    if (last && last.year === year && last.of === of) last.meetings.push(card);
    else groups.push({ key: `${of?.id ?? ""}/${year}`, year, of, count: 0, months: [], meetings: [card], ...(of && last?.of !== of ? { term: of } : {}) });
  }
  return groups.map(({ meetings, of: _, ...group }) => ({ ...group, count: meetings.length, months: byMonth(meetings) }));
}

/** As many past meetings as are shown at once without folding years away. */
export const MOST_UNFOLDED = 60;

/** Whether a year is open: as the member set it; else the latest, or all where there are few. */
export const isOpen = (group: YearGroup, index: number, total: number, set: ReadonlyMap<string, boolean>): boolean => set.get(group.key) ?? (index === 0 || total <= MOST_UNFOLDED);
