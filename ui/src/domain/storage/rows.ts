// What lies on the tablet, as the list shows it: which meetings, in which order, under which heading. Pure.
import type { StorageMeeting } from "../../host/generated/StorageMeeting";

export type StorageSort = "date" | "size";
export type StorageFilter = "all" | "here" | "freed" | "kept";

/** What stands over a group: what is to come, a year, or no meeting at all; one list where size decides. */
export type StorageHeading = { kind: "coming" } | { kind: "year"; year: number } | { kind: "none" } | { kind: "largest" };

export interface StorageGroup { key: string; heading: StorageHeading; meetings: StorageMeeting[] }

/** Tells rows of one council apart; the files of no meeting have a row too. */
export const keyOf = (meeting: StorageMeeting): string => meeting.id ?? "none";

const passes: Record<StorageFilter, (meeting: StorageMeeting) => boolean> = {
  all: () => true,
  here: (meeting) => meeting.filesHere > 0,
  freed: (meeting) => meeting.filesFreed > 0,
  kept: (meeting) => meeting.filesKept > 0,
};

/** The meetings that are asked for, in groups. By date they keep the order they come in: coming ones, then years, then what belongs to none. */
export function grouped(meetings: StorageMeeting[], filter: StorageFilter, sort: StorageSort): StorageGroup[] {
  const shown = meetings.filter(passes[filter]);
  if (sort === "size") {
    const largest = [...shown].sort((a, b) => b.bytesHere - a.bytesHere || b.bytes - a.bytes || keyOf(a).localeCompare(keyOf(b)));
    return largest.length > 0 ? [{ key: "largest", heading: { kind: "largest" }, meetings: largest }] : [];
  }
  const groups = new Map<string, StorageGroup>();
  for (const meeting of shown) {
    const heading = headingOf(meeting);
    const key = heading.kind === "year" ? String(heading.year) : heading.kind;
    const group = groups.get(key);
    if (group) group.meetings.push(meeting);
    else groups.set(key, { key, heading, meetings: [meeting] });
  }
  return [...groups.values()];
}

function headingOf(meeting: StorageMeeting): StorageHeading {
  if (meeting.id === undefined) return { kind: "none" };
  if (meeting.coming || meeting.startAtMs === undefined) return { kind: "coming" };
  return { kind: "year", year: new Date(meeting.startAtMs).getFullYear() };
}

/** The days before which papers of past meetings lie here: the first days of years, the latest first, and today as the very first. */
export function cuts(meetings: StorageMeeting[], now: number): number[] {
  const past = meetings.filter((meeting) => !meeting.coming && meeting.startAtMs !== undefined && meeting.filesHere > 0);
  const oldest = past.reduce((least, meeting) => Math.min(least, meeting.startAtMs ?? least), Number.POSITIVE_INFINITY);
  if (oldest === Number.POSITIVE_INFINITY) return [];
  const found = [new Date(now).setHours(0, 0, 0, 0)];
  for (let year = new Date(now).getFullYear(); new Date(year, 0, 1).getTime() > oldest; year -= 1) found.push(new Date(year, 0, 1).getTime());
  return found;
}

/** Shares of a bar in percent that add up to 100; what is there at all is at least one percent wide. */
export function shares(parts: number[]): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (total === 0) return parts.map(() => 0);
  const raised = parts.map((part) => (part === 0 ? 0 : Math.max(1, (part / total) * 100)));
  const sum = raised.reduce((all, part) => all + part, 0);
  return raised.map((part) => (part / sum) * 100);
}
