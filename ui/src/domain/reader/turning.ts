// Pages turned in the view: their size, how their points are shown, where an image of a part of them stands. Pure.
import type { Shown } from "./geometry";
import type { Size } from "./layout";

/** Clockwise, degrees; on top of the page's own rotation. */
export type Rotation = 0 | 90 | 180 | 270;
/** x, y of the upper left corner, width, height; in any one unit. */
export interface Part { x: number; y: number; w: number; h: number }

/** A quarter turn clockwise, or back. */
export function quarter(rotation: Rotation, direction: 1 | -1): Rotation {
  return (((rotation + direction * 90) % 360) + 360) % 360 as Rotation;
}

const isSideways = (rotation: Rotation): boolean => rotation === 90 || rotation === 270;

/** The size of a page once it is turned. */
export function turnedSize<S extends Size>(size: S, rotation: Rotation): S {
  return isSideways(rotation) ? { ...size, widthPt: size.heightPt, heightPt: size.widthPt } : size;
}

/** How the points of a page are shown once it is turned. */
export function turnedShown(shown: Shown, rotation: Rotation): Shown {
  return rotation === 0 ? shown : { box: shown.box, rotation: (shown.rotation + rotation) % 360 };
}

/** A part of the turned page as the part of the page before turning. `width` and `height` are those of the page before. */
export function unturned({ x, y, w, h }: Part, rotation: Rotation, width: number, height: number): Part {
  switch (rotation) {
    case 90: return { x: y, y: height - x - w, w: h, h: w };
    case 180: return { x: width - x - w, y: height - y - h, w, h };
    case 270: return { x: width - y - h, y: x, w: h, h: w };
    default: return { x, y, w, h };
  }
}

/** What moves an image from the upper left corner to its part of the turned page: for `transform`, with the origin at the upper left. */
export function imageTransform({ x, y }: Part, rotation: Rotation, width: number, height: number): string | undefined {
  switch (rotation) {
    case 90: return `translate(${height - y}px, ${x}px) rotate(90deg)`;
    case 180: return `translate(${width - x}px, ${height - y}px) rotate(180deg)`;
    case 270: return `translate(${y}px, ${width - x}px) rotate(270deg)`;
    default: return undefined;
  }
}
