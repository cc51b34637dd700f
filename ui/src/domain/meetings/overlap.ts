// Which of one's own meetings take place at the same time. Pure.

/** How long a meeting is taken to last if the council gives no end, ms (2 hours): only to see an overlap, never to be shown. */
export const SUPPOSED_MS = 2 * 60 * 60 * 1000;

interface Timed { id: string; startAtMs: number; endAtMs?: number; isMine: boolean; cancelled: boolean }

/** The end that counts: the council's own if it lies after the beginning. */
const endOf = ({ startAtMs, endAtMs }: Timed): number => (endAtMs !== undefined && endAtMs > startAtMs ? endAtMs : startAtMs + SUPPOSED_MS);

/** For each of one's own meetings that overlaps others of one's own: those others, earliest first. */
export function overlaps<T extends Timed>(all: readonly T[]): Map<string, T[]> {
  const mine = all.filter((each) => each.isMine && !each.cancelled).sort((a, b) => a.startAtMs - b.startAtMs);
  const found = new Map<string, T[]>();
  const note = (of: T, other: T) => found.set(of.id, [...(found.get(of.id) ?? []), other]);
  mine.forEach((each, index) => {
    const end = endOf(each);
    for (const other of mine.slice(index + 1)) {
      if (other.startAtMs >= end) break;
      note(each, other);
      note(other, each);
    }
  });
  return found;
}
