// Fingers and wheel on the pages: two fingers pinch and push, one pulls past an end, wipes or taps where pages stand alone. What they mean stands in domain/reader/gestures.
import { NO_WHEEL, pulled, swipe, tapSide, wheeled, type Way } from "../../domain/reader/gestures";
import type { Pane } from "../../domain/reader/pane.svelte";

interface Finger { x: number; y: number; at: number; ends: Way[] }

/** Action for the element that scrolls. */
export function touches(element: HTMLElement, pane: Pane): { destroy: () => void } {
  const { scroll, session } = pane;
  const scrolls = () => session.fingersScroll;
  let spread = 0;
  let middle = { x: 0, y: 0 };
  let finger: Finger | undefined;
  let wheel = NO_WHEEL;
  /** Whether the tap that goes on was begun without a tool in hand: laying down a note puts its tool away before the click comes. */
  let isReading = true;

  function start(event: TouchEvent): void {
    const [touch] = [...event.touches];
    if (event.touches.length === 1 && touch && scrolls() && !isHandle(event.target)) finger = { x: touch.clientX, y: touch.clientY, at: event.timeStamp, ends: ([1, -1] as const).filter((way) => scroll.isAtEnd(way)) };
    else leave();
    two(event);
  }

  function move(event: TouchEvent): void {
    const [touch] = [...event.touches];
    if (finger && touch && event.touches.length === 1) pull(finger, touch.clientY);
    two(event);
  }

  function pull({ y, ends }: Finger, now: number): void {
    const way = ends.find((end) => pulled(end, y, now) > 0);
    pane.pull = way ? way * pulled(way, y, now) : 0;
  }

  function two(event: TouchEvent): void {
    const [a, b] = [...event.touches];
    if (event.touches.length !== 2 || !a || !b) return;
    if (event.cancelable) event.preventDefault();
    const now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    const at = { x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 };
    if (session.isPinching && spread > 0) {
      const frame = element.getBoundingClientRect();
      scroll.zoomBy(now / spread, middle.y - frame.top, middle.x - frame.left, at.y - middle.y, at.x - middle.x);
    }
    session.isPinching = true;
    spread = now;
    middle = at;
  }

  function end(event: TouchEvent): void {
    if (event.touches.length < 2) spread = 0;
    if (event.touches.length === 0) session.isPinching = false;
    const [touch] = [...event.changedTouches];
    const from = finger;
    const full = Math.abs(pane.pull) >= 1;
    const way: Way = pane.pull > 0 ? 1 : -1;
    leave();
    if (!from || !touch || event.touches.length > 0) return;
    if (full) return pane.goOn(way);
    if (!scroll.view.isSingle || !scroll.isWhole || pane.selecting.isBusy) return;
    const wiped = swipe(touch.clientX - from.x, touch.clientY - from.y, event.timeStamp - from.at);
    if (wiped !== 0) pane.goOn(wiped);
  }

  function leave(): void {
    finger = undefined;
    pane.pull = 0;
  }

  function roll(event: WheelEvent): void {
    if (event.ctrlKey) {
      event.preventDefault();
      const frame = element.getBoundingClientRect();
      return scroll.zoomBy(Math.exp(-event.deltaY / 400), event.clientY - frame.top, event.clientX - frame.left);
    }
    if (event.deltaY === 0 || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    const toward: Way = event.deltaY > 0 ? 1 : -1;
    const isPage = scroll.view.isSingle && (toward === 1 ? scroll.current < scroll.count - 1 : scroll.current > 0);
    const step = wheeled(wheel, event.deltaY, scroll.isAtEnd(toward) ? toward : 0, event.timeStamp, isPage);
    wheel = step.wheel;
    if (step.leads !== 0) pane.goOn(step.leads);
  }

  function press(): void {
    isReading = session.tool === "read";
  }

  function tap(event: MouseEvent): void {
    if (!scroll.view.isSingle || !isReading || session.tool !== "read" || pane.selecting.isBusy || (event.target instanceof Element && event.target.closest("button"))) return;
    const frame = element.getBoundingClientRect();
    const way = tapSide(event.clientX - frame.left, frame.width);
    if (way !== 0 && scroll.isWhole) scroll.turnPage(way);
  }

  // Must be able to stop the browser's own gesture, which listeners in markup may not.
  const active = { passive: false } as const;
  element.addEventListener("pointerdown", press, true);
  element.addEventListener("touchstart", start, active);
  element.addEventListener("touchmove", move, active);
  element.addEventListener("touchend", end);
  element.addEventListener("touchcancel", end);
  element.addEventListener("wheel", roll, active);
  element.addEventListener("click", tap);
  return {
    destroy: () => {
      element.removeEventListener("pointerdown", press, true);
      element.removeEventListener("touchstart", start);
      element.removeEventListener("touchmove", move);
      element.removeEventListener("touchend", end);
      element.removeEventListener("touchcancel", end);
      element.removeEventListener("wheel", roll);
      element.removeEventListener("click", tap);
    },
  };
}

/** A handle of the selection is dragged on its own. */
const isHandle = (target: EventTarget | null): boolean => target instanceof Element && target.closest("[data-handle]") !== null;
