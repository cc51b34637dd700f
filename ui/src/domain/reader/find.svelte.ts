// Searching in one open document: the pages with hits, the hits of a page, and the one that is looked at. Pages are looked through a few
// at a time, those being read first; the index only says which pages need not be.
import { SvelteMap } from "svelte/reactivity";
import type { Ask } from "../marks/marks.svelte";
import type { Box } from "./geometry";
import { pagesFrom } from "./next-page";
import { rects, type TextOfPage } from "./selection";

export interface Place { page: number; box: Box | undefined }
/** What is searched: an open document and the letters of its pages. */
export interface Searched { opened?: { doc: string } | undefined; page: (page: number) => Promise<TextOfPage>; tell: (error: unknown) => void }

/** Pages asked about in one call; it answers for as many as it can within a moment. */
const PAGES_AT_ONCE = 64;

export class Find {
  isOpen = $state(false);
  text = $state("");
  /** Pages with hits, ascending; they grow in number while the file is looked through. */
  pages = $state.raw<number[]>([]);
  /** The pages are those of the text that stands in the field. */
  isDone = $state(false);
  /** Every page that may have hits was looked at. */
  isCounted = $state(false);
  at = $state.raw<{ page: number; hit: number }>();
  /** Boxes of the hits of a page: one list for each hit, as it may run over two lines. */
  private found = new SvelteMap<number, Box[][]>();
  /** The letters of the hits of a page, as `found` has their boxes. */
  private letters = new Map<number, { start: number; end: number }[]>();
  /** How many hits each page has that was looked at. */
  private counts = new SvelteMap<number, number>();
  /** Pages that may have hits, ascending, and in the order in which they are looked at. */
  private candidates: readonly number[] = [];
  private order: readonly number[] = [];
  /** Looking has come to its end, or failed. */
  private isOver = true;
  private asked = 0;
  private wake = () => {};
  private change = new Promise<void>((done) => (this.wake = done));

  /** `from`: the page that is being read. */
  constructor(private readonly session: Searched, private readonly from: () => number, private readonly ask: Ask) {}

  /** Looks for a text. Done when the first hit is known, or that there is none; the rest is looked through meanwhile. */
  async seek(text: string): Promise<void> {
    const question = (this.asked += 1);
    this.text = text;
    this.isDone = this.isCounted = false;
    this.at = undefined;
    this.pages = [];
    this.candidates = this.order = [];
    this.isOver = true;
    this.found.clear();
    this.letters.clear();
    this.counts.clear();
    this.changed();
    const doc = this.session.opened?.doc;
    if (!doc || text.trim() === "") return;
    this.isOver = false;
    try {
      const { pages } = await this.ask("document_search", { doc, text });
      if (question !== this.asked) return;
      this.candidates = pages;
      this.order = pagesFrom(pages, 1, this.from(), true);
      this.isDone = true;
    } catch (error) {
      if (question === this.asked) this.stop(error);
      return;
    }
    void this.look(question, doc);
    while (question === this.asked && this.pages.length === 0 && !this.isOver) await this.change;
  }

  /** Looks through all pages until another question is asked; only where nothing is found as typed, for what may be a slip. */
  private async look(question: number, doc: string): Promise<void> {
    try {
      for (const slips of [false, true]) {
        this.counts.clear();
        for (let left = this.order; left.length > 0; left = this.order.filter((page) => !this.counts.has(page))) {
          const pages = left.slice(0, PAGES_AT_ONCE);
          const { counts } = await this.ask("document_hits", { doc, text: this.text, pages, slips });
          if (question !== this.asked) return;
          if (counts.length === 0) throw new Error("an answer about no page");
          counts.forEach((count, index) => this.counts.set(pages[index] ?? -1, count));
          this.pages = this.candidates.filter((page) => (this.counts.get(page) ?? 0) > 0);
          this.changed();
        }
        if (this.pages.length > 0) break;
      }
      this.isCounted = true;
      this.isOver = true;
      this.changed();
    } catch (error) {
      if (question === this.asked) this.stop(error);
    }
  }

  private stop(error: unknown): void {
    this.isOver = true;
    this.changed();
    this.session.tell(error);
  }

