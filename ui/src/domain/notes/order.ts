// Notes in groups: by meeting and place, or by the day they were changed. Pure.
import type { NoteMeeting } from "../../host/generated/NoteMeeting";
import type { Known } from "./filter";

export type NotesSort = "meeting" | "time";

/** What stands over a group: a meeting, a day, nothing known of a meeting, or what has left the tablet. */
export type Heading = { kind: "meeting"; meeting: NoteMeeting } | { kind: "day"; atMs: number } | { kind: "none" } | { kind: "gone" };

export interface NotesGroup { key: string; heading: Heading; notes: Known[] }

/** Groups in the order they show. By meeting: latest meeting first, of each the order of its agenda and pages; by time: changed last first. */
export function grouped(shown: Known[], sort: NotesSort): NotesGroup[] {
  const groups = new Map<string, NotesGroup>();
  for (const each of sort === "meeting" ? [...shown].sort(byPlace) : [...shown].sort(byTime)) {
    const { key, heading } = sort === "meeting" ? place(each) : day(each);
    const group = groups.get(key);
    if (group) group.notes.push(each);
    else groups.set(key, { key, heading, notes: [each] });
  }
  return [...groups.values()];
}

/** The first so many notes of all groups. */
export function first(groups: NotesGroup[], most: number): NotesGroup[] {
  let left = most;
  return groups.flatMap((group) => {
    const notes = group.notes.slice(0, Math.max(left, 0));
    left -= notes.length;
    return notes.length > 0 ? [{ ...group, notes }] : [];
  });
}

const byTime = (a: Known, b: Known): number => b.note.updatedAtMs - a.note.updatedAtMs || (a.note.id < b.note.id ? -1 : 1);

function byPlace(a: Known, b: Known): number {
  return turn(a) - turn(b)
    || startOf(b) - startOf(a) || compare(a.meeting?.id ?? "", b.meeting?.id ?? "")
    || a.note.placeRank - b.note.placeRank;
}

/** Meetings before what belongs to none, what is gone last. */
const turn = (each: Known): number => (each.note.presence === "gone" ? 2 : each.meeting ? 0 : 1);
/** A meeting whose date cannot be read counts as the oldest. */
const startOf = (each: Known): number => each.meeting?.startAtMs ?? 0;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function place({ note, meeting }: Known): { key: string; heading: Heading } {
  if (note.presence === "gone") return { key: "gone", heading: { kind: "gone" } };
  return meeting ? { key: meeting.id, heading: { kind: "meeting", meeting } } : { key: "none", heading: { kind: "none" } };
}

function day({ note }: Known): { key: string; heading: Heading } {
  const date = new Date(note.updatedAtMs);
  return { key: `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`, heading: { kind: "day", atMs: note.updatedAtMs } };
}
