// The invented council of Lindenau an der Saale for `npm run dev`. Never part of a build.
import type { DocumentNeighbours } from "./generated/DocumentNeighbours";
import type { Neighbour } from "./generated/Neighbour";
import type { AgendaItemDetail } from "./generated/AgendaItemDetail";
import type { AgendaRow } from "./generated/AgendaRow";
import type { FileCard } from "./generated/FileCard";
import type { Mark } from "./generated/Mark";
import type { MeetingCard } from "./generated/MeetingCard";
import type { MeetingCommittee } from "./generated/MeetingCommittee";
import type { MeetingDetail } from "./generated/MeetingDetail";
import type { MeetingTerm } from "./generated/MeetingTerm";
import type { NoteRow } from "./generated/NoteRow";
import type { SearchAnswer } from "./generated/SearchAnswer";
import type { SearchHit } from "./generated/SearchHit";
import type { Seat } from "./generated/Seat";
import type { StampName } from "./generated/StampName";
import type { Today } from "./generated/Today";

const HOUR = 3_600_000;
const at = (days: number, hour: number, minute = 0): number => {
  const date = new Date();
  date.setHours(hour, minute, 0, 0);
  return date.getTime() + days * 24 * HOUR;
};
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);

export const committees: MeetingCommittee[] = [
  { councilId: "c1", id: "o1", name: "Stadtrat", isMine: true },
  { councilId: "c1", id: "o2", name: "Ausschuss für Stadtentwicklung, Bauen und Umwelt", shortName: "SBU", isMine: true },
  { councilId: "c1", id: "o3", name: "Haupt- und Finanzausschuss", isMine: true },
  { councilId: "c1", id: "o4", name: "Ausschuss für Bildung, Soziales, Kultur und Sport", isMine: false },
  { councilId: "c1", id: "o5", name: "Ortsteilrat Rödigen", isMine: false },
];
const committeeOf = (name: string) => committees.find((each) => name.startsWith(each.name))?.id ?? "o1";
const year = new Date().getFullYear();
export const terms: MeetingTerm[] = [
  { id: "t2", councilId: "c1", name: `Wahlperiode ${year - 2}–${year + 3}`, startAtMs: new Date(year - 2, 5, 1).getTime(), endAtMs: new Date(year + 3, 5, 1).getTime() },
  { id: "t1", councilId: "c1", name: `Wahlperiode ${year - 7}–${year - 2}`, startAtMs: new Date(year - 7, 5, 1).getTime(), endAtMs: new Date(year - 2, 5, 1).getTime() },
];

const card = (id: string, name: string, startAtMs: number, more: Partial<MeetingCard> = {}): MeetingCard => ({
  id, councilId: "c1", name, startAtMs, location: "Rathaus", room: "Sitzungssaal 2", cancelled: false, public: true, committeeIds: [committeeOf(name)], agendaCount: 0, pageCount: 0, pagesRead: 0, fileCount: 0, filesPresent: 0, hasInvitation: false, isMine: true, late: false, clashes: [], ...more,
});
export const meetings: MeetingCard[] = [
  card("m1", "Ausschuss für Stadtentwicklung, Bauen und Umwelt", at(5, 17), { number: "23", agendaCount: 14, pageCount: 412, pagesRead: 186, fileCount: 21, filesPresent: 21, hasInvitation: true, late: true }),
  card("m2", "Stadtrat", at(13, 16), { agendaCount: 22, pageCount: 318, hasInvitation: true, room: "Großer Saal" }),
  card("m3", "Haupt- und Finanzausschuss", at(19, 17)),
  card("m4", "Stadtrat, Haushaltssitzung", at(34, 15)),
];
export const past: MeetingCard[] = [
  card("m5", "Ausschuss für Stadtentwicklung, Bauen und Umwelt", at(-28, 17), { number: "22", agendaCount: 11, pageCount: 240, pagesRead: 240 }),
  card("m6", "Stadtrat", at(-35, 16), { agendaCount: 19, pageCount: 402, pagesRead: 120, cancelled: true }),
];

