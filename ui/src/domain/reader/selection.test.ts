import { describe, expect, it } from "vitest";
import type { Box } from "./geometry";
import { letterAt, select, type TextOfPage } from "./selection";

function page(lines: string[]): TextOfPage {
  const text: TextOfPage = { letters: [], boxes: [], lines: [] };
  lines.forEach((line, row) => {
    const start = text.letters.length;
    [...line].forEach((letter, column) => {
      text.letters.push(letter);
      text.boxes.push([column * 10, 700 - row * 20, column * 10 + 10, 712 - row * 20] as Box);
    });
    text.lines.push({ start, end: text.letters.length });
    text.letters.push("\n");
    text.boxes.push([0, 0, 0, 0]);
  });
  return text;
}

describe("selecting text", () => {
  const text = page(["als Satzung beschlossen", "und gebilligt"]);
  it("finds the nearest letter, also from the margin", () => {
    expect(letterAt(text, { x: 45, y: 705 })).toBe(4);
    expect(text.letters[letterAt(text, { x: 900, y: 685 }) ?? -1]).toBe("t");
    expect(letterAt(text, { x: 900, y: 685 }, 20), "too far to be meant").toBeUndefined();
    expect(letterAt(text, { x: 45, y: 716 }, 20)).toBe(4);
    expect(letterAt({ letters: [], boxes: [], lines: [] }, { x: 1, y: 1 })).toBeUndefined();
  });
  it("grows to whole words and gives a box per line", () => {
    const found = select(text, 6, 26);
    expect(found.quote.exact).toBe("Satzung beschlossen und");
    expect(found.rects).toHaveLength(2);
    expect(found.quote.prefix).toBe("als ");
    expect(found.quote.suffix.startsWith(" gebilligt")).toBe(true);
  });
  it("is the same in both directions", () => {
    expect(select(text, 26, 6)).toEqual(select(text, 6, 26));
  });
});
