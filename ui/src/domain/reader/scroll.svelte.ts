// What is seen of one document: the place in the scroll of its pages, the scale, the page that is read. Knows no markup beyond the element that scrolls.
import { flushSync, tick } from "svelte";
import { call } from "../../host/host";
import { bounds } from "../marks/shape";
import { boxToShown, fromShown, toShown, type Box, type Shown } from "./geometry";
import type { Spot } from "./jumps";
import { anchoredScroll, clampScale, fitPage, fitWidth, GAP, leftOf, NO_ROOM, pageAt, readingWidth, single, stack, visible, type Room, type Size } from "./layout";
import { t } from "../../shared/i18n/i18n.svelte";
import type { Session } from "./session.svelte";
import { turnedShown, turnedSize } from "./turning";
import type { Fit, View } from "./view.svelte";

/** CSS px per point at 100 %. */
const NATURAL = 96 / 72;
/** CSS px below the upper edge that a heading counts as reached. */
const REACHED = 4 * GAP;
/** A scroll that stands within this many CSS px of its end is there. */
const SLACK = 2;

/** A place as it is kept. */
export interface Kept { page: number; offset: number; zoom: number; rotation: number; single: boolean }

/** `offset`: how far down the page, as it is kept. */
export interface Start { page?: number | undefined; mark?: string | undefined; offset?: number | undefined }

export class Scroll {
  element: HTMLElement | undefined;
  width = $state(0);
  height = $state(0);
  top = $state(0);
  left = $state(0);
  scale = $state(0);
  /** The scale the tiles are drawn for: follows `scale` when the fingers rest. */
  sharpScale = $state(0);
  /** CSS px of one rem: grows with the text size. */
  rem = $state(16);
  private room = $state.raw<Room>(NO_ROOM);
  /** Where the view stood when it rested last: what is asked for ahead follows it, not every step of a scroll. */
  restTop = $state(0);
  /** Where reading goes: 1 down, -1 up. */
  direction = $state<1 | -1>(1);
  /** The first place is reached: from here on places are kept. State, so that the effect which keeps them hears of it. */
  isPlaced = $state(false);
  /** The page that stands alone. */
  private alone = $state(0);

  constructor(readonly session: Session, readonly view: View) {}

