// Text that is selected while reading: from letter to letter or from word to word, over as many pages as it takes.
import { copiedPages } from "./copied";
import type { Point } from "./geometry";
import { letterAt, type Selection, type TextOfPage } from "./selection";
import type { Session } from "./session.svelte";
import { isBefore, spanned, stepped, type Part, type Place } from "./spans";

export type Handle = "start" | "end";

/** A letter this near is meant, PDF points; further away nothing is selected. */
const REACH_PT = 14;
/** Pages of one selection: each one's letters with their boxes are kept. */
const MOST_PAGES = 30;

export class Selecting {
  /** What is selected, page by page. */
  parts = $state.raw<readonly Part[]>([]);
  /** A finger or pointer stretches the selection now. */
  isDragging = $state(false);
  private texts = new Map<number, TextOfPage>();
  /** The letters between which it was begun; the other end follows the pointer. */
  private fixed: [Place, Place] = [{ page: 0, letter: 0 }, { page: 0, letter: 0 }];
  private isWhole = false;
  private asked = 0;

  constructor(private readonly session: Session) {}

  /** What is selected of the first page; nothing where nothing is. */
  get range(): Selection | undefined {
    return this.parts[0]?.range;
  }

  /** Something is selected or about to be: taps and swipes mean that then. */
  get isBusy(): boolean {
    return this.parts.length > 0 || this.isDragging;
  }

  /** The words as they are copied. */
  get text(): string {
    return copiedPages(this.parts.flatMap(({ page, range: { start, end } }) => {
      const text = this.texts.get(page);
      return text ? [{ text, start, end }] : [];
    }));
  }

  /**
   * Begins at a point of a page; by whole words for a long press or a double tap. Points in PDF points of the unrotated page.
   * Result: whether there is text.
   */
  async begin(page: number, point: Point, isWhole: boolean): Promise<boolean> {
    const question = (this.asked += 1);
    const texts = await this.read([page], question);
    const content = texts?.get(page);
    const letter = content && letterAt(content, point, REACH_PT);
    if (!texts || letter === undefined) return false;
    this.isWhole = isWhole;
    this.texts = texts;
    this.take({ page, letter }, { page, letter });
    const range = this.range;
    if (range) this.fixed = [{ page, letter: range.start }, { page, letter: range.end - 1 }];
    return true;
  }

  /** Stretches to a point of a page, from where it was begun. */
  async stretch(page: number, point: Point): Promise<void> {
    const question = (this.asked += 1);
    if (!(await this.reach(page, question))) return;
    const text = this.texts.get(page);
    const to = { page, letter: (text && letterAt(text, point)) ?? 0 };
    const [first, last] = this.fixed;
    this.take(isBefore(to, first) ? to : first, isBefore(last, to) ? to : last);
  }

  /** Takes hold of one end: the other one stays. */
  hold(handle: Handle): void {
    const [from, to] = this.ends() ?? [];
    if (!from || !to) return;
    this.isWhole = false;
    const fixed = handle === "start" ? { page: to.page, letter: to.letter - 1 } : from;
    this.fixed = [fixed, fixed];
    this.isDragging = true;
  }

  /** Moves one end by letters, or to the next end of a word; at the end of a page on to the next one. */
  async move(handle: Handle, direction: 1 | -1, byWord: boolean): Promise<void> {
    const [from, to] = this.ends() ?? [];
    if (!from || !to) return;
    const question = (this.asked += 1);
    const end = handle === "start" ? from : to;
    const moved = await this.onward(end, direction, byWord, question);
    if (!moved || question !== this.asked) return;
    const [first, behind] = handle === "start" ? [moved, to] : [from, moved];
    if (!isBefore(first, behind)) return;
    this.isWhole = false;
    // An end behind no letter of its page lies behind the last one of the page before.
    this.take(first, behind.letter === 0 ? { page: behind.page - 1, letter: Infinity } : { page: behind.page, letter: behind.letter - 1 });
  }

  /** All of a page. */
  async all(page: number): Promise<void> {
    const question = (this.asked += 1);
    const texts = await this.read([page], question);
    if (!texts) return;
    this.isWhole = false;
    this.texts = texts;
    this.take({ page, letter: 0 }, { page, letter: Infinity });
  }

  clear(): void {
    this.asked += 1;
    this.parts = [];
    this.texts = new Map();
    this.isDragging = false;
  }

  /** The first letter, and what follows the last one. */
  private ends(): [Place, Place] | undefined {
    const first = this.parts[0];
    const last = this.parts[this.parts.length - 1];
    return first && last && [{ page: first.page, letter: first.range.start }, { page: last.page, letter: last.range.end }];
  }

  private async onward({ page, letter }: Place, direction: 1 | -1, byWord: boolean, question: number): Promise<Place | undefined> {
    const text = this.texts.get(page);
    const at = text && stepped(text, letter, direction, byWord);
    if (at !== undefined) return { page, letter: at };
    const count = this.session.opened?.pages.length ?? 0;
    for (let next = page + direction; next >= 0 && next < count; next += direction) {
      if (!(await this.reach(next, question))) return undefined;
      const other = this.texts.get(next);
      const start = direction === 1 ? 0 : (other?.letters.length ?? 0);
      const there = other && stepped(other, start, direction, byWord);
      if (there !== undefined) return { page: next, letter: there };
    }
    return undefined;
  }

  private take(from: Place, to: Place): void {
    const parts = spanned(this.texts, from, to, this.isWhole);
    if (parts.length > 0) this.parts = parts;
  }

  /** Reads what lies between the selection and a page. Result: whether that is there, and still asked for. */
  private async reach(page: number, question: number): Promise<boolean> {
    const pages = [this.fixed[0].page, ...this.parts.map((part) => part.page), page];
    const [first, last] = [Math.min(...pages), Math.max(...pages)];
    if (last - first >= MOST_PAGES) return false;
    const missing = Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((each) => !this.texts.has(each));
    if (missing.length === 0) return true;
    const read = await this.read(missing, question);
    for (const [each, text] of read ?? []) this.texts.set(each, text);
    return read !== undefined;
  }

  /** The letters of pages; nothing where that failed or something else is asked for meanwhile. */
  private async read(pages: readonly number[], question: number): Promise<Map<number, TextOfPage> | undefined> {
    try {
      const texts = await Promise.all(pages.map(async (page): Promise<[number, TextOfPage]> => [page, await this.session.page(page)]));
      return question === this.asked ? new Map(texts) : undefined;
    } catch (error) {
      this.session.tell(error);
      return undefined;
    }
  }
}
