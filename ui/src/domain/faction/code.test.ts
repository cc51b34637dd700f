import { describe, expect, it } from "vitest";
import { bare, grouped, lacking, LETTER, minutesLeft, PAPER, typed } from "./code";

describe("a code that is typed", () => {
  it("stands in groups whatever was typed between them", () => {
    expect(grouped("7k4m9 qx2tb.n8", LETTER)).toBe("7K4M9-QX2T-BN8");
    expect(grouped("7K4M9QX2TBN8RWC3HPVD6FJ0SZ5YEG41QK", PAPER)).toBe("7K4M9-QX2TB-N8RWC-3HPVD-6FJ0S-Z5YEG-41QK");
    expect(grouped("7".repeat(28), LETTER), "what is too much is seen").toBe("77777-7777-7777-7777-7777-7777777");
    expect(bare("7k4m9-qx2tb")).toBe("7K4M9QX2TB");
    expect(grouped("", LETTER)).toBe("");
  });

  it("keeps the caret behind the same character", () => {
    expect(typed("7k4m9q", 6, LETTER)).toEqual({ text: "7K4M9-Q", caret: 7 });
    expect(typed("7K4M9-", 6, LETTER)).toEqual({ text: "7K4M9", caret: 5 });
    expect(typed("A7K4M9-QX", 1, LETTER)).toEqual({ text: "A7K4M-9QX", caret: 1 });
    expect(typed("", 0, LETTER)).toEqual({ text: "", caret: 0 });
  });

  it("leaves what was scanned as it is", () => {
    expect(grouped(" RATSMAPPE1:Ab-cD/9 ", LETTER)).toBe("RATSMAPPE1:Ab-cD/9");
    expect(lacking("RATSMAPPE1:x", LETTER)).toBe(0);
  });

  it("breaks no scanned text apart that is typed letter by letter", () => {
    let field = "";
    for (const letter of "RATSMAPPE1:7K4M") field = typed(field + letter, field.length + 1, LETTER).text;
    expect(field).toBe("RATSMAPPE1:7K4M");
  });

  it("says how many characters are missing", () => {
    expect(lacking("7K4M9", LETTER)).toBe(21);
    expect(lacking("7".repeat(27), LETTER)).toBe(-1);
  });

  it("counts the minute that runs", () => {
    expect(minutesLeft(90_000, 0)).toBe(2);
    expect(minutesLeft(60_000, 0)).toBe(1);
    expect(minutesLeft(0, 5_000)).toBe(0);
  });
});
