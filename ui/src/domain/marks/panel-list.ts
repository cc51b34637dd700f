// The list of all annotations of a file: which show, and in which groups. Pure.
import type { MarkKind } from "../../host/generated/MarkKind";
import type { NoteRow } from "../../host/generated/NoteRow";
import type { StampName } from "../../host/generated/StampName";
import { folded } from "../notes/filter";

/** Nothing chosen of a part means all of it; parts narrow each other. */
export interface PanelFilter { kind?: MarkKind; color?: string; stamp?: StampName; words: string }
export type PanelSort = "page" | "time";
/** `page`: 0-based; nothing for the file as a whole. `rows` are never empty. */
export interface PanelGroup { key: string; page?: number; rows: NoteRow[] }

export const isNarrowed = ({ kind, color, stamp, words }: PanelFilter): boolean => kind !== undefined || color !== undefined || stamp !== undefined || words.trim() !== "";

/** The rows that pass: each word must stand somewhere in text or quotation. */
export function shownRows(rows: readonly NoteRow[], { kind, color, stamp, words }: PanelFilter): NoteRow[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if ((kind && row.kind !== kind) || (color && row.color !== color) || (stamp && row.stamp !== stamp)) return false;
    if (wanted.length === 0) return true;
    const said = folded([row.text, row.quote?.exact].filter(Boolean).join("\n"));
    return wanted.every((word) => said.includes(word));
  });
}

/** In groups by page, top to bottom; or all in one, changed last first. At most `most` rows. */
export function panelGroups(rows: readonly NoteRow[], sort: PanelSort, most: number): PanelGroup[] {
  if (sort === "time") {
    const latest = [...rows].sort((a, b) => b.updatedAtMs - a.updatedAtMs || (a.id < b.id ? -1 : 1)).slice(0, most);
    return latest.length === 0 ? [] : [{ key: "time", rows: latest }];
  }
  const groups = new Map<number, PanelGroup>();
  for (const row of [...rows].sort((a, b) => (a.page ?? -1) - (b.page ?? -1) || a.placeRank - b.placeRank).slice(0, most)) {
    const group = groups.get(row.page ?? -1);
    if (group) group.rows.push(row);
    else groups.set(row.page ?? -1, { key: `page-${row.page ?? ""}`, rows: [row], ...(row.page === undefined ? {} : { page: row.page }) });
  }
  return [...groups.values()];
}

/** What there is to choose from: only what some row has. */
export function choices(rows: readonly NoteRow[]): { kinds: MarkKind[]; colors: string[]; stamps: StampName[] } {
  const of = <T>(part: (row: NoteRow) => T | undefined) => [...new Set(rows.map(part))].filter((value) => value !== undefined);
  return { kinds: of((row) => row.kind), colors: of((row) => row.color), stamps: of((row) => row.stamp) };
}
