// The calendar of a month: days, weeks, and where a key leads. Pure. A day is "2026-11-17" of the device's calendar; it is counted without clock
// times, so that no change to or from summer time can lose one. Weeks begin on Monday and have the numbers of ISO 8601.

export type Day = string;

export interface Week {
  /** ISO week, 1 to 53. */
  number: number;
  /** Monday first, seven. */
  days: Day[];
}

const DAY_MS = 86_400_000;
const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");
const toUtc = (day: Day): Date => new Date(`${day}T00:00:00Z`);
const fromUtc = (date: Date): Day => `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;

/** The day of a moment in the device's time. */
export function dayOf(ms: number): Day {
  const date = new Date(ms);
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** Noon of a day in the device's time, ms UTC: for words such as "Dienstag, 17. November". */
export function noonOf(day: Day): number {
  const date = toUtc(day);
  return new Date(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), 12).getTime();
}

/** "2026-11". */
export const monthOf = (day: Day): string => day.slice(0, 7);
export const dayNumber = (day: Day): number => Number(day.slice(8));

export const addDays = (day: Day, days: number): Day => fromUtc(new Date(toUtc(day).getTime() + days * DAY_MS));

/** The same day some months on; the last of the month where it has no such day. */
export function addMonths(day: Day, months: number): Day {
  const date = toUtc(day);
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date.getUTCDate(), last));
  return fromUtc(first);
}

/** 0 = Monday … 6 = Sunday. */
const weekday = (day: Day): number => (toUtc(day).getUTCDay() + 6) % 7;

/** The ISO week of a day: that of its Thursday. Source: ISO 8601, week 1 holds the first Thursday of the year. */
export function isoWeek(day: Day): number {
  const thursday = toUtc(addDays(day, 3 - weekday(day)));
  return Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * DAY_MS)) + 1;
}

/** The whole weeks that a day's month touches. */
export function weeksOf(day: Day): Week[] {
  const first = `${monthOf(day)}-01`;
  const end = addMonths(first, 1);
  const weeks: Week[] = [];
  for (let monday = addDays(first, -weekday(first)); monday < end; monday = addDays(monday, 7)) {
    const start = monday;
    weeks.push({ number: isoWeek(start), days: Array.from({ length: 7 }, (_, step) => addDays(start, step)) });
  }
  return weeks;
}

/** Where a key leads in the grid; `undefined` for a key that leads nowhere. Source: ARIA Authoring Practices, date grid. */
export function movedBy(key: string, withShift: boolean, day: Day): Day | undefined {
  switch (key) {
    case "ArrowLeft": return addDays(day, -1);
    case "ArrowRight": return addDays(day, 1);
    case "ArrowUp": return addDays(day, -7);
    case "ArrowDown": return addDays(day, 7);
    case "Home": return addDays(day, -weekday(day));
    case "End": return addDays(day, 6 - weekday(day));
    case "PageUp": return addMonths(day, withShift ? -12 : -1);
    case "PageDown": return addMonths(day, withShift ? 12 : 1);
    default: return undefined;
  }
}

/** Things by their day, each day in the order given. */
export function byDay<T extends { startAtMs: number }>(all: readonly T[]): Map<Day, T[]> {
  const found = new Map<Day, T[]>();
  for (const each of all) {
    const day = dayOf(each.startAtMs);
    const there = found.get(day);
    if (there) there.push(each);
    else found.set(day, [each]);
  }
  return found;
}
