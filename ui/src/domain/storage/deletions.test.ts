import { describe, expect, it } from "vitest";
import type { DeletionRow } from "../../host/generated/DeletionRow";
import { whoseWords } from "./deletions";

const row = (organization?: string): DeletionRow => ({ councilId: "c", councilName: "Lindenau", atMs: 0, reason: "ended", unseen: true, ...(organization ? { organization } : {}) });

describe("whose papers were deleted", () => {
  it("names each committee once, and the council where the committee is not known", () => {
    expect(whoseWords([row("Stadtrat"), row("Bauausschuss"), row("Stadtrat"), row(), row()])).toBe("Stadtrat, Bauausschuss, Lindenau");
    expect(whoseWords([])).toBe("");
  });
});
