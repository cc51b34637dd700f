// Mouse and finger on the text: a drag, a double tap, a long press select; a tap elsewhere lets go. What is selected stands in domain/reader/selecting.
import type { Pane } from "../../domain/reader/pane.svelte";
import { pageAt } from "./page-at";

/** A mouse that moves less is a click, a finger that moves less rests; CSS px. */
const STILL_PX = 5;
const FINGER_STILL_PX = 10;
const LONG_MS = 450;
const DOUBLE_MS = 320;
const DOUBLE_PX = 28;
/** This near to the upper or lower edge of the view a selection that is stretched takes the pages along: CSS px, and how fast at the edge itself, px a frame. */
const EDGE_PX = 48;
const FASTEST_PX = 18;

interface Down { id: number; x: number; y: number; kind: string; timer: ReturnType<typeof setTimeout> | undefined }

/** Action for the element that scrolls. */
export function selects(element: HTMLElement, pane: Pane): { destroy: () => void } {
  const { scroll, session, selecting } = pane;
  let down: Down | undefined;
  let lastTap = { x: 0, y: 0, at: -Infinity };
  let pulling = 0;

  function begin(x: number, y: number, isWhole: boolean): void {
    const place = pageAt(element, scroll, x, y, 0);
    if (!place) return;
    const before = down;
    void selecting.begin(place.page, place.point, isWhole).then((isText) => {
      // The finger may have gone while the text was read.
      if (isText && before && down === before) selecting.isDragging = true;
    });
  }

  function press(event: PointerEvent): void {
    if (session.tool !== "read" || event.button > 0 || !event.isPrimary || isControl(event.target)) return;
    const touchy = event.pointerType !== "mouse";
    // A second press of a double click comes with the click already counted: the word stays.
    if (!touchy && event.detail < 2 && !event.shiftKey) selecting.clear();
    if (!touchy && event.shiftKey && selecting.range) return stretch(event.clientX, event.clientY);
    down = { id: event.pointerId, x: event.clientX, y: event.clientY, kind: event.pointerType, timer: undefined };
    if (touchy) down.timer = setTimeout(() => begin(event.clientX, event.clientY, true), LONG_MS);
  }

  function move(event: PointerEvent): void {
    if (!down || event.pointerId !== down.id) return;
    const far = Math.hypot(event.clientX - down.x, event.clientY - down.y);
    if (selecting.isDragging) {
      stretch(event.clientX, event.clientY);
      pull(event.clientX, event.clientY);
    } else if (down.kind !== "mouse" && far > FINGER_STILL_PX) drop();
    else if (down.kind === "mouse" && far > STILL_PX && selecting.range === undefined) {
      begin(down.x, down.y, false);
      hold(down.id);
    }
  }

  function hold(id: number): void {
    try {
      element.setPointerCapture(id);
    } catch {
      // The pointer has gone already: the selection then ends at the edge of the pages, nothing else changes.
    }
  }

  function stretch(x: number, y: number): void {
    const place = selecting.range && pageAt(element, scroll, x, y);
    if (place) void selecting.stretch(place.page, place.point);
  }

  /** At an edge of the view the pages go on while the pointer rests. */
  function pull(x: number, y: number): void {
    cancelAnimationFrame(pulling);
    const frame = element.getBoundingClientRect();
    const over = Math.max(0, y - (frame.bottom - EDGE_PX)) - Math.max(0, frame.top + EDGE_PX - y);
    if (over === 0 || scroll.view.isSingle) return;
    pulling = requestAnimationFrame(() => {
      if (!selecting.isDragging) return;
      element.scrollTop += Math.max(-1, Math.min(1, over / EDGE_PX)) * FASTEST_PX;
      stretch(x, y);
      pull(x, y);
    });
  }

  function lift(event: PointerEvent): void {
    if (!down || event.pointerId !== down.id) return;
    const { kind, x, y } = down;
    const wasDragging = selecting.isDragging;
    drop();
    if (kind === "mouse" || wasDragging || Math.hypot(event.clientX - x, event.clientY - y) > FINGER_STILL_PX) return;
    const isDouble = event.timeStamp - lastTap.at < DOUBLE_MS && Math.hypot(x - lastTap.x, y - lastTap.y) < DOUBLE_PX;
    lastTap = { x, y, at: isDouble ? -Infinity : event.timeStamp };
    if (isDouble) begin(x, y, true);
    else selecting.clear();
  }

  function drop(): void {
    clearTimeout(down?.timer);
    cancelAnimationFrame(pulling);
    down = undefined;
    selecting.isDragging = false;
  }

  function twice(event: MouseEvent): void {
    if (session.tool === "read" && !isControl(event.target)) begin(event.clientX, event.clientY, true);
  }

  /** While a finger stretches the selection, the pages stay where they are. */
  function stay(event: TouchEvent): void {
    if (selecting.isDragging && event.cancelable) event.preventDefault();
  }
  /** The system's own menu would cover the one of the selection. */
  function menu(event: MouseEvent): void {
    if (selecting.isBusy || down?.kind === "touch") event.preventDefault();
  }

  element.addEventListener("pointerdown", press);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", lift);
  element.addEventListener("pointercancel", drop);
  element.addEventListener("dblclick", twice);
  element.addEventListener("touchmove", stay, { passive: false });
  element.addEventListener("contextmenu", menu);
  return {
    destroy: () => {
      clearTimeout(down?.timer);
      cancelAnimationFrame(pulling);
      element.removeEventListener("pointerdown", press);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", lift);
      element.removeEventListener("pointercancel", drop);
      element.removeEventListener("dblclick", twice);
      element.removeEventListener("touchmove", stay);
      element.removeEventListener("contextmenu", menu);
    },
  };
}

/** Buttons on the page (links, notes, handles) and open slips have their own taps. */
const isControl = (target: EventTarget | null): boolean => target instanceof Element && target.closest("button, textarea, input, [data-testid=slip]") !== null;
