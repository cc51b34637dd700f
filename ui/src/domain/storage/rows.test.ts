import { describe, expect, it } from "vitest";
import type { StorageMeeting } from "../../host/generated/StorageMeeting";
import { cuts, grouped, shares } from "./rows";

const meeting = (id: string | undefined, day: string, more: Partial<StorageMeeting> = {}): StorageMeeting => ({
  ...(id === undefined ? {} : { id, startAtMs: new Date(`${day}T17:00:00`).getTime() }),
  name: id ?? "", coming: false, fileCount: 4, filesHere: 4, filesFreed: 0, filesKept: 0, bytes: 100, bytesHere: 100, ...more,
});
const all = [
  meeting("next", "2026-12-01", { coming: true, bytesHere: 50 }),
  meeting("spring", "2026-03-01", { filesHere: 0, filesFreed: 4, bytesHere: 0 }),
  meeting("winter", "2025-12-01", { filesKept: 1, bytesHere: 70 }),
  meeting("autumn", "2025-10-01"),
  meeting(undefined, ""),
];
const now = new Date("2026-11-22T12:00:00").getTime();

describe("the list of what lies here", () => {
  it("goes by what is to come, by year, and last by what belongs to no meeting", () => {
    expect(grouped(all, "all", "date").map((group) => [group.key, group.meetings.length])).toEqual([["coming", 1], ["2026", 1], ["2025", 2], ["none", 1]]);
  });

  it("shows only what is asked for, and no empty heading", () => {
    expect(grouped(all, "freed", "date").map((group) => group.key)).toEqual(["2026"]);
    expect(grouped(all, "kept", "date").flatMap((group) => group.meetings.map((each) => each.id))).toEqual(["winter"]);
    expect(grouped([], "all", "size")).toEqual([]);
  });

  it("puts what takes most room first", () => {
    expect(grouped(all, "here", "size")[0]?.meetings.map((each) => each.bytesHere)).toEqual([100, 100, 70, 50]);
  });

  it("offers no day before which nothing lies here", () => {
    const year = (at: number) => new Date(at, 0, 1).getTime();
    expect(cuts(all, now)).toEqual([new Date("2026-11-22T00:00:00").getTime(), year(2026)]);
    expect(cuts(all.slice(0, 2), now)).toEqual([]);
  });

  it("shows every part of the bar that is there, and never more than the whole", () => {
    const found = shares([1, 999_999, 0]);
    expect(found[0]).toBeGreaterThan(0.9);
    expect(found[2]).toBe(0);
    expect(found.reduce((sum, part) => sum + part, 0)).toBeCloseTo(100);
    expect(shares([0, 0])).toEqual([0, 0]);
  });
});
