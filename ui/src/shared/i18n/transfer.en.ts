// English words of annotations in a newer version of their file.
import type { transferDe } from "./transfer.de";

export const transferEn: Record<keyof typeof transferDe, string> = {
  "transfer.looking": "Your annotations are being looked for in the new version …",
  "transfer.all.one": "New version of {date}: your annotation is back in its place.",
  "transfer.all.other": "New version of {date}: all {total} annotations are back in their places.",
  "transfer.some": "New version of {date}: {placed} of your {total} annotations are back in their places, {behind} not.",
  "transfer.none.one": "New version of {date}: your annotation was not found in it.",
  "transfer.none.other": "New version of {date}: your {total} annotations were not found in it.",
  "transfer.changed.one": "In 1 place the text reads differently now.",
  "transfer.changed.other": "In {count} places the text reads differently now.",
  "transfer.kept": "Nothing is lost.",
  "transfer.look": "Look at them",
  "transfer.back": "Do not carry over",
  "transfer.again": "Look once more",
  "transfer.close": "All right",
  "transfer.taken_back": "Your annotations are back with the earlier version.",
  "transfer.behind": "Not found again",
  "transfer.behind_text": "These annotations belong to an earlier version. They stand on no page until you put them on one.",
  "transfer.was": "version {revision}, page {page}",
  "transfer.lay": "Put on page {page}",
  "transfer.lay_words": "Put on the selected text",
  "transfer.select_first": "First select the text it should stand on.",
  "transfer.laid": "Put on page {page}. You can move it now.",
  "transfer.laid_words": "Put on the selected text",
  "transfer.changed_title": "Text has changed",
  "transfer.changed_text": "The text reads differently here now. Please check whether the annotation still fits.",
};
