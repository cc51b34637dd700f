// Calling people by @name, and words by #tag. Pure.
import type { FactionPerson } from "../../host/generated/FactionPerson";

type Named = Pick<FactionPerson, "userId" | "name" | "gone" | "own">;

/** The longest name that is looked for after an @. */
const LONGEST = 40;
/** So many are offered. */
const MOST = 6;

/** The @ that is being written before the caret, and the letters after it. */
export function callAt(text: string, caret: number): { start: number; word: string } | undefined {
  const before = text.slice(Math.max(0, caret - LONGEST), caret);
  const found = /(?:^|[\s(])@([^@\n]*)$/u.exec(before);
  if (!found) return undefined;
  const word = found[1] ?? "";
  return { start: caret - word.length - 1, word };
}

/** Those whose name, or a part of it, begins so: not oneself, and nobody who has gone. */
export function callable<P extends Named>(people: readonly P[], word: string): P[] {
  const wanted = word.trimStart().toLocaleLowerCase();
  return people
    .filter(({ name, gone, own }) => {
      const low = name?.toLocaleLowerCase() ?? "";
      return !gone && !own && low !== "" && (low.startsWith(wanted) || low.split(/\s+/).some((part) => part.startsWith(wanted)));
    })
    .slice(0, MOST);
}

/** The text with the name in place of what was begun, and where the caret stands then. */
export function called(text: string, start: number, caret: number, name: string): { text: string; caret: number } {
  const put = `@${name} `;
  return { text: text.slice(0, start) + put + text.slice(caret).replace(/^ /, ""), caret: start + put.length };
}

/** A letter or digit after a name makes another name of it. */
const GOES_ON = /^[\p{L}\p{N}]/u;
const isAt = (text: string, at: number, name: string): boolean => text.startsWith(`@${name}`, at) && !GOES_ON.test(text.slice(at + name.length + 1));

/** Ids of those whom a text calls by their whole names. */
export function mentionsIn(text: string, people: readonly Named[]): string[] {
  return people.filter(({ name, gone }) => {
    if (!name || gone) return false;
    for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) if (isAt(text, at, name)) return true;
    return false;
  }).map(({ userId }) => userId);
}

export interface Piece { text: string; kind: "plain" | "call" | "tag" }

/** A text in pieces: names that were called, tags, and the rest. `mentions`: who is called in it. */
export function pieces(text: string, mentions: readonly string[], people: readonly Named[]): Piece[] {
  // A longer name first: "Anna Maria" is not "Anna".
  const names = people.flatMap(({ userId, name }) => (name && mentions.includes(userId) ? [name] : [])).sort((a, b) => b.length - a.length);
  const found: Piece[] = [];
  let plain = "";
  const put = (piece: Piece) => {
    if (plain) found.push({ text: plain, kind: "plain" });
    plain = "";
    found.push(piece);
  };
  for (let at = 0; at < text.length; ) {
    const name = text[at] === "@" ? names.find((each) => isAt(text, at, each)) : undefined;
    const tag = text[at] === "#" && !/[\p{L}\p{N}#&]$/u.test(text.slice(0, at)) ? /^#\p{L}[\p{L}\p{N}_-]*/u.exec(text.slice(at))?.[0] : undefined;
    if (name) put({ text: `@${name}`, kind: "call" });
    else if (tag) put({ text: tag, kind: "tag" });
    else plain += text[at];
    at += name ? name.length + 1 : (tag?.length ?? 1);
  }
  if (plain) found.push({ text: plain, kind: "plain" });
  return found;
}
