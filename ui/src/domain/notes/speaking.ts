// Turning from item to item while speaking: what a key or a swipe means. Pure.

/** Shortest way of a swipe, CSS px. */
const SHORTEST_SWIPE = 60;
const STEPS: Record<string, number> = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 };

/** Items to go on by a key; 0: it means nothing here. */
export const turned = (key: string): number => STEPS[key] ?? 0;

/** Items to go on by a swipe of so many CSS px; 0: it was a tap, or went rather up or down. A swipe to the left turns on. */
export function swiped(across: number, along: number): number {
  return Math.abs(across) < SHORTEST_SWIPE || Math.abs(across) < 1.5 * Math.abs(along) ? 0 : across < 0 ? 1 : -1;
}
