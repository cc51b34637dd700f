// From a drag over the page's characters to the words, their boxes and what surrounds them. Pure.
import type { Quote } from "../../host/generated/Quote";
import type { Box, Point } from "./geometry";

export interface TextOfPage { letters: string[]; boxes: Box[]; lines: { start: number; end: number }[] }
export interface Selection { start: number; end: number; rects: Box[]; quote: Quote }

/** How much farther a point counts across lines than along them. */
const LINE_WEIGHT = 12;
/** Letters kept before and after a quotation, to find it again in another version. */
const CONTEXT = 32;

/**
 * The letter nearest to a point; lines first, so that a drag in the margin keeps to its line. Nothing on a page without text, or if no letter lies
 * within `reach` points.
 */
export function letterAt(text: TextOfPage, point: Point, reach = Infinity): number | undefined {
  let best: number | undefined;
  let least = Infinity;
  text.boxes.forEach(([left, bottom, right, top], index) => {
    if (right <= left || top <= bottom) return;
    const dx = Math.max(left - point.x, 0, point.x - right);
    const dy = Math.max(bottom - point.y, 0, point.y - top);
    if (dx > reach || dy > reach) return;
    const distance = dx + dy * LINE_WEIGHT;
    if (distance < least) {
      least = distance;
      best = index;
    }
  });
  return best;
}

/** The letters between two, both included, in either order; grown to whole words when `whole`. */
export function select(text: TextOfPage, from: number, to: number, whole = true): Selection {
  let start = Math.min(from, to);
  let end = Math.max(from, to) + 1;
  if (whole) {
    const isWord = (index: number) => /[\p{L}\p{N}]/u.test(text.letters[index] ?? "");
    while (start > 0 && isWord(start) && isWord(start - 1)) start -= 1;
    while (end < text.letters.length && isWord(end - 1) && isWord(end)) end += 1;
  }
  const tidy = (a: number, b: number) => text.letters.slice(Math.max(0, a), b).join("").replace(/\s+/g, " ");
  return {
    start, end,
    rects: rects(text, start, end),
    quote: { exact: tidy(start, end).trim(), prefix: tidy(start - CONTEXT, start), suffix: tidy(end, end + CONTEXT) },
  };
}

/** One box per line of the letters `start` to `end`. */
export function rects(text: TextOfPage, start: number, end: number): Box[] {
  const found: Box[] = [];
  for (const line of text.lines) {
    const boxes = text.boxes.slice(Math.max(start, line.start), Math.min(end, line.end)).filter(([left, bottom, right, top]) => right > left && top > bottom);
    if (boxes.length === 0) continue;
    found.push(boxes.reduce<Box>((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])], [...(boxes[0] as Box)]));
  }
  return found;
}
