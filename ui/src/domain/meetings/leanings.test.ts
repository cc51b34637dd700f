import { expect, test } from "vitest";
import { Drafts } from "../lock/drafts";
import { leaningsBy } from "./leanings";

/** Calls whose answers come when the test says. */
function slow() {
  const asked: string[] = [];
  const answer: (() => void)[] = [];
  const saving = leaningsBy(({ agendaItemId, value }) => {
    asked.push(`${agendaItemId} ${value ?? "nothing"}`);
    return new Promise<void>((done) => answer.push(done));
  });
  return { saving, asked, answer };
}

const turn = () => new Promise((done) => setTimeout(done));

test("a tap goes to the item it was made on, however late it is stored", async () => {
  const { saving, asked, answer } = slow();
  let shown = "A";
  const lean = (value: "yes" | "no" | undefined) => saving.save({ agendaItemId: shown, value });
  void lean("yes");
  void lean("no");
  shown = "B";
  void lean(undefined);
  for (let at = 0; at < 3; at += 1) {
    await turn();
    answer[at]?.();
  }
  await saving.settled();
  expect(asked).toEqual(["A yes", "A no", "B nothing"]);
});

test("all taps are stored before the portfolio locks", async () => {
  const { saving, asked, answer } = slow();
  const drafts = new Drafts();
  drafts.onStore(() => saving.settled());
  void saving.save({ agendaItemId: "A", value: "yes" });
  let isSettled = false;
  const stored = drafts.store().then(() => (isSettled = true));
  await turn();
  void saving.save({ agendaItemId: "A", value: "no" });
  answer[0]?.();
  await turn();
  expect(isSettled).toBe(false);
  answer[1]?.();
  await stored;
  expect(asked).toEqual(["A yes", "A no"]);
});
