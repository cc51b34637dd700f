import { expect, test } from "vitest";
import { Saving } from "./saving";

/** A store whose answers come when the test says. */
function slow() {
  const waiting: { value: number; done: () => void; fail: () => void }[] = [];
  const stored: number[] = [];
  const store = (value: number) =>
    new Promise<number>((resolve, reject) => waiting.push({ value, done: () => { stored.push(value); resolve(value); }, fail: () => reject(new Error("full")) }));
  return { saving: new Saving(store), waiting, stored };
}

const turn = () => new Promise((done) => setTimeout(done));

test("the second change waits for the first, however slow that is", async () => {
  const { saving, waiting, stored } = slow();
  const first = saving.save(1);
  const second = saving.save(2);
  await turn();
  expect(waiting.map((one) => one.value)).toEqual([1]);
  waiting[0]?.done();
  await turn();
  waiting[1]?.done();
  expect(await first).toBeUndefined();
  expect(await second).toBe(2);
  expect(stored).toEqual([1, 2]);
});

test("a change that could not be stored says so and does not keep the next", async () => {
  const { saving, waiting } = slow();
  const first = expect(saving.save(1)).rejects.toThrow("full");
  const second = saving.save(2);
  await turn();
  waiting[0]?.fail();
  await first;
  await turn();
  waiting[1]?.done();
  expect(await second).toBe(2);
});

test("an answer asked for before or while something is stored is past", async () => {
  const { saving, waiting } = slow();
  const before = saving.asking();
  expect(saving.isPast(before)).toBe(false);
  const save = saving.save(1);
  await turn();
  const during = saving.asking();
  waiting[0]?.done();
  await save;
  expect(saving.isPast(before)).toBe(true);
  expect(saving.isPast(during)).toBe(true);
  expect(saving.isPast(saving.asking())).toBe(false);
});
