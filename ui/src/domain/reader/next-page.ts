// In which order pages come when one goes on from one of them. Pure.

/** All pages in a direction, past the last comes the first; the page itself comes first when nothing on it was looked at yet, else last. */
export function pagesFrom(pages: readonly number[], direction: 1 | -1, from: number, countsItself: boolean): number[] {
  const ordered = direction === 1 ? [...pages] : [...pages].reverse();
  const isBeyond = (page: number) => (direction === 1 ? page > from : page < from) || (countsItself && page === from);
  const first = ordered.findIndex(isBeyond);
  return first < 0 ? ordered : [...ordered.slice(first), ...ordered.slice(0, first)];
}
