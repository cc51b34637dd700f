// Which way a key leads a mark, as it is seen.
import type { Point } from "../../domain/reader/geometry";

/** One step of a key, and one with Shift; points. */
const STEP = 2;
const LEAP = 18;

/** How far an arrow key leads; nothing for other keys, and with Ctrl. `isSize`: with Alt it changes the size. */
export function stepOf(event: KeyboardEvent): { by: Point; isSize: boolean } | undefined {
  if (event.ctrlKey || event.metaKey) return undefined;
  const step = event.shiftKey ? LEAP : STEP;
  const ways: Record<string, Point> = { ArrowLeft: { x: -step, y: 0 }, ArrowRight: { x: step, y: 0 }, ArrowUp: { x: 0, y: -step }, ArrowDown: { x: 0, y: step } };
  const by = ways[event.key];
  return by && { by, isSize: event.altKey };
}
