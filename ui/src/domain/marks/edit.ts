// What a selection is changed into: moved, coloured, made wider, doubled, turned into another stamp. Pure: marks in, deeds out.
import type { Mark } from "../../host/generated/Mark";
import type { StampName } from "../../host/generated/StampName";
import type { Box, Point } from "../reader/geometry";
import { hundredth } from "./ink";
import { colorsOf, hasWidth, isMovable, type Deed, type Drawable, type Draft } from "./mark";
import { lettered, type Look } from "./reshape";

/** Where a copy is laid beside its original, points. */
const BESIDE: Point = { x: 12, y: -12 };

/** The same mark somewhere else, points to the right and up. */
export function moved<T extends Drawable>(mark: T, by: Point): T {
  const place = (value: number, along: number) => hundredth(value + along);
  return {
    ...mark,
    rects: mark.rects.map(([left, bottom, right, top]): Box => [place(left, by.x), place(bottom, by.y), place(right, by.x), place(top, by.y)]),
    ...(mark.strokes ? { strokes: mark.strokes.map((stroke) => stroke.map(([x, y, pressure]): [number, number, number] => [place(x, by.x), place(y, by.y), pressure])) } : {}),
  };
}

/** Moves what can be moved. */
export function moveDeeds(marks: readonly Mark[], by: Point): Deed[] {
  if (by.x === 0 && by.y === 0) return [];
  const movable = marks.filter(isMovable);
  return changeDeeds(movable, movable.map((mark) => moved(mark, by)));
}

/** Lays marks as they are now where they lay before, in the same order; what has not changed is left alone. */
export function changeDeeds(before: readonly Mark[], now: readonly Mark[]): Deed[] {
  return before.flatMap((mark, at): Deed[] => {
    const { rects, strokes } = now[at] ?? mark;
    if (isSame(mark.rects, rects) && isSame(mark.strokes, strokes)) return [];
    return [{ kind: "update", change: { id: mark.id, ...(mark.rects.length > 0 ? { rects } : {}), ...(strokes ? { strokes } : {}) } }];
  });
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Colours what can have the colour and has another. */
export const colorDeeds = (marks: readonly Mark[], color: string): Deed[] =>
  marks.filter((mark) => mark.color !== color && colorsOf(mark.kind).includes(color)).map((mark) => ({ kind: "update", change: { id: mark.id, color } }));

export const widthDeeds = (marks: readonly Mark[], widthPt: number): Deed[] =>
  marks.filter((mark) => hasWidth(mark.kind) && mark.widthPt !== widthPt).map((mark) => ({ kind: "update", change: { id: mark.id, widthPt } }));

/** Writes words in another size; their boxes are as high as they are then. */
export const letterDeeds = (marks: readonly Mark[], sizePt: number, look: Look): Deed[] =>
  marks.filter((mark) => mark.kind === "textBox" && mark.widthPt !== sizePt)
    .map((mark) => ({ kind: "update", change: { id: mark.id, widthPt: sizePt, rects: lettered(mark, sizePt, look).rects } }));

export const stampDeeds = (marks: readonly Mark[], stamp: StampName): Deed[] =>
  marks.filter((mark) => mark.kind === "stamp" && mark.stamp !== stamp).map((mark) => ({ kind: "update", change: { id: mark.id, stamp } }));

export const deleteDeeds = (marks: readonly Mark[]): Deed[] => marks.map((mark) => ({ kind: "delete", id: mark.id }));

/** Copies beside their originals; what lies on words has no second place and is left out. */
export const copyDeeds = (marks: readonly Mark[]): Deed[] =>
  marks.filter(isMovable).map((mark) => ({ kind: "create", mark: draftOf(moved(mark, BESIDE)) }));

/** A new mark like this one. */
function draftOf({ kind, page = 0, rects, color, widthPt, stamp, strokes, text }: Mark): Draft {
  return {
    kind, page, rects, ...(color === undefined ? {} : { color }), ...(widthPt === undefined ? {} : { widthPt }), ...(stamp === undefined ? {} : { stamp }),
    ...(strokes === undefined ? {} : { strokes }), ...(text === undefined ? {} : { text }),
  };
}

/** The colours that any of some marks may have, in the order of their palettes. */
export const colorsFor = (marks: readonly Mark[]): string[] => [...new Set(marks.flatMap((mark) => colorsOf(mark.kind)))];

/** What all of them have in common; nothing where they differ. */
export function common<T>(marks: readonly Mark[], part: (mark: Mark) => T | undefined): T | undefined {
  const [first, ...others] = marks.map(part).filter((value) => value !== undefined);
  return others.every((value) => value === first) ? first : undefined;
}
