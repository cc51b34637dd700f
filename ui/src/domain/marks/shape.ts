// The outline of forms, and the box around any mark. Pure; PDF points of the unrotated page.
import type { Box, Point } from "../reader/geometry";
import type { InkPoint } from "./ink";
import { isForm, type Drawable, type Form } from "./mark";

/** Corners of the polygon that stands for an ellipse. */
const CORNERS = 48;
/** Angle of an arrow's head to its line; radians (25°). */
const HEAD = (25 * Math.PI) / 180;
/** Smaller forms are slips of the hand, points. */
export const LEAST_FORM_PT = 4;

type End = Readonly<Point> | InkPoint;
const at = (end: End): Point => (Array.isArray(end) ? { x: end[0], y: end[1] } : (end as Point));

/** The two ends or corners of a form; nothing where it has none. */
export function endsOf(mark: Drawable): [Point, Point] | undefined {
  const [from, to] = mark.strokes?.[0] ?? [];
  return from && to ? [at(from), at(to)] : undefined;
}

/** The lines a form consists of. */
export function formLines(form: Form, from: End, to: End, widthPt: number): Point[][] {
  const a = at(from);
  const b = at(to);
  switch (form) {
    case "rectangle": return [[a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }, a]];
    case "ellipse": {
      const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
      return [Array.from({ length: CORNERS + 1 }, (_, step) => {
        const turn = (step / CORNERS) * 2 * Math.PI;
        return { x: middle.x + (Math.cos(turn) * (b.x - a.x)) / 2, y: middle.y + (Math.sin(turn) * (b.y - a.y)) / 2 };
      })];
    }
    case "line": return [[a, b]];
    case "arrow": {
      const angle = Math.atan2(b.y - a.y, b.x - a.x);
      const length = Math.min(Math.max(8, widthPt * 5), Math.max(2, Math.hypot(b.x - a.x, b.y - a.y)));
      const wing = (side: 1 | -1) => ({ x: b.x - length * Math.cos(angle + side * HEAD), y: b.y - length * Math.sin(angle + side * HEAD) });
      return [[a, b], [wing(1), b, wing(-1)]];
    }
  }
}

/** Where a form ends that is drawn evenly: square or round, a line in steps of 45°. `from`: its other end. */
export function evened(form: Form, from: Point, to: Point): Point {
  const [x, y] = [to.x - from.x, to.y - from.y];
  if (form === "rectangle" || form === "ellipse") {
    const edge = Math.max(Math.abs(x), Math.abs(y));
    return { x: from.x + Math.sign(x || 1) * edge, y: from.y + Math.sign(y || 1) * edge };
  }
  const angle = Math.round(Math.atan2(y, x) / (Math.PI / 4)) * (Math.PI / 4);
  const length = Math.hypot(x, y);
  return { x: from.x + Math.cos(angle) * length, y: from.y + Math.sin(angle) * length };
}

/** The box around points. Nothing around none. */
export function around(points: Iterable<Point>, margin = 0): Box | undefined {
  let box: Box | undefined;
  for (const { x, y } of points) {
    if (!box) box = [x, y, x, y];
    else {
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    }
  }
  return box && [box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin];
}

/** The box around boxes. */
export const union = (boxes: Iterable<Box>): Box | undefined => {
  const corners: Point[] = [];
  for (const [left, bottom, right, top] of boxes) corners.push({ x: left, y: bottom }, { x: right, y: top });
  return around(corners);
};

export const touches = (a: Box, b: Box): boolean => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** Room that waves, frames and turned stamps need around their boxes, points. */
const ROOM = 4;
const known = new WeakMap<Drawable, Box | undefined>();

/** The box that a mark is drawn in, line width and all; computed once for each mark. Nothing for a mark without a place. */
export function bounds(mark: Drawable): Box | undefined {
  if (known.has(mark)) return known.get(mark);
  const box = drawnIn(mark);
  known.set(mark, box);
  return box;
}

function drawnIn(mark: Drawable): Box | undefined {
  const width = mark.widthPt ?? 1;
  if (isForm(mark.kind)) {
    const ends = endsOf(mark);
    return ends && around(formLines(mark.kind, ends[0], ends[1], width).flat(), width);
  }
  if (mark.kind === "ink" || mark.kind === "brush") return around((mark.strokes ?? []).flat().map(at), width);
  const box = union(mark.rects);
  return box && [box[0] - ROOM, box[1] - ROOM, box[2] + ROOM, box[3] + ROOM];
}
