import { describe, expect, it } from "vitest";
import { Drafts } from "./drafts";

describe("drafts", () => {
  it("keeps the words of open fields and of those that were not opened since", () => {
    const drafts = new Drafts();
    drafts.give([{ key: "item:1", text: "Frage" }, { key: "item:2", text: "alt" }]);
    const off = drafts.field(() => [{ key: "item:2", text: "neu" }, { key: "item:3", text: "  " }]);
    expect(drafts.all()).toEqual([{ key: "item:1", text: "Frage" }, { key: "item:2", text: "neu" }]);
    off();
    expect(drafts.all()).toContainEqual({ key: "item:2", text: "alt" });
  });

  it("gives words back once", () => {
    const drafts = new Drafts();
    drafts.give([{ key: "item:1", text: "Frage" }]);
    expect(drafts.take("item:1")).toBe("Frage");
    expect(drafts.take("item:1")).toBe("");
    expect(drafts.all()).toEqual([]);
  });

  it("gives back all of a kind", () => {
    const drafts = new Drafts();
    drafts.give([{ key: "faction:a", text: "1" }, { key: "item:1", text: "2" }]);
    expect(drafts.takeAll("faction:")).toEqual([{ key: "a", text: "1" }]);
    expect(drafts.all()).toEqual([{ key: "item:1", text: "2" }]);
  });

  it("a field that was emptied leaves nothing", () => {
    const drafts = new Drafts();
    drafts.give([{ key: "item:1", text: "Frage" }]);
    drafts.field(() => [{ key: "item:1", text: "" }]);
    expect(drafts.all()).toEqual([]);
  });

  it("waits for every store, also where one fails", async () => {
    const drafts = new Drafts();
    const done: string[] = [];
    drafts.onStore(() => { throw new Error("disk"); });
    drafts.onStore(async () => { await Promise.resolve(); done.push("b"); });
    const off = drafts.onStore(() => done.push("c"));
    off();
    await drafts.store();
    expect(done).toEqual(["b"]);
  });
});
