// How forms, text boxes, stamps and handwriting come to another size: where they are held, and what becomes of them then. Pure; PDF points of the unrotated page.
import { boxToShown, fromShown, toShown, type Box, type Point, type Shown } from "../reader/geometry";
import { hundredth, type InkPoint } from "./ink";
import { isForm, isHandwriting, type Drawable, type Form } from "./mark";
import { around, endsOf, evened, LEAST_FORM_PT } from "./shape";
import { boxAt, heightOf } from "./text-box";

/** What sizes depend on: how the page is shown, how it stood before the view turned it, and how wide words are in points. */
export interface Look { shown: Shown; upright: Shown; measure: (text: string, sizePt: number) => number }

/** Where a mark is held: which of its two ends or edges follows in x and which in y. A text box is held at its sides. */
export interface Handle { x: 0 | 1; y: 0 | 1; at: Point }

/** A text box is at least as wide as about two letters, a stamp stays readable; points. */
const LEAST_TEXT_PT = 24;
const LEAST_STAMP_PT = 30;
/** Handwriting stays large enough to be seen and taken; points of its longer side. */
const LEAST_INK_PT = 6;
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]] as const;
const ENDS = [[0, 0], [1, 1]] as const;

const isLine = (form: Form): boolean => form === "line" || form === "arrow";
const other = (end: 0 | 1): 0 | 1 => (end === 0 ? 1 : 0);

/** Whether a mark can be given another size. */
export function isSizable(mark: Drawable): boolean {
  if (isForm(mark.kind)) return endsOf(mark) !== undefined;
  if (isHandwriting(mark.kind)) return inkBox(mark) !== undefined;
  return (mark.kind === "textBox" || mark.kind === "stamp") && mark.rects[0] !== undefined;
}

/** Where a mark can be held; nowhere if it has no size of its own. */
export function handlesOf(mark: Drawable, { upright }: Pick<Look, "upright">): Handle[] {
  const [rect] = mark.rects;
  if (mark.kind === "textBox" && rect) {
    const { x, y, width, height } = boxToShown(rect, upright);
    return ENDS.map(([side, end]) => ({ x: side, y: end, at: fromShown({ x: x + side * width, y: y + height / 2 }, upright) }));
  }
  const two = twoOf(mark);
  if (!two) return [];
  return (isForm(mark.kind) && isLine(mark.kind) ? ENDS : CORNERS).map(([x, y]) => ({ x, y, at: { x: two[x].x, y: two[y].y } }));
}

/** A mark held at a handle that is led to a point; `isEven`: square, round, in steps of 45°. It never gets so small that it is lost. */
export function reshaped<T extends Drawable>(mark: T, handle: Handle, to: Point, look: Look, isEven = false): T {
  const at = within(to, look.shown.box);
  if (isForm(mark.kind)) return formed(mark, mark.kind, handle, at, isEven);
  if (mark.kind === "textBox") {
    const [rect] = mark.rects;
    if (!rect) return mark;
    const { x, width } = boxToShown(rect, look.upright);
    const edge = toShown(at, look.upright).x;
    return handle.x === 1 ? worded(mark, x, edge - x, look) : worded(mark, Math.min(edge, x + width - LEAST_TEXT_PT), x + width - edge, look);
  }
  const two = twoOf(mark);
  if (!two) return mark;
  const [corner, fixed] = [{ x: two[handle.x].x, y: two[handle.y].y }, { x: two[other(handle.x)].x, y: two[other(handle.y)].y }];
  const way = { x: corner.x - fixed.x, y: corner.y - fixed.y };
  return stretched(mark, fixed, corner, ((at.x - fixed.x) * way.x + (at.y - fixed.y) * way.y) / (way.x ** 2 + way.y ** 2 || 1), look);
}

/** A mark grown by a step to the right and down, as it is seen, as keys do: a line at its end, all else at its lower right. */
export function grown<T extends Drawable>(mark: T, step: Point, look: Look): T {
  if (mark.kind === "textBox") {
    const [rect] = mark.rects;
    if (!rect) return mark;
    const { x, width } = boxToShown(rect, look.upright);
    const [from, to] = [{ x: 0, y: 0 }, step].map((point) => toShown(fromShown(point, look.shown), look.upright)) as [Point, Point];
    return worded(mark, x, width + to.x - from.x, look);
  }
  const handle = lowerRight(mark, look);
  if (!handle) return mark;
  if (mark.kind === "stamp" || isHandwriting(mark.kind)) return byFactor(mark, handle, step.x + step.y, look);
  const seen = toShown(handle.at, look.shown);
  const next = reshaped(mark, handle, fromShown({ x: seen.x + step.x, y: seen.y + step.y }, look.shown), look);
  // A form that has become flat does not turn over.
  return isForm(mark.kind) && !isLine(mark.kind) && isTurned(mark, next) ? mark : next;
}

