// The way to where the member is, kept as a draft while the portfolio is locked: after unlocking it is there again.
import type { Place } from "../app.svelte";

/** The draft it is kept under. */
export const TRAIL = "trail";

const views: Record<Place["view"], true> = {
  today: true, meetings: true, meeting: true, reader: true, sheet: true, notes: true, faction: true, factionSheet: true, search: true,
  person: true, organization: true, paper: true, storage: true, sync: true, settings: true,
};

const isPlace = (value: unknown): value is Place => typeof value === "object" && value !== null && "view" in value && typeof value.view === "string" && Object.hasOwn(views, value.view);

/** The way as text; empty where it leads no further than the first view. */
export function trailText(trail: Place[]): string {
  return trail.length === 1 && trail[0]?.view === "today" ? "" : JSON.stringify(trail);
}

/** The way back from its text; the first view for what is none. */
export function trailFrom(text: string): Place[] {
  try {
    const read: unknown = JSON.parse(text);
    if (Array.isArray(read) && read.length > 0 && read.every(isPlace)) return read;
  } catch {
    // Nothing was kept, or another version has written it.
  }
  return [{ view: "today" }];
}
