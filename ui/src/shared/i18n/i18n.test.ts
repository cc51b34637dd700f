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

  it("are all used", () => {
    const code = Object.values(import.meta.glob<string>(["../../**/*.{svelte,ts}", "!../../**/*.test.ts", "!./*"], { query: "?raw", import: "default", eager: true })).join("\n");
    const isUsed = (key: string) =>
      code.includes(`"${key}"`) || code.includes(`'${key}'`) || code.includes(`"${key.replace(/\.(one|other)$/, "")}"`) || code.includes("`" + key.replace(/[^.]+$/, "") + "$");
    expect(Object.keys(de).filter((key) => !isUsed(key))).toEqual([]);
  });
});
