// The faction's sheet of a meeting: which items stand on it. Pure.
import type { FactionSheet } from "../../host/generated/FactionSheet";
import type { FactionSheetItem } from "../../host/generated/FactionSheetItem";

/** The faction has said or planned something there. */
export const isTold = ({ position, tasks, messageCount }: Pick<FactionSheetItem, "position" | "tasks" | "messageCount">): boolean => position?.itemId !== undefined || tasks.length > 0 || messageCount > 0;

/** Those items alone, or the whole agenda. */
export const shownItems = (sheet: Pick<FactionSheet, "items">, isWhole: boolean): FactionSheetItem[] => (isWhole ? sheet.items : sheet.items.filter(isTold));

export const hasAnything = ({ items, tasks }: Pick<FactionSheet, "items" | "tasks">): boolean => tasks.length > 0 || items.some(isTold);

/** The meeting whose sheet is offered: the chosen one, else the next one, else the last that was. */
export function offeredMeeting<M extends { id: string; startAtMs?: number }>(meetings: readonly M[], chosen: string | undefined, nowMs: number): M | undefined {
  const found = meetings.find((each) => each.id === chosen);
  if (found) return found;
  const day = 86_400_000;
  const dated = meetings.filter((each) => each.startAtMs !== undefined).sort((a, b) => (a.startAtMs ?? 0) - (b.startAtMs ?? 0));
  return dated.find((each) => (each.startAtMs ?? 0) > nowMs - day) ?? dated[dated.length - 1] ?? meetings[0];
}
