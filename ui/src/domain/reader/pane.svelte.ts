// One document on the screen: what is open, what is searched, which ways lead through it, what is seen of it.
import { call } from "../../host/host";
import type { DocumentNeighbours } from "../../host/generated/DocumentNeighbours";
import type { Neighbour } from "../../host/generated/Neighbour";
import { Find } from "./find.svelte";
import { Guide } from "./guide.svelte";
import { copyText } from "../../shared/clipboard";
import { t } from "../../shared/i18n/i18n.svelte";
import { toast } from "../toast.svelte";
import { Scroll } from "./scroll.svelte";
import { Selecting } from "./selecting.svelte";
import type { Session } from "./session.svelte";
import type { View } from "./view.svelte";

export class Pane {
  readonly find: Find;
  readonly guide: Guide;
  readonly scroll: Scroll;
  readonly selecting: Selecting;
  /** The files before and after; nothing until it is known. */
  beside = $state.raw<DocumentNeighbours>();
  /** How far a pull past an end has come, as a share of what leads on; above the first page less than 0. */
  pull = $state(0);
  /** Opens another file in the place of this one. */
  onleave: ((to: Neighbour) => void) | undefined;

  constructor(readonly session: Session, view: View, readonly agendaItemId: string | undefined) {
    this.find = new Find(session);
    this.guide = new Guide(session);
    this.scroll = new Scroll(session, view);
    this.selecting = new Selecting(session);
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
  async step(direction: 1 | -1, from = this.scroll.current): Promise<void> {
    const place = await this.find.step(direction, from);
    if (place) await this.scroll.reach(place.page, place.box);
  }

  /** Puts the selected words on the clipboard. */
  async copy(): Promise<void> {
    const isPublic = this.session.opened?.public === true;
    if (await copyText(this.selecting.text)) toast.show(t(isPublic ? "select.copied" : "select.copied_nonpublic"));
    else this.session.notice = t("select.not_copied");
  }
}
