// One document on the screen: what is open, what is searched, which ways lead through it, what is seen of it.
import { call } from "../../host/host";
import type { DocumentNeighbours } from "../../host/generated/DocumentNeighbours";
import type { Mark } from "../../host/generated/Mark";
import type { Neighbour } from "../../host/generated/Neighbour";
import { tick } from "svelte";
import { Find } from "./find.svelte";
import { Flow, type FlowPlace } from "./flow/flow.svelte";
import type { Box } from "./geometry";
import { Guide } from "./guide.svelte";
import { laidOnPage, laidOnWords, needsWords } from "../marks/laying";
import { copyText } from "../../shared/clipboard";
import { t } from "../../shared/i18n/i18n.svelte";
import { toast } from "../toast.svelte";
import { Scroll } from "./scroll.svelte";
import { Selecting } from "./selecting.svelte";
import type { Session } from "./session.svelte";
import type { View } from "./view.svelte";

/** What the reading mode does for keys, searching and coming back. */
export interface FlowView { at: () => FlowPlace; reach: (page: number, box: Box | undefined) => Promise<void>; key: (event: KeyboardEvent) => boolean }

export class Pane {
  readonly find: Find;
  readonly guide: Guide;
  readonly scroll: Scroll;
  readonly flow: Flow;
  /** The reading mode, while it is on the screen. */
  flowView = $state.raw<FlowView>();
  /** What is read in it: page, size in percent, height on the page in PDF points as shown. */
  flowAt = $state.raw({ page: 0, percent: 100, line: 0 });
  readonly selecting: Selecting;
  /** The files before and after; nothing until it is known. */
  beside = $state.raw<DocumentNeighbours>();
  /** How far a pull past an end has come, as a share of what leads on; above the first page less than 0. */
  pull = $state(0);
  /** Opens another file in the place of this one. */
  onleave: ((to: Neighbour) => void) | undefined;

  constructor(readonly session: Session, view: View, readonly agendaItemId: string | undefined) {
    this.find = new Find(session, () => this.current, call);
    this.guide = new Guide(session);
    this.scroll = new Scroll(session, view);
    this.selecting = new Selecting(session);
    this.flow = new Flow(session);
  }

  /** The page that is read, in whichever view. */
  get current(): number {
    return this.flow.isOn ? this.flowAt.page : this.scroll.current;
  }

  get percent(): number {
    return this.flow.isOn ? this.flowAt.percent : this.scroll.percent;
  }

  get line(): number {
    return this.flow.isOn ? this.flowAt.line : this.scroll.line;
  }

  zoomBy(factor: number): void {
    if (this.flow.isOn) this.flow.zoom(factor);
    else this.scroll.zoomBy(factor);
  }

  fit(): void {
    if (this.flow.isOn) this.flow.set({ scale: 1 });
    else this.scroll.fit();
  }

  /** Reads on in the other view where the member reads in this one; `isKept` when the next document shall open like it. */
  turnFlow(isKept = true): void {
    const { current, line } = this.scroll;
    const share = line / (this.session.opened?.pages[current]?.heightPt || 1);
    this.flow.turn(this.flowView?.at() ?? { page: current, share: Math.min(1, Math.max(0, share)) }, isKept);
  }

  /** Shows a mark; marks stand on pages. */
  async reveal(page: number, id: string): Promise<void> {
    if (this.flow.isOn) {
      this.turnFlow(false);
      await tick();
    }
    await this.scroll.reveal(page, id);
  }

  /** Asks what is read before and after. */
  async learnBeside(): Promise<void> {
    try {
      this.beside = await call("document_neighbours", { fileId: this.session.fileId, ...(this.agendaItemId ? { agendaItemId: this.agendaItemId } : {}) });
    } catch (error) {
      this.session.tell(error);
    }
  }

  /** Opens the next file or the one before; where there is none, says so. */
  leave(way: 1 | -1): void {
    if (!this.beside) return;
    const to = way === 1 ? this.beside.next : this.beside.previous;
    if (to) this.onleave?.(to);
    else toast.show(t(way === 1 ? "onward.nothing_next" : "onward.nothing_previous"));
  }

  /** Past the end of what is seen: the next page where pages stand alone, the next file after the last. */
  goOn(way: 1 | -1): void {
    this.pull = 0;
    if (!(this.scroll.view.isSingle && this.scroll.turnPage(way))) this.leave(way);
  }

  /** Shows the next hit in a direction. */
  async step(direction: 1 | -1, from = this.current): Promise<void> {
    const place = await this.find.step(direction, from);
    if (place) await (this.flowView ?? this.scroll).reach(place.page, place.box);
  }

  /** Moves the end of the selection by keys; it stays in view. */
  async stretchBy(way: 1 | -1, byWord: boolean): Promise<void> {
    await this.selecting.move("end", way, byWord);
    const last = this.selecting.parts[this.selecting.parts.length - 1];
    if (last) await this.scroll.reach(last.page, last.range.rects[last.range.rects.length - 1]);
  }

  /** Lays a mark of an older version on the selected words, or on the page that is read, where it can be moved then. */
  async lay(mark: Mark): Promise<void> {
    const { session, selecting, current } = this;
    const [part] = selecting.parts;
    if (needsWords(mark)) {
      if (!part) return;
      await session.store([{ kind: "update", change: laidOnWords(mark, part.page, part.range) }]);
      // It was one of the file's marks before: what has come to the page is no new one.
      await session.marks.again();
      selecting.clear();
      session.spoken = t("transfer.laid_words");
      return;
    }
    const shown = await session.learn(current);
    if (!shown) return;
    const [laid] = await session.store([{ kind: "update", change: laidOnPage(mark, current, shown.box) }]);
    if (!laid) return;
    await session.marks.again();
    session.tool = "select";
    session.choose(current, [laid.id]);
    session.spoken = t("transfer.laid", { page: current + 1 });
  }

  /** Puts the selected words on the clipboard. */
  async copy(): Promise<void> {
    const isPublic = this.session.opened?.public === true;
    if (await copyText(this.selecting.text)) toast.show(t(isPublic ? "select.copied" : "select.copied_nonpublic"));
    else this.session.notice = t("select.not_copied");
  }
}
