// A mark of an older version laid by hand on a page of the one that is open. Pure.
import type { Mark } from "../../host/generated/Mark";
import type { MarkUpdateRequest } from "../../host/generated/MarkUpdateRequest";
import type { Box } from "../reader/geometry";
import type { Selection } from "../reader/selection";
import { moved } from "./edit";
import { isMovable } from "./mark";

/** Whether it can be laid anywhere; what lies on words needs words. */
export const needsWords = (mark: Mark): boolean => !isMovable(mark);

/** On selected words. */
export const laidOnWords = (mark: Mark, page: number, { rects, quote }: Selection): MarkUpdateRequest => ({ id: mark.id, rects, onto: { page, quote } });

/** Where it stood on its old page, or as near to it as this page has room. `shown`: the part of the page that is shown, points. */
export function laidOnPage(mark: Mark, page: number, shown: Box): MarkUpdateRequest {
  const [left, bottom, right, top] = extent(mark);
  const into = (from: number, to: number, least: number, most: number) => (to > most ? Math.max(most - to, least - from) : Math.max(0, least - from));
  const { rects, strokes } = moved(mark, { x: into(left, right, shown[0], shown[2]), y: into(bottom, top, shown[1], shown[3]) });
  return { id: mark.id, onto: { page }, ...(rects.length > 0 ? { rects } : {}), ...(strokes ? { strokes } : {}) };
}

function extent({ rects, strokes = [] }: Mark): Box {
  const boxes: Box[] = [...rects, ...strokes.flat().map(([x, y]): Box => [x, y, x, y])];
  const [first, ...others] = boxes;
  if (!first) return [0, 0, 0, 0];
  return others.reduce<Box>((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])], first);
}
