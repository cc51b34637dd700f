// Two people change one text: what came in between goes into what one writes. Pure.

/** One change of a text: `removed` characters from `at` on give way to `put`. */
interface Change { at: number; removed: number; put: string }

/** What leads from one text to the other, as one change. */
function changeOf(before: string, after: string): Change {
  const least = Math.min(before.length, after.length);
  let start = 0;
  while (start < least && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < least - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { at: start, removed: before.length - start - end, put: after.slice(start, after.length - end) };
}

/**
 * A text with what both have changed since `base`.
 *
 * Changes in different places both stand. Where they meet nobody's words go: `theirs` stands, and what was put in by `mine` follows it.
 */
export function merged(base: string, mine: string, theirs: string): string {
  if (mine === base || mine === theirs) return theirs;
  if (theirs === base) return mine;
  const a = changeOf(base, mine);
  const b = changeOf(base, theirs);
  const isSamePlace = a.at === b.at && a.removed === 0 && b.removed === 0;
  if (a.at + a.removed <= b.at && !isSamePlace) return apply(theirs, a);
  if (b.at + b.removed <= a.at && !isSamePlace) return apply(theirs, { ...a, at: a.at - b.removed + b.put.length });
  if (a.put === "") return theirs;
  const at = b.at + b.put.length;
  const gap = b.put === "" || /\s$/.test(b.put) || /^\s/.test(a.put) ? "" : " ";
  return theirs.slice(0, at) + gap + a.put + theirs.slice(at);
}

const apply = (text: string, { at, removed, put }: Change): string => text.slice(0, at) + put + text.slice(at + removed);

/** A field that others write in too. `base`: what the own words grew from; `text`: what stands in the field; `theirs`: what stands in the space now. */
export interface Draft { base: string; text: string; theirs: string }

export const draftOf = (text: string): Draft => ({ base: text, text, theirs: text });
export const isUnsaved = ({ base, text }: Draft): boolean => base !== text;

/** The text of the space is another now. While somebody writes here the field stays as it is. */
export function arrived(draft: Draft, theirs: string, isWriting: boolean): Draft {
  const next = { ...draft, theirs };
  return isWriting ? next : settled(next);
}

/** What is to be stored: the own words with what came in meanwhile. */
export const toStore = ({ base, text, theirs }: Draft): string => merged(base, text, theirs);

/** `stored` was stored when `text` stood in the field; more may have been typed since. */
export const storedAs = (draft: Draft, text: string, stored: string): Draft => ({ ...draft, base: text, theirs: stored });

/** Nobody writes any more: the field shows what stands in the space, with what is not stored yet. */
export function settled(draft: Draft): Draft {
  if (!isUnsaved(draft)) return draftOf(draft.theirs);
  return { base: draft.theirs, text: toStore(draft), theirs: draft.theirs };
}
