// Where handles stand so that a finger finds each of them: a little outside of a mark, and apart. Pure; CSS px.
import type { Point } from "../reader/geometry";

/** A handle stands this far outside, so that the mark itself can still be taken. */
const OUT_PX = 10;
/** Half of the least size of what one taps. */
const HALF_PX = 22;

/** `places`: two ends or four corners as they are seen, `sides` which of its two edges each stands at. Result: the middles of the handles. */
export function spread(places: readonly Point[], sides: readonly { x: 0 | 1; y: 0 | 1 }[]): Point[] {
  const middle = { x: mean(places.map(({ x }) => x)), y: mean(places.map(({ y }) => y)) };
  if (places.length === 2) {
    return places.map((place, at) => {
      const way = { x: place.x - middle.x, y: place.y - middle.y };
      const length = Math.hypot(way.x, way.y);
      const toward = length === 0 ? { x: at === 0 ? -1 : 1, y: 0 } : { x: way.x / length, y: way.y / length };
      const far = Math.max(length + OUT_PX, HALF_PX);
      return { x: middle.x + toward.x * far, y: middle.y + toward.y * far };
    });
  }
  const away = (from: number, side: 0 | 1 | undefined) => (Math.sign(from) || (side === 0 ? -1 : 1)) * Math.max(Math.abs(from) + OUT_PX, HALF_PX);
  return places.map((place, at) => ({ x: middle.x + away(place.x - middle.x, sides[at]?.x), y: middle.y + away(place.y - middle.y, sides[at]?.y) }));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
