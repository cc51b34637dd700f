import { describe, expect, it } from "vitest";
import { copiedPages } from "./copied";
import type { Box } from "./geometry";
import type { TextOfPage } from "./selection";
import { spanned, stepped } from "./spans";

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

describe("selecting over pages", () => {
  const texts = new Map([[0, page(["Der Stadtrat be\u00ad"])], [1, page(["schließt den Plan."])], [2, page([])], [3, page(["Die Kosten trägt die Stadt."])]]);
  const from = { page: 0, letter: 4 };
  const to = { page: 3, letter: 9 };

  it("has a part of each page with text, those between wholly", () => {
    const parts = spanned(texts, from, to, false);
    expect(parts.map((part) => part.page)).toEqual([0, 1, 3]);
    expect(parts.map((part) => part.range.quote.exact)).toEqual(["Stadtrat be\u00ad", "schließt den Plan.", "Die Kosten"]);
    expect(parts.every((part) => part.range.rects.length === 1)).toBe(true);
  });
  it("is the same in both directions, and grows to whole words at both ends", () => {
    expect(spanned(texts, to, from, true)).toEqual(spanned(texts, from, to, true));
    const grown = spanned(texts, { page: 0, letter: 6 }, { page: 3, letter: 6 }, true);
    expect([grown[0]?.range.quote.exact, grown[2]?.range.quote.exact]).toEqual(["Stadtrat be\u00ad", "Die Kosten"]);
  });
  it("is copied as one text: words broken at the end of a page are whole, sentences begin a line", () => {
    const parts = spanned(texts, from, to, false);
    const pages = parts.map(({ page: index, range }) => ({ text: texts.get(index) ?? page([]), start: range.start, end: range.end }));
    expect(copiedPages(pages)).toBe("Stadtrat beschließt den Plan.\nDie Kosten");
  });
  it("has no part of pages whose text is not known, and none where nothing lies between", () => {
    expect(spanned(new Map(), from, to, false)).toEqual([]);
    expect(spanned(texts, { page: 2, letter: 0 }, { page: 2, letter: 5 }, false)).toEqual([]);
  });
});

describe("an end led by keys", () => {
  const text = page(["als Satzung"]);
  it("goes by letters and words, and says where the page ends", () => {
    expect(stepped(text, 0, 1, false)).toBe(1);
    expect(stepped(text, 0, 1, true)).toBe(3);
    expect(stepped(text, 11, -1, true)).toBe(4);
    expect(stepped(text, 12, 1, false)).toBeUndefined();
    expect(stepped(text, 0, -1, true)).toBeUndefined();
  });
});
