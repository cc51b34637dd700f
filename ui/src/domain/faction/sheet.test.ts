import { describe, expect, it } from "vitest";
import type { FactionSheetItem } from "../../host/generated/FactionSheetItem";
import { hasAnything, offeredMeeting, shownItems } from "./sheet";

const item = (id: string, more: Partial<FactionSheetItem> = {}): FactionSheetItem => ({ id, number: id, name: id, public: true, tasks: [], messageCount: 0, ...more });
const position = { recommendation: "", arguments: "", status: "draft" as const, speakers: [], incomplete: false };

describe("the faction's sheet", () => {
  it("has the items about which anything was said, or all", () => {
    const items = [item("1"), item("2", { position: { ...position, itemId: "p" } }), item("3", { position }), item("4", { messageCount: 2 })];
    expect(shownItems({ items }, false).map(({ id }) => id)).toEqual(["2", "4"]);
    expect(shownItems({ items }, true)).toHaveLength(4);
    expect(hasAnything({ items: [item("1")], tasks: [] })).toBe(false);
    expect(hasAnything({ items, tasks: [] })).toBe(true);
  });

  it("is offered for the chosen meeting, else for the next, else for the last", () => {
    const day = 86_400_000;
    const meetings = [{ id: "later", startAtMs: 40 * day }, { id: "next", startAtMs: 20 * day }, { id: "past", startAtMs: day }, { id: "undated" }];
    expect(offeredMeeting(meetings, "past", 10 * day)?.id).toBe("past");
    expect(offeredMeeting(meetings, undefined, 10 * day)?.id).toBe("next");
    expect(offeredMeeting(meetings, undefined, 20 * day + 1), "still on its day").toMatchObject({ id: "next" });
    expect(offeredMeeting(meetings, "gone", 90 * day)?.id).toBe("later");
    expect(offeredMeeting([], undefined, 0)).toBeUndefined();
  });
});
