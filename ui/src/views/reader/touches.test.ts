import { beforeAll, describe, expect, it } from "vitest";
import type { Pane } from "../../domain/reader/pane.svelte";
import type { Tool } from "../../domain/reader/session.svelte";
import { touches } from "./touches";

/** As much of an element as listens. */
class Page extends EventTarget {
  getBoundingClientRect = () => ({ left: 0, top: 0, width: 800, height: 1000 });
  closest = () => null;
}
beforeAll(() => Object.assign(globalThis, { Element: Page }));

/** One page alone that is seen as a whole, and what its pages were turned by. */
function single(tool: Tool, penSeen = false) {
  const turned: number[] = [];
  const session = { tool, isPinching: false, get fingersScroll() { return this.tool === "read" || penSeen; } };
  const scroll = { view: { isSingle: true }, isWhole: true, isAtEnd: () => true, turnPage: (way: number) => turned.push(way) > 0 };
  const pane = { scroll, session, selecting: { isBusy: false }, pull: 0, goOn: (way: number) => turned.push(way) };
  const page = new Page();
  touches(page as unknown as HTMLElement, pane as unknown as Pane);
  const send = (kind: string, more: object = {}) => page.dispatchEvent(Object.assign(new Event(kind), more));
  const at = (clientX: number, clientY = 500) => ({ touches: [{ clientX, clientY }], changedTouches: [{ clientX, clientY }] });
  /** A tap as the browser tells it; `between`: what the page has done before the click comes. */
  const tap = (x: number, between: () => void = () => {}) => {
    send("pointerdown");
    send("touchstart", at(x));
    send("touchend", { ...at(x), touches: [] });
    between();
    send("click", { clientX: x, clientY: 500 });
  };
  const wipe = (from: number, to: number) => {
    send("pointerdown");
    send("touchstart", at(from));
    send("touchmove", at(to));
    send("touchend", { ...at(to), touches: [] });
  };
  return { turned, session, tap, wipe };
}

describe("a tap at the edge of a page that stands alone", () => {
  it("turns the page while one reads", () => {
    const { turned, tap } = single("read");
    tap(790);
    tap(10);
    tap(400);
    expect(turned).toEqual([1, -1]);
  });

  it.each(["note", "text", "stamp", "shape", "select"] as const)("turns nothing with the tool %s in hand", (tool) => {
    for (const penSeen of [false, true]) {
      const { turned, tap } = single(tool, penSeen);
      tap(790);
      tap(10);
      expect(turned).toEqual([]);
    }
  });

  it("turns nothing when the tap itself has put the tool away", () => {
    const { turned, session, tap } = single("note");
    tap(790, () => (session.tool = "read"));
    expect(turned).toEqual([]);
    tap(790);
    expect(turned, "the next tap reads on").toEqual([1]);
  });

  it("still turns by wiping once a pen was seen", () => {
    const { turned, wipe } = single("stamp", true);
    wipe(600, 400);
    expect(turned).toEqual([1]);
  });
});
