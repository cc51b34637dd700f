// Jumps within a document, and the ways back and ahead. Pure.

/** A place: the page counted from 0, and the height of the view's upper edge on it in PDF points as shown (may be negative). */
export interface Spot { page: number; y: number }
/** The places left by jumps, latest last; and those left by going back, latest last. */
export interface Jumps { back: Spot[]; ahead: Spot[] }

export const NO_JUMPS: Jumps = { back: [], ahead: [] };
/** Places kept. */
const MOST = 50;

/** After a jump away from a place. Within the same page nothing is kept: there one scrolls. */
export function jumped(jumps: Jumps, from: Spot, toPage: number): Jumps {
  if (from.page === toPage) return jumps;
  const last = jumps.back[jumps.back.length - 1];
  const back = last && last.page === from.page ? jumps.back.slice(0, -1) : jumps.back;
  return { back: [...back, from].slice(-MOST), ahead: [] };
}

/** The place before the last jump. */
export function goBack({ back, ahead }: Jumps, now: Spot): { jumps: Jumps; to: Spot } | undefined {
  const to = back[back.length - 1];
  return to && { to, jumps: { back: back.slice(0, -1), ahead: [...ahead, now].slice(-MOST) } };
}

/** The place that was gone back from. */
export function goAhead({ back, ahead }: Jumps, now: Spot): { jumps: Jumps; to: Spot } | undefined {
  const to = ahead[ahead.length - 1];
  return to && { to, jumps: { back: [...back, now].slice(-MOST), ahead: ahead.slice(0, -1) } };
}
