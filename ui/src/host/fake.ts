// Stands in for Rust in `npm run dev` outside the window, so that views can be looked at in any browser. Loaded only behind
// import.meta.env.DEV: a build does not contain it. The state to begin with comes from the address: ?vault=empty|locked|open&theme=&text=&lang=
import { fakeFlow, fakeImage, fakePage, fakeText } from "./fake-pages";
import { factionAnswers } from "./fake-faction";
import { fakeLinks, fakeOutline } from "./fake-targets";
import * as lindenau from "./fake-lindenau";
import { itemNotes, moreMarks, overview } from "./fake-notes";
import { sheet } from "./fake-sheet";
import { storageAnswers } from "./fake-storage";
import { takeawayAnswers } from "./fake-takeaway";
import { close, oldMarks, take, transferred } from "./fake-transfer";
import type { AppStatus } from "./generated/AppStatus";
import type { CalendarExportRequest } from "./generated/CalendarExportRequest";
import type { CalendarFile } from "./generated/CalendarFile";
import type { CalendarSubscription } from "./generated/CalendarSubscription";
import type { Commands } from "./generated/Commands";
import type { CouncilInfo } from "./generated/CouncilInfo";
import type { DeskError } from "./generated/DeskError";
import type { DeskEvent } from "./generated/DeskEvent";
import type { Mark } from "./generated/Mark";
import type { MarkDraft } from "./generated/MarkDraft";
import type { MarkUpdateRequest } from "./generated/MarkUpdateRequest";
import type { Settings } from "./generated/Settings";
import type { SplitKept } from "./generated/SplitKept";
import type { Vote } from "./generated/Vote";

type Answers = { [N in keyof Commands]: (request: Commands[N]["request"]) => Commands[N]["result"] };

const asked = new URLSearchParams(location.search);
let vault: AppStatus["vault"] = asked.get("vault") === "empty" ? "empty" : asked.get("vault") === "locked" ? "locked" : "open";
let settings: Settings = {
  language: asked.get("lang") === "en" ? "en" : "de", appearance: asked.get("theme") === "dark" ? "dark" : asked.get("theme") === "light" ? "light" : "system",
  textScale: Number(asked.get("text") ?? 1), leftHanded: asked.has("left"), autoLockMin: 5, meetingsView: asked.has("month") ? "month" : "list", pens: [],
  flow: { isOn: asked.has("flow"), font: "hyperlegible", colours: "app", scale: 1.2, lineHeight: 1.6 },
};
let subscription: CalendarSubscription = { on: false, onlyMine: true, path: "/home/miriam/Downloads/Ratsmappe-Sitzungen.ics", address: "file:///home/miriam/Downloads/Ratsmappe-Sitzungen.ics", eventCount: 0 };
let councils: CouncilInfo[] = vault === "empty" ? [] : [{
  id: "c1", name: "Stadt Lindenau an der Saale", personName: "Miriam Aldenhoff", confirmed: !asked.has("unconfirmed"), revoked: false, offline: false, lastSyncAtMs: Date.now() - 60_000, standText: "14:05",
  ...(asked.has("unconfirmed") ? { confirmWords: ["Kastanie", "Brücke", "Laterne", "Orgel"] } : {}),
}, ...(asked.has("several") ? [{ id: "c2", name: "Landkreis Saaletal", personName: "Miriam Aldenhoff", confirmed: true, revoked: false, offline: true, lastSyncAtMs: Date.now() - 9e8, standText: "12.11.2026", problem: { code: "offline" as const, message: "Kein Netz." } }] : [])];
let marks: Mark[] = asked.has("blank") ? [] : [...lindenau.marks, ...moreMarks];
let deleted: Mark[] = [];
let undoStack: Mark[][] = [];
let redoStack: Mark[][] = [];
const tallies = new Map<string, Vote>([["i5", "yes"]]);
const listeners = new Set<(event: DeskEvent) => void>();
let count = 0;
let hasAccepted = false;
let hasPin = asked.has("pin");
const keyStores = ["ready", "missing", "locked", "failed"] as const;
let behind = oldMarks;
let split: SplitKept = {};
let tabs = asked.has("tabs") ? ["f1", "f3"] : [];

