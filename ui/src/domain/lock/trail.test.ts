import { expect, it } from "vitest";
import type { Place } from "../app.svelte";
import { trailFrom, trailText } from "./trail";

it("leads back to where one was", () => {
  const trail: Place[] = [{ view: "meetings" }, { view: "meeting", id: "m1", item: "i5" }, { view: "reader", file: "f1", item: "i5" }];
  expect(trailFrom(trailText(trail))).toEqual(trail);
  expect(trailText([{ view: "today" }])).toBe("");
});

it("leads to the first view where nothing that can be read was kept", () => {
  for (const text of ["", "{", "[]", '"today"', '[{"view":"elsewhere"}]', "[null]", '[{"view":"toString"}]']) expect(trailFrom(text)).toEqual([{ view: "today" }]);
});
