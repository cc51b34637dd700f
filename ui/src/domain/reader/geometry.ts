// From PDF points of the unrotated page (origin bottom left) to points of the page as shown (origin top left), and back. Pure.

/** Left, bottom, right, top in PDF points of the unrotated page. */
export type Box = [number, number, number, number];
export interface Point { x: number; y: number }

/** How a page is shown: the box of the unrotated page that is seen, and its rotation clockwise in degrees. */
export interface Shown { box: Box; rotation: number }

/** A point of the unrotated page as a point of the shown page. */
export function toShown({ x, y }: Point, { box: [left, bottom, right, top], rotation }: Shown): Point {
  switch (rotation) {
    case 90: return { x: y - bottom, y: x - left };
    case 180: return { x: right - x, y: y - bottom };
    case 270: return { x: top - y, y: right - x };
    default: return { x: x - left, y: top - y };
  }
}

/** The inverse of `toShown`. */
export function fromShown({ x, y }: Point, { box: [left, bottom, right, top], rotation }: Shown): Point {
  switch (rotation) {
    case 90: return { x: y + left, y: x + bottom };
    case 180: return { x: right - x, y: y + bottom };
    case 270: return { x: right - y, y: top - x };
    default: return { x: x + left, y: top - y };
  }
}

/** A box as x, y, width, height of the shown page. */
export function boxToShown([left, bottom, right, top]: Box, shown: Shown): { x: number; y: number; width: number; height: number } {
  const a = toShown({ x: left, y: top }, shown);
  const b = toShown({ x: right, y: bottom }, shown);
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}
