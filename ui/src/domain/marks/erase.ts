// What a rubber takes away of a stroke: the parts inside its circle. Pure; PDF points.
import type { Point } from "../reader/geometry";
import { hundredth, type InkPoint } from "./ink";

/** Pieces shorter than this are dust, points. */
const DUST_PT = 0.6;

/** The circles of a rubber led from one point to another, close enough to leave nothing between them. */
export function circles(from: Point, to: Point, radius: number): Point[] {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / (radius / 2)));
  return Array.from({ length: steps }, (_, step) => {
    const share = (step + 1) / steps;
    return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
  });
}

/**
 * What is left of strokes outside a circle, in pieces.
 *
 * Result: nothing where the circle touches none of them; else all strokes, those that were touched in their pieces.
 */
export function rubbed(strokes: readonly InkPoint[][], center: Point, radius: number): InkPoint[][] | undefined {
  let isTouched = false;
  const left = strokes.flatMap((stroke) => {
    const pieces = cut(stroke, center, radius);
    if (!pieces) return [stroke];
    isTouched = true;
    return pieces;
  });
  return isTouched ? left : undefined;
}

function cut(stroke: readonly InkPoint[], center: Point, radius: number): InkPoint[][] | undefined {
  const [only] = stroke;
  if (only && stroke.length === 1) return isIn(only, center, radius) ? [] : undefined;
  const pieces: InkPoint[][] = [];
  let piece: InkPoint[] = [];
  let isTouched = false;
  const close = () => {
    if (length(piece) > DUST_PT) pieces.push(piece);
    piece = [];
  };
  stroke.forEach((to, index) => {
    const from = stroke[index - 1];
    if (!from) {
      if (isIn(to, center, radius)) isTouched = true;
      else piece.push(to);
      return;
    }
    const inside = within(from, to, center, radius);
    if (!inside) {
      piece.push(to);
      return;
    }
    isTouched = true;
    const [start, end] = inside;
    if (start > 0) piece.push(between(from, to, start));
    close();
    if (end < 1) piece.push(between(from, to, end), to);
  });
  if (!isTouched) return undefined;
  close();
  return pieces;
}

/** The part of a segment inside a circle, as shares of its length; nothing where it stays outside. */
function within([ax, ay]: InkPoint, [bx, by]: InkPoint, { x, y }: Point, radius: number): [number, number] | undefined {
  const [dx, dy, fx, fy] = [bx - ax, by - ay, ax - x, ay - y];
  const a = dx * dx + dy * dy;
  const c = fx * fx + fy * fy - radius * radius;
  if (a === 0) return c <= 0 ? [0, 1] : undefined;
  const b = 2 * (fx * dx + fy * dy);
  const root = b * b - 4 * a * c;
  if (root <= 0) return undefined;
  const start = (-b - Math.sqrt(root)) / (2 * a);
  const end = (-b + Math.sqrt(root)) / (2 * a);
  return end <= 0 || start >= 1 ? undefined : [Math.max(0, start), Math.min(1, end)];
}

const isIn = ([x, y]: InkPoint, center: Point, radius: number): boolean => Math.hypot(x - center.x, y - center.y) <= radius;
const between = (from: InkPoint, to: InkPoint, share: number): InkPoint =>
  [0, 1, 2].map((part) => hundredth((from[part] ?? 0) + ((to[part] ?? 0) - (from[part] ?? 0)) * share)) as InkPoint;
const length = (piece: readonly InkPoint[]): number =>
  piece.reduce((sum, [x, y], index) => sum + (index === 0 ? 0 : Math.hypot(x - (piece[index - 1]?.[0] ?? x), y - (piece[index - 1]?.[1] ?? y))), 0);
