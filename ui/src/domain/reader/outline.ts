// The tree of a document's outline: which rows are seen, which is read now, where keys lead. Pure.
import type { OutlineEntry } from "../../host/generated/OutlineEntry";

/** One row that is seen. `index` counts all entries; `level` from 1; `position` of `siblings` below the same parent. */
export interface Row { index: number; level: number; hasChildren: boolean; isOpen: boolean; position: number; siblings: number }

const hasChildren = (entries: OutlineEntry[], index: number): boolean => (entries[index + 1]?.level ?? 0) > (entries[index]?.level ?? 0);

/** The entry above, that this one belongs to. */
export function parentOf(entries: OutlineEntry[], index: number): number | undefined {
  const level = entries[index]?.level ?? 0;
  for (let above = index - 1; above >= 0; above -= 1) if ((entries[above]?.level ?? 0) < level) return above;
  return undefined;
}

/** As many rows as a tablet shows at once. */
const SHORT = 18;

/** What is open at first: all of a short outline; of others what the file wants open, and a single heading over all. */
export function openAtFirst(entries: OutlineEntry[], short = SHORT): Set<number> {
  if (entries.length <= short) return new Set(entries.flatMap((_, index) => (hasChildren(entries, index) ? [index] : [])));
  const open = new Set(entries.flatMap((entry, index) => (entry.isOpen && hasChildren(entries, index) ? [index] : [])));
  if (entries.filter((entry) => entry.level === 0).length === 1) open.add(0);
  return open;
}

/** The rows seen while these entries are open. */
export function rows(entries: OutlineEntry[], open: ReadonlySet<number>): Row[] {
  const found: Row[] = [];
  /** Rows of the groups that are being filled, by level. */
  const groups: Row[][] = [];
  let hiddenBelow = Infinity;
  entries.forEach((entry, index) => {
    if (entry.level > hiddenBelow) return;
    hiddenBelow = Infinity;
    const parent = hasChildren(entries, index);
    const row: Row = { index, level: entry.level + 1, hasChildren: parent, isOpen: parent && open.has(index), position: 0, siblings: 0 };
    groups.length = Math.min(groups.length, entry.level + 1);
    const group = (groups[entry.level] ??= []);
    group.push(row);
    row.position = group.length;
    for (const each of group) each.siblings = group.length;
    found.push(row);
    if (parent && !row.isOpen) hiddenBelow = entry.level;
  });
  return found;
}

/** The entry whose part is read: the last that begins at or before the place. `isAbove` says so for an entry on the same page. */
export function readNow(entries: OutlineEntry[], page: number, isAbove: (entry: OutlineEntry) => boolean): number | undefined {
  let best: number | undefined;
  let bestPage = -1;
  entries.forEach(({ target }, index) => {
    const at = target.page;
    if (at === undefined || at > page || at < bestPage) return;
    const entry = entries[index];
    if (at === page && entry && !isAbove(entry)) return;
    best = index;
    bestPage = at;
  });
  return best;
}

/** The row that stands for an entry: itself, or the closed one above it. */
export function rowOf(entries: OutlineEntry[], seen: Row[], index: number | undefined): number | undefined {
  const there = new Set(seen.map((row) => row.index));
  let at = index;
  while (at !== undefined && !there.has(at)) at = parentOf(entries, at);
  return at;
}

export type Deed = { to: number } | { open: number } | { close: number };

/** What a key does in the tree, as ARIA's pattern for trees has it. */
export function onKey(entries: OutlineEntry[], seen: Row[], at: number, key: string): Deed | undefined {
  const place = seen.findIndex((row) => row.index === at);
  const row = seen[place];
  if (!row) return seen[0] ? { to: seen[0].index } : undefined;
  const to = (next: Row | undefined): Deed | undefined => next && { to: next.index };
  switch (key) {
    case "ArrowDown": return to(seen[place + 1]);
    case "ArrowUp": return to(seen[place - 1]);
    case "Home": return to(seen[0]);
    case "End": return to(seen[seen.length - 1]);
    case "ArrowRight": return row.hasChildren ? (row.isOpen ? to(seen[place + 1]) : { open: at }) : undefined;
    case "ArrowLeft": {
      if (row.isOpen) return { close: at };
      const parent = parentOf(entries, at);
      return parent === undefined ? undefined : { to: parent };
    }
    default: return undefined;
  }
}
