import { afterEach, describe, expect, it, vi } from "vitest";
import { addDays, addMonths, byDay, dayOf, isoWeek, movedBy, noonOf, weeksOf } from "./month";

afterEach(() => vi.unstubAllEnvs());

/** Places with summer time at other dates, at midnight, and none. */
const ZONES = ["Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "Pacific/Apia", "UTC"];

describe("days", () => {
  it("follow each other over summer time, leap days and years", () => {
    expect(addDays("2026-03-28", 1)).toBe("2026-03-29");
    expect(addDays("2026-03-29", 1)).toBe("2026-03-30");
    expect(addDays("2026-10-25", 1)).toBe("2026-10-26");
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2028-02-29", 1)).toBe("2028-03-01");
    expect(addDays("2027-02-28", 1)).toBe("2027-03-01");
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2027-01-01", -1)).toBe("2026-12-31");
  });

  it("belong to the same month some months on, or to its last day", () => {
    expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
    expect(addMonths("2028-01-31", 1)).toBe("2028-02-29");
    expect(addMonths("2026-12-15", 1)).toBe("2027-01-15");
    expect(addMonths("2026-01-15", -1)).toBe("2025-12-15");
    expect(addMonths("2028-02-29", 12)).toBe("2029-02-28");
    expect(addMonths("2000-02-29", -12 * 100)).toBe("1900-02-28");
  });

  it("are those of the device, in summer and winter, whatever its zone", () => {
    for (const name of ZONES) {
      vi.stubEnv("TZ", name);
      for (let day = "2025-12-25"; day < "2027-01-10"; day = addDays(day, 1)) expect(dayOf(noonOf(day)), `${name} ${day}`).toBe(day);
    }
    vi.stubEnv("TZ", "Europe/Berlin");
    // 23:30 in Berlin is 21:30 UTC in summer and 22:30 in winter.
    expect(dayOf(Date.UTC(2026, 6, 1, 21, 30))).toBe("2026-07-01");
    expect(dayOf(Date.UTC(2026, 6, 1, 22, 30))).toBe("2026-07-02");
    expect(dayOf(Date.UTC(2026, 11, 31, 22, 30))).toBe("2026-12-31");
    expect(dayOf(Date.UTC(2026, 11, 31, 23, 30))).toBe("2027-01-01");
  });
});

describe("weeks", () => {
  it("have the numbers of ISO 8601 at the turn of the year", () => {
    // Source: ISO 8601 week calendars of these years.
    expect([isoWeek("2026-12-31"), isoWeek("2027-01-01"), isoWeek("2027-01-03"), isoWeek("2027-01-04")]).toEqual([53, 53, 53, 1]);
    expect([isoWeek("2024-12-29"), isoWeek("2024-12-30"), isoWeek("2025-01-01")]).toEqual([52, 1, 1]);
    expect([isoWeek("2023-01-01"), isoWeek("2023-01-02"), isoWeek("2021-01-03")]).toEqual([52, 1, 53]);
    expect([isoWeek("2026-03-29"), isoWeek("2026-03-30"), isoWeek("2028-02-29")]).toEqual([13, 14, 9]);
  });

  it("rise by one from Monday to Monday through thirty years", () => {
    let before = isoWeek("2010-01-04");
    for (let monday = "2010-01-11"; monday < "2040-01-01"; monday = addDays(monday, 7)) {
      const week = isoWeek(monday);
      expect(week === before + 1 || (week === 1 && before >= 52), monday).toBe(true);
      expect(isoWeek(addDays(monday, 6)), monday).toBe(week);
      before = week;
    }
  });

  it("of a month begin on Monday and hold all its days once", () => {
    for (let month = "2023-01-01"; month < "2033-01-01"; month = addMonths(month, 1)) {
      const weeks = weeksOf(month);
      const days = weeks.flatMap((week) => week.days);
      expect(new Date(`${days[0]}T00:00:00Z`).getUTCDay(), month).toBe(1);
      expect(weeks.every((week) => week.days.length === 7)).toBe(true);
      const own = days.filter((day) => day.startsWith(month.slice(0, 7)));
      expect([own[0], own.at(-1)], month).toEqual([month, addDays(addMonths(month, 1), -1)]);
      expect(new Set(days).size).toBe(days.length);
      // Every week touches the month.
      expect(weeks.every((week) => week.days.some((day) => day.startsWith(month.slice(0, 7))))).toBe(true);
    }
    expect(weeksOf("2027-02-14").length, "28 days from a Monday on").toBe(4);
    expect(weeksOf("2026-08-14").length, "31 days from a Saturday on").toBe(6);
  });
});

describe("keys", () => {
  it("lead by day, week and month, and to the ends of the week", () => {
    const from = (key: string, day = "2026-11-18", shift = false) => movedBy(key, shift, day);
    expect(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].map((key) => from(key))).toEqual(["2026-11-17", "2026-11-19", "2026-11-11", "2026-11-25"]);
    expect([from("Home"), from("End")]).toEqual(["2026-11-16", "2026-11-22"]);
    expect([from("Home", "2026-11-22"), from("End", "2026-11-16")]).toEqual(["2026-11-16", "2026-11-22"]);
    expect([from("PageUp"), from("PageDown", "2026-12-31")]).toEqual(["2026-10-18", "2027-01-31"]);
    expect([from("PageUp", "2028-02-29", true), from("PageDown", "2026-11-18", true)]).toEqual(["2027-02-28", "2027-11-18"]);
    expect(from("x")).toBeUndefined();
  });
});

describe("meetings by day", () => {
  it("keep their order", () => {
    const at = (day: number, hour: number) => ({ startAtMs: new Date(2026, 10, day, hour).getTime() });
    const found = byDay([at(17, 16), at(17, 18), at(18, 9)]);
    expect([...found].map(([day, all]) => [day, all.length])).toEqual([["2026-11-17", 2], ["2026-11-18", 1]]);
  });
});
