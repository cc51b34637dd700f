// Where a note was made, in words: "Bauausschuss, 3. November, TOP 5".
import type { NoteOrigin } from "../../host/generated/NoteOrigin";
import { date } from "../../shared/format";
import { t } from "../../shared/i18n/i18n.svelte";

export function originText({ committee, startAtMs, number }: NoteOrigin): string {
  const parts = [committee, startAtMs === undefined ? "" : date(startAtMs), number === undefined ? "" : t("item.top", { number })];
  return t("own.from", { place: parts.filter(Boolean).join(", ") });
}
