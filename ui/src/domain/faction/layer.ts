// The faction's layer over a page: shared marks as something to draw, and where their authors' initials stand. Pure.
import type { FactionMark } from "../../host/generated/FactionMark";
import type { FactionShare } from "../../host/generated/FactionShare";
import type { Drawable } from "../marks/mark";
import { COLOURS } from "./people";

/** A share that lies on a page. */
export type Laid = FactionShare & { mark: FactionMark };

/** Width of a line in place of another's broad marker, PDF points. */
const LINE_PT = 1.5;
/** The name that the palette has for a person's colour. */
export const penOf = (colour: number): string => `frak-${colour % COLOURS}`;

/** As it is drawn: in its author's colour, and never like a marker, which are one's own. */
export function drawableOf({ mark, text }: Laid, colour: number): Drawable {
  const { kind, rects, strokes, stamp, widthPt } = mark;
  const common = { rects, color: penOf(colour), ...(strokes ? { strokes } : {}), ...(stamp ? { stamp } : {}) };
  if (kind === "highlight") return { ...common, kind: "underline" };
  if (kind === "brush") return { ...common, kind: "ink", widthPt: LINE_PT };
  return { ...common, kind, ...(widthPt === undefined ? {} : { widthPt }), ...(kind === "textBox" ? { text } : {}) };
}

/** Those on a page that lie where they were made: a mark of another version would point at other words. */
export const onPage = (shares: readonly FactionShare[], page: number): Laid[] => shares.filter((share): share is Laid => share.mark?.page === page && !share.mark.otherVersion);

/** Those of spaces whose layer is shown. */
export function shownOf(shares: readonly FactionShare[], spaces: readonly { id: string; layerShown: boolean }[]): FactionShare[] {
  const hidden = new Set(spaces.filter((space) => !space.layerShown).map((space) => space.id));
  return shares.filter((share) => !hidden.has(share.factionId));
}

/** The pages of a layer's list, each with its shares from top to bottom as far as the boxes tell. */
export function byPage(shares: readonly FactionShare[]): { page: number; shares: Laid[] }[] {
  const laid = shares.filter((share): share is Laid => share.mark !== undefined);
  const pages = [...new Set(laid.map((share) => share.mark.page))].sort((a, b) => a - b);
  return pages.map((page) => ({ page, shares: laid.filter((share) => share.mark.page === page).sort((a, b) => a.atMs - b.atMs) }));
}

/**
 * Heights of initials beside a page, so that none covers another.
 *
 * `wanted`: where they would stand, px from the top; `least`: their distance; `height`: of the page. Result: in the order of `wanted`.
 */
export function spread(wanted: readonly number[], least: number, height: number): number[] {
  const order = wanted.map((top, at) => ({ top, at })).sort((a, b) => a.top - b.top);
  const places = new Array<number>(wanted.length).fill(0);
  let free = 0;
  for (const { top, at } of order) {
    places[at] = Math.max(top, free);
    free = (places[at] ?? 0) + least;
  }
  // What would stand below the page moves up, and what is above it makes room.
  let limit = height - least;
  for (const { at } of [...order].reverse()) {
    places[at] = Math.max(0, Math.min(places[at] ?? 0, limit));
    limit = (places[at] ?? 0) - least;
  }
  return places;
}
