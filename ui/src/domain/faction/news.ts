// What is new in a space: narrowing it, and where an entry leads. Pure.
import type { FactionEntry } from "../../host/generated/FactionEntry";
import type { FactionNewsRequest } from "../../host/generated/FactionNewsRequest";
import type { Target } from "../../host/generated/Target";

/** What narrows the list; an absent part narrows nothing. */
export interface NewsFilter { newOnly?: boolean; meetingId?: string; userId?: string; tag?: string }

export const isNarrow = (filter: NewsFilter): boolean => filter.newOnly === true || [filter.meetingId, filter.userId, filter.tag].some((part) => part !== undefined);

/** The request for a list that is narrowed so. */
export const newsRequest = (factionId: string, { newOnly = false, ...rest }: NewsFilter): FactionNewsRequest => ({ factionId, newOnly, ...rest });

/** The filter with one part set anew; an empty value takes it away. */
export function narrowed(filter: NewsFilter, part: "meetingId" | "userId" | "tag", value: string): NewsFilter {
  const { [part]: _, ...rest } = filter;
  return value === "" ? rest : { ...rest, [part]: value };
}

/** Where something stands that is shared or written about. */
export type Way = { view: "reader"; file: string; page?: number; item?: string } | { view: "meeting"; id: string; item?: string } | { view: "paper"; id: string };

/** What an entry leads to; nothing where it stands in the space itself or on something that is not here. */
export function wayOf(entry: Pick<FactionEntry, "kind" | "target" | "fileId" | "page" | "meetingId" | "agendaItemId">): Way | undefined {
  if (entry.kind === "closed") return undefined;
  const item = entry.agendaItemId === undefined ? {} : { item: entry.agendaItemId };
  // A mark is seen on its page; words are read where they were written.
  if (entry.fileId !== undefined && entry.kind === "share") return { view: "reader", file: entry.fileId, ...(entry.page === undefined ? {} : { page: entry.page }), ...item };
  if (entry.target?.kind === "paper") return { view: "paper", id: entry.target.id };
  if (entry.meetingId !== undefined) return { view: "meeting", id: entry.meetingId, ...item };
  return entry.fileId === undefined ? undefined : { view: "reader", file: entry.fileId };
}

/** The way to what a task or share is about, as far as it is known without its meeting. */
export const wayTo = (target: Target | undefined): Way | undefined =>
  target?.kind === "paper" ? { view: "paper", id: target.id } : target?.kind === "file" ? { view: "reader", file: target.id } : target?.kind === "meeting" ? { view: "meeting", id: target.id } : undefined;

/** New entries that call the owner and of which nothing was said yet, oldest first. */
export const calls = (entries: readonly FactionEntry[], told: ReadonlySet<string>): FactionEntry[] => entries.filter((entry) => entry.new && entry.mentionsMe && !told.has(entry.itemId)).reverse();
