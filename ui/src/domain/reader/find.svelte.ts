// Searching in one open document: the pages with hits, the hits of a page, and the one that is looked at.
import { SvelteMap } from "svelte/reactivity";
import { call } from "../../host/host";
import type { Box } from "./geometry";
import { nextPage } from "./next-page";
import { rects } from "./selection";
import type { Session } from "./session.svelte";

export interface Place { page: number; box: Box | undefined }

/** Pages counted in one call: an answer comes several times a second. */
const PAGES_AT_ONCE = 16;

export class Find {
  isOpen = $state(false);
  text = $state("");
  pages = $state.raw<number[]>([]);
  /** The pages are those of the text that stands in the field. */
  isDone = $state(false);
  at = $state.raw<{ page: number; hit: number }>();
  /** Boxes of the hits of a page: one list for each hit, as it may run over two lines. */
  private found = new SvelteMap<number, Box[][]>();
  /** The letters of the hits of a page, as `found` has their boxes. */
  private letters = new Map<number, { start: number; end: number }[]>();
  /** How many hits each page has, as far as they are counted. */
  private counts = new SvelteMap<number, number>();
  private asked = 0;

  constructor(private readonly session: Session) {}

  async seek(text: string): Promise<void> {
    const question = (this.asked += 1);
    this.text = text;
    this.isDone = false;
    this.at = undefined;
    this.found.clear();
    this.letters.clear();
    this.counts.clear();
    const doc = this.session.opened?.doc;
    if (!doc || text.trim() === "") {
      this.pages = [];
      return;
    }
    try {
      const { pages } = await call("document_search", { doc, text });
      if (question !== this.asked) return;
      this.pages = pages;
      this.isDone = true;
      void this.count(question, doc);
    } catch (error) {
      this.session.tell(error);
    }
  }

  /** Hits counted so far. */
  get total(): number {
    return this.pages.reduce((sum, page) => sum + this.onPage(page), 0);
  }

  /** Every page with hits is counted. */
  get isCounted(): boolean {
    return this.pages.every((page) => this.counts.has(page));
  }

  /** The hit that is looked at, counted from 1 over the whole file; nothing while a page before it is not counted. */
  get position(): number | undefined {
    const { at } = this;
    if (!at) return undefined;
    const before = this.pages.filter((page) => page < at.page);
    return before.every((page) => this.counts.has(page)) ? before.reduce((sum, page) => sum + this.onPage(page), 0) + at.hit + 1 : undefined;
  }

  /** What is marked on a page counts, once that is known. */
  private onPage(page: number): number {
    return this.found.get(page)?.length ?? this.counts.get(page) ?? 0;
  }

  /** Counts the hits of all pages, some pages at a time, until another question is asked. */
  private async count(question: number, doc: string): Promise<void> {
    try {
      for (let next = 0; next < this.pages.length && question === this.asked; next += PAGES_AT_ONCE) {
        const pages = this.pages.slice(next, next + PAGES_AT_ONCE);
        const { counts } = await call("document_hits", { doc, text: this.text, pages });
        if (question === this.asked) pages.forEach((page, index) => this.counts.set(page, counts[index] ?? 0));
      }
    } catch (error) {
      if (question === this.asked) this.session.tell(error);
    }
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
    const [{ ranges }, text] = await Promise.all([call("page_matches", { doc, page, text: this.text }), this.session.page(page)]);
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
  async look(page: number): Promise<void> {
    try {
      await this.learn(page);
    } catch (error) {
      this.session.tell(error);
    }
  }

  /** The next hit in a direction, from the page that is looked at. */
  async step(direction: 1 | -1, current: number): Promise<Place | undefined> {
    if (this.pages.length === 0) return undefined;
    try {
      if (this.at) {
        const hit = this.at.hit + direction;
        const boxes = await this.learn(this.at.page);
        if (hit >= 0 && hit < boxes.length) return this.stand(this.at.page, hit, boxes);
      }
      const page = nextPage(this.pages, direction, this.at?.page ?? current, this.at === undefined);
      const boxes = await this.learn(page);
      return this.stand(page, direction === 1 ? 0 : Math.max(0, boxes.length - 1), boxes);
    } catch (error) {
      this.session.tell(error);
      return undefined;
    }
  }

  private stand(page: number, hit: number, boxes: Box[][]): Place {
    this.at = { page, hit };
    return { page, box: boxes[hit]?.[0] };
  }
}
