// What fingers and wheel mean where nothing is left to scroll: a pull past the end, a swipe, a tap at the edge. Pure; lengths in CSS px, times in ms.

export type Way = 1 | -1;

/** A pull this far past the end leads on when the finger lets go. */
export const PULL_PX = 96;
/** So much of the wheel past the end, after a rest, leads on: to the next page, to the next file. */
const WHEEL_PAGE_PX = 120;
const WHEEL_FILE_PX = 320;
/** Who rests this long at the end and turns the wheel again means to go on. */
const WHEEL_REST_MS = 220;
const SWIPE_PX = 56;
const SWIPE_MS = 700;
/** Share of the width at either side that a tap turns the page with, and the most of it. */
const EDGE = 0.14;
const EDGE_PX = 120;

/** How far past the end a finger has pulled, as a share of what leads on; 0 to 1. `way` is the end it began at: 1 the lower one. */
export function pulled(way: Way, fromY: number, y: number): number {
  return Math.min(1, Math.max(0, (way * (fromY - y)) / PULL_PX));
}

/** The page that a finger wipes in: to the left brings the next one. Nothing for what is slow, short or rather downwards. */
export function swipe(dx: number, dy: number, ms: number): Way | 0 {
  if (ms > SWIPE_MS || Math.abs(dx) < SWIPE_PX || Math.abs(dx) < 2 * Math.abs(dy)) return 0;
  return dx < 0 ? 1 : -1;
}

/** What a tap at this place turns to: at the right edge to the next page, at the left one back. */
export function tapSide(x: number, width: number): Way | 0 {
  const edge = Math.min(EDGE_PX, width * EDGE);
  return x >= width - edge ? 1 : x <= edge ? -1 : 0;
}

export interface Wheel { way: Way | 0; sum: number; at: number }
export const NO_WHEEL: Wheel = { way: 0, sum: 0, at: -Infinity };

/**
 * A turn of the wheel. `end` is the end that the view stands at in the direction of the turn, 0 if there is room to scroll.
 * The swing that reached the end never leads on: only one that begins there does.
 */
export function wheeled(before: Wheel, delta: number, end: Way | 0, at: number, isPage: boolean): { wheel: Wheel; leads: Way | 0 } {
  if (end === 0) return { wheel: { way: 0, sum: 0, at }, leads: 0 };
  const goesOn = before.way === end;
  const begins = at - before.at > WHEEL_REST_MS;
  if (!goesOn && !begins) return { wheel: { way: 0, sum: 0, at }, leads: 0 };
  const sum = (goesOn ? before.sum : 0) + Math.abs(delta);
  if (sum >= (isPage ? WHEEL_PAGE_PX : WHEEL_FILE_PX)) return { wheel: { way: 0, sum: 0, at }, leads: end };
  return { wheel: { way: end, sum, at }, leads: 0 };
}