/** Five years of five committees, for `?many`. */
export const many: MeetingCard[] = committees.flatMap((committee, which) =>
  Array.from({ length: 120 }, (_, step) =>
    card(`many-${which}-${step}`, committee.name, at(60 - step * 15 - which * (step % 3), 16 + (which % 3)), {
      committeeIds: [committee.id], isMine: committee.isMine, public: (step + which) % 11 !== 0, cancelled: (step + which) % 13 === 0, agendaCount: 9 + which, pageCount: 120 + step,
    })));

const row = (id: string, number: string, name: string, more: Partial<AgendaRow> = {}): AgendaRow => ({
  id, meetingId: "m1", number, name, public: true, fileCount: 1, pageCount: 4, noteCount: 0, stamps: [], ...more,
});
export const rows: AgendaRow[] = [
  row("i1", "1", "Eröffnung und Feststellung der Beschlussfähigkeit", { fileCount: 0 }),
  row("i3", "3", "Niederschrift der 22. Sitzung vom 20. Oktober", { role: "Beschluss" }),
  row("i4", "4", "Radverkehrskonzept 2030 – Sachstand", { role: "Kenntnisnahme", fileCount: 2, noteCount: 1 }),
  row("i5", "5", "Bebauungsplan Nr. 47 „Alte Gerberei“ – Abwägungs- und Satzungsbeschluss", { role: "Vorberatung", fileCount: 5, noteCount: 6, badge: "changed", paperReference: "2026/184" }),
  row("i6", "6", "Städtebaulicher Vertrag zur Mietpreisbindung im Gerbereiquartier", { role: "Vorberatung", fileCount: 3, noteCount: 2 }),
  row("i7", "7", "Fortschreibung der Straßenbaubeitrags-Ablösesatzung", { role: "Vorberatung", fileCount: 4 }),
  row("i8", "8", "Antrag: Trinkwasserbrunnen am Holzmarkt", { role: "Beschluss" }),
  row("i9", "9", "Anfrage: Fußgängerüberweg Hospitalstraße", { role: "Kenntnisnahme", badge: "new", paperReference: "2026/197" }),
  row("i13", "13", "Grundstücksangelegenheit Färbergasse 12", { role: "Vorberatung", fileCount: 2, noteCount: 1, public: false }),
  row("i14", "14", "Vergabe Tragwerksplanung Rathausarkaden", { role: "Beschluss", badge: "new", public: false, paperReference: "N 2026/031" }),
];

const file = (id: string, name: string, pageCount: number, more: Partial<FileCard> = {}): FileCard => ({
  id, name, kind: "auxiliary", revision: 1, pageCount, byteLen: pageCount * 41_000, present: true, public: true, noteCount: 0, ...more,
});
export const files: FileCard[] = [
  file("f1", "Beschlussvorlage 2026/184", 12, { kind: "main", revision: 2, readToPage: 6, noteCount: 4, changeNote: "Seiten 1, 3 und 7 bis 9 geändert" }),
  file("f2", "Planzeichnung", 1),
  file("f3", "Begründung", 84, { noteCount: 1 }),
  file("f4", "Abwägungstabelle", 46, { noteCount: 2, readToPage: 17 }),
  file("f5", "Schallgutachten", 58, { present: false }),
  file("f9", "Vergabevorlage N 2026/031", 9, { kind: "main", public: false, audience: "Stadtentwicklung" }),
  file("f0", "Einladung zur 23. Sitzung", 3, { kind: "invitation" }),
];

const ink = (): [number, number, number][] => Array.from({ length: 40 }, (_, step) => [430 + step * 2.2, 470 + Math.sin(step / 3) * 9, 0.3 + 0.4 * Math.abs(Math.sin(step / 7))]);
const mark = (id: string, kind: Mark["kind"], more: Partial<Mark>): Mark => ({
  id, kind, fileId: "f1", target: { kind: "file", id: "f1" }, page: 0, rects: [], quoteLocked: false, imported: false, createdAtMs: at(0, 0, 20), updatedAtMs: at(0, 0, 20), public: true, label: "Beschlussvorlage 2026/184", ...more,
});
const quote = (exact: string) => ({ exact, prefix: "", suffix: "" });
export const marks: Mark[] = [
  mark("k1", "highlight", { color: "gelb", rects: [[218, 538, 413, 549]], quote: quote("Stellplatzschlüssel von 1,0 auf 0,7 je Wohnung"), updatedAtMs: at(-1, 21, 15) }),
  mark("k2", "note", { rects: [[420, 540, 420, 540]], text: "Gilt 0,7 auch für die Gewerbeeinheiten? Vor der Sitzung im Fachdienst nachfragen." }),
  mark("k3", "ink", { color: "blau", widthPt: 1.7, strokes: [ink()] }),
  mark("k4", "highlight", { page: 6, color: "gruen", rects: [[66, 600, 250, 612]], quote: quote("Retentionsraum von 1.140 m³ wird nachgewiesen"), updatedAtMs: at(-3, 18, 2) }),
];

