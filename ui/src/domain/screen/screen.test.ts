import { describe, expect, it } from "vitest";
import type { AgendaItemDetail } from "../../host/generated/AgendaItemDetail";
import type { AgendaRow } from "../../host/generated/AgendaRow";
import type { DocumentNeighbours } from "../../host/generated/DocumentNeighbours";
import type { DocumentOpened } from "../../host/generated/DocumentOpened";
import type { FileCard } from "../../host/generated/FileCard";
import type { Mark } from "../../host/generated/Mark";
import type { MeetingDetail } from "../../host/generated/MeetingDetail";
import type { NoteRow } from "../../host/generated/NoteRow";
import type { PaperDetail } from "../../host/generated/PaperDetail";
import { isGuarded, Teller } from "./guard";
import { isPublicBeside, isPublicItem, isPublicMeeting, isPublicPaper, isPublicReading } from "./publicity";

const row = (more: Partial<AgendaRow> = {}): AgendaRow => ({ id: "i", meetingId: "m", number: "1", name: "Haushalt", public: true, fileCount: 0, pageCount: 0, noteCount: 0, stamps: [], ...more });
const file = (isPublic: boolean): FileCard => ({ id: "f", name: "Vorlage", kind: "main", revision: 1, byteLen: 1, present: true, public: isPublic, noteCount: 0 });
const mark = {} as Mark;
const note = {} as NoteRow;
const meeting = (more: Partial<MeetingDetail> = {}): MeetingDetail => ({ card: {} as MeetingDetail["card"], publicItems: [row()], nonpublicItems: [], files: [file(true)], noteCount: 0, ...more });
const item = (more: Partial<AgendaItemDetail> = {}): AgendaItemDetail => ({ row: row(), consultations: [], files: [file(true)], notes: [], ...more });
const paper = (more: Partial<PaperDetail> = {}): PaperDetail => ({ councilId: "c1", id: "p", name: "Vorlage", villages: [], public: true, consultations: [], files: [file(true)], stations: [], marks: [], ...more });
const opened = (isPublic: boolean) => ({ public: isPublic }) as DocumentOpened;

describe("the ways to other files", () => {
  const next = (isPublic: boolean, item?: boolean): DocumentNeighbours => ({ next: { fileId: "n", name: "Vergabe", kind: "main", public: isPublic, present: true, ...(item === undefined ? {} : { item: { number: "14", name: "Vergabe", public: item } }) } });
  it("name nothing that is not public", () => {
    expect(isPublicBeside(undefined)).toBe(true);
    expect(isPublicBeside(next(true, true))).toBe(true);
    expect(isPublicBeside(next(false))).toBe(false);
    expect(isPublicBeside(next(true, false)), "a nonpublic agenda item over a public file").toBe(false);
  });
});

describe("what is public", () => {
  it("a public document with nothing of one's own, beside public ones", () => {
    expect(isPublicReading(opened(true), 0, [{ isPublic: true }])).toBe(true);
    expect(isPublicReading(opened(false), 0, []), "a nonpublic document").toBe(false);
    expect(isPublicReading(opened(true), 1, []), "an own mark").toBe(false);
    expect(isPublicReading(opened(true), 0, [{ isPublic: true }, { isPublic: false }]), "the title on a nonpublic tab").toBe(false);
    expect(isPublicReading(opened(true), undefined, []), "own marks not counted yet").toBe(false);
    expect(isPublicReading(undefined, 0, []), "not open yet").toBe(false);
  });

  it("an agenda of which every line is public", () => {
    expect(isPublicMeeting(meeting())).toBe(true);
    expect(isPublicMeeting(meeting({ nonpublicItems: [row({ public: false })] })), "a nonpublic part").toBe(false);
    expect(isPublicMeeting(meeting({ publicItems: [] })), "nothing that makes the meeting public").toBe(false);
    expect(isPublicMeeting(meeting({ publicItems: [row(), row({ public: false })] })), "a nonpublic line in the wrong part").toBe(false);
    expect(isPublicMeeting(meeting({ files: [file(false)] })), "nonpublic minutes").toBe(false);
    expect(isPublicMeeting(meeting({ publicItems: [row({ tally: "no" })] })), "how one leans").toBe(false);
    expect(isPublicMeeting(meeting({ publicItems: [row({ stamps: ["reject"] })] })), "an own stamp").toBe(false);
    expect(isPublicMeeting(undefined), "not read yet").toBe(false);
  });

  it("an item and a paper with public files and no own words", () => {
    expect(isPublicItem(item())).toBe(true);
    expect(isPublicPaper(paper())).toBe(true);
    for (const secret of [item({ row: row({ public: false }) }), item({ files: [file(false)] }), item({ notes: [note] }), item({ row: row({ stamps: ["question"] }) }), item({ tally: "yes" }), undefined]) expect(isPublicItem(secret)).toBe(false);
    const station = { agendaItemId: "i", meetingId: "m", meetingName: "Stadtrat", number: "1" };
    for (const secret of [paper({ public: false }), paper({ files: [file(false)] }), paper({ marks: [mark] }), paper({ stations: [{ ...station, public: false }] }), undefined]) expect(isPublicPaper(secret)).toBe(false);
  });
});

describe("the guard", () => {
  const yes = { view: "reader", isPublic: true };

  it("stands until the view shown has spoken for itself", () => {
    expect(isGuarded(true, "reader", [yes])).toBe(false);
    expect(isGuarded(true, "reader", []), "nobody has spoken").toBe(true);
    expect(isGuarded(true, "notes", [yes]), "another view has spoken").toBe(true);
    expect(isGuarded(false, "reader", [yes]), "the folder is closed").toBe(true);
  });

  it("stands while a single part says no", () => {
    expect(isGuarded(true, "meeting", [{ view: "meeting", isPublic: true }, { view: "meeting", isPublic: false }])).toBe(true);
    expect(isGuarded(true, "meeting", [{ view: "meeting", isPublic: true }, { view: "reader", isPublic: false }]), "also one that is about to go").toBe(true);
  });
});

describe("telling the shell", () => {
  /** A shell whose answers are given by hand, in order. */
  function shell() {
    const told: boolean[] = [];
    const answers: { ok: () => void; no: () => void }[] = [];
    const failures: unknown[] = [];
    const teller = new Teller((guarded) => { told.push(guarded); return new Promise((ok, no) => answers.push({ ok, no: () => no(new Error("silent")) })); }, (error) => failures.push(error));
    return { told, failures, teller, answer: (how: "ok" | "no") => answers.shift()?.[how]() };
  }

  it("waits for each answer, and ends with the newest state", async () => {
    const { told, teller, answer } = shell();
    const done = teller.tell(true);
    void teller.tell(false);
    void teller.tell(true);
    void teller.tell(false);
    expect(told, "one at a time").toEqual([true]);
    answer("ok");
    await Promise.resolve();
    await Promise.resolve();
    answer("ok");
    await done;
    expect(told, "what was overtaken is left out").toEqual([true, false]);
    await teller.tell(false);
    expect(told, "what was told is not told twice").toEqual([true, false]);
  });

  it("reports a failure and tells the same state again", async () => {
    const { told, failures, teller, answer } = shell();
    const first = teller.tell(true);
    answer("no");
    await first;
    expect(failures).toHaveLength(1);
    const second = teller.tell(true);
    answer("ok");
    await second;
    expect(told).toEqual([true, true]);
  });
});