  /** Wakes whoever waits for pages to be looked at. */
  private changed(): void {
    this.wake();
    this.change = new Promise((done) => (this.wake = done));
  }

  /** Hits counted so far. */
  get total(): number {
    return this.pages.reduce((sum, page) => sum + this.onPage(page), 0);
  }

  /** The hit that is looked at, counted from 1 over the whole file; nothing while a page before it was not looked at. */
  get position(): number | undefined {
    const { at } = this;
    if (!at || !this.candidates.every((page) => page >= at.page || this.counts.has(page))) return undefined;
    return this.pages.filter((page) => page < at.page).reduce((sum, page) => sum + this.onPage(page), 0) + at.hit + 1;
  }

  /** What is marked on a page counts, once that is known. */
  private onPage(page: number): number {
    return this.found.get(page)?.length ?? this.counts.get(page) ?? 0;
  }

  close(): void {
    this.isOpen = false;
    void this.seek("");
  }

  /** The boxes to mark on a page; empty until `learn` has asked. */
  boxes(page: number): Box[][] {
    return this.found.get(page) ?? [];
  }

  /** Asks where the hits of a page are; only pages that have some are asked about. */
  async learn(page: number): Promise<Box[][]> {
    const known = this.found.get(page);
    const doc = this.session.opened?.doc;
    if (known || !doc || !this.pages.includes(page)) return known ?? [];
    const question = this.asked;
    const [{ ranges }, text] = await Promise.all([this.ask("page_matches", { doc, page, text: this.text }), this.session.page(page)]);
    const hits = ranges.map((range) => ({ range, boxes: rects(text, range.start, range.end) })).filter((hit) => hit.boxes.length > 0);
    const boxes = hits.map((hit) => hit.boxes);
    if (question === this.asked) {
      this.letters.set(page, hits.map((hit) => hit.range));
      this.found.set(page, boxes);
    }
    return boxes;
  }

  /** The hit that is looked at, as letters of its page; `end` is the one behind it. */
  get hit(): { page: number; start: number; end: number } | undefined {
    const range = this.at && this.letters.get(this.at.page)?.[this.at.hit];
    return this.at && range ? { page: this.at.page, ...range } : undefined;
  }

  /** The same for a page that comes into view: a failure is told in the reader. */
  async show(page: number): Promise<void> {
    try {
      await this.learn(page);
    } catch (error) {
      this.session.tell(error);
    }
  }

  /** The next hit in a direction, from the page that is looked at. */
  async step(direction: 1 | -1, current: number): Promise<Place | undefined> {
    const question = this.asked;
    try {
      if (this.at) {
        const hit = this.at.hit + direction;
        const boxes = await this.learn(this.at.page);
        if (question !== this.asked) return undefined;
        if (hit >= 0 && hit < boxes.length) return this.stand(this.at.page, hit, boxes);
      }
      const page = await this.next(direction, this.at?.page ?? current, this.at === undefined);
      if (page === undefined) return undefined;
      const boxes = await this.learn(page);
      return question === this.asked ? this.stand(page, direction === 1 ? 0 : Math.max(0, boxes.length - 1), boxes) : undefined;
    } catch (error) {
      if (question === this.asked) this.session.tell(error);
      return undefined;
    }
  }

  /** The next page with hits. Pages on the way that were not looked at come first now, and are waited for. */
  private async next(direction: 1 | -1, from: number, countsItself: boolean): Promise<number | undefined> {
    const question = this.asked;
    while (question === this.asked) {
      const way = pagesFrom(this.candidates, direction, from, countsItself);
      const stop = way.find((page) => !this.counts.has(page) || this.onPage(page) > 0);
      if (stop === undefined && this.isOver) return undefined;
      if (stop !== undefined && this.counts.has(stop)) return stop;
      if (this.isOver) return way.find((page) => this.onPage(page) > 0);
      this.order = way;
      await this.change;
    }
    return undefined;
  }

  private stand(page: number, hit: number, boxes: Box[][]): Place {
    this.at = { page, hit };
    return { page, box: boxes[hit]?.[0] };
  }
}
