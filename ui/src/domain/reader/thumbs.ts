// The grid of small pages in the panel: where each stands, which are near the view, where keys lead. Pure; lengths in CSS px unless named.
import type { Size } from "./layout";

export interface Grid { columns: number; count: number; cell: number; image: number; row: number; total: number }

/** Least width of one small page, and the height of its number; rem. */
const LEAST_CELL_REM = 8;
const LABEL_REM = 2;
/** Space between two small pages. */
const GAP = 12;
/** Height of the box for an image as a share of its width: that of A4. Pages lying on their side stand in it with space around. */
const BOX = Math.SQRT2;

/** Lays `count` pages into a list of this width. */
export function grid(count: number, width: number, rem: number): Grid {
  const columns = Math.max(1, Math.floor((width + GAP) / (LEAST_CELL_REM * rem + GAP)));
  const cell = Math.max(1, (width - GAP * (columns - 1)) / columns);
  const image = Math.round(cell * BOX);
  const row = image + LABEL_REM * rem + GAP;
  return { columns, count, cell, image, row, total: Math.ceil(count / columns) * row };
}

export const topOf = ({ columns, row }: Grid, index: number): number => Math.floor(index / columns) * row;
export const leftOf = ({ columns, cell }: Grid, index: number): number => (index % columns) * (cell + GAP);

/** First and one past the last page to have ready: those in view and one row either way. */
export function ready({ columns, count, row }: Grid, top: number, height: number): [number, number] {
  const first = Math.max(0, Math.floor(top / row) - 1) * columns;
  const last = (Math.ceil((top + height) / row) + 1) * columns;
  return [Math.min(first, count), Math.min(Math.max(last, 0), count)];
}

/** Where the list must stand so that a page is wholly seen; unchanged if it is. */
export function reveal(layout: Grid, index: number, top: number, height: number): number {
  const y = topOf(layout, index);
  if (y < top) return y;
  if (y + layout.row > top + height) return Math.max(0, Math.min(y, y + layout.row - height));
  return top;
}

/** The page that a key leads to; nothing for other keys. */
export function step({ columns, count, row }: Grid, index: number, key: string, height: number): number | undefined {
  const rows = Math.max(1, Math.floor(height / row));
  const by: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, PageUp: -columns * rows, PageDown: columns * rows, Home: -count, End: count };
  const move = by[key];
  if (move === undefined || count === 0) return undefined;
  const wanted = index + move;
  // Up from the first row and down from the last lead nowhere; pages and ends lead as far as they can.
  if ((key === "ArrowUp" || key === "ArrowDown") && (wanted < 0 || wanted >= count)) return index;
  return Math.min(count - 1, Math.max(0, wanted));
}

/** The size of a page fitted into its box. */
export function fitted({ widthPt, heightPt }: Size, { cell, image }: Grid): { width: number; height: number } {
  const scale = Math.min(cell / widthPt, image / heightPt);
  return { width: Math.max(1, widthPt * scale), height: Math.max(1, heightPt * scale) };
}