/** A mark so many times as large: forms about their middle, all else from its upper left. */
export function scaled<T extends Drawable>(mark: T, factor: number, look: Look): T {
  const ends = endsOf(mark);
  if (isForm(mark.kind) && ends) {
    const middle = { x: (ends[0].x + ends[1].x) / 2, y: (ends[0].y + ends[1].y) / 2 };
    const [from, to] = ends.map(({ x, y }) => within({ x: middle.x + (x - middle.x) * factor, y: middle.y + (y - middle.y) * factor }, look.shown.box)) as [Point, Point];
    return Math.hypot(to.x - from.x, to.y - from.y) < LEAST_FORM_PT ? mark : withEnds(mark, from, to);
  }
  if (isHandwriting(mark.kind)) {
    const handle = lowerRight(mark, look);
    return handle ? byFactor(mark, handle, longOf(mark) * (factor - 1), look) : mark;
  }
  const [rect] = mark.rects;
  if (!rect || !isSizable(mark)) return mark;
  const { x, width } = boxToShown(rect, look.upright);
  if (mark.kind === "textBox") return worded(mark, x, width * factor, look);
  const handle = lowerRight(mark, look);
  return handle ? byFactor(mark, handle, width * (factor - 1), look) : mark;
}

/** Words in another size of letters, as broad as before. */
export function lettered<T extends Drawable>(mark: T, sizePt: number, look: Look): T {
  const [rect] = mark.rects;
  if (!rect) return mark;
  const { x, width } = boxToShown(rect, look.upright);
  return worded({ ...mark, widthPt: sizePt }, x, width, look);
}

