import { describe, expect, it } from "vitest";
import { testIds } from "./testids";

const views = Object.values(import.meta.glob<string>("../**/*.svelte", { query: "?raw", import: "default", eager: true })).join("\n");
const varying = (id: string) => id.replace(/\{[^}]*\}/g, "*");

describe("the list of test ids", () => {
  const listed = Object.values(testIds).flat() as string[];
  const written = new Set([
    ...[...views.matchAll(/data-testid="([^"]+)"/g)].map((match) => varying(match[1] ?? "")),
    // Segments, secret fields and codes are given theirs.
    ...[...views.matchAll(/<Segments[^>]*?\btestid="([^"]+)"/g)].map((match) => `${match[1]}-*`),
    ...[...views.matchAll(/<(?:SecretField|CodeGroups)[^>]*?\btestid="([^"]+)"/g)].map((match) => match[1] ?? ""),
    ...[...views.matchAll(/<Popover[^>]*?\btestid="([^"]+)"/g)].flatMap((match) => [`${match[1]}-open`, `${match[1]}-menu`]),
  ]);
  for (const given of ["*-*", "*-open", "*-menu"]) written.delete(given);

  it("names what the markup carries, and nothing else", () => {
    expect([...new Set(listed)].sort()).toEqual([...written].sort());
  });
});
