import { describe, expect, it } from "vitest";
import type { Box } from "./geometry";
import { copied } from "./copied";
import type { TextOfPage } from "./selection";

/** Lines of 10-pt letters, each at its height and from its left edge. */
function page(lines: [string, number?, number?][]): TextOfPage {
  const text: TextOfPage = { letters: [], boxes: [], lines: [] };
  let next = 700;
  for (const [line, y = next, x = 0] of lines) {
    const start = text.letters.length;
    [...line].forEach((letter, column) => {
      text.letters.push(letter);
      text.boxes.push([x + column * 5, y, x + column * 5 + 5, y + 10] as Box);
    });
    text.lines.push({ start, end: text.letters.length });
    text.letters.push("\n");
    text.boxes.push([0, 0, 0, 0]);
    next = y - 13;
  }
  return text;
}
const all = (lines: [string, number?, number?][]) => {
  const text = page(lines);
  return copied(text, 0, text.letters.length);
};

describe("copied text", () => {
  it("runs on over lines", () => {
    expect(all([["Der Rat beschließt "], ["die  Satzung."]])).toBe("Der Rat beschließt die Satzung.");
  });
  it("makes broken words whole", () => {
    expect(all([["die Öffentlichkeits\u00ad"], ["beteiligung fand statt"]])).toBe("die Öffentlichkeitsbeteiligung fand statt");
    expect(all([["340 Fahrrad-"], ["abstellplätze"]])).toBe("340 Fahrradabstellplätze");
  });
  it("keeps hyphens that belong to the word", () => {
    expect(all([["im B\u00ad"], ["Plan Nr. 47"]])).toBe("im B-Plan Nr. 47");
    expect(all([["Fuß\u00ad"], ["und Radweg"]])).toBe("Fuß- und Radweg");
    expect(all([["Vor- und Nachteile"]])).toBe("Vor- und Nachteile");
    expect(all([["in der Haupt\u00adsatzung"]]), "within a line nothing was broken").toBe("in der Haupt-satzung");
    expect(all([["für die Jahre 2026 -"], ["sofern beschlossen"]]), "a dash breaks no word").toBe("für die Jahre 2026 - sofern beschlossen");
  });
  it("keeps paragraphs and entries of lists apart", () => {
    expect(all([["Ende."], ["Begründung", 660]])).toBe("Ende.\nBegründung");
    expect(all([["Beschluss:"], ["1. Die Satzung"], ["wird beschlossen."], ["2. Sie tritt in Kraft."]])).toBe("Beschluss:\n1. Die Satzung wird beschlossen.\n2. Sie tritt in Kraft.");
  });
  it("follows the columns in the order of the text layer", () => {
    expect(all([["links oben", 700], ["links unten", 687], ["rechts oben", 700, 300], ["rechts unten", 687, 300]])).toBe("links oben links unten rechts oben rechts unten");
  });
  it("takes only what is selected", () => {
    const text = page([["als Satzung beschlossen"], ["und gebilligt"]]);
    expect(copied(text, 4, 27)).toBe("Satzung beschlossen und");
    expect(copied(text, 5, 5)).toBe("");
  });
});
