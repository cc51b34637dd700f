// The speaking sheet for `npm run dev`, from the invented agenda and marks. Never part of a build.
import { meeting, rows } from "./fake-lindenau";
import { itemNotes } from "./fake-notes";
import type { Mark } from "./generated/Mark";
import type { SheetItem } from "./generated/SheetItem";
import type { SpeakingSheet } from "./generated/SpeakingSheet";
import type { SpeakingSheetRequest } from "./generated/SpeakingSheetRequest";
import type { Vote } from "./generated/Vote";

export function sheet({ meetingId, includeNonpublic, items }: SpeakingSheetRequest, marks: Mark[], tallies: Map<string, Vote>): SpeakingSheet {
  const { card } = meeting(meetingId, []);
  const all = rows.filter((row) => includeNonpublic || row.public).map(({ id, number, name, role, paperReference, public: isPublic }): SheetItem => {
    const notes = itemNotes(id, marks);
    const tally = tallies.get(id);
    return {
      id, number, name, public: isPublic, notes: notes.filter((note) => note.kind !== "arrow" && !(note.stamp && note.target.id === id)), stamps: notes.flatMap((note) => (note.stamp && note.target.id === id ? [note.stamp] : [])),
      ...(role ? { role } : {}), ...(paperReference ? { paperReference } : {}), ...(tally ? { tally } : {}),
    };
  });
  const hasOwn = (item: SheetItem) => item.notes.length > 0 || item.stamps.length > 0 || item.tally !== undefined;
  const isChosen = (item: SheetItem) => (items ? items.includes(item.id) : hasOwn(item));
  return {
    meetingId, councilName: "Stadt Lindenau an der Saale", meetingName: card.name, startAtMs: card.startAtMs, public: !includeNonpublic, notes: [], leftOut: includeNonpublic ? 0 : 1,
    agenda: all.map((item) => ({ id: item.id, number: item.number, name: item.name, public: item.public, hasOwn: hasOwn(item), chosen: isChosen(item) })), items: all.filter(isChosen),
  };
}
