import { describe, expect, it } from "vitest";
import type { AgendaItemDetail } from "../../host/generated/AgendaItemDetail";
import type { NoteRow } from "../../host/generated/NoteRow";
import { itemMarkdown, plain } from "./markdown";
import { reversed, stampDeeds } from "./stamps";

const row = (id: string, more: Partial<NoteRow> = {}): NoteRow => ({
  councilId: "c", id, markIds: [id], kind: "stamp", target: { kind: "agendaItem", id: "i" }, quoteLocked: false, imported: false, createdAtMs: 0, updatedAtMs: 0, public: true, presence: "here", placeRank: 0, ...more,
});
const create = (stamp: string) => ({ kind: "create", mark: { kind: "stamp", target: { kind: "agendaItem", id: "i" }, rects: [], stamp, madeAtItem: "i" } });

describe("stamps of an agenda item", () => {
  it("a tap sets one, another takes it away", () => {
    expect(stampDeeds([], "i", "question")).toEqual([create("question")]);
    expect(stampDeeds([row("a", { stamp: "question" })], "i", "question")).toEqual([{ kind: "delete", id: "a" }]);
    expect(stampDeeds([row("a", { stamp: "question" })], "i", "done"), "others stay").toEqual([create("done")]);
  });

  it("agreeing and rejecting take each other's place", () => {
    expect(stampDeeds([row("a", { stamp: "agree" })], "i", "reject")).toEqual([{ kind: "delete", id: "a" }, create("reject")]);
  });

  it("those of other items and of pages are left alone", () => {
    const others = [row("a", { stamp: "done", target: { kind: "agendaItem", id: "other" } }), row("b", { stamp: "done", target: { kind: "file", id: "i" }, page: 0 })];
    expect(stampDeeds(others, "i", "done")).toEqual([create("done")]);
  });

  it("is taken back whole", () => {
    expect(reversed(stampDeeds([row("a", { stamp: "agree" })], "i", "reject"), ["new"])).toEqual([{ kind: "delete", id: "new" }, { kind: "restore", id: "a" }]);
  });
});

describe("an item as Markdown", () => {
  const detail = (notes: NoteRow[], more: Partial<AgendaItemDetail> = {}): AgendaItemDetail => ({
    row: { id: "i", meetingId: "m", number: "5", name: "Bebauungsplan Nr. 47 [Entwurf]", public: true, fileCount: 0, pageCount: 0, noteCount: 0, stamps: [] }, consultations: [], files: [], notes, ...more,
  });

  it("says nothing where nothing was noted", () => {
    expect(itemMarkdown(detail([]))).toBe("");
    expect(itemMarkdown(detail([row("f", { kind: "arrow", ink: { size: [1, 1], widthPt: 1, strokes: [] } })])), "a form means nothing away from its page").toBe("");
  });

  it("tells quotation, words, stamp, place and where it comes from", () => {
    const said = itemMarkdown(detail([
      row("a", { kind: "highlight", target: { kind: "file", id: "f" }, label: "Vorlage", page: 2, quote: { exact: "78 %\nAuslastung", prefix: "", suffix: "" }, text: "- *nachrechnen*", oldRevision: 1 }),
      row("b", { stamp: "question", origin: { meetingId: "m0", agendaItemId: "i0", committee: "Bauausschuss", number: "3", public: true } }),
    ], { tally: "yes" }));
    expect(said).toContain("## TOP 5 Bebauungsplan Nr. 47 \\[Entwurf\\]\n");
    expect(said).toContain("> 78 %\n> Auslastung");
    expect(said).toContain("\\- \\*nachrechnen\\*");
    expect(said).toContain("_Vorlage, Seite 3 · aus Fassung 1_");
    expect(said).toContain("**Frage**\n\n_aus: Bauausschuss, TOP 3_");
    expect(said).toContain("Meine Neigung: Ja");
    expect(said.endsWith("\n")).toBe(true);
  });

  it("leaves ordinary words alone", () => {
    expect(plain("Gilt 0,7 auch – und wann?")).toBe("Gilt 0,7 auch – und wann?");
    expect(plain("1. Punkt")).toBe("1\\. Punkt");
  });
});
