// Pages of the invented council for `npm run dev`: drawn as SVG, with the same letters as text. Never part of a build.
import type { FlowBlock } from "./generated/FlowBlock";
import type { PageFlow } from "./generated/PageFlow";
import type { PageText } from "./generated/PageText";

export interface FakePage { widthPt: number; heightPt: number; lines: { text: string; x: number; y: number; size: number; bold?: boolean }[]; rules: [number, number, number, number][] }

/** Advance of a letter as a share of the font size. */
const ADVANCE = 0.5;

const filler = [
  "Das 2,8 ha große Gelände der früheren Gerberei liegt seit 2009 brach. Vorgesehen sind 164 Wohnungen,",
  "davon 49 mit Mietpreisbindung, sowie eine Kindertageseinrichtung mit 90 Plätzen. Die frühzeitige",
  "Öffentlichkeitsbeteiligung fand vom 9. März bis 10. April 2026 statt.",
  "Abweichend vom Entwurf wird der Stellplatzschlüssel von 1,0 auf 0,7 je Wohnung gesenkt. Grundlage",
  "ist das Mobilitätskonzept vom August 2026; es sieht vier Carsharing-Stellplätze und 340 Fahrrad-",
  "abstellplätze vor. Die Überschwemmungsgebietsgrenze wird nachrichtlich übernommen.",
];

/** One A4 page of a paper; the first carries the letterhead and the way through the committees. */
export function fakePage(title: string, page: number, isPublic: boolean): FakePage {
  const lines: FakePage["lines"] = [];
  const rules: FakePage["rules"] = [];
  const put = (text: string, x: number, y: number, size = 9.5, bold = false) => lines.push({ text, x, y, size, bold });
  let y = 90;
  if (page === 0) {
    put("Stadt Lindenau an der Saale", 66, 56, 12, true);
    put("Die Oberbürgermeisterin", 66, 70, 8.5);
    put("Dezernat III · Fachdienst Stadtplanung", 66, 81, 8.5);
    put("Lindenau, 3. November 2026", 420, 56, 8.5);
    put(isPublic ? "öffentlich" : "nichtöffentlich", 420, 67, 8.5, true);
    put(title.slice(0, 46), 66, 128, 15, true);
    const rows = [["Beratungsfolge", "Datum", "Zuständigkeit"], ["Ortsteilrat Rödigen", "10.11.2026", "Anhörung"], ["Stadtentwicklung, Bauen und Umwelt", "17.11.2026", "Vorberatung"], ["Stadtrat", "16.12.2026", "Entscheidung"]];
    rows.forEach(([a = "", b = "", c = ""], index) => {
      const top = 142 + index * 17;
      put(a, 72, top + 12, 9, index === 0); put(b, 300, top + 12, 9, index === 0); put(c, 400, top + 12, 9, index === 0);
      rules.push([66, top, 529, top]);
    });
    rules.push([66, 210, 529, 210], [66, 142, 66, 210], [529, 142, 529, 210], [294, 142, 294, 210], [394, 142, 394, 210]);
    put("Beschlussvorschlag", 66, 240, 11, true);
    y = 260;
  } else put(`${title.slice(0, 46)} – ${page + 1}`, 66, 60, 8.5, true);
  while (y < 770) {
    for (const text of filler) {
      if (y >= 770) break;
      put(text, 66, y);
      y += 14;
    }
    y += 10;
  }
  put(`Seite ${page + 1}`, 490, 812, 8);
  return { widthPt: 595, heightPt: 842, lines, rules };
}

/** The text of a page, one box a letter, in points of the page with the origin at the bottom left. */
export function fakeText({ widthPt, heightPt, lines }: FakePage): PageText {
  const chars: string[] = [];
  const boxes: PageText["boxes"] = [];
  const ranges: PageText["lines"] = [];
  for (const { text, x, y, size } of lines) {
    const start = chars.length;
    [...text].forEach((letter, index) => {
      chars.push(letter);
      boxes.push([x + index * size * ADVANCE, heightPt - y - size * 0.22, x + (index + 1) * size * ADVANCE, heightPt - y + size * 0.8]);
    });
    ranges.push({ start, end: chars.length });
  }
  return { chars: chars.join(""), boxes, lines: ranges, geometry: { shown: [0, 0, widthPt, heightPt], rotation: 0 } };
}

/** A part of a page as an image; `x`, `y`, `w`, `h` in px at `scale` px a point. */
export function fakeImage({ lines, rules }: FakePage, scale: number, x: number, y: number, w: number, h: number, isDark = false): string {
  const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const words = lines.map((line) => `<text x="${line.x}" y="${line.y}" font-size="${line.size}" textLength="${[...line.text].length * line.size * ADVANCE}" lengthAdjust="spacingAndGlyphs"${line.bold ? ' font-weight="700"' : ""}>${escape(line.text)}</text>`);
  const strokes = rules.map(([a, b, c, d]) => `<path d="M${a} ${b}L${c} ${d}"/>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="${x / scale} ${y / scale} ${w / scale} ${h / scale}"><rect width="100%" height="100%" x="${x / scale}" y="${y / scale}" fill="${isDark ? "#1A1A1A" : "#fff"}"/><g stroke="#9AA3A6" stroke-width=".6">${strokes.join("")}</g><g font-family="Liberation Sans, Arial, sans-serif" fill="${isDark ? "#F4F4F4" : "#15191C"}">${words.join("")}</g></svg>`;
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** The text of a page as the reading mode shows it: a line a block. */
export function fakeFlow({ heightPt, lines }: FakePage): PageFlow {
  const blocks = lines.map(({ text, y, size, bold }): FlowBlock => ({
    kind: size > 10 && bold ? "heading" : "paragraph", ...(size > 10 && bold ? { level: 1 } : {}), spans: [{ text, bold: false, italic: false }], children: [], top: y / heightPt,
  }));
  return { content: "text", blocks: blocks.slice(0, -1), running: blocks.slice(-1), isTagged: true };
}
