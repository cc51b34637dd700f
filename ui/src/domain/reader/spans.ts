// A selection that may run over several pages: between two places, page by page. Pure.
import { select, type Selection, type TextOfPage } from "./selection";

/** A letter on a page. */
export interface Place { page: number; letter: number }
/** What is selected of one page. */
export interface Part { page: number; range: Selection }
export type Texts = ReadonlyMap<number, TextOfPage>;

export const isBefore = (a: Place, b: Place): boolean => a.page < b.page || (a.page === b.page && a.letter < b.letter);

const isWord = (letter: string | undefined): boolean => /[\p{L}\p{N}]/u.test(letter ?? "");
const hasText = (text: TextOfPage | undefined): text is TextOfPage => text?.letters.some((letter) => letter.trim() !== "") ?? false;

/** The parts between two letters, both included, in either order; pages between them wholly, pages without text not at all. */
export function spanned(texts: Texts, one: Place, other: Place, whole: boolean): Part[] {
  const [from, to] = isBefore(other, one) ? [other, one] : [one, other];
  const parts: Part[] = [];
  for (let page = from.page; page <= to.page; page += 1) {
    const text = texts.get(page);
    if (!hasText(text)) continue;
    const first = page === from.page ? from.letter : 0;
    const last = page === to.page ? Math.min(to.letter, text.letters.length - 1) : text.letters.length - 1;
    if (first <= last) parts.push({ page, range: select(text, first, last, whole) });
  }
  return parts;
}

/**
 * Where an end goes by a letter or to the next end of a word. An end lies before a letter, or behind the last one.
 * Nothing where it would leave its page: it goes on on the next one with text.
 */
export function stepped(text: TextOfPage, at: number, direction: 1 | -1, byWord: boolean): number | undefined {
  let to = at + direction;
  if (to < 0 || to > text.letters.length) return undefined;
  // An end of a word: a letter on one side and none on the other.
  while (byWord && to > 0 && to < text.letters.length && isWord(text.letters[to - 1]) === isWord(text.letters[to])) to += direction;
  return to;
}
