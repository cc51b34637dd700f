// Codes of invitations and paper keys as one types or pastes them. Pure; whether a code holds is said by the desk.

/** Lengths of the groups a code is shown in. */
export type Groups = readonly number[];
/** Of an invitation by letter; SPEC P1. */
export const LETTER: Groups = [5, 4, 4, 4, 4, 5];
/** Of a printed paper key; SPEC D1. */
export const PAPER: Groups = [5, 5, 5, 5, 5, 5, 4];

/** What every QR text begins with. */
const SCANNED = "RATSMAPPE1";

/** Scanned text is taken as it is. */
export const isScanned = (text: string): boolean => /^\s*ratsmappe\d*:/i.test(text);

/** The characters that count. */
export const bare = (text: string): string => (isScanned(text) ? text.trim() : text.toUpperCase().replace(/[^0-9A-Z]/g, ""));

/** A code in its groups, as it is printed; what is too much stands in the last one. */
export function grouped(text: string, groups: Groups): string {
  if (isScanned(text)) return text.trim();
  let rest = bare(text);
  // Somebody may type what another tablet shows: a group would break its beginning apart.
  if (SCANNED.startsWith(rest)) return rest;
  const parts: string[] = [];
  groups.forEach((length, index) => {
    const part = index === groups.length - 1 ? rest : rest.slice(0, length);
    if (part) parts.push(part);
    rest = rest.slice(part.length);
  });
  return parts.join("-");
}

/**
 * What stands in the field after a key, and where the caret is then.
 *
 * `caret`: where it stands in `text`. Result: the text in groups, the caret behind the same character as before.
 */
export function typed(text: string, caret: number, groups: Groups): { text: string; caret: number } {
  if (isScanned(text)) return { text, caret };
  return { text: grouped(text, groups), caret: grouped(text.slice(0, caret), groups).length };
}

/** How many characters are missing, or too many if below 0; 0 for a whole code and for what was scanned. */
export const lacking = (text: string, groups: Groups): number => (isScanned(text) ? 0 : groups.reduce((sum, length) => sum + length, 0) - bare(text).length);

/** Whole minutes until then, at least 0; the minute that runs counts. */
export const minutesLeft = (untilMs: number, nowMs: number): number => Math.max(0, Math.ceil((untilMs - nowMs) / 60_000));
