// What a mark is called: kind, colour, the words it stands on or consists of.
import type { Mark } from "../../host/generated/Mark";
import type { NoteRow } from "../../host/generated/NoteRow";
import { COLORS, type ColorName } from "../../domain/notes/filter";
import { t } from "../../shared/i18n/i18n.svelte";

type Named = Pick<Mark, "kind"> & Partial<Pick<Mark & NoteRow, "color" | "stamp" | "text" | "quote" | "quoteLocked">>;

export const isColor = (name: string | undefined): name is ColorName => (COLORS as readonly (string | undefined)[]).includes(name);

/** "Markierung gelb: „Stellplatzschlüssel““, "Stempel: Nachhaken". */
export function label({ kind, color, stamp, text, quote, quoteLocked }: Named): string {
  const what = isColor(color) ? t("tools.kind_color", { kind: t(`mark.is.${kind}`), color: t(`notes.color.${color}`) }) : t(`mark.is.${kind}`);
  const words = [stamp ? t(`mark.stamp.${stamp}`) : undefined, quote ? `„${quote.exact}“` : quoteLocked ? t("item.quote_locked") : undefined, text || undefined].filter((part) => part !== undefined);
  return words.length === 0 ? what : `${what}: ${words.join(" – ")}`;
}
