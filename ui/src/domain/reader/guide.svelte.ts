// Ways through one open document: its outline, the links of its pages, the jumps made. What a link does is decided in Rust; here it is asked and shown.
import { SvelteMap } from "svelte/reactivity";
import { asDeskError, call } from "../../host/host";
import type { DocumentOutline } from "../../host/generated/DocumentOutline";
import type { LinkTarget } from "../../host/generated/LinkTarget";
import type { PageLink } from "../../host/generated/PageLink";
import { t } from "../../shared/i18n/i18n.svelte";
import { toast } from "../toast.svelte";
import type { Shown } from "./geometry";
import { goAhead, goBack, jumped, NO_JUMPS, type Jumps, type Spot } from "./jumps";
import type { Session } from "./session.svelte";

/** A link out of the app that waits for a yes. `page` is absent for a bookmark. */
export interface Question { address: string; words: string; index: number; page?: number }

/** What the pages can do for a jump. */
export interface Views { spot(): Spot; goTo(spot: Spot): void; showAt(page: number, left?: number, top?: number): Promise<void>; shown(page: number): Shown | undefined }

export class Guide {
  outline = $state.raw<DocumentOutline>();
  outlineFailure = $state<string>();
  question = $state.raw<Question>();
  jumps = $state.raw<Jumps>(NO_JUMPS);
  views = $state.raw<Views>();
  private links = new SvelteMap<number, PageLink[]>();
  private asked = new Set<number>();
  private isAsked = false;

  constructor(private readonly session: Session) {}

  /** Asks for the outline, once. */
  async learnOutline(): Promise<void> {
    const doc = this.session.opened?.doc;
    if (!doc || this.isAsked) return;
    this.isAsked = true;
    this.outlineFailure = undefined;
    try {
      this.outline = await call("document_outline", { doc });
    } catch (error) {
      this.isAsked = false;
      this.outlineFailure = asDeskError(error).message;
    }
  }

  /** The links of a page; empty until `learnLinks` has asked. */
  linksOf(page: number): PageLink[] {
    return this.links.get(page) ?? [];
  }

  /** Asks for the links of a page, once. */
  async learnLinks(page: number): Promise<void> {
    const doc = this.session.opened?.doc;
    if (!doc || this.asked.has(page)) return;
    this.asked.add(page);
    try {
      const { links } = await call("page_links", { doc, page });
      if (links.length > 0) this.links.set(page, links);
    } catch (error) {
      this.asked.delete(page);
      this.session.tell(error);
    }
  }

  /** Does what a link or a bookmark stands for. */
  async follow(target: LinkTarget, from: Omit<Question, "address">): Promise<void> {
    if (target.kind === "page" && target.page !== undefined) await this.jump(target.page, target.left, target.top);
    else if (target.kind === "web" && target.address !== undefined) this.question = { ...from, address: target.address };
    else toast.show(t(`link.refused.${target.refusal ?? "unknown"}`));
  }

  /** Opens what was asked about. Errors: as the desk says them. */
  async open({ address, index, page }: Question): Promise<void> {
    const doc = this.session.opened?.doc;
    if (!doc) return;
    await call("link_open", { doc, index, address, ...(page === undefined ? {} : { page }) });
  }

  /** Shows a place and keeps the way back. Lengths in PDF points of the unrotated page. */
  async jump(page: number, left?: number, top?: number): Promise<void> {
    if (!this.views) return;
    this.leave(page);
    await this.views.showAt(page, left, top);
  }

  /** Keeps the way back before a jump that somebody else makes. */
  leave(toPage: number): void {
    if (this.views) this.jumps = jumped(this.jumps, this.views.spot(), toPage);
  }

  turn(way: "back" | "ahead"): void {
    if (!this.views) return;
    const found = (way === "back" ? goBack : goAhead)(this.jumps, this.views.spot());
    if (!found) return;
    this.jumps = found.jumps;
    this.views.goTo(found.to);
    this.session.spoken = t("reader.page", { page: found.to.page + 1 });
  }

  forgetJumps(): void {
    this.jumps = NO_JUMPS;
  }
}
