// Selected letters as the text that is copied: words broken at the end of a line are whole again, lines run on, paragraphs stay apart. Pure.
import type { Box } from "./geometry";
import { rects, type TextOfPage } from "./selection";

/** How the text layer says a hyphen that breaks a word, and the hyphens that files draw themselves. */
const HYPHEN = /[\u00ad\u002d\u2010\u2011]$/;
/** After these a hyphen stands for a word left out: "Fuß- und Radweg". */
const LEFT_OUT = /^(und|oder|bzw\.?|sowie|bis)(\s|$)/;
/** What begins an entry of a list. */
const ENTRY = /^([•·▪‣–—]|\d{1,3}[.)]|[a-z]\))\s/;
/** A gap of so many heights of a line begins a paragraph. */
const PARAGRAPH = 0.85;

/** A sentence that ends a page: what follows begins a line. */
const SENTENCE = /[.!?:;][“”"»)]?$/;

/** Letters `start` to `end` of a page. */
export interface Copied { text: TextOfPage; start: number; end: number }

/** The letters `start` to `end`, in the order of the text layer. */
export const copied = (text: TextOfPage, start: number, end: number): string => copiedPages([{ text, start, end }]);

/** Letters of several pages as one text. */
export function copiedPages(pages: readonly Copied[]): string {
  let whole = "";
  for (const page of pages) {
    const words = lines(page);
    if (words !== "") whole = whole === "" ? words : joined(whole, words, SENTENCE.test(whole));
  }
  // Within a line the text layer marks a hyphen at which nothing was broken.
  return whole.replace(/\u00ad/g, "-").trim();
}

function lines({ text, start, end }: Copied): string {
  let whole = "";
  let before: Box | undefined;
  for (const line of text.lines) {
    const from = Math.max(start, line.start);
    const to = Math.min(end, line.end);
    if (from >= to) continue;
    const words = text.letters.slice(from, to).join("").replace(/\s+/g, " ").trim();
    if (words === "") continue;
    const [box] = rects(text, from, to);
    whole = whole === "" ? words : joined(whole, words, isApart(before, box));
    before = box ?? before;
  }
  return whole;
}

function joined(before: string, next: string, isParagraph: boolean): string {
  if (HYPHEN.test(before) && /\p{L}.$/su.test(before)) {
    const stem = before.slice(0, -1);
    if (LEFT_OUT.test(next)) return `${stem}- ${next}`;
    return /^\p{Ll}/u.test(next) ? stem + next : `${stem}-${next}`;
  }
  return before + (isParagraph || ENTRY.test(next) ? "\n" : " ") + next;
}

/** Whether two lines stand further apart than lines of one paragraph do. Only lines below each other tell; those of turned pages run on. */
function isApart(before: Box | undefined, next: Box | undefined): boolean {
  if (!before || !next) return false;
  const height = before[3] - before[1];
  const gap = before[1] - next[3];
  return height < before[2] - before[0] && gap > PARAGRAPH * height;
}