const stampsOf = (id: string, notes: NoteRow[]): StampName[] => notes.flatMap((note) => (note.stamp && note.target.id === id ? [note.stamp] : []));
export const meeting = (id: string, notes: NoteRow[]): MeetingDetail => {
  const found = [...meetings, ...past].find((other) => other.id === id) ?? card(id, "Sitzung", at(1, 17));
  if (found.agendaCount === 0) return { card: found, publicItems: [], nonpublicItems: [], files: [], noteCount: 0 };
  const stamped = rows.map((item) => ({ ...item, stamps: stampsOf(item.id, notes) }));
  return {
    card: found, publicItems: stamped.filter((item) => item.public), nonpublicItems: stamped.filter((item) => !item.public), files: files.filter((each) => each.kind === "invitation"), noteCount: 10,
    receipt: { atMs: at(-7, 8, 12), serverAtMs: at(-7, 8, 12) },
  };
};

/** The files of one item after the other, then that of the nonpublic one. */
export const neighbours = (fileId: string): DocumentNeighbours => {
  const at = files.findIndex((each) => each.id === fileId);
  const card = (index: number): Neighbour | undefined => {
    const found = at < 0 || index > 5 ? undefined : files[index];
    const isOther = (index < 5) !== (at < 5);
    return found && {
      fileId: found.id, name: found.name, kind: found.kind, public: found.public, present: found.present, agendaItemId: found.public ? "i5" : "i14",
      ...(found.kind === "auxiliary" ? { attachment: index } : {}), ...(isOther ? { item: found.public ? { number: "5", name: "Bebauungsplan Nr. 47 „Alte Gerberei“", public: true } : { number: "14", name: "Vergabe der Bauleistungen Hospitalstraße", public: false } } : {}),
    };
  };
  const [previous, next] = [card(at - 1), card(at + 1)];
  return { ...(previous ? { previous } : {}), ...(next ? { next } : {}) };
};

export const item = (id: string, notes: NoteRow[], tally: AgendaItemDetail["tally"]): AgendaItemDetail => {
  const found = rows.find((other) => other.id === id) ?? row(id, "?", "?");
  const isPlan = id === "i5";
  return {
    row: { ...found, stamps: stampsOf(id, notes) },
    ...(found.paperReference ? { paper: { id: `p-${id}`, reference: found.paperReference, name: found.name, paperType: "Beschlussvorlage", originator: "Fachdienst Stadtplanung", villages: ["Rödigen"] } } : {}),
    consultations: isPlan ? [
      { organizationName: "Ortsteilrat Rödigen", date: iso(at(-2, 12)), role: "Anhörung", result: "zugestimmt 5 : 0 : 1", state: "done" },
      { organizationName: "Ausschuss für Stadtentwicklung, Bauen und Umwelt", date: iso(at(5, 12)), role: "Vorberatung", state: "here", meetingId: "m1" },
      { organizationName: "Stadtrat", date: iso(at(34, 12)), role: "Entscheidung", state: "coming", meetingId: "m4" },
    ] : [],
    files: isPlan ? files.slice(0, 5) : found.fileCount === 0 ? [] : found.public ? [file(`f-${id}`, found.name, 4, { kind: "main" })] : files.filter((each) => each.id === "f9"),
    notes,
    ...(tally ? { tally } : {}),
  };
};

