// The part of a page that a canvas covers: all of it while that is affordable, else what is seen and some more. Pure.
export interface Frame { x: number; y: number; width: number; height: number }

/** Most px of one canvas: 16 million are 64 MB. */
const MOST_PX = 16_000_000;
/** What is not seen is drawn this far, and windows move in such steps: a small scroll draws nothing anew. CSS px. */
const STEP = 256;

/**
 * The window of the page, CSS px of the page.
 *
 * `page`: its size; `view`: what is seen of it, may lie outside; `ratio`: device px for each CSS px.
 */
export function canvasWindow(page: { width: number; height: number }, view: Frame, ratio: number): Frame {
  if (page.width * page.height * ratio * ratio <= MOST_PX) return { x: 0, y: 0, ...page };
  const [x, width] = part(view.x, view.width, page.width);
  const [y, height] = part(view.y, view.height, page.height);
  return { x, y, width, height };
}

function part(from: number, length: number, whole: number): [number, number] {
  const start = Math.max(0, Math.min(Math.floor((from - STEP / 2) / STEP) * STEP, whole));
  const end = Math.max(start, Math.min(whole, Math.ceil((from + length + STEP / 2) / STEP) * STEP));
  return [start, end - start];
}

/** What of a frame lies on a page; the middle of the page where nothing does. */
export function within({ x, y, width, height }: Frame, page: { width: number; height: number }): Frame {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(page.width, x + width), Math.min(page.height, y + height)];
  return right <= left || bottom <= top ? { x: 0, y: 0, ...page } : { x: left, y: top, width: right - left, height: bottom - top };
}
