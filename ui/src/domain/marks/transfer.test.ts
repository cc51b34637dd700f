import { describe, expect, it, vi } from "vitest";
import type { MarksTransferred } from "../../host/generated/MarksTransferred";
import type { Ask } from "./marks.svelte";
import { Transfer } from "./transfer.svelte";

const state = (parts: Partial<MarksTransferred>): MarksTransferred => ({ revision: 2, datedAtMs: 0, total: 3, placed: 2, changed: [], behind: [], isNew: false, isNews: true, canTakeBack: true, ...parts });

function transfer(answers: Partial<Record<string, () => unknown>>) {
  const asked: string[] = [];
  const ask = ((name: string) => {
    asked.push(name);
    const answer = answers[name];
    return answer ? Promise.resolve().then(answer) : Promise.reject(new Error(name));
  }) as unknown as Ask;
  const tells = { failed: vi.fn(), moved: vi.fn(() => Promise.resolve()) };
  return { asked, tells, transfer: new Transfer("f1", ask, tells) };
}

describe("marks of older versions", () => {
  it("are read again on the pages only when they were looked for just now", async () => {
    let isNew = true;
    const { transfer: one, tells } = transfer({ marks_transfer: () => state({ isNew }) });
    await one.look();
    expect([one.isNews, one.isLooking, tells.moved.mock.calls.length]).toEqual([true, false, 1]);
    isNew = false;
    await one.look();
    expect(tells.moved).toHaveBeenCalledTimes(1);
    const none = transfer({ marks_transfer: () => state({ isNew: true, placed: 0 }) });
    await none.transfer.look();
    expect(none.tells.moved, "nothing came over: nothing to read again, nothing to undo").not.toHaveBeenCalled();
  });
  it("are asked about again only where there are any", () => {
    vi.useFakeTimers();
    const { transfer: one, asked } = transfer({ marks_transfer: () => state({}) });
    one.renew();
    vi.runAllTimers();
    expect(asked).toEqual([]);
    one.state = state({});
    one.renew();
    one.renew();
    vi.runAllTimers();
    expect(asked).toEqual(["marks_transfer"]);
    vi.useRealTimers();
  });
  it("go back together, and the message goes when it was seen", async () => {
    const { transfer: one, tells, asked } = transfer({ marks_transfer: () => state({}), marks_transfer_back: () => state({ placed: 0 }), marks_transfer_close: () => ({}) });
    await one.look();
    await one.takeBack();
    expect([one.state?.placed, tells.moved.mock.calls.length]).toEqual([0, 1]);
    await one.close();
    expect(one.isNews).toBe(false);
    expect(asked).toEqual(["marks_transfer", "marks_transfer_back", "marks_transfer_close"]);
  });
  it("stay as they were said to be when asking fails, and the failure is told", async () => {
    const { transfer: one, tells } = transfer({ marks_transfer: () => state({}) });
    await one.look();
    await one.takeBack();
    expect(one.state?.placed).toBe(2);
    expect(tells.failed).toHaveBeenCalledTimes(1);
    expect(tells.moved).not.toHaveBeenCalled();
  });
});
