// One open document: its pages with their text and geometry, and what is said about it. Its marks and tools stand in domain/marks.
import { asDeskError, call } from "../../host/host";
import type { DeskError } from "../../host/generated/DeskError";
import type { DocumentOpened } from "../../host/generated/DocumentOpened";
import { SvelteMap } from "svelte/reactivity";
import type { Mark } from "../../host/generated/Mark";
import { t, tn } from "../../shared/i18n/i18n.svelte";
import { Layer } from "../faction/layer.svelte";
import { copyDeeds } from "../marks/edit";
import { isHandwriting, type Deed } from "../marks/mark";
import { Marks } from "../marks/marks.svelte";
import { textMark } from "../marks/text-gesture";
import { Transfer } from "../marks/transfer.svelte";
import { toolbox, type Tool } from "../marks/tools.svelte";
import { toast } from "../toast.svelte";
import { Asking } from "./asking";
import type { Shown } from "./geometry";
import type { TextOfPage } from "./selection";

export type { Tool };
/** Texts kept at once: a page's letters with their boxes weigh hundreds of kilobytes. */
const KEPT_TEXTS = 8;
export type PageContent = TextOfPage;

export class Session {
  opened = $state<DocumentOpened>();
  failure = $state<DeskError>();
  /** A failed deed that leaves the document usable. */
  notice = $state<string>();
  readonly marks: Marks;
  /** What the faction has shared on its pages. */
  readonly layer: Layer;
  /** What became of marks of older versions. */
  readonly transfer: Transfer;
  readonly tools = toolbox;
  tool = $state<Tool>("read");
  /** The frame of the selection is to take the focus. */
  asksForFrame = $state(false);
  /** For those who do not point: what is to be put on, or begun at, the page that is looked at. */
  asksFor = $state<"place" | "caret">();
  /** Two fingers are on the page: what one of them began to draw is dropped. */
  isPinching = $state(false);
  /** Pages stay white in the dark. */
  hasLightPages = $state(false);
  spoken = $state("");
  /** Rises when pages look different than before: their images are asked for anew. */
  drawn = $state(0);
  /** The agenda item the member comes from. */
  madeAtItem?: string | undefined;

  readonly asking = new Asking();
  private geometry = new SvelteMap<number, Shown>();
  private learning = new Map<number, Promise<Shown | undefined>>();
  private content = new Map<number, Promise<PageContent>>();
  private dropped: number[] = [];
  private nextTicket = 1;
  private isClosed = false;

  constructor(readonly fileId: string) {
    this.layer = new Layer(fileId);
    this.marks = new Marks(fileId, call, {
      failed: (error) => this.tell(error),
      done: () => {
        toast.hide();
        this.notice = undefined;
      },
      taken: () => void this.showOnce(),
    }, () => this.madeAtItem);
    this.transfer = new Transfer(fileId, call, { failed: (error) => this.tell(error), moved: () => this.marks.again() });
  }

  async open(): Promise<void> {
    try {
      const opened = await call("document_open", { fileId: this.fileId, glance: false });
      if (this.isClosed) {
        await call("document_close", { doc: opened.doc });
        return;
      }
      this.marks.begin(opened);
      this.opened = opened;
      void this.transfer.look();
    } catch (error) {
      this.failure = asDeskError(error);
    }
  }

  close(): void {
    this.isClosed = true;
    this.transfer.stop();
    if (this.opened) call("document_close", { doc: this.opened.doc }).catch((error: unknown) => this.tell(error));
  }

  /** Annotations of the file that are own marks now are not drawn a second time. */
  private async showOnce(): Promise<void> {
    const doc = this.opened?.doc;
    if (!doc || this.isClosed) return;
    try {
      if ((await call("document_carried", { doc })).changed) this.drawn += 1;
    } catch (error) {
      this.tell(error);
    }
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
    const { opened } = this;
    if (!opened || this.geometry.has(page)) return this.geometry.get(page);
    const asked = this.learning.get(page) ?? this.askForGeometry(opened.doc, page).finally(() => this.learning.delete(page));
    this.learning.set(page, asked);
    return asked;
  }

  private async askForGeometry(doc: string, page: number): Promise<Shown | undefined> {
    try {
      const { shown, rotation } = await call("page_geometry", { doc, page });
      this.geometry.set(page, { box: shown, rotation });
    } catch (error) {
      this.tell(error);
    }
    return this.geometry.get(page);
  }

  /** Fingers move the page instead of drawing on it. */
  get fingersScroll(): boolean {
    return this.tool === "read" || (this.tools.penSeen && !this.tools.fingersDraw);
  }

  get canUndo(): boolean {
    return this.marks.canUndo;
  }

  get canRedo(): boolean {
    return this.marks.canRedo;
  }

  /** Takes marks away and says so, with a way back. */
  async remove(...ids: string[]): Promise<void> {
    if (!(await this.marks.remove(ids))) return;
    const done = ids.length === 1 ? t("reader.removed") : t("tools.removed", { count: ids.length });
    this.spoken = done;
    toast.show(done, () => void this.turn("undo"));
  }

  /** Stores what a gesture came to, as one deed. `said`: what is said of a change. */
  async store(deeds: readonly Deed[], said = t("tools.changed")): Promise<readonly Mark[]> {
    const [first] = deeds;
    if (!first) return [];
    if (deeds.every((deed) => deed.kind === "delete")) {
      await this.remove(...deeds.map((deed) => deed.id));
      return [];
    }
    const made = first.kind === "create" && deeds.length === 1 ? [await this.marks.create(first.mark)] : await this.marks.change(deeds);
    const marks = (made ?? []).filter((mark) => mark !== undefined);
    const [mark] = marks;
    // Whoever draws sees it; of all else it is said.
    if (mark && first.kind === "create" && !isHandwriting(mark.kind)) this.spoken = t("tools.made", { what: t(`mark.is.${mark.kind}`) });
    else if (mark && first.kind !== "create") this.spoken = said;
    return marks;
  }

  /** Highlights letters of a page, as the marker would. */
  async markLetters({ page, start, end }: { page: number; start: number; end: number }): Promise<void> {
    try {
      const mark = textMark({ style: "highlight", page, color: this.tools.marker.color }, await this.page(page), start, end - 1, false);
      if (mark) await this.store([{ kind: "create", mark }]);
    } catch (error) {
      this.tell(error);
    }
  }

  /** Selects marks of a page. `goesThere`: the focus moves to them. */
  choose(page: number, ids: readonly string[], goesThere = false): void {
    this.marks.select(page, ids);
    this.marks.chosen = undefined;
    this.asksForFrame = goesThere && ids.length > 0;
    this.spoken = tn("tools.selected", ids.length);
  }

  /** Doubles what is selected; the copies are selected then. */
  async copySelection(): Promise<void> {
    const page = this.marks.selected?.page;
    const copies = await this.store(copyDeeds(this.marks.selection));
    if (page !== undefined && copies.length > 0) this.choose(page, copies.map((mark) => mark.id));
  }

  async turn(name: "undo" | "redo"): Promise<void> {
    this.spoken = (await this.marks.turn(name)) ?? "";
  }

  tell(error: unknown): void {
    const { code, message } = asDeskError(error);
    if (code !== "cancelled" && code !== "document_closed") this.notice = message;
  }
}
