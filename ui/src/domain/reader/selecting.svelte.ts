// Text that is selected while reading: on one page, from letter to letter or from word to word.
import { copied } from "./copied";
import type { Point } from "./geometry";
import { letterAt, select, type Selection, type TextOfPage } from "./selection";
import type { Session } from "./session.svelte";

export type Handle = "start" | "end";

/** A letter this near is meant, PDF points; further away nothing is selected. */
const REACH_PT = 14;

export class Selecting {
  page = $state<number>();
  range = $state.raw<Selection>();
  /** A finger or pointer stretches the selection now. */
  isDragging = $state(false);
  private content: TextOfPage | undefined;
  /** The letters between which it was begun; the other end follows the pointer. */
  private fixed: [number, number] = [0, 0];
  private isWhole = false;
  private asked = 0;

  constructor(private readonly session: Session) {}

  /** Something is selected or about to be: taps and swipes mean that then. */
  get isBusy(): boolean {
    return this.range !== undefined || this.isDragging;
  }

  /** The words as they are copied. */
  get text(): string {
    return this.range && this.content ? copied(this.content, this.range.start, this.range.end) : "";
  }

  /**
   * Begins at a point of a page; by whole words for a long press or a double tap. Points in PDF points of the unrotated page.
   * Result: whether there is text.
   */
  async begin(page: number, point: Point, isWhole: boolean): Promise<boolean> {
    const content = await this.read(page);
    const letter = content && letterAt(content, point, REACH_PT);
    if (!content || letter === undefined) return false;
    this.isWhole = isWhole;
    this.take(page, content, letter, letter + 1);
    if (this.range) this.fixed = [this.range.start, this.range.end - 1];
    return true;
  }

  /** Stretches to a point, from where it was begun. */
  stretch(point: Point): void {
    const to = this.content && letterAt(this.content, point);
    if (to === undefined || this.page === undefined || !this.content) return;
    const [first, last] = this.fixed;
    this.take(this.page, this.content, Math.min(first, to), Math.max(last, to) + 1);
  }

  /** Takes hold of one end: the other one stays. */
  hold(handle: Handle): void {
    if (!this.range) return;
    this.isWhole = false;
    const fixed = handle === "start" ? this.range.end - 1 : this.range.start;
    this.fixed = [fixed, fixed];
    this.isDragging = true;
  }

  /** Moves one end by letters, or to the next end of a word. */
  move(handle: Handle, direction: 1 | -1, byWord: boolean): void {
    const { content, page, range } = this;
    if (!content || page === undefined || !range) return;
    let at = handle === "start" ? range.start : range.end;
    const isWord = (index: number) => /[\p{L}\p{N}]/u.test(content.letters[index] ?? "");
    // An end of a word: a letter on one side and none on the other.
    do at += direction;
    while (byWord && at > 0 && at < content.letters.length && isWord(at - 1) === isWord(at));
    at = Math.min(content.letters.length, Math.max(0, at));
    this.isWhole = false;
    if (handle === "start" ? at < range.end : at > range.start) this.take(page, content, handle === "start" ? at : range.start, handle === "end" ? at : range.end);
  }

  /** All of a page. */
  async all(page: number): Promise<void> {
    const content = await this.read(page);
    this.isWhole = false;
    if (content && content.letters.some((letter) => letter.trim() !== "")) this.take(page, content, 0, content.letters.length);
  }

  clear(): void {
    this.asked += 1;
    this.page = undefined;
    this.range = undefined;
    this.isDragging = false;
  }

  private take(page: number, content: TextOfPage, start: number, end: number): void {
    this.page = page;
    this.content = content;
    this.range = select(content, start, end - 1, this.isWhole);
  }

  private async read(page: number): Promise<TextOfPage | undefined> {
    const question = (this.asked += 1);
    try {
      const content = await this.session.page(page);
      return question === this.asked ? content : undefined;
    } catch (error) {
      this.session.tell(error);
      return undefined;
    }
  }
}