  readonly sizes: Size[] = $derived.by(() => (this.session.opened?.pages ?? []).map((size) => turnedSize(size, this.view.rotation)));
  readonly layout = $derived.by(() => (this.view.isSingle ? single(this.sizes, this.alone, this.scale || 1, this.height, this.room) : stack(this.sizes, this.scale || 1, this.room)));
  readonly inner = $derived.by(() => Math.max(this.width, this.layout.widest + 2 * GAP));
  readonly current = $derived.by(() => (this.view.isSingle ? this.alone : pageAt(this.layout, this.top + this.height / 3)));
  /** Pages that exist: those near the view; of pages that stand alone also the one that is turned to next, unseen. */
  readonly pages: number[] = $derived.by(() => {
    if (this.view.isSingle) return [this.alone, this.alone + this.direction].filter((page) => page >= 0 && page < this.sizes.length).sort((a, b) => a - b);
    const [first, last] = visible(this.layout, this.top, this.height, this.height);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  readonly percent = $derived.by(() => Math.round((this.scale / NATURAL) * 100));
  /** Down to here headings have been reached: just below where a jump puts them, at the end of the document all; PDF points of the current page as shown. */
  readonly line = $derived.by(() => {
    const reached = this.top + this.height >= this.layout.total - 1 ? this.top + this.height : this.top + REACHED;
    return (reached - this.topOf(this.current)) / (this.scale || 1);
  });
  readonly count = $derived.by(() => this.sizes.length);

  /** Where the view ends in a direction: 1 below, -1 above. */
  isAtEnd(way: 1 | -1): boolean {
    return way === 1 ? this.top + this.height >= this.layout.total - SLACK : this.top <= SLACK;
  }

  topOf(page: number): number {
    const top = this.layout.tops[page] ?? 0;
    return Number.isFinite(top) ? top : 0;
  }

  /** Where a page begins once it is shown: one that stands alone later has its own place. */
  topOnceShown(page: number): number {
    return this.view.isSingle && page !== this.alone ? (single(this.sizes, page, this.scale || 1, this.height, this.room).tops[page] ?? 0) : this.topOf(page);
  }

  leftOf(page: number): number {
    return leftOf((this.sizes[page]?.widthPt ?? 0) * this.scale, this.inner, this.width, this.rem);
  }

  /** How a page is shown in this view; undefined until `learn` has asked. */
  shown(page: number): Shown | undefined {
    const shown = this.session.shown(page);
    return shown && turnedShown(shown, this.view.rotation);
  }

  private async learn(page: number): Promise<Shown | undefined> {
    const shown = await this.session.learn(page);
    return shown && turnedShown(shown, this.view.rotation);
  }

  private scaleFor(fit: Exclude<Fit, "free">): number {
    const alone = this.sizes[this.alone];
    const sizes = this.view.isSingle && alone ? [alone] : this.sizes;
    switch (fit) {
      case "page": return fitPage(sizes.length === 1 ? (sizes[0] ?? A4) : common(sizes), this.width, this.height);
      case "width": return fitWidth(sizes, this.width);
      case "natural": return NATURAL;
      default: return fitWidth(sizes, readingWidth(this.width, this.rem));
    }
  }

  /** The scale that the chosen size asks for; nothing while the member has zoomed. */
  get wanted(): number | undefined {
    const { fit } = this.view;
    return this.width > 0 && this.height > 0 && fit !== "free" ? this.scaleFor(fit) : undefined;
  }

  /** Gives the ways to other files their room; what is read stays where it is. */
  setRoom(room: Room): void {
    if (room.head === this.room.head && room.foot === this.room.foot) return;
    const spot = this.spot();
    this.room = room;
    if (this.isPlaced) void tick().then(() => this.goTo(spot));
  }

  /** Keeps to the chosen size while the view changes its own. */
  refit(scale: number): void {
    this.rescale(scale, 0);
  }

  async place({ page, mark: markId, offset }: Start): Promise<void> {
    const { opened } = this.session;
    if (!opened || !this.element) return;
    if (this.view.scale === 0) this.view.begin(opened.lastRotation, opened.lastSingle);
    const isBack = page === undefined || page === opened.lastPage;
    const kept = this.view.scale || opened.lastZoom || 0;
    if (this.view.scale === 0 && kept > 0 && isBack) this.view.fit = "free";
    this.width = this.element.clientWidth;
    this.height = this.element.clientHeight;
    this.alone = Math.min(page ?? opened.lastPage, Math.max(0, this.count - 1));
    this.scale = this.view.fit === "free" && kept > 0 ? clampScale(kept) : this.scaleFor(this.view.fit === "free" ? "reading" : this.view.fit);
    await tick();
    if (markId && page !== undefined) await this.reveal(page, markId);
    else if (page !== undefined && offset !== undefined) this.goTo({ page, y: offset * (this.sizes[page]?.heightPt ?? 0) });
    else if (!isBack && page !== undefined) this.show(page);
    else this.scrollTo(this.topOf(opened.lastPage) + opened.lastOffset * (this.sizes[opened.lastPage]?.heightPt ?? 0) * this.scale - (opened.lastOffset === 0 ? GAP : 0));
    this.isPlaced = true;
  }

  /** The place as it is kept; nothing while none is reached. */
  kept(): Kept | undefined {
    if (!this.isPlaced || this.scale === 0) return undefined;
    const page = this.current;
    const offset = (this.top - this.topOf(page)) / ((this.sizes[page]?.heightPt ?? 1) * this.scale);
    return { page, offset: Math.min(1, Math.max(0, offset)), zoom: this.view.fit === "free" ? this.scale : 0, rotation: this.view.rotation / 90, single: this.view.isSingle };
  }

  save(place: Kept): void {
    call("place_set", { fileId: this.session.fileId, ...place }).catch((error: unknown) => this.session.tell(error));
  }

  scrollTo(y: number, x = this.left): void {
    this.element?.scrollTo({ top: y, left: x, behavior: "instant" });
    this.moved();
  }

  /** Hears where the element stands now. */
  moved(): void {
    if (!this.element) return;
    const { scrollTop, scrollLeft } = this.element;
    if (!this.view.isSingle && Math.abs(scrollTop - this.top) > 1) this.direction = scrollTop > this.top ? 1 : -1;
    this.top = scrollTop;
    this.left = scrollLeft;
  }

  /** Makes a page the one that stands alone, if pages do. */
  private bring(page: number): void {
    if (!this.view.isSingle || this.alone === page) return;
    this.direction = page > this.alone ? 1 : -1;
    this.alone = page;
    flushSync();
  }

  /** Shows the upper edge of a page. */
  show(page: number): void {
    this.bring(page);
    this.scrollTo(this.topOf(page) - GAP);
  }

  spot(): Spot {
    return { page: this.current, y: (this.top - this.topOf(this.current)) / (this.scale || 1) };
  }

  goTo({ page, y }: Spot): void {
    this.bring(page);
    this.scrollTo(this.topOf(page) + y * this.scale);
  }

  /** Shows a place of a page near the upper edge; without one the upper edge of the page. PDF points of the unrotated page. */
  async showAt(page: number, fromLeft?: number, fromTop?: number): Promise<void> {
    const shown = fromTop === undefined && fromLeft === undefined ? undefined : await this.learn(page);
    if (!shown) return this.show(page);
    const [boxLeft, , , boxTop] = shown.box;
    const at = toShown({ x: fromLeft ?? boxLeft, y: fromTop ?? boxTop }, shown);
    const y = Math.min(Math.max(0, at.y), Math.max(0, (this.sizes[page]?.heightPt ?? 0) - 1)) * this.scale;
    this.bring(page);
    this.scrollTo(this.topOf(page) + Math.max(-GAP, y - GAP));
  }

  /** A view further or back, keeping two lines in sight; from the end of a page that stands alone to the next one. */
  turnView(way: 1 | -1): void {
    if (this.view.isSingle && this.isAtEnd(way)) return void this.turnPage(way);
    this.scrollTo(this.top + way * Math.max(1, this.height - 48));
  }

  /** The next page or the one before. Result: whether there was one. */
  turnPage(way: 1 | -1): boolean {
    const page = this.current + way;
    if (page < 0 || page >= this.count) return false;
    this.show(page);
    this.session.spoken = t("reader.page", { page: page + 1 });
    return true;
  }

  /** Whether the whole width is seen: then wiping sideways turns pages. */
  get isWhole(): boolean {
    return this.inner <= this.width + SLACK;
  }

  /** One page or all below each other; the page that is read stays. */
  setSingle(isSingle: boolean): void {
    const page = this.current;
    this.alone = page;
    this.direction = 1;
    this.view.setSingle(isSingle);
    this.keepPage(page);
  }

  turnSides(direction: 1 | -1): void {
    const page = this.current;
    this.view.turn(direction);
    this.keepPage(page);
  }

  private keepPage(page: number): void {
    flushSync();
    void tick().then(() => this.show(page));
  }

  setFit(fit: Fit): void {
    this.view.fit = fit;
    if (fit !== "free") this.rescale(this.scaleFor(fit), this.height / 2);
  }

  /** Shows a mark, a third below the upper edge, and opens its slip. */
  async reveal(page: number, id: string): Promise<void> {
    const mark = await this.session.marks.find(page, id);
    const box = mark && bounds(mark);
    const shown = await this.learn(page);
    this.bring(page);
    const y = box && shown ? boxToShown(box, shown).y * this.scale : 0;
    this.scrollTo(this.topOf(page) + y - this.height / 3);
    this.session.marks.chosen = id;
    this.session.marks.openNote = mark?.kind === "note" ? id : undefined;
  }

  /** Shows a place of a page, a third below the upper edge, unless it is well in view. */
  async reach(page: number, box: Box | undefined): Promise<void> {
    const shown = await this.learn(page);
    this.bring(page);
    const place = box && shown ? boxToShown(box, shown) : { x: 0, y: 0, width: 0, height: 0 };
    const y = this.topOf(page) + place.y * this.scale;
    const x = this.leftOf(page) + place.x * this.scale;
    const isAside = x < this.left || x + place.width * this.scale > this.left + this.width;
    const across = isAside ? x - this.width / 3 : this.left;
    if (y > this.top + 48 && y + place.height * this.scale < this.top + this.height - 48 && !isAside) return;
    this.scrollTo(y - this.height / 3, across);
  }

  /** A note at the upper left of what is seen: for those who do not point. */
  async noteHere(): Promise<void> {
    const page = this.current;
    const shown = await this.learn(page);
    if (!shown) return;
    const { x, y } = fromShown({ x: 24, y: Math.max(24, (this.top + 80 - this.topOf(page)) / this.scale) }, shown);
    const mark = await this.session.marks.create({ kind: "note", page, rects: [[x, y, x, y]], text: "" });
    if (mark) this.session.marks.openNote = mark.id;
  }

  /** The whole width; once more: the reading width. */
  fit(): void {
    this.setFit(this.view.fit === "width" ? "reading" : "width");
  }

  zoomBy(factor: number, pointerY = this.height / 2, pointerX = this.width / 2, panY = 0, panX = 0): void {
    this.view.fit = "free";
    this.rescale(clampScale(this.scale * factor), pointerY, pointerX, panY, panX);
  }

  private rescale(next: number, pointerY: number, pointerX = this.width / 2, panY = 0, panX = 0): void {
    const before = this.scale;
    if (before === 0 || next === before) {
      if (before === 0) this.scale = next;
      else if (panX !== 0 || panY !== 0) this.scrollTo(this.top - panY, this.left - panX);
      return;
    }
    const page = this.view.isSingle ? this.alone : pageAt(this.layout, this.top + pointerY);
    const was = { y: { start: this.topOf(page), scale: before }, x: { start: this.leftOf(page), scale: before } };
    const { top, left } = this;
    this.scale = next;
    void tick().then(() => {
      const y = anchoredScroll(top, pointerY, was.y, { start: this.topOf(page), scale: next });
      const x = anchoredScroll(left, pointerX, was.x, { start: this.leftOf(page), scale: next });
      this.scrollTo(y - panY, x - panX);
    });
  }
}

const A4: Size = { widthPt: 595, heightPt: 842 };

/** The page in the middle of all by width: a single plan does not shrink the rest. */
function common(sizes: Size[]): Size {
  return [...sizes].sort((a, b) => a.widthPt - b.widthPt)[Math.floor(sizes.length / 2)] ?? A4;
}
