import { describe, expect, it } from "vitest";
import { de } from "./de";
import { en } from "./en";

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("words", () => {
  it("name the same parameters in both languages", () => {
    for (const key of Object.keys(de) as (keyof typeof de)[]) expect(places(en[key]), key).toEqual(places(de[key]));
  });

  it("keep the tone: no exclamation marks, nothing empty", () => {
    for (const [key, text] of [...Object.entries(de), ...Object.entries(en)]) {
      expect(text, key).not.toContain("!");
      expect(text.trim().length, key).toBeGreaterThan(0);
    }
  });
});
