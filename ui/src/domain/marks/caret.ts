// A caret on a page's letters, led by keys: to the next letter, word, line. Pure.
import type { TextOfPage } from "../reader/selection";

const isWord = (letter: string | undefined): boolean => /[\p{L}\p{N}]/u.test(letter ?? "");

/** Where a key leads from a letter; nothing for keys that lead nowhere. `byWord`: as with Ctrl. */
export function step(text: TextOfPage, at: number, key: string, byWord: boolean): number | undefined {
  const last = Math.max(0, text.letters.length - 1);
  const keep = (to: number) => Math.max(0, Math.min(last, to));
  switch (key) {
    case "ArrowRight": return keep(byWord ? wordAfter(text, at) : at + 1);
    case "ArrowLeft": return keep(byWord ? wordBefore(text, at) : at - 1);
    case "ArrowDown": return keep(lineAway(text, at, 1));
    case "ArrowUp": return keep(lineAway(text, at, -1));
    case "Home": return keep(lineOf(text, at)?.start ?? 0);
    case "End": return keep((lineOf(text, at)?.end ?? 1) - 1);
    default: return undefined;
  }
}

function wordAfter({ letters }: TextOfPage, at: number): number {
  let to = at;
  while (to < letters.length && isWord(letters[to])) to += 1;
  while (to < letters.length && !isWord(letters[to])) to += 1;
  return to;
}

function wordBefore({ letters }: TextOfPage, at: number): number {
  let to = at;
  while (to > 0 && !isWord(letters[to - 1])) to -= 1;
  while (to > 0 && isWord(letters[to - 1])) to -= 1;
  return to;
}

const lineOf = ({ lines }: TextOfPage, at: number) => lines.find(({ start, end }) => at >= start && at < end) ?? lines[0];

/** The letter of the line above or below that stands nearest below or above this one. */
function lineAway(text: TextOfPage, at: number, by: 1 | -1): number {
  const line = lineOf(text, at);
  const to = line && text.lines[text.lines.indexOf(line) + by];
  if (!to) return at;
  const left = text.boxes[at]?.[0] ?? 0;
  let best = to.start;
  for (let letter = to.start; letter < to.end; letter += 1) {
    if (Math.abs((text.boxes[letter]?.[0] ?? Infinity) - left) < Math.abs((text.boxes[best]?.[0] ?? Infinity) - left)) best = letter;
  }
  return best;
}

/** The word a letter is part of, or the letter itself. */
export function wordAt({ letters }: TextOfPage, at: number): string {
  let [start, end] = [at, at + 1];
  if (!isWord(letters[at])) return letters[at]?.trim() ?? "";
  while (start > 0 && isWord(letters[start - 1])) start -= 1;
  while (end < letters.length && isWord(letters[end])) end += 1;
  return letters.slice(start, end).join("");
}
