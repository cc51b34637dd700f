import { describe, expect, it } from "vitest";
import type { TakeawayPreview } from "../host/generated/TakeawayPreview";
import { leaving, secret } from "./takeaway";

const file = (id: string, isPublic: boolean, present: boolean, markCount: number) => ({ id, title: id, public: isPublic, present, byteLen: 1, markCount });
const preview: TakeawayPreview = {
  name: "Stadtrat", folder: "/home", author: "A",
  sections: [
    { title: "TOP 1", public: true, noteCount: 1, files: [file("a", true, true, 2), file("b", true, false, 3), file("c", false, true, 4)] },
    { title: "TOP 2", public: false, noteCount: 5, files: [file("d", false, true, 6)] },
  ],
};

describe("what leaves", () => {
  it("is public unless the member says otherwise", () => {
    expect(leaving(preview, "annotated", false, new Set())).toEqual({ files: 1, marks: 3, missing: 1 });
    expect(leaving(preview, "annotated", true, new Set())).toEqual({ files: 3, marks: 18, missing: 1 });
  });

  it("is without marks as it came, and without papers that are left out", () => {
    expect(leaving(preview, "original", true, new Set(["c"]))).toEqual({ files: 2, marks: 0, missing: 1 });
  });

  it("needs no paper on the tablet where only notes go", () => {
    expect(leaving(preview, "markdown", false, new Set())).toEqual({ files: 2, marks: 6, missing: 0 });
  });

  it("tells what is nonpublic", () => {
    expect(secret(preview)).toEqual({ files: 2, titles: true });
    expect(secret({ ...preview, sections: [] })).toEqual({ files: 0, titles: false });
  });
});
