import { describe, expect, it } from "vitest";
import type { FactionTask } from "../../host/generated/FactionTask";
import { changeOf, isoDay, isOverdue } from "./tasks";

const task: FactionTask = { itemId: "t", authorId: "u", atMs: 0, text: "Anrufen", ownerId: "u1", due: "2026-09-30", status: "draft", unsent: false };
const noon = new Date(2026, 8, 30, 12).getTime();

describe("a task", () => {
  it("is late on the day after its day, unless it is done", () => {
    expect(isoDay(noon)).toBe("2026-09-30");
    expect(isOverdue(task, noon)).toBe(false);
    expect(isOverdue(task, noon + 86_400_000)).toBe(true);
    expect(isOverdue({ ...task, status: "done" }, noon + 86_400_000)).toBe(false);
    expect(isOverdue({ status: "draft" }, noon)).toBe(false);
  });

  it("sends only what was changed", () => {
    const form = { text: "Anrufen", ownerId: "u1", due: "2026-09-30", status: "draft" as const };
    expect(changeOf(task, form)).toEqual({});
    expect(changeOf(task, { ...form, ownerId: "", due: "2026-10-01" })).toEqual({ ownerId: "", due: "2026-10-01" });
    expect(changeOf(undefined, { ...form, ownerId: "", due: "" })).toEqual({ text: "Anrufen" });
  });
});
