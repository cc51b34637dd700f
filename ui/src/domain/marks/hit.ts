// How far a mark lies from a finger, and what a lasso holds. Pure; PDF points of the unrotated page.
import type { Point } from "../reader/geometry";
import { isForm, isHandwriting, type Drawable } from "./mark";
import { endsOf, formLines } from "./shape";

/** From a point to the nearest part of a mark; 0 on it. A frame is hit at its line, not inside. */
export function distance(mark: Drawable, point: Point): number {
  const half = (mark.widthPt ?? 0) / 2;
  if (isForm(mark.kind)) {
    const ends = endsOf(mark);
    if (!ends) return Infinity;
    return Math.max(0, least(formLines(mark.kind, ends[0], ends[1], mark.widthPt ?? 1).map((line) => toLine(point, line))) - half);
  }
  if (isHandwriting(mark.kind)) {
    return Math.max(0, least((mark.strokes ?? []).map((stroke) => toLine(point, stroke.map(([x, y]) => ({ x, y }))))) - half);
  }
  return least(mark.rects.map(([left, bottom, right, top]) =>
    Math.hypot(Math.max(left - point.x, 0, point.x - right), Math.max(bottom - point.y, 0, point.y - top))));
}

/** Whether a closed line around some marks holds this one: more than half of it lies inside. */
export function isHeld(mark: Drawable, lasso: readonly Point[]): boolean {
  const points = samples(mark);
  const inside = points.filter((point) => isInside(point, lasso)).length;
  return points.length > 0 && inside * 2 > points.length;
}

/** Points spread over what one sees of a mark. */
function samples(mark: Drawable): Point[] {
  if (isHandwriting(mark.kind)) return (mark.strokes ?? []).flat().map(([x, y]) => ({ x, y }));
  if (isForm(mark.kind)) {
    const ends = endsOf(mark);
    // An arrow is where its line is, not its head.
    return ends ? dense(formLines(mark.kind, ends[0], ends[1], mark.widthPt ?? 1)[0] ?? []) : [];
  }
  return mark.rects.flatMap(([left, bottom, right, top]) => {
    const y = (bottom + top) / 2;
    return [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => ({ x: left + (right - left) * share, y }));
  });
}

/** The middle of each part of a line beside its corners, so that two corners alone do not decide. */
const dense = (line: Point[]): Point[] =>
  line.slice(1).flatMap((to, index) => {
    const from = line[index] ?? to;
    return [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => ({ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }));
  });

/** Even-odd rule; the line closes by itself. */
export function isInside({ x, y }: Point, polygon: readonly Point[]): boolean {
  let inside = false;
  for (let index = 0, before = polygon.length - 1; index < polygon.length; before = index, index += 1) {
    const a = polygon[index];
    const b = polygon[before];
    if (a && b && a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

const least = (distances: number[]): number => distances.reduce((a, b) => Math.min(a, b), Infinity);

function toLine(point: Point, line: readonly Point[]): number {
  const [only] = line;
  if (only && line.length === 1) return Math.hypot(only.x - point.x, only.y - point.y);
  let found = Infinity;
  for (let index = 1; index < line.length; index += 1) {
    const from = line[index - 1];
    const to = line[index];
    if (from && to) found = Math.min(found, toSegment(point, from, to));
  }
  return found;
}

function toSegment({ x, y }: Point, a: Point, b: Point): number {
  const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / length));
  return Math.hypot(x - a.x - along * (b.x - a.x), y - a.y - along * (b.y - a.y));
}
