// Which page with hits comes next. Pure.

/** The page after or before; past the last comes the first. The page itself counts when nothing on it was looked at yet. */
export function nextPage(pages: number[], direction: 1 | -1, from: number, countsItself: boolean): number {
  const ordered = direction === 1 ? pages : [...pages].reverse();
  const isBeyond = (page: number) => (direction === 1 ? page > from : page < from) || (countsItself && page === from);
  return ordered.find(isBeyond) ?? ordered[0] ?? from;
}
