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
    // Each taken from the code once: looking through all of it for every key takes seconds.
    const all = (pattern: RegExp) => new Set([...code.matchAll(pattern)].map((match) => match[1]));
    const [quoted, begun] = [all(/["']([\w.]+)(?=["'])/g), all(/`([\w.]+)(?=\$)/g)];
    const isUsed = (key: string) => quoted.has(key) || quoted.has(key.replace(/\.(one|other)$/, "")) || begun.has(key.replace(/[^.]+$/, ""));
    expect(["today.next", "no.such.key"].map(isUsed), "the looker sees").toEqual([true, false]);
    expect(Object.keys(de).filter((key) => !isUsed(key))).toEqual([]);
  });
});
