import { describe, expect, it } from "vitest";
import { parts, touchable, type Area } from "./links";

describe("areas to touch", () => {
  const inside = (outer: Area, inner: Area) => outer.x <= inner.x && outer.y <= inner.y && outer.x + outer.width >= inner.x + inner.width && outer.y + outer.height >= inner.y + inner.height;

  it("grow to a finger's width where there is room", () => {
    expect(touchable([{ x: 100, y: 100, width: 120, height: 14 }], 44)).toEqual([{ x: 100, y: 85, width: 120, height: 44 }]);
    expect(touchable([{ x: 100, y: 100, width: 10, height: 60 }], 44)).toEqual([{ x: 83, y: 100, width: 44, height: 60 }]);
  });
  it("meet in the middle between the lines of a table of contents, and never cover each other", () => {
    const lines = Array.from({ length: 30 }, (_, line) => ({ x: 60, y: 100 + line * 20, width: 400, height: 14 }));
    const grown = touchable(lines, 44);
    grown.forEach((area, line) => {
      const before = grown[line - 1];
      if (before) expect(before.y + before.height).toBeCloseTo(area.y);
      const own = lines[line];
      expect(own && inside(area, own)).toBe(true);
    });
  });
  it("leave links that lie over each other as they are on that side", () => {
    const [a] = touchable([{ x: 0, y: 0, width: 50, height: 20 }, { x: 10, y: 5, width: 50, height: 20 }], 44);
    expect(a && inside(a, { x: 0, y: 0, width: 50, height: 20 })).toBe(true);
  });
});

describe("the parts of an address", () => {
  it("tell whose it is", () => {
    expect(parts("https://bank.example.evil.example/bank.example?a#b")).toEqual({ before: "https://", whose: "bank.example.evil.example", after: "/bank.example?a#b" });
    expect(parts("mailto:rat@lindenau.example?subject=x")).toEqual({ before: "mailto:", whose: "rat@lindenau.example", after: "?subject=x" });
    expect(parts("anders")).toEqual({ before: "", whose: "anders", after: "" });
  });
});
