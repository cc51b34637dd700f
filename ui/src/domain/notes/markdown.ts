// One agenda item with one's notes as Markdown, for the clipboard. Pure; words are the caller's language.
import type { AgendaItemDetail } from "../../host/generated/AgendaItemDetail";
import type { NoteRow } from "../../host/generated/NoteRow";
import { t } from "../../shared/i18n/i18n.svelte";
import { originText } from "./origin";

/** Words that stay words: signs that Markdown would take for its own are escaped. */
export const plain = (text: string): string => text.replace(/[\\`*_[\]<>#|~]/g, "\\$&").replace(/^(\s*)([-+])(?=\s)/gm, "$1\\$2").replace(/^(\s*\d+)([.)])(?=\s)/gm, "$1\\$2");

const lines = (text: string, before: string): string => text.split("\n").map((line) => `${before}${plain(line)}`.trimEnd()).join("\n");

/** Where a note stands and comes from: "Anlage 3, Seite 18 · aus: Bauausschuss, 3. November, TOP 5". */
export function placeText(note: NoteRow): string {
  const place = [note.label, note.annex, note.page === undefined ? undefined : t("item.where_page", { page: note.page + 1 })].filter(Boolean).join(", ");
  return [place, note.oldRevision === undefined ? "" : t("own.old_revision", { revision: note.oldRevision }), note.origin ? originText(note.origin) : ""].filter(Boolean).join(" · ");
}

function noteText(note: NoteRow): string {
  const said = [
    ...(note.quote ? [lines(note.quote.exact, "> ")] : note.quoteLocked ? [`> ${t("item.quote_locked")}`] : []),
    ...(note.stamp ? [`**${t(`mark.stamp.${note.stamp}`)}**`] : []),
    ...(note.text ? [lines(note.text, "")] : note.ink && note.kind === "ink" ? [`_${t("own.handwriting_there")}_`] : []),
  ];
  const place = placeText(note);
  return said.length === 0 ? "" : [...said, ...(place ? [`_${plain(place)}_`] : [])].join("\n\n");
}

/** All that one noted for an item; `""` where that is nothing. */
export function itemMarkdown({ row, notes, tally }: AgendaItemDetail): string {
  const parts = [
    ...(tally ? [t("own.leaning", { vote: t(`item.${tally}`) })] : []),
    ...notes.map(noteText).filter((text) => text !== ""),
  ];
  if (parts.length === 0) return "";
  const head = [t("item.top", { number: row.number }), row.name].join(" ");
  return [`## ${plain(head)}`, ...(row.public ? [] : [`**${t("item.nonpublic")}**`]), ...parts].join("\n\n") + "\n";
}
