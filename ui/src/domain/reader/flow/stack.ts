// The pages of the reading mode below each other: their heights are known once they were shown, and guessed until then. Pure. CSS px.

/** Pages on each side of the view that exist, however low the pages are: a screen reader goes on from one to the next. */
const BESIDE = 1;

/** Where each page begins; one more entry for the end of the last. */
export function topsOf(count: number, known: ReadonlyMap<number, number>, guess: number): Float64Array {
  const tops = new Float64Array(count + 1);
  for (let page = 0; page < count; page += 1) tops[page + 1] = (tops[page] ?? 0) + (known.get(page) ?? guess);
  return tops;
}

/** A height for pages that were not shown yet: the mean of those that were. */
export function guessOf(known: ReadonlyMap<number, number>, otherwise: number): number {
  if (known.size === 0) return otherwise;
  let sum = 0;
  for (const height of known.values()) sum += height;
  return sum / known.size;
}

/** The page at this height: the last one that begins at or above it. */
export function pageAt(tops: Float64Array, y: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** First and last page that exist: within a view's height of the view, and at least one more on each side. */
export function near(tops: Float64Array, top: number, height: number): [number, number] {
  const last = Math.max(0, tops.length - 2);
  const first = Math.min(pageAt(tops, top - height), pageAt(tops, top) - BESIDE);
  const end = Math.max(pageAt(tops, top + 2 * height), pageAt(tops, top + height) + BESIDE);
  return [Math.max(0, first), Math.min(last, end)];
}

/** The block that is read at a place of the page: the last one that begins at or above it. `tops` and `share` are shares of the page's height. */
export function blockAt(tops: readonly number[], share: number): number {
  let found = 0;
  tops.forEach((top, index) => {
    // In two columns a later block begins higher up: the one that begins nearest above counts.
    if (top <= share + 0.005 && top >= (tops[found] ?? 0)) found = index;
  });
  return found;
}
