// Searching in one open document: the pages with hits, the hits of a page, and the one that is looked at.
import { SvelteMap } from "svelte/reactivity";
import { call } from "../../host/host";
import type { Box } from "./geometry";
import { nextPage } from "./next-page";
import { rects } from "./selection";
import type { Session } from "./session.svelte";

export interface Place { page: number; box: Box | undefined }

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
  private asked = 0;

  constructor(private readonly session: Session) {}

  async seek(text: string): Promise<void> {
    const question = (this.asked += 1);
    this.text = text;
    this.isDone = false;
    this.at = undefined;
    this.found.clear();
    this.letters.clear();
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
    } catch (error) {
      this.session.tell(error);
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