export const today = (): Today => ({
  dateIso: iso(Date.now()), ...(meetings[0] ? { nextMeeting: meetings[0] } : {}), later: meetings.slice(1),
  newItems: (["i5", "i9", "i14"] as const).flatMap((id) => {
    const found = rows.find((other) => other.id === id);
    return found ? [{ councilId: "c1", badge: found.badge ?? "new", meetingId: "m1", meetingName: meetings[0]?.name ?? "", meetingStartAtMs: at(5, 17), agendaItemId: id, agendaItemNumber: found.number, title: found.name, public: found.public,
      ...(id === "i5" ? { changeNote: "Fassung 2: Seiten 1, 3 und 7 bis 9 geändert" } : { fileId: id === "i14" ? "f9" : "f-i9" }) }] : [];
  }),
  openItems: [
    { councilId: "c1", markId: "k2", text: "Stellplatzschlüssel: nach Gewerbeeinheiten fragen", meetingId: "m1", meetingName: meetings[0]?.name ?? "", agendaItemId: "i5", agendaItemNumber: "5", fileId: "f1", page: 0, label: "Vorlage 2026/184", public: true },
    { councilId: "c1", markId: "k9", text: "Redebeitrag vorbereiten", meetingId: "m1", meetingName: meetings[0]?.name ?? "", agendaItemId: "i6", agendaItemNumber: "6", label: "Städtebaulicher Vertrag", public: true },
  ],
  continueReading: { councilId: "c1", fileId: "f1", label: "Vorlage 2026/184", page: 6, pageCount: 12, meetingId: "m1", agendaItemId: "i5", public: true },
});

const hit = (kind: SearchHit["kind"], id: string, title: string, snippet: string, word: string, more: Partial<SearchHit> = {}): SearchHit => {
  const pieces = (text: string) => text.split(new RegExp(`(${word})`, "i")).filter((part) => part !== "").map((part) => ({ text: part, marked: part.toLowerCase() === word.toLowerCase() }));
  return { councilId: "c1", kind, id, title: pieces(title), snippet: pieces(snippet), label: "TOP 5 · 2026/184", public: true, isScan: false, isGuess: false, isAway: false, meetingId: "m1", meetingName: "Ausschuss für Stadtentwicklung, Bauen und Umwelt", meetingStartAtMs: at(5, 17), agendaItemId: "i5", pages: [], pageCount: 0, ...more };
};
export function search(text: string, kinds: SearchHit["kind"][]): SearchAnswer {
  const word = text.trim() || "x";
  if (word.toLowerCase().startsWith("zz")) return { hits: [], hitCount: 0, isCut: false };
  const all = [
    hit("note", "n9", "", `Gilt 0,7 auch für die Gewerbeeinheiten? ${word} vor der Sitzung klären.`, word, { fileId: "f1", markId: "k1", pages: [0], pageCount: 1 }),
    hit("file", "f1", "Beschlussvorlage 2026/184", `Abweichend vom Entwurf wird der ${word} von 1,0 auf 0,7 je Wohnung gesenkt. Grundlage ist das Mobilitätskonzept vom August 2026 …`, word, { fileId: "f1", pages: [0, 1, 2], pageCount: 7 }),
    hit("agendaItem", "i5", `Bebauungsplan Nr. 47 „Alte Gerberei“ – Abwägungs- und Satzungsbeschluss (${word})`, "", word),
    hit("file", "f4", "Anlage 3: Abwägungstabelle", `… keine freien Plätze zu finden. Ein ${word} unter 1,0 sei nicht vertretbar.`, word, { fileId: "f4", pages: [17], pageCount: 11 }),
    hit("file", "f9", "Ablösevertrag Holzmarkt N 2026/019", `Die Ablösung von acht Plätzen erfolgt nach dem ${word} …`, word, { fileId: "f9", pages: [1], pageCount: 1, public: false, label: "TOP 14 · N 2026/031" }),
    hit("faction", "s2", "Henrik Sandvoß", `Der ${word} muss im Vertrag stehen, sonst bleibt es eine Absicht.`, word, { factionId: "k1" }),
    hit("person", "p1", `Dr. Birgit ${word}`, "", word, { label: "" }),
  ];
  const hits = all.filter((each) => kinds.length === 0 || kinds.includes(each.kind));
  return { hits, hitCount: hits.length, isCut: false };
}

export const seat = (organizationName: string, role: string, current: boolean): Seat => ({
  personId: "p1", personName: "Dr. Birgit Brehmer", organizationId: "o2", organizationName, role, voting: true, current, start: "2024-07-01", ...(current ? {} : { end: "2025-12-31" }),
});