const refuse = (code: DeskError["code"], message: string): never => {
  throw { code, message } satisfies DeskError;
};
const file = (id: string) => lindenau.files.find((each) => each.id === id) ?? { id, name: "Anfrage: Fußgängerüberweg Hospitalstraße", public: true, revision: 1, pageCount: 4 };
const paper = (doc: string, page: number) => fakePage(file(doc.replace(/^doc-/, "")).name, page, file(doc.replace(/^doc-/, "")).public);
const keepUndo = () => {
  undoStack.push(marks);
  redoStack = [];
};
function made(mark: MarkDraft): Mark {
  const now = Date.now();
  const one: Mark = { ...mark, id: `new-${(count += 1)}`, ...(mark.target.kind === "file" ? { fileId: mark.target.id } : {}), quoteLocked: false, imported: false, createdAtMs: now, updatedAtMs: now, public: true };
  marks = [...marks, one];
  return one;
}

function changed({ id, goesOn: _, onto, ...parts }: MarkUpdateRequest): Mark {
  behind = behind.filter((mark) => mark.id !== id);
  const found = [...marks, ...oldMarks].find((mark) => mark.id === id) ?? refuse("not_found", "Diese Notiz gibt es nicht mehr.");
  const one: Mark = { ...found, ...parts, ...onto, updatedAtMs: Date.now() };
  marks = marks.includes(found) ? marks.map((mark) => (mark.id === id ? one : mark)) : [...marks, one];
  return one;
}

const turned = (from: Mark[][], to: Mark[][], fileId: string, done: string) => {
  const before = from.pop();
  if (before) {
    to.push(marks);
    marks = before;
  }
  return { pages: [...new Set([...marks, ...(before ?? [])].filter((mark) => mark.fileId === fileId).map((mark) => mark.page ?? 0))], canUndo: undoStack.length > 0, canRedo: redoStack.length > 0, ...(before ? { done } : {}) };
};

const transfer = (fileId: string) => transferred(asked.has("newer") && fileId === "f1", marks.filter((mark) => mark.fileId === fileId && mark.page !== undefined), behind);

const calendarFile = ({ meetingIds = [], onlyMine }: CalendarExportRequest): CalendarFile => {
  const all = [...lindenau.meetings, ...lindenau.past].filter((card) => (meetingIds.length === 0 || meetingIds.includes(card.id)) && (!onlyMine || card.isMine));
  const text = ["BEGIN:VCALENDAR", "VERSION:2.0", ...all.flatMap((card) => ["BEGIN:VEVENT", `UID:${card.id}.c1@ratsmappe`, `SUMMARY:${card.name}`, "LOCATION:Sitzungssaal 2\\, Rathaus", "END:VEVENT"]), "END:VCALENDAR", ""];
  return { fileName: all.length === 1 ? `${all[0]?.name}.ics` : "Sitzungen.ics", text: all.length === 0 ? "" : text.join("\r\n"), eventCount: all.length };
};

