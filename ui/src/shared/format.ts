// Dates, times and sizes in the set language, with no-break spaces where a line must not end.
import { language, t } from "./i18n/i18n.svelte";

const NBSP = "\u00a0";
const locale = () => (language() === "de" ? "de-DE" : "en-GB");
const make = (ms: number, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale(), options).format(ms);
const glue = (text: string) => text.replace(/(\d\.?) (?=\p{L})/gu, `$1${NBSP}`);

/** "17:00 Uhr" / "17:00". */
export const clock = (ms: number): string => make(ms, { hour: "2-digit", minute: "2-digit" }) + (language() === "de" ? `${NBSP}Uhr` : "");
/** "17:00". */
export const time = (ms: number): string => make(ms, { hour: "2-digit", minute: "2-digit" });
/** A stretch of time, from whole seconds: "4:05", "1:00:00". */
export function minutes(seconds: number): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
/** "Dienstag, 17. November". */
export const longDay = (ms: number): string => glue(make(ms, { weekday: "long", day: "numeric", month: "long" }));
/** "Dienstag, 17. November 2026". */
export const fullDay = (ms: number): string => glue(make(ms, { weekday: "long", day: "numeric", month: "long", year: "numeric" }));
/** "17. November", with its year where that is not this one. */
export const date = (ms: number, now: number = Date.now()): string =>
  glue(make(ms, { day: "numeric", month: "long", ...(new Date(ms).getFullYear() === new Date(now).getFullYear() ? {} : { year: "numeric" }) }));
/** "Dienstag". */
export const weekday = (ms: number): string => make(ms, { weekday: "long" });
/** "Di". */
export const shortWeekday = (ms: number): string => make(ms, { weekday: "short" }).replace(".", "");
/** "November 2026". */
export const monthAndYear = (ms: number): string => make(ms, { month: "long", year: "numeric" });
/** "17". */
export const dayOfMonth = (ms: number): string => String(new Date(ms).getDate());
/** "Nov.". */
export const shortMonth = (ms: number): string =>
  new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short" }).formatToParts(ms).find((part) => part.type === "month")?.value ?? "";
/** "17.11.2026". */
export const shortDate = (ms: number): string => make(ms, { day: "2-digit", month: "2-digit", year: "numeric" });
/** "heute, 09:20", "gestern, 21:12", "Montag, 18:02" within a week, else "17.11., 09:20". */
export function moment(ms: number, now: number = Date.now()): string {
  const days = daysUntil(ms, now);
  if (days === 0) return t("time.today", { time: time(ms) });
  if (days === -1) return t("time.yesterday", { time: time(ms) });
  if (days < 0 && days > -7) return `${weekday(ms)}, ${time(ms)}`;
  return make(ms, { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" });
}

/** Whole days from today to the day of `ms`; 0 = today. */
export function daysUntil(ms: number, now: number = Date.now()): number {
  const day = (value: number) => {
    const date = new Date(value);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((day(ms) - day(now)) / 86_400_000);
}

/** "3,4 MB". */
export function byteSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"] as const;
  const step = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: value < 10 && step > 0 ? 1 : 0 }).format(value) + NBSP + (units[step] ?? "B");
}
