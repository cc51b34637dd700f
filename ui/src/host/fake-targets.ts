// Outline and links of the invented papers for `npm run dev`. Never part of a build.
import type { DocumentOutline } from "./generated/DocumentOutline";
import type { PageLink } from "./generated/PageLink";

const heading = (title: string, level: number, page: number, top: number) => ({ title, level, isOpen: level === 0, target: { kind: "page" as const, page, left: 66, top } });

export const fakeOutline = (pages: number): DocumentOutline => ({
  isCut: false,
  entries: [
    heading("Beschlussvorschlag", 0, 0, 600), heading("Begründung", 0, 0, 480), heading("Anlass und Ziel der Planung", 1, 1, 700), heading("Verkehr und Stellplätze", 1, 1, 300),
    heading("Straßenbaubeitrags-Ablösesatzung und Beteiligung der Öffentlichkeit", 1, 2, 700), heading("Einzelne Stellungnahmen", 2, 2, 500), heading("Finanzielle Auswirkungen", 0, 3, 760),
  ].filter((entry) => entry.target.page < pages),
});

export const fakeLinks: PageLink[] = [
  { rects: [[66, 540, 200, 552]], words: "Ergebnis der Beteiligung", target: { kind: "page", page: 2, left: 66, top: 700 } },
  { rects: [[220, 540, 420, 552]], words: "www.lindenau-saale.example/gerberei", target: { kind: "web", address: "https://www.lindenau-saale.example/gerberei" } },
  { rects: [[66, 500, 200, 512]], words: "Rechner", target: { kind: "refused", refusal: "elsewhere" } },
];
