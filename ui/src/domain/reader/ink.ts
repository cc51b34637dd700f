// Pen strokes: from pointer events to points with pressure, from points to an outline. Pure.
import { getStroke } from "perfect-freehand";
import type { Point } from "./geometry";

/** x, y in PDF points, pressure 0 to 1. */
export type InkPoint = [number, number, number];

/** Steps shorter than this (PDF points) carry nothing but noise. */
const LEAST_STEP_PT = 0.15;

/** Adds a point unless it repeats the last one; mice report no pressure and get an even one. */
export function extend(stroke: InkPoint[], point: Point, pressure: number, hasPressure: boolean): void {
  const last = stroke[stroke.length - 1];
  const force = hasPressure ? Math.min(1, Math.max(0.02, pressure)) : 0.5;
  if (last && Math.hypot(last[0] - point.x, last[1] - point.y) < LEAST_STEP_PT) return;
  stroke.push([round(point.x), round(point.y), round(force)]);
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** The outline of a stroke as an SVG path, in the units of its points. */
export function outline(stroke: InkPoint[], widthPt: number, place: (point: Point) => Point): string {
  const points = stroke.map(([x, y, pressure]) => {
    const at = place({ x, y });
    return [at.x, at.y, pressure];
  });
  const edge = getStroke(points, { size: widthPt * 1.6, thinning: 0.5, smoothing: 0.5, streamline: 0.3, simulatePressure: false, last: true });
  if (edge.length === 0) return "";
  const parts = edge.map(([x = 0, y = 0], index) => {
    const [nextX = 0, nextY = 0] = edge[(index + 1) % edge.length] ?? [];
    return `${x.toFixed(2)} ${y.toFixed(2)} ${((x + nextX) / 2).toFixed(2)} ${((y + nextY) / 2).toFixed(2)}`;
  });
  const [startX = 0, startY = 0] = edge[0] ?? [];
  return `M${startX.toFixed(2)} ${startY.toFixed(2)} Q${parts.join(" ")} Z`;
}
