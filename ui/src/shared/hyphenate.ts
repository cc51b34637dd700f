// Soft hyphens for long German compounds: at a known joint first, by pattern only where no joint is known.
import { hyphenateSync } from "hyphen/de";

const SHY = "\u00ad";
/** Source: the look, section 3. */
const LEAST_LETTERS = 11;
const LEAST_BEFORE = 4;
const LEAST_AFTER = 5;
const JOINTS = [
  "abwägungs", "ausschuss", "bau", "bebauungs", "beitrags", "beratungs", "beschluss", "bürger", "eigentums", "entwicklungs", "feuerwehr", "finanz", "flächen", "förder",
  "gemeinde", "gewerbe", "grundstücks", "haushalts", "hospital", "jugendhilfe", "kinder", "landes", "nachtrags", "ortsteil", "personal", "planungs", "rathaus", "rats",
  "rechnungs", "sanierungs", "satzungs", "schul", "sitzungs", "stadt", "stellplatz", "straßen", "straßenbau", "tages", "umwelt", "verkehrs", "verwaltungs", "vergabe",
  "wahl", "wasser", "wirtschafts", "wohnungs",
].sort((a, b) => b.length - a.length);

/** One word of eleven letters or more, broken at its joints. */
export function breakWord(word: string): string {
  const low = word.toLowerCase();
  const cuts = new Set<number>();
  let at = 0;
  for (;;) {
    const joint = JOINTS.find((part) => low.startsWith(part, at) && low.length - at - part.length >= 4);
    if (!joint) break;
    at += joint.length;
    if (at >= 4) cuts.add(at);
  }
  if (cuts.size === 0) {
    let index = 0;
    for (const part of hyphenateSync(word, { minWordLength: LEAST_LETTERS }).split(SHY)) {
      index += [...part].length;
      if (index >= LEAST_BEFORE && [...word].length - index >= LEAST_AFTER) cuts.add(index);
    }
  }
  return [...word].map((letter, index) => (cuts.has(index) ? SHY + letter : letter)).join("");
}

/** German text with soft hyphens, and no-break spaces in "TOP 5", "Nr. 47", "§ 10", before "–". */
export function german(text: string): string {
  return text
    .replace(/\p{L}{11,}/gu, breakWord)
    .replace(/\b(TOP|Nr\.|Seite|Abs\.|§) (?=\d)/g, "$1\u00a0")
    .replace(/ –/g, "\u00a0–");
}

/** The text without what `german` put in. */
export const plain = (text: string): string => text.replaceAll(SHY, "").replaceAll("\u00a0", " ");
