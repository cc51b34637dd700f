import { describe, expect, it } from "vitest";
import type { FactionEntry } from "../../host/generated/FactionEntry";
import { calls, isNarrow, narrowed, newsRequest, wayOf } from "./news";

const entry = (more: Partial<FactionEntry>): FactionEntry => ({ kind: "message", itemId: "1", authorId: "u2", atMs: 0, text: "", new: true, mentionsMe: false, ...more });

describe("what is new in a space", () => {
  it("is narrowed by one part after the other", () => {
    const filter = narrowed(narrowed({}, "tag", "haushalt"), "userId", "u2");
    expect(newsRequest("k1", filter)).toEqual({ factionId: "k1", newOnly: false, tag: "haushalt", userId: "u2" });
    expect(narrowed(filter, "tag", "")).toEqual({ userId: "u2" });
    expect(isNarrow({})).toBe(false);
    expect(isNarrow({ newOnly: false })).toBe(false);
    expect(isNarrow({ tag: "haushalt" })).toBe(true);
  });

  it("leads to the page of a mark, and to where words were written", () => {
    const place = { target: { kind: "file" as const, id: "f1" }, fileId: "f1", page: 3, meetingId: "m1", agendaItemId: "i5" };
    expect(wayOf(entry({ kind: "share", ...place }))).toEqual({ view: "reader", file: "f1", page: 3, item: "i5" });
    expect(wayOf(entry({ kind: "message", ...place }))).toEqual({ view: "meeting", id: "m1", item: "i5" });
    expect(wayOf(entry({ target: { kind: "paper", id: "p1" }, meetingId: "m1" }))).toEqual({ view: "paper", id: "p1" });
    expect(wayOf(entry({ fileId: "f1" }))).toEqual({ view: "reader", file: "f1" });
  });

  it("leads nowhere from what is closed or stands in the space itself", () => {
    expect(wayOf(entry({ kind: "closed", meetingId: "m1" }))).toBeUndefined();
    expect(wayOf(entry({}))).toBeUndefined();
  });

  it("calls the owner once, the oldest first", () => {
    const news = [entry({ itemId: "3", mentionsMe: true }), entry({ itemId: "2" }), entry({ itemId: "1", mentionsMe: true }), entry({ itemId: "0", mentionsMe: true, new: false })];
    expect(calls(news, new Set()).map((each) => each.itemId)).toEqual(["1", "3"]);
    expect(calls(news, new Set(["3"])).map((each) => each.itemId)).toEqual(["1"]);
  });
});
