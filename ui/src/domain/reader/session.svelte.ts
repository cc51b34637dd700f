// One open document: its pages, marks, tool, place. Every change goes through Rust and comes back from there.
import { asDeskError, call } from "../../host/host";
import type { DeskError } from "../../host/generated/DeskError";
import type { DocumentOpened } from "../../host/generated/DocumentOpened";
import type { Mark } from "../../host/generated/Mark";
import type { MarkDraft } from "../../host/generated/MarkDraft";
import { SvelteMap } from "svelte/reactivity";
import { t } from "../../shared/i18n/i18n.svelte";
import { toast } from "../toast.svelte";
import type { Shown } from "./geometry";
import type { TextOfPage } from "./selection";

export type Tool = "read" | "pen" | "marker" | "note" | "eraser";
export const PENS = ["blau", "rot", "gruen", "blei"] as const;
export const MARKERS = ["gelb", "gruen", "blau", "rosa"] as const;
export type Pen = (typeof PENS)[number];
export type Marker = (typeof MARKERS)[number];
/** Texts kept at once: a page's letters with their boxes weigh hundreds of kilobytes. */
const KEPT_TEXTS = 8;
/** Width of the pen, PDF points: about 0.6 mm. */
export const PEN_WIDTH_PT = 1.7;

export type PageContent = TextOfPage;

export class Session {
  opened = $state<DocumentOpened>();
  failure = $state<DeskError>();
  /** A failed deed that leaves the document usable. */
  notice = $state<string>();
  marks = $state<Mark[]>([]);
  canUndo = $state(false);
  canRedo = $state(false);
  tool = $state<Tool>("read");
  pen = $state<Pen>("blau");
  marker = $state<Marker>("gelb");
  /** The note whose slip is open. */
  openNote = $state<string>();
  /** The mark jumped to, shown with a ring. */
  chosen = $state<string>();
  /** Once a pen was seen, fingers scroll. */
  penSeen = $state(false);
  /** Two fingers are on the page: what one of them began to draw is dropped. */
  isPinching = $state(false);
  /** Pages stay white in the dark. */
  hasLightPages = $state(false);
  spoken = $state("");
  /** The agenda item the member comes from. */
  madeAtItem?: string | undefined;

  private geometry = new SvelteMap<number, Shown>();
  private content = new Map<number, Promise<PageContent>>();
  private dropped: number[] = [];
  private nextTicket = 1;
  private isClosed = false;

  constructor(readonly fileId: string) {}

  async open(): Promise<void> {
    try {
      const opened = await call("document_open", { fileId: this.fileId, glance: false });
      if (this.isClosed) {
        await call("document_close", { doc: opened.doc });
        return;
      }
      this.marks = opened.marks;
      this.canUndo = opened.canUndo;
      this.canRedo = opened.canRedo;
      this.opened = opened;
    } catch (error) {
      this.failure = asDeskError(error);
    }
  }

  close(): void {
    this.isClosed = true;
    if (this.opened) call("document_close", { doc: this.opened.doc }).catch((error: unknown) => this.tell(error));
  }

  ticket(): number {
    this.nextTicket += 1;
    return this.nextTicket;
  }

  /** Takes back a page image that is no longer wanted; several in one call. */
  drop(ticket: number): void {
    const doc = this.opened?.doc;
    if (!doc || this.isClosed) return;
    if (this.dropped.length === 0) {
      queueMicrotask(() => {
        const tickets = this.dropped;
        this.dropped = [];
        if (!this.isClosed) call("page_cancel", { doc, tickets }).catch((error: unknown) => this.tell(error));
      });
    }
    this.dropped.push(ticket);
  }

  /** Text of a page; that of the pages used last is kept. */
  page(page: number): Promise<PageContent> {
    const known = this.content.get(page);
    if (known) {
      // The page used last stands last.
      this.content.delete(page);
      this.content.set(page, known);
      return known;
    }
    const opened = this.opened;
    if (!opened) return Promise.reject(new Error("no document"));
    const loading = call("page_text", { doc: opened.doc, page }).then((text): PageContent => ({
      letters: Array.from(text.chars), boxes: text.boxes, lines: text.lines,
    }));
    this.content.set(page, loading);
    for (const oldest of this.content.keys()) {
      if (this.content.size <= KEPT_TEXTS) break;
      this.content.delete(oldest);
    }
    loading.catch(() => this.content.delete(page));
    return loading;
  }

  /** How the page's points are shown; undefined until `learn` has asked. */
  shown(page: number): Shown | undefined {
    return this.geometry.get(page);
  }

  /** Asks once how a page is shown. Marks are neither drawn nor taken before that is known. */
  async learn(page: number): Promise<Shown | undefined> {
    const opened = this.opened;
    if (!opened || this.geometry.has(page)) return this.geometry.get(page);
    try {
      const { shown, rotation } = await call("page_geometry", { doc: opened.doc, page });
      this.geometry.set(page, { box: shown, rotation });
    } catch (error) {
      this.tell(error);
    }
    return this.geometry.get(page);
  }

  async create(draft: Omit<MarkDraft, "target">): Promise<Mark | undefined> {
    try {
      const mark = await call("mark_create", { mark: { ...draft, target: { kind: "file", id: this.fileId }, ...(this.madeAtItem === undefined ? {} : { madeAtItem: this.madeAtItem }) } });
      this.marks = [...this.marks, mark];
      this.changed();
      return mark;
    } catch (error) {
      this.tell(error);
      return undefined;
    }
  }

  /** Keeps the words of a note; `goesOn` when one undo is to take this back together with the change before. */
  async write(id: string, text: string, goesOn: boolean): Promise<boolean> {
    try {
      const mark = await call("mark_update", { id, text, goesOn });
      this.marks = this.marks.map((other) => (other.id === id ? mark : other));
      this.changed();
      return true;
    } catch (error) {
      this.tell(error);
      return false;
    }
  }

  async remove(id: string): Promise<void> {
    try {
      await call("mark_delete", { id });
      this.marks = this.marks.filter((mark) => mark.id !== id);
      if (this.openNote === id) this.openNote = undefined;
      this.changed();
      toast.show(t("reader.removed"), () => void this.turn("undo"));
    } catch (error) {
      this.tell(error);
    }
  }

  /** Takes away a note that was opened and never written on. */
  async discard(id: string): Promise<void> {
    if (!this.marks.some((mark) => mark.id === id)) return;
    try {
      await call("mark_delete", { id });
      this.marks = this.marks.filter((mark) => mark.id !== id);
    } catch (error) {
      this.tell(error);
    }
  }

  async turn(name: "undo" | "redo"): Promise<void> {
    try {
      const result = await call(name, { fileId: this.fileId });
      toast.hide();
      this.marks = result.marks;
      this.canUndo = result.canUndo;
      this.canRedo = result.canRedo;
      this.spoken = result.done ?? "";
      if (!result.marks.some((mark) => mark.id === this.openNote)) this.openNote = undefined;
      this.notice = undefined;
    } catch (error) {
      this.tell(error);
    }
  }

  tell(error: unknown): void {
    const { code, message } = asDeskError(error);
    if (code !== "cancelled" && code !== "document_closed") this.notice = message;
  }

  private changed(): void {
    toast.hide();
    this.canUndo = true;
    this.canRedo = false;
    this.notice = undefined;
  }
}
