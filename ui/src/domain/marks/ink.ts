// Strokes: from pointer events to points with pressure, from points to an outline. Pure; PDF points of the unrotated page.
import { getStroke } from "perfect-freehand";
import type { Point } from "../reader/geometry";

/** x, y in PDF points, pressure 0 to 1. */
export type InkPoint = [number, number, number];

/** Steps shorter than this (PDF points) carry nothing but noise. */
const LEAST_STEP_PT = 0.15;
/** A stroke that ends within this angle of upright or level becomes so when it is drawn straight; radians (5°). */
const SNAP = (5 * Math.PI) / 180;

/** Adds a point unless it repeats the last one; mice report no pressure and get an even one. */
export function extend(stroke: InkPoint[], point: Point, pressure: number, hasPressure: boolean): void {
  const last = stroke[stroke.length - 1];
  const force = hasPressure ? Math.min(1, Math.max(0.02, pressure)) : 0.5;
  if (last && Math.hypot(last[0] - point.x, last[1] - point.y) < LEAST_STEP_PT) return;
  stroke.push([hundredth(point.x), hundredth(point.y), hundredth(force)]);
}

/** To 1/100, as strokes are kept. */
export const hundredth = (value: number): number => Math.round(value * 100) / 100;

/** The same stroke as a straight line from its first point to `end`; nearly level and nearly upright ones become so. */
export function straightened(stroke: readonly InkPoint[], end: Point): InkPoint[] {
  const [first] = stroke;
  if (!first) return [];
  const [x, y] = first;
  const angle = Math.atan2(end.y - y, end.x - x);
  const quarter = Math.round(angle / (Math.PI / 2)) * (Math.PI / 2);
  const isNear = Math.abs(angle - quarter) < SNAP;
  const isLevel = Math.abs(Math.cos(quarter)) > 0.5;
  const to = isNear ? (isLevel ? { x: end.x, y } : { x, y: end.y }) : end;
  const pressure = hundredth(stroke.reduce((sum, point) => sum + point[2], 0) / stroke.length);
  return [[x, y, pressure], [hundredth(to.x), hundredth(to.y), pressure]];
}

/**
 * The outline of a stroke as an SVG path, in the units of its points.
 *
 * `isFlat`: even width, as a highlighter draws; else thicker where it was pressed.
 */
export function outline(stroke: readonly InkPoint[], widthPt: number, isFlat = false): string {
  const shape = isFlat ? { size: widthPt, thinning: 0 } : { size: widthPt * 1.6, thinning: 0.5 };
  const edge = getStroke(stroke as InkPoint[], { ...shape, smoothing: 0.5, streamline: 0.3, simulatePressure: false, last: true });
  if (edge.length === 0) return "";
  const parts = edge.map(([x = 0, y = 0], index) => {
    const [nextX = 0, nextY = 0] = edge[(index + 1) % edge.length] ?? [];
    return `${x.toFixed(2)} ${y.toFixed(2)} ${((x + nextX) / 2).toFixed(2)} ${((y + nextY) / 2).toFixed(2)}`;
  });
  const [startX = 0, startY = 0] = edge[0] ?? [];
  return `M${startX.toFixed(2)} ${startY.toFixed(2)} Q${parts.join(" ")} Z`;
}
