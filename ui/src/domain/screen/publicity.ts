// What may be seen in a picture of the screen: what the council made public, with nothing of one's own on it. Pure decisions.
// Views that are not named here never claim it: their meetings carry no publicity, or they list one's own words.
import type { AgendaItemDetail } from "../../host/generated/AgendaItemDetail";
import type { DocumentNeighbours } from "../../host/generated/DocumentNeighbours";
import type { DocumentOpened } from "../../host/generated/DocumentOpened";
import type { MeetingDetail } from "../../host/generated/MeetingDetail";
import type { PaperDetail } from "../../host/generated/PaperDetail";

interface Publicity { public: boolean }
const allPublic = (things: readonly Publicity[]): boolean => things.every((thing) => thing.public);

/** An open document, how many marks one has on it (unknown counts as some), and the documents whose names stand on the tabs beside it. */
export function isPublicReading(opened: DocumentOpened | undefined, marks: number | undefined, tabs: readonly { isPublic: boolean }[]): boolean {
  return opened?.public === true && marks === 0 && tabs.every((tab) => tab.isPublic);
}

/** The names of the files before and after a document, and of their agenda items. */
export function isPublicBeside(beside: DocumentNeighbours | undefined): boolean {
  return [beside?.previous, beside?.next].every((file) => file === undefined || (file.public && file.item?.public !== false));
}

/** The agenda with its files. A meeting is known to be public by its public items alone. */
export function isPublicMeeting(meeting: MeetingDetail | undefined): boolean {
  if (!meeting || meeting.publicItems.length === 0 || meeting.nonpublicItems.length > 0) return false;
  return allPublic(meeting.publicItems) && allPublic(meeting.files) && meeting.publicItems.every((row) => row.tally === undefined && row.stamps.length === 0);
}

/** One agenda item beside the agenda. */
export function isPublicItem(item: AgendaItemDetail | undefined): boolean {
  return item !== undefined && item.row.public && allPublic(item.files) && item.notes.length === 0 && item.row.stamps.length === 0 && item.tally === undefined;
}

/** The page of a paper. */
export function isPublicPaper(paper: PaperDetail | undefined): boolean {
  return paper !== undefined && paper.public && allPublic(paper.files) && allPublic(paper.stations) && paper.marks.length === 0;
}
