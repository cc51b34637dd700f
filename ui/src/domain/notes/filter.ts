// Which notes show: the choices of each group, and how many notes each choice would show. Pure.
import type { MarkKind } from "../../host/generated/MarkKind";
import type { NoteMeeting } from "../../host/generated/NoteMeeting";
import type { NoteRow } from "../../host/generated/NoteRow";
import type { StampName } from "../../host/generated/StampName";

export type Publicity = "public" | "nonpublic";

/** Nothing chosen in a group means all of it; several of a group mean any of them; groups narrow each other. */
export interface NotesFilter {
  kinds: KindGroup[];
  stamps: StampName[];
  colors: string[];
  publicity: Publicity[];
  committees: string[];
  councils: string[];
  /** Id of a meeting; `""` for notes that belong to none. */
  meeting?: string;
  /** Each word must stand somewhere in the note, its quotation or where it stands. */
  words: string;
}

export type Group = "kinds" | "stamps" | "colors" | "publicity" | "committees" | "councils";
/** Kinds that a member would look for together. */
export type KindGroup = "note" | "marking" | "ink" | "form" | "textBox" | "stamp";
const GROUP_OF: Record<MarkKind, KindGroup> = {
  note: "note", highlight: "marking", underline: "marking", strikeOut: "marking", squiggly: "marking", brush: "marking", ink: "ink",
  rectangle: "form", ellipse: "form", line: "form", arrow: "form", textBox: "textBox", stamp: "stamp",
};
/** The kinds of a group that some notes are of, each once. */
export const kindsIn = (all: readonly Known[], group: KindGroup): MarkKind[] => [...new Set(all.map((each) => each.note.kind).filter((kind) => GROUP_OF[kind] === group))];
export const KINDS: readonly KindGroup[] = ["note", "marking", "ink", "form", "textBox", "stamp"];
export const COLORS = ["gelb", "gruen", "blau", "rosa", "rot", "blei"] as const;
export type ColorName = (typeof COLORS)[number];
export const noFilter = (): NotesFilter => ({ kinds: [], stamps: [], colors: [], publicity: [], committees: [], councils: [], words: "" });

/** Whether anything is filtered at all. */
export const isFiltering = (filter: NotesFilter): boolean =>
  filter.kinds.length + filter.stamps.length + filter.colors.length + filter.publicity.length + filter.committees.length + filter.councils.length > 0 || filter.meeting !== undefined || filter.words.trim() !== "";

/** A choice of a group switched over. */
export function toggled<T extends string>(chosen: readonly T[], choice: T): T[] {
  return chosen.includes(choice) ? chosen.filter((other) => other !== choice) : [...chosen, choice];
}

/** Letters as they are compared: case, umlaut dots and ß make no difference. */
export const folded = (text: string): string => text.replaceAll("ß", "ss").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** A note with what filtering asks about, looked up once. */
export interface Known {
  note: NoteRow;
  meeting?: NoteMeeting;
  publicity: Publicity;
  /** All its words, folded. */
  words: string;
}

/** All notes, ready to be filtered as often as somebody types. */
export function known(notes: NoteRow[], meetings: NoteMeeting[]): Known[] {
  const byId = new Map(meetings.map((meeting) => [meeting.id, meeting]));
  return notes.map((note) => {
    const meeting = note.meetingId === undefined ? undefined : byId.get(note.meetingId);
    const words = [note.text, note.quote?.exact, note.label, note.annex, note.origin?.committee, meeting?.name].filter((part) => part !== undefined).join("\n");
    return { note, publicity: note.public ? "public" : "nonpublic", words: folded(words), ...(meeting ? { meeting } : {}) };
  });
}

/** What of a group a note is. */
export function isOf(each: Known, group: Group): readonly string[] {
  if (group === "kinds") return [GROUP_OF[each.note.kind]];
  if (group === "stamps") return each.note.stamp === undefined ? [] : [each.note.stamp];
  if (group === "colors") return each.note.color === undefined ? [] : [each.note.color];
  if (group === "publicity") return [each.publicity];
  if (group === "councils") return [each.note.councilId];
  return each.meeting?.committeeIds ?? [];
}

const GROUPS: readonly Group[] = ["kinds", "stamps", "colors", "publicity", "committees", "councils"];

/** The notes that pass all of a filter, or all but one group of it. */
export function passing(all: Known[], filter: NotesFilter, except?: Group | "meeting"): Known[] {
  const words = folded(filter.words).split(/\s+/).filter(Boolean);
  return all.filter((each) =>
    GROUPS.every((group) => group === except || filter[group].length === 0 || isOf(each, group).some((choice) => (filter[group] as readonly string[]).includes(choice)))
    && (except === "meeting" || filter.meeting === undefined || (each.meeting?.id ?? "") === filter.meeting)
    && words.every((word) => each.words.includes(word)));
}

/** How many notes each choice of a group would show, all other groups as they are. */
export function counts(all: Known[], filter: NotesFilter, group: Group | "meeting"): Map<string, number> {
  const found = new Map<string, number>();
  for (const each of passing(all, filter, group)) {
    for (const choice of group === "meeting" ? [each.meeting?.id ?? ""] : isOf(each, group)) found.set(choice, (found.get(choice) ?? 0) + 1);
  }
  return found;
}
