import { describe, expect, it } from "vitest";
import type { TextOfPage } from "../reader/selection";
import { step, wordAt } from "./caret";

/** Two lines, letters 5 points wide; the second begins one letter further in. */
const rows = ["Der Plan liegt", "vor, sagt er"];
const text: TextOfPage = {
  letters: [...rows.join("")],
  boxes: rows.flatMap((row, line) => [...row].map((_, at): [number, number, number, number] => [(at + line) * 5, 100 - line * 12, (at + line + 1) * 5, 110 - line * 12])),
  lines: [{ start: 0, end: 14 }, { start: 14, end: 26 }],
};

describe("the caret", () => {
  it("goes by letters and words and stays on the page", () => {
    expect(step(text, 0, "ArrowLeft", false)).toBe(0);
    expect(step(text, 0, "ArrowRight", false)).toBe(1);
    expect(step(text, 0, "ArrowRight", true), "to „Plan“").toBe(4);
    expect(step(text, 6, "ArrowLeft", true), "to the begin of „Plan“").toBe(4);
    expect(step(text, 25, "ArrowRight", true)).toBe(25);
    expect(step(text, 3, "x", false)).toBeUndefined();
  });
  it("goes from line to line under the same letter, and to a line's ends", () => {
    expect(step(text, 4, "ArrowDown", false)).toBe(17);
    expect(step(text, 17, "ArrowUp", false)).toBe(4);
    expect(step(text, 4, "ArrowUp", false)).toBe(4);
    expect(step(text, 20, "Home", false)).toBe(14);
    expect(step(text, 3, "End", false)).toBe(13);
  });
  it("names the word it stands in", () => {
    expect(wordAt(text, 5)).toBe("Plan");
    expect(wordAt(text, 3)).toBe("");
  });
});
