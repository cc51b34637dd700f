// Which mark lies under the finger. Pure; PDF points of the unrotated page.
import type { Mark } from "../../host/generated/Mark";
import type { Point } from "./geometry";

/** The topmost mark of the page within `reach` points of the point. */
export function hit(marks: Mark[], page: number, point: Point, reach: number): Mark | undefined {
  return [...marks].reverse().find((mark) => mark.page === page && distance(mark, point) <= reach);
}

function distance(mark: Mark, point: Point): number {
  if (mark.kind === "ink") {
    return Math.min(Infinity, ...(mark.strokes ?? []).flatMap((stroke) =>
      stroke.length === 1 ? stroke.map(([x, y]) => Math.hypot(x - point.x, y - point.y)) : stroke.slice(1).map((to, index) => toSegment(point, stroke[index] ?? to, to))));
  }
  return Math.min(Infinity, ...mark.rects.map(([left, bottom, right, top]) =>
    Math.hypot(Math.max(left - point.x, 0, point.x - right), Math.max(bottom - point.y, 0, point.y - top))));
}

function toSegment({ x, y }: Point, [ax, ay]: readonly [number, number, number], [bx, by]: readonly [number, number, number]): number {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
  return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
}
