// Marking words: from a drag over the page to the letters under it, or, where there are none, a highlighter led by hand. Pure.
import type { Point } from "../reader/geometry";
import { letterAt, select, type TextOfPage } from "../reader/selection";
import { InkGesture, type Gesture, type Outcome, type Preview, type Touch } from "./gestures";
import type { Draft } from "./mark";

export const TEXT_STYLES = ["highlight", "underline", "strikeOut", "squiggly"] as const;
export type TextStyle = (typeof TEXT_STYLES)[number];

/** Letters farther away than this are not meant, points: about two lines. */
const REACH_PT = 36;

/** `brush`: what is drawn instead where no letters are; nothing = only letters are marked. */
export interface TextLook { style: TextStyle; page: number; color: string; brush?: { color: string; widthPt: number } }

export class TextGesture implements Gesture {
  private text: TextOfPage | undefined;
  private start: number | undefined;
  private brush: InkGesture | undefined;
  private last: Touch;
  /** What happened before the letters were known. */
  private early: Touch[] = [];

  constructor(private readonly look: TextLook, private readonly first: Touch) {
    this.last = first;
  }

  /** The page's letters; what was touched before is taken up. */
  know(text: TextOfPage): void {
    if (this.text) return;
    this.text = text;
    const letter = letterAt(text, this.first.at);
    if (letter !== undefined && distanceTo(text, letter, this.first.at) <= REACH_PT) this.start = letter;
    else if (this.look.brush) this.brush = new InkGesture({ kind: "brush", page: this.look.page, ...this.look.brush }, this.first);
    this.brush?.move(this.early);
    this.early = [];
  }

  move(touches: readonly Touch[]): void {
    this.last = touches[touches.length - 1] ?? this.last;
    if (this.text) this.brush?.move(touches);
    else this.early.push(...touches);
  }

  rest(): boolean {
    return this.brush?.rest() ?? false;
  }

  preview(foretold?: readonly Touch[]): Preview {
    if (this.brush) return this.brush.preview(foretold);
    const mark = this.mark();
    return { marks: mark ? [mark] : [], hidden: new Set() };
  }

  end(): Outcome {
    if (this.brush) return this.brush.end();
    const mark = this.mark();
    return { kind: "deeds", deeds: mark ? [{ kind: "create", mark }] : [] };
  }

  private mark(): Draft | undefined {
    if (!this.text || this.start === undefined) return undefined;
    const end = letterAt(this.text, this.last.at);
    return end === undefined ? undefined : textMark(this.look, this.text, this.start, end);
  }
}

/** A mark on the words between two letters, both included; nothing where they show nothing. */
export function textMark(look: Omit<TextLook, "brush">, text: TextOfPage, from: number, to: number, whole = true): Draft | undefined {
  const { rects, quote } = select(text, from, to, whole);
  return rects.length === 0 ? undefined : { kind: look.style, page: look.page, color: look.color, rects, quote };
}

function distanceTo(text: TextOfPage, letter: number, { x, y }: Point): number {
  const [left, bottom, right, top] = text.boxes[letter] ?? [Infinity, Infinity, Infinity, Infinity];
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(bottom - y, 0, y - top));
}
