// The view of all notes for `npm run dev`: the invented marks of the reader, and some more that only a list shows. Never part of a build.
import { files, meetings, past, rows } from "./fake-lindenau";
import type { InkSketch } from "./generated/InkSketch";
import type { Mark } from "./generated/Mark";
import type { NoteMeeting } from "./generated/NoteMeeting";
import type { NoteOrigin } from "./generated/NoteOrigin";
import type { NoteRow } from "./generated/NoteRow";
import type { NotesOverview } from "./generated/NotesOverview";

const HOUR = 3_600_000;
const ago = (hours: number) => ({ createdAtMs: Date.now() - hours * HOUR, updatedAtMs: Date.now() - hours * HOUR });
const more = (id: string, hours: number, mark: Partial<Mark>): Mark => ({
  id, kind: "note", target: { kind: "agendaItem", id: "i5" }, rects: [], quoteLocked: false, imported: false, public: true, ...ago(hours), ...mark,
});
/** Marks of which the item or the meeting is told by their target or label. */
export const moreMarks: Mark[] = [
  more("n1", 30, { target: { kind: "agendaItem", id: "i6" }, text: "Redebeitrag vorbereiten" }),
  more("n2", 70, { target: { kind: "file", id: "f9" }, fileId: "f9", page: 3, public: false, text: "Vergleichsangebot verlangen, bevor der Ausschuss empfiehlt." }),
  more("n3", 75, { kind: "highlight", color: "rosa", target: { kind: "file", id: "f4" }, fileId: "f4", page: 17, quote: { exact: "Auslastung von 78 % (werktags 22 Uhr)", prefix: "weist eine ", suffix: " aus." }, text: "Erhebung im Mai war in den Pfingstferien – bitte nachrechnen." }),
  more("n4", 900, { kind: "highlight", color: "gelb", target: { kind: "meeting", id: "m5" }, quote: { exact: "Straßenausbaubeitragsabrechnung", prefix: "Die ", suffix: " erfolgt nach Abschluss der Maßnahme." } }),
  more("n5", 905, { target: { kind: "meeting", id: "m5" }, text: "Zusage im Ausschuss: Zahlen bis Jahresende schriftlich." }),
  more("n6", 9000, { kind: "highlight", color: "blau", target: { kind: "file", id: "gone" }, fileId: "gone", page: 4, public: false, quoteLocked: true, text: "War das so besprochen?" }),
  more("n8", 40, { kind: "stamp", stamp: "question", target: { kind: "agendaItem", id: "i5" } }),
  more("n9", 330, { target: { kind: "agendaItem", id: "otr2" }, madeAtItem: "otr2", text: "Baustellenverkehr nicht über den Dorfplatz – im Ausschuss noch einmal sagen." }),
  more("n10", 41, { kind: "underline", color: "rot", target: { kind: "file", id: "f4" }, fileId: "f4", page: 2, quote: { exact: "nicht vertretbar", prefix: "unter 1,0 sei ", suffix: "." } }),
  more("n11", 42, { kind: "arrow", color: "rot", widthPt: 2, target: { kind: "file", id: "f1" }, fileId: "f1", page: 1, strokes: [[[100, 500, .5], [180, 460, .5]]] }),
  more("n12", 43, { kind: "stamp", stamp: "followUp", text: "Beleg fehlt", target: { kind: "file", id: "f4" }, fileId: "f4", page: 4, rects: [[60, 600, 140, 630]] }),
  more("n7", 20, { target: { kind: "file", id: "f5" }, fileId: "f5", page: 11, text: "Wo ist der Nachtwert?" }),
];

function inkOf(mark: Mark): InkSketch | undefined {
  const points = mark.strokes?.flat() ?? [];
  if (points.length === 0) return undefined;
  const left = Math.min(...points.map(([x]) => x));
  const top = Math.max(...points.map(([, y]) => y));
  const size: [number, number] = [Math.max(...points.map(([x]) => x)) - left, top - Math.min(...points.map(([, y]) => y))];
  const tenths = (points: number) => Math.round(points * 10);
  return { size: [tenths(size[0]), tenths(size[1])], widthPt: mark.widthPt ?? 1.5, strokes: (mark.strokes ?? []).map((stroke) => stroke.map(([x, y]) => [tenths(x - left), tenths(top - y)])) };
}

const origin: NoteOrigin = { meetingId: "m5", agendaItemId: "otr2", committee: "Ortsteilrat Rödigen", startAtMs: Date.now() - 12 * 24 * HOUR, number: "2", public: true };
/** The notes of an item: of the plan those of its files and of the village council too. */
export const itemNotes = (id: string, marks: Mark[]): NoteRow[] =>
  marks.map(noteRow).filter((note) => note.target.id === id || (id === "i5" && (note.target.id === "otr2" || (note.target.kind === "file" && note.public && note.presence !== "gone"))));

function noteRow(mark: Mark, placeRank: number): NoteRow {
  const { id, kind, target, color, text, quote, quoteLocked, createdAtMs, updatedAtMs, page, fileId } = mark;
  const file = files.find((each) => each.id === fileId);
  const item = target.kind === "agendaItem" ? rows.find((each) => each.id === target.id) : rows.find((each) => each.id === (fileId === "f9" ? "i14" : "i5"));
  const meetingId = target.kind === "meeting" ? target.id : "m1";
  const isOther = target.id === "otr2";
  const isGone = target.kind === "file" && !file;
  const sketch = inkOf(mark);
  const label = target.kind === "meeting" ? past.find((each) => each.id === target.id)?.name : `TOP ${item?.number} · ${fileId ? item?.paperReference : item?.name}`;
  return {
    imported: mark.imported, councilId: "c1", id, markIds: [id], kind, target, quoteLocked, createdAtMs, updatedAtMs, placeRank, public: mark.public && item?.public !== false, presence: isGone ? "gone" : file?.present === false ? "awaited" : "here",
    ...(color === undefined ? {} : { color }), ...(text === undefined ? {} : { text }), ...(quote ? { quote } : {}), ...(mark.stamp ? { stamp: mark.stamp } : {}), ...(isOther ? { origin } : {}), ...(fileId === "f1" && kind === "highlight" ? { oldRevision: 1 } : {}), ...(page === undefined ? {} : { page }), ...(sketch ? { ink: sketch } : {}),
    ...(isGone ? {} : { meetingId, ...(label ? { label } : {}), ...(item && target.kind !== "meeting" ? { agendaItemId: item.id } : {}), ...(file && file.kind !== "main" ? { annex: file.name } : {}) }),
  };
}

export function overview(marks: Mark[]): NotesOverview {
  const notes = marks.map(noteRow);
  const shown = (id: string, committeeIds: string[]): NoteMeeting[] =>
    notes.some((note) => note.meetingId === id) ? [...meetings, ...past].filter((each) => each.id === id).map(({ name, startAtMs }) => ({ councilId: "c1", id, name, startAtMs, committeeIds })) : [];
  return {
    notes: notes.sort((a, b) => b.updatedAtMs - a.updatedAtMs), meetings: [...shown("m1", ["o1"]), ...shown("m5", ["o1", "o2"])],
    committees: notes.length === 0 ? [] : [{ councilId: "c1", id: "o2", name: "Haupt- und Finanzausschuss" }, { councilId: "c1", id: "o1", name: "Stadtentwicklung, Bauen und Umwelt" }],
  };
}