/** Width and height of what one sees of a mark, points; `length` of a line. */
export function extent(mark: Drawable, look: Look): { width: number; height: number; length?: number } {
  const two = twoOf(mark);
  if (!two) return { width: 0, height: 0 };
  const [a, b] = two.map((point) => toShown(point, look.shown)) as [Point, Point];
  const size = { width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
  return isForm(mark.kind) && isLine(mark.kind) ? { ...size, length: Math.hypot(size.width, size.height) } : size;
}

/** The two ends of a form, or two opposite corners of a box. */
function twoOf(mark: Drawable): readonly [Point, Point] | undefined {
  if (isForm(mark.kind)) return endsOf(mark);
  if (isHandwriting(mark.kind)) {
    const box = inkBox(mark);
    return box && [{ x: box[0], y: box[1] }, { x: box[2], y: box[3] }];
  }
  const [rect] = mark.rects;
  return rect && isSizable(mark) ? [{ x: rect[0], y: rect[1] }, { x: rect[2], y: rect[3] }] : undefined;
}

/** The box around the points of handwriting; none around a single dot, which has no size. */
function inkBox(mark: Drawable): Box | undefined {
  const box = around((mark.strokes ?? []).flat().map(([x, y]) => ({ x, y })));
  return box && (box[2] > box[0] || box[3] > box[1]) ? box : undefined;
}

/** The longer side of handwriting. */
function longOf(mark: Drawable): number {
  const [a, b] = twoOf(mark) ?? [];
  return a && b ? Math.max(b.x - a.x, b.y - a.y) : 0;
}

const within = ({ x, y }: Point, [left, bottom, right, top]: Box): Point => ({ x: Math.min(right, Math.max(left, x)), y: Math.min(top, Math.max(bottom, y)) });

function withEnds<T extends Drawable>(mark: T, from: Point, to: Point): T {
  const [stroke] = mark.strokes ?? [];
  const end = ({ x, y }: Point, at: 0 | 1): InkPoint => [hundredth(x), hundredth(y), stroke?.[at]?.[2] ?? 0.5];
  return { ...mark, strokes: [[end(from, 0), end(to, 1)]] };
}

function formed<T extends Drawable>(mark: T, form: Form, { x, y }: Handle, at: Point, isEven: boolean): T {
  const ends = endsOf(mark);
  if (!ends) return mark;
  const to = isEven ? evened(form, { x: ends[other(x)].x, y: ends[other(y)].y }, at) : at;
  const next = ends.map((end, index) => ({ x: index === x ? to.x : end.x, y: index === y ? to.y : end.y })) as [Point, Point];
  return Math.hypot(next[0].x - next[1].x, next[0].y - next[1].y) < LEAST_FORM_PT ? mark : withEnds(mark, ...next);
}

/** Words in another width, as they stood before the view turned the page; they say themselves how high they are. */
function worded<T extends Drawable>(mark: T, x: number, width: number, { upright, measure }: Look): T {
  const [rect] = mark.rects;
  if (!rect) return mark;
  const size = mark.widthPt ?? 11;
  const broad = Math.max(LEAST_TEXT_PT, width);
  const height = heightOf(mark.text ?? "", broad, size, (text) => measure(text, size));
  const box = boxAt({ x, y: boxToShown(rect, upright).y }, { width: broad, height }, upright);
  return { ...mark, rects: [box.map(hundredth) as Box] };
}

/** A stamp or handwriting led from one corner, as broad for its height as before; the pen stays as wide as it was. */
function stretched<T extends Drawable>(mark: T, fixed: Point, corner: Point, factor: number, { shown: { box } }: Look): T {
  const way = { x: corner.x - fixed.x, y: corner.y - fixed.y };
  const room = (from: number, by: number, low: number, high: number) => (by === 0 ? Infinity : ((by > 0 ? high : low) - from) / by);
  const most = Math.min(room(fixed.x, way.x, box[0], box[2]), room(fixed.y, way.y, box[1], box[3]));
  const long = Math.max(Math.abs(way.x), Math.abs(way.y)) || 1;
  // What is smaller already does not jump to the least size.
  const least = isHandwriting(mark.kind) ? Math.min(1, LEAST_INK_PT / long) : LEAST_STAMP_PT / long;
  const by = Math.max(least, Math.min(most, factor));
  if (isHandwriting(mark.kind)) {
    const point = ([x, y, pressure]: InkPoint): InkPoint => [hundredth(fixed.x + (x - fixed.x) * by), hundredth(fixed.y + (y - fixed.y) * by), pressure];
    return by === 1 ? mark : { ...mark, strokes: (mark.strokes ?? []).map((stroke) => stroke.map(point)) };
  }
  const to = { x: fixed.x + way.x * by, y: fixed.y + way.y * by };
  const edges: Box = [Math.min(fixed.x, to.x), Math.min(fixed.y, to.y), Math.max(fixed.x, to.x), Math.max(fixed.y, to.y)];
  return { ...mark, rects: [edges.map(hundredth) as Box] };
}

/** A stamp or handwriting larger by so many points of its longer side. */
function byFactor<T extends Drawable>(mark: T, handle: Handle, byPt: number, look: Look): T {
  const two = twoOf(mark);
  if (!two) return mark;
  const fixed = { x: two[other(handle.x)].x, y: two[other(handle.y)].y };
  const long = Math.max(Math.abs(handle.at.x - fixed.x), Math.abs(handle.at.y - fixed.y)) || 1;
  return stretched(mark, fixed, handle.at, (long + byPt) / long, look);
}

/** Where keys hold a mark: a line at its end, all else at the corner that is seen lower right. */
function lowerRight(mark: Drawable, look: Look): Handle | undefined {
  const handles = handlesOf(mark, look);
  if (handles.length === 2) return handles[1];
  const far = ({ at }: Handle) => {
    const { x, y } = toShown(at, look.shown);
    return x + y;
  };
  return handles.reduce<Handle | undefined>((best, handle) => (best && far(best) >= far(handle) ? best : handle), undefined);
}

/** Whether one of its sides has gone over to the other side. */
function isTurned(before: Drawable, after: Drawable): boolean {
  const [a, b] = [endsOf(before), endsOf(after)];
  if (!a || !b) return false;
  const sides = ([from, to]: readonly [Point, Point]) => [to.x - from.x, to.y - from.y];
  return sides(a).some((side, at) => Math.sign(side) * Math.sign(sides(b)[at] ?? 0) < 0);
}
