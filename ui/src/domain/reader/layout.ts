// The stack of pages in the scroll: where each lies, which are near the view, which tiles they need. Pure. Lengths in CSS px unless named.

export interface Size { widthPt: number; heightPt: number }
export interface Stack { tops: Float64Array; total: number; widest: number; scale: number }
export interface Tile { x: number; y: number; w: number; h: number }

/** Space between two pages, and before the first. */
export const GAP = 16;
/** Edge of a tile in device px: small enough to cancel cheaply, large enough to need few. */
export const TILE = 1024;
export const MIN_SCALE = 0.1;
export const MAX_SCALE = 8 * (96 / 72);

/** Kept free above the first page and below the last: the ways to the files before and after. */
export interface Room { head: number; foot: number }
export const NO_ROOM: Room = { head: 0, foot: 0 };

/** Lays the pages below each other at `scale` CSS px per point. */
export function stack(sizes: Size[], scale: number, { head, foot }: Room = NO_ROOM): Stack {
  const tops = new Float64Array(sizes.length);
  let y = head + GAP;
  let widest = 0;
  sizes.forEach((size, index) => {
    tops[index] = y;
    y += size.heightPt * scale + GAP;
    widest = Math.max(widest, size.widthPt * scale);
  });
  return { tops, total: y + foot, widest, scale };
}

/** One page alone, in the middle of a view of this height where it is lower; no height leads to another page. */
export function single(sizes: Size[], page: number, scale: number, height: number, { head, foot }: Room = NO_ROOM): Stack {
  const size = sizes[page] ?? { widthPt: 0, heightPt: 0 };
  const above = page === 0 ? head : 0;
  const below = page === sizes.length - 1 ? foot : 0;
  const top = above + GAP + Math.max(0, (height - above - below - size.heightPt * scale - 2 * GAP) / 2);
  const tops = new Float64Array(sizes.length).fill(Infinity).fill(-Infinity, 0, page);
  if (page < sizes.length) tops[page] = top;
  return { tops, total: top + size.heightPt * scale + GAP + below, widest: size.widthPt * scale, scale };
}

/** The page at this height: the last one that begins at or above it. */
export function pageAt({ tops }: Stack, y: number): number {
  let low = 0;
  let high = tops.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** First and last page within `margin` of the view. */
export function visible(layout: Stack, top: number, height: number, margin: number): [number, number] {
  return [pageAt(layout, Math.max(0, top - margin)), pageAt(layout, top + height + margin)];
}

/** The scale at which the widest common page fits; a single wide plan does not shrink the rest. */
export function fitWidth(sizes: Size[], width: number): number {
  const widths = sizes.map((size) => size.widthPt).sort((a, b) => a - b);
  const common = widths[Math.floor(widths.length / 2)] ?? 595;
  return clampScale((width - 2 * GAP) / common);
}

/** The scale at which a page is wholly seen. */
export function fitPage({ widthPt, heightPt }: Size, width: number, height: number): number {
  return clampScale(Math.min((width - 2 * GAP) / widthPt, (height - 2 * GAP) / heightPt));
}

/** Widths in rem. Source: the look, section 4. */
const PAGE_REM = 46.5;
const PAGE_WIDE_REM = 51;
const WIDE_REM = 60;
/** Margin kept free for notes beside the page, before pages move to the middle; rem. */
const MARGIN_REM = 28;

/** The width given to a page when nobody has zoomed: wide enough to read, with a margin for notes where there is room. */
export function readingWidth(width: number, rem: number): number {
  return Math.min(width, (width < WIDE_REM * rem ? PAGE_REM : PAGE_WIDE_REM) * rem + 2 * GAP);
}

/** Where a page begins: at the left while the room beside it is a note margin, in the middle of what is beyond that. */
export function leftOf(pageWidth: number, inner: number, width: number, rem: number): number {
  const free = inner - pageWidth;
  if (inner > width || free <= 2 * GAP) return Math.max(0, free / 2);
  return GAP + Math.max(0, (free - 2 * GAP - MARGIN_REM * rem) / 2);
}

export const clampScale = (scale: number): number => Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale));

/** The tiles of a page of `width` × `height` device px that touch the window `view` (device px of the page). */
export function tiles(width: number, height: number, view: Tile): Tile[] {
  const found: Tile[] = [];
  const w = Math.max(1, Math.round(width));
  const h = Math.max(1, Math.round(height));
  for (let y = Math.max(0, Math.floor(view.y / TILE) * TILE); y < Math.min(h, view.y + view.h); y += TILE) {
    for (let x = Math.max(0, Math.floor(view.x / TILE) * TILE); x < Math.min(w, view.x + view.w); x += TILE) {
      found.push({ x, y, w: Math.min(TILE, w - x), h: Math.min(TILE, h - y) });
    }
  }
  return found;
}

/** Whether two parts have more in common than an edge. */
export const touches = (one: Tile, other: Tile): boolean => one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;

/** Along one axis: where a page begins, and its scale in CSS px per point. */
export interface Axis { start: number; scale: number }

/** Where the scroll must stand so that the point of the page under the pointer stays there while the scale changes. */
export function anchoredScroll(scroll: number, pointer: number, before: Axis, after: Axis): number {
  return after.start + ((scroll + pointer - before.start) / before.scale) * after.scale - pointer;
}

/** Tiles further ahead than the view itself that are asked for, at most: each holds 4 MB of picture. */
const MOST_AHEAD = 8;

/** The tiles of the part `ahead` that are not in the view, those nearest to it first; both parts in device px of the page. */
export function tilesAhead(width: number, height: number, view: Tile, ahead: Tile): Tile[] {
  const here = new Set(tiles(width, height, view).map(({ x, y }) => `${x}:${y}`));
  const middle = { x: view.x + view.w / 2, y: view.y + view.h / 2 };
  const away = ({ x, y, w, h }: Tile) => Math.hypot(x + w / 2 - middle.x, y + h / 2 - middle.y);
  return tiles(width, height, ahead).filter(({ x, y }) => !here.has(`${x}:${y}`)).sort((a, b) => away(a) - away(b)).slice(0, MOST_AHEAD);
}
