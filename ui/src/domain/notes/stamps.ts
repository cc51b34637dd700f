// Stamps of an agenda item: which ones there are, and what a tap on one changes. Pure.
import type { MarkDeed } from "../../host/generated/MarkDeed";
import type { NoteRow } from "../../host/generated/NoteRow";
import type { StampName } from "../../host/generated/StampName";

/** In the order they show. */
export const STAMPS: readonly StampName[] = ["question", "agree", "reject", "followUp", "done"];
/** Stamps that take each other's place. */
const RIVALS: Partial<Record<StampName, StampName>> = { agree: "reject", reject: "agree" };

/** Whether a note is a stamp on the agenda item itself; on other items it is one of theirs. */
export const isStampOf = (note: NoteRow, item: string): boolean => note.kind === "stamp" && note.target.kind === "agendaItem" && note.target.id === item;

/** A tap on a stamp: takes it away where it stands, else sets it; agreeing and rejecting take each other's place. */
export function stampDeeds(notes: readonly NoteRow[], item: string, stamp: StampName): MarkDeed[] {
  const standing = (name: StampName | undefined): MarkDeed[] => notes.filter((note) => isStampOf(note, item) && note.stamp === name).map(({ id }) => ({ kind: "delete", id }));
  const mine = standing(stamp);
  if (mine.length > 0) return mine;
  const rival = RIVALS[stamp];
  return [
    ...(rival ? standing(rival) : []),
    { kind: "create", mark: { kind: "stamp", target: { kind: "agendaItem", id: item }, rects: [], stamp, madeAtItem: item } },
  ];
}

/** What takes deeds back: what was deleted is brought back, what was made goes. `made` are the ids of new marks. */
export function reversed(deeds: readonly MarkDeed[], made: readonly string[]): MarkDeed[] {
  return [...made.map((id): MarkDeed => ({ kind: "delete", id })), ...deeds.flatMap((deed): MarkDeed[] => (deed.kind === "delete" ? [{ kind: "restore", id: deed.id }] : []))];
}