const answers: Answers = {
  app_status: () => ({
    vault, councils: vault === "open" ? councils : [], settings, version: "0.1.0",
    ...(asked.has("older") && !hasAccepted ? { older: { code: "older_keys" as const, message: "Auf diesem Tablet liegt ein älterer Stand der Schlüssel, als es schon einmal gab: Vielleicht wurde eine Sicherung des Geräts eingespielt. Ihre Notizen betrifft das nicht. Bitte gleichen Sie ab; bleibt der Hinweis oder fehlt eine Körperschaft, melden Sie das Tablet neu an oder fragen Sie das Ratsbüro." } } : {}),
  }),
  settings_get: () => settings,
  settings_set: (wanted) => (settings = wanted),
  storage_overview: () => ({ councils: councils.map(({ id, name }) => ({ id, name, fileCount: 306, bytes: 412_000_000, privateBytes: 1_240_000, objects: 2_114 })) }),
  passphrase_check: ({ passphrase }) => {
    const words = passphrase.trim().split(/\s+/).filter(Boolean).length;
    return words >= 5 ? { ok: true, words } : { ok: false, problem: words === 0 ? "empty" : "tooFewWords", words };
  },
  passphrase_suggest: () => ({ passphrase: "kastanie orgel laterne brücke mühle wacholder" }),
  passphrase_change: () => ({}),
  vault_create: () => {
    vault = "open";
    return { recoveryCode: "7K4M9-QX2TB-N8RWC-3HPVD-6FJ0S-Z5YEG-41QK" };
  },
  vault_unlock: ({ passphrase }) => {
    if (passphrase === "falsch") refuse("wrong_passphrase", "Diese Passphrase passt nicht. Es ist nichts verloren. Bitte versuchen Sie es noch einmal.");
    vault = "open";
    return {};
  },
  vault_unlock_recovery: () => {
    vault = "open";
    return {};
  },
  vault_unlock_pin: ({ pin }) => {
    if (pin !== "731904") refuse("wrong_pin", "Diese PIN passt nicht. Es ist nichts verloren. Bitte versuchen Sie es noch einmal, oder nehmen Sie die Passphrase.");
    vault = "open";
    return {};
  },
  pin_set: () => {
    hasPin = true;
    return {};
  },
  pin_remove: () => {
    hasPin = false;
    return {};
  },
  older_accept: () => {
    hasAccepted = true;
    return {};
  },
  vault_lock: () => {
    vault = "locked";
    return {};
  },
  unlock_state: () => {
    const used = Number(asked.get("used") ?? 0);
    return { triesLeft: 10 - used, freeTries: 5, mostTries: 10, waitMs: used < 5 || used > 9 ? 0 : ([30, 60, 300, 900, 3600][used - 5] ?? 0) * 1000, pin: { isSet: hasPin, triesLeft: 5 - Number(asked.get("pins") ?? 0), keyStore: keyStores.find((each) => each === asked.get("keystore")) ?? "ready", leastDigits: 6, mostDigits: 12 } };
  },
  recovery_renew: () => ({ recoveryCode: "2H8QW-T5NXD-K7RVB-9MCJE-4ZPAF-6YGS1-83TW" }),
  backup_state: () => ({ newer: 12, due: asked.has("due"), folder: "/home/miriam/Downloads", untouched: asked.has("blank") }),
  backup_make: () => ({ path: "/home/miriam/Downloads/Ratsmappe-Sicherung 2026-11-22.age", code: "5R2XK-9QTBW-N4HVD-8MPCJ-7ZEGA-6YFS3-12TQ" }),
  backup_later: () => ({}),
  backup_list: () => ({ folder: "/home/miriam/Downloads", files: asked.has("blank") ? [] : [{ name: "Ratsmappe-Sicherung 2026-11-22.age", bytes: 1_240_000, atMs: Date.now() - 9e8 }] }),
  backup_restore: () => ({ notes: 214, madeAtMs: Date.now() - 9e8 }),
  activity: () => ({}),
  drafts_keep: () => ({}),
  drafts_take: () => ({ drafts: [] }),
  council_pair: ({ code }) => {
    if (code.startsWith("0000")) refuse("code_invalid", "Der Code hat einen Tippfehler. Er ist noch gültig. Bitte vergleichen Sie ihn mit Ihrem Brief.");
    councils = [{ id: "c1", name: "Stadt Lindenau an der Saale", personName: "Miriam Aldenhoff", confirmed: false, revoked: false, offline: false, standText: "14:05", confirmWords: ["Kastanie", "Brücke", "Laterne", "Orgel"] }];
    return { council: "c1", councilName: "Stadt Lindenau an der Saale", personName: "Miriam Aldenhoff", confirmWords: ["Kastanie", "Brücke", "Laterne", "Orgel"] };
  },
  council_forget: ({ council }) => {
    councils = councils.filter((each) => each.id !== council);
    return {};
  },
  sync_start: ({ council = "c1" }) => {
    const tell = (event: DeskEvent) => listeners.forEach((listener) => listener(event));
    const progress = { council, filesTotal: 306, bytesTotal: 412_000_000, currentMeeting: "Stadtrat" };
    if (asked.has("syncing")) setTimeout(() => tell({ type: "sync-progress", progress: { ...progress, phase: "files", filesDone: 212, bytesDone: 281_000_000 } }), 20);
    else setTimeout(() => tell({ type: "sync-finished", council, ok: true, changed: false, more: false }), 20);
    return {};
  },
  sync_cancel: () => ({}),
  sync_status: () => ({ running: false, standText: "14:05", offline: false, receipts: [{ meetingId: "m1", meetingName: "Ausschuss für Stadtentwicklung, Bauen und Umwelt", invitationRevision: 1, atMs: Date.now() - 9e8, serverAtMs: Date.now() - 9e8 }] }),
  today: () => (asked.has("blank") ? { dateIso: "", newItems: [], openItems: [], later: [] } : lindenau.today()),
  meetings_list: () => {
    const all = asked.has("blank") ? [] : [...lindenau.meetings, ...lindenau.past, ...(asked.has("many") ? lindenau.many : [])].sort((a, b) => a.startAtMs - b.startAtMs);
    const today = new Date().setHours(0, 0, 0, 0);
    return { upcoming: all.filter((card) => card.startAtMs >= today), past: all.filter((card) => card.startAtMs < today).reverse(), committees: lindenau.committees, terms: asked.has("many") ? lindenau.terms : [] };
  },
  meeting_open: ({ id }) => lindenau.meeting(id, overview(marks).notes),
  agenda_item_open: ({ id }) => lindenau.item(id, itemNotes(id, marks), tallies.get(id)),
  calendar_export: (request) => calendarFile(request),
  calendar_save: (request) => ({ path: `/home/miriam/Downloads/${calendarFile(request).fileName}`, eventCount: calendarFile(request).eventCount }),
  calendar_subscription: () => subscription,
  calendar_subscribe: ({ onlyMine }) => {
    if (asked.has("nofolder")) refuse("calendar_folder", "Die Kalenderdatei lässt sich im Ordner für Downloads nicht schreiben oder entfernen. Unterlagen, Notizen und Abgleich sind davon nicht berührt. Bitte prüfen Sie, ob es den Ordner gibt und ob Sie darin speichern dürfen.");
    return (subscription = { ...subscription, on: true, onlyMine, eventCount: calendarFile({ onlyMine }).eventCount, writtenAtMs: Date.now() });
  },
  calendar_unsubscribe: () => (subscription = { ...subscription, on: false, eventCount: 0 }),
  tally_set: ({ agendaItemId, value }) => {
    if (value) tallies.set(agendaItemId, value);
    else tallies.delete(agendaItemId);
    return {};
  },
  person_open: ({ id }) => ({ councilId: "c1", id, name: "Dr. Birgit Brehmer", seats: [lindenau.seat("Stadtrat", "Mitglied", true), lindenau.seat("Ausschuss für Stadtentwicklung, Bauen und Umwelt", "Vorsitz", true), lindenau.seat("Ortsteilrat Rödigen", "Mitglied", false)] }),
  organization_open: ({ id }) => ({ councilId: "c1", id, name: "Ausschuss für Stadtentwicklung, Bauen und Umwelt", kind: "Ausschuss", isMine: true, members: [lindenau.seat("", "Vorsitz", true), lindenau.seat("", "Mitglied", true)], upcoming: lindenau.meetings.slice(0, 1), past: lindenau.past.slice(0, 1) }),
  paper_open: ({ id }) => ({ councilId: "c1", id, reference: "2026/184", name: "Bebauungsplan Nr. 47 „Alte Gerberei“ – Abwägungs- und Satzungsbeschluss", paperType: "Beschlussvorlage", originator: "Fachdienst Stadtplanung", villages: ["Rödigen"], public: true,
    consultations: lindenau.item("i5", [], undefined).consultations, files: lindenau.files.slice(0, 5), marks: marks.filter((mark) => mark.fileId === "f1"),
    stations: [{ agendaItemId: "i5", meetingId: "m1", meetingName: "Ausschuss für Stadtentwicklung, Bauen und Umwelt", startAtMs: Date.now() + 4e8, number: "5", public: true }] }),
  search: ({ text, kinds }) => lindenau.search(text, kinds),
  search_choices: () => ({ organizations: [{ councilId: "c1", id: "o1", name: "Stadtrat", isMine: true }, { councilId: "c1", id: "o2", name: "Ausschuss für Stadtentwicklung, Bauen und Umwelt", isMine: true }], years: [2026, 2025], hasNonpublic: true }),
  index_status: () => ({ running: false, filesDone: 306, filesTotal: 306, incomplete: false, scans: [{ fileId: "f2", name: "Planzeichnung" }], failed: [] }),
  document_search: ({ text }) => ({ pages: text.length > 2 ? [0, 1, 2, 4] : [], indexed: true }),
  page_matches: ({ doc, page, text }) => {
    const chars = [...fakeText(paper(doc, page)).chars].join("").toLowerCase();
    const ranges = [];
    for (let at = chars.indexOf(text.toLowerCase()); at >= 0; at = chars.indexOf(text.toLowerCase(), at + 1)) ranges.push({ start: at, end: at + text.length });
    return { ranges };
  },
  document_hits: ({ doc, text, pages }) => ({ counts: pages.map((page) => (text.length > 2 ? fakeText(paper(doc, page)).chars.toLowerCase().split(text.toLowerCase()).length - 1 : 0)) }),
  document_neighbours: ({ fileId }) => lindenau.neighbours(fileId),
  tabs_list: () => tabs.flatMap((id) => lindenau.files.filter((each) => each.id === id).map((each) => ({ fileId: each.id, councilId: "c1", title: each.name, public: each.public }))),
  tabs_set: ({ fileIds }) => {
    tabs = fileIds;
    return {};
  },
  document_open: ({ fileId }) => {
    const found = file(fileId);
    if (fileId === "f2" && asked.has("damaged")) refuse("document_damaged", "Diese Datei ist beschädigt angekommen. Es ist nichts verloren. Die Mappe lädt sie neu, sobald wieder Netz da ist.");
    const pages = Array.from({ length: asked.has("many") ? 1200 : (found.pageCount ?? 4) }, () => ({ widthPt: 595, heightPt: 842 }));
    return { doc: `doc-${fileId}`, councilId: "c1", fileId, title: found.name, public: found.public, revision: found.revision, pages, lastPage: 0, lastOffset: 0, lastRotation: 0, lastSingle: false, xfa: false, attachmentCount: 0, canUndo: undoStack.length > 0, canRedo: false,
      meetingId: "m1", agendaItemId: "i5", label: found.public ? "TOP 5 · 2026/184" : "TOP 14 · N 2026/031" };
  },
  document_close: () => ({}),
  page_geometry: () => ({ shown: [0, 0, 595, 842], rotation: 0 }),
  page_text: ({ doc, page }) => fakeText(paper(doc, page)),
  document_unlock: () => ({}),
  page_flow: ({ doc, page }) => fakeFlow(paper(doc, page)),
  page_cancel: () => ({}),
  place_set: ({ fileId, page }) => {
    const found = lindenau.files.find((each) => each.id === fileId);
    if (found) found.readToPage = page;
    return {};
  },
  document_outline: ({ doc }) => fakeOutline(asked.has("plain") ? 0 : (lindenau.files.find((each) => `doc-${each.id}` === doc)?.pageCount ?? 4)),
  page_links: ({ page }) => ({ links: page === 0 ? fakeLinks : [] }),
  link_open: () => refuse("address_not_opened", "Auf diesem Gerät ließ sich kein Programm für diese Adresse öffnen. Es wurde nichts übertragen. Sie können die Adresse kopieren und selbst im Browser eingeben."),
  split_get: () => split,
  split_set: (wanted) => {
    split = wanted;
    return {};
  },
  marks_transfer: ({ fileId, again }) => {
    if (again) take(false);
    return transfer(fileId);
  },
  marks_transfer_back: ({ fileId }) => {
    take(true);
    return transfer(fileId);
  },
  marks_transfer_close: () => {
    close();
    return {};
  },
  marks_page: ({ fileId, pages }) => marks.filter((mark) => mark.fileId === fileId && pages.includes(mark.page ?? -1)),
  marks_count: ({ fileId }) => {
    const all = marks.filter((mark) => mark.fileId === fileId);
    const pages = [...new Set(all.flatMap((mark) => mark.page ?? []))].sort((a, b) => a - b);
    return { total: all.length, pages: pages.map((page) => ({ page, count: all.filter((mark) => mark.page === page).length })) };
  },
  file_notes: ({ fileId }) => overview(marks.filter((mark) => mark.fileId === fileId)),
  marks_change: ({ deeds }) => {
    keepUndo();
    const done: Mark[] = [];
    for (const deed of deeds) {
      if (deed.kind === "create") done.push(made(deed.mark));
      else if (deed.kind === "update") done.push(changed(deed.change));
      else if (deed.kind === "delete") {
        deleted = [...deleted, ...marks.filter((mark) => mark.id === deed.id)];
        marks = marks.filter((mark) => mark.id !== deed.id);
      } else {
        marks = [...marks, ...deleted.filter((mark) => mark.id === deed.id)];
        deleted = deleted.filter((mark) => mark.id !== deed.id);
      }
    }
    return done;
  },
  mark_create: ({ mark }) => {
    keepUndo();
    return made(mark);
  },
  mark_update: (change) => {
    keepUndo();
    return changed(change);
  },
  mark_delete: ({ id }) => {
    keepUndo();
    deleted = [...deleted, ...marks.filter((mark) => mark.id === id)];
    marks = marks.filter((mark) => mark.id !== id);
    return {};
  },
  undo: ({ fileId }) => turned(undoStack, redoStack, fileId, "Rückgängig gemacht"),
  redo: ({ fileId }) => turned(redoStack, undoStack, fileId, "Wiederholt"),
  marks_list: () => marks,
  mark_restore: ({ id }) => {
    marks = [...marks, ...deleted.filter((mark) => mark.id === id)];
    deleted = deleted.filter((mark) => mark.id !== id);
    return {};
  },
  speaking_sheet_save: () => ({ path: "/home/miriam/Downloads/Sprechzettel.pdf" }),
  speaking_sheet: (request) => sheet(request, marks, tallies),
  notes_overview: () => overview(marks),
  ...storageAnswers,
  ...factionAnswers((event) => listeners.forEach((listener) => listener(event)), asked),
  ...takeawayAnswers((event) => listeners.forEach((listener) => listener(event))),
};

export async function call<N extends keyof Commands>(name: N, request: Commands[N]["request"]): Promise<Commands[N]["result"]> {
  // As text, like the real way: what is handed over is a copy.
  return JSON.parse(JSON.stringify(answers[name](JSON.parse(JSON.stringify(request)))));
}

export async function onEvent(callback: (event: DeskEvent) => void): Promise<() => void> {
  listeners.add(callback);
  return () => listeners.delete(callback);
}

export function tileUrl({ doc, page, scale, x, y, w, h, isDark }: { doc: string; page: number; scale: number; x: number; y: number; w: number; h: number; isDark?: boolean }): string {
  return fakeImage(paper(doc, page), scale, x, y, w, h, isDark);
}
