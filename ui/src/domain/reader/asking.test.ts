import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Asking, PATIENCE_MS } from "./asking";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const microtask = () => Promise.resolve();

test("what is beside the view waits for what is put up with it, whichever came first", async () => {
  const asking = new Asking();
  const asked: string[] = [];
  asking.later(() => asked.push("beside"));
  const one = asking.begin();
  const two = asking.begin();
  await microtask();
  expect(asked).toEqual([]);
  one();
  one();
  expect(asked).toEqual([]);
  two();
  expect(asked).toEqual(["beside"]);
  vi.advanceTimersByTime(PATIENCE_MS);
  expect(asked).toEqual(["beside"]);
});

test("with nothing in view it is asked for at once", async () => {
  const asking = new Asking();
  const asked: string[] = [];
  asking.later(() => asked.push("beside"));
  await microtask();
  expect(asked).toEqual(["beside"]);
});

test("it does not wait for ever for a page that does not come", async () => {
  const asking = new Asking();
  const asked: string[] = [];
  asking.begin();
  asking.later(() => asked.push("first"));
  await microtask();
  vi.advanceTimersByTime(PATIENCE_MS - 1);
  expect(asked).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(asked).toEqual(["first"]);
  asking.later(() => asked.push("second"));
  vi.advanceTimersByTime(PATIENCE_MS);
  expect(asked).toEqual(["first", "second"]);
});

test("what is wanted no more is not asked for", async () => {
  const asking = new Asking();
  const asked: string[] = [];
  const done = asking.begin();
  const takeBack = asking.later(() => asked.push("gone"));
  asking.later(() => asked.push("stays"));
  takeBack();
  done();
  expect(asked).toEqual(["stays"]);
});
