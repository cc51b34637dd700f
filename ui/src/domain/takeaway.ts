// What of a preview would leave, by what the member has chosen. Pure.
import type { TakeawayForm } from "../host/generated/TakeawayForm";
import type { TakeawayPreview } from "../host/generated/TakeawayPreview";

/** Those that are papers; the others are notes alone. */
export const PAPER_FORMS: readonly TakeawayForm[] = ["annotated", "flattened", "original"];
export const NOTE_FORMS: readonly TakeawayForm[] = ["markdown", "xfdf", "webAnnotations"];

export interface Leaving {
  files: number;
  marks: number;
  /** Chosen but not on this tablet. */
  missing: number;
}

/** How much leaves. `without` holds the ids of papers that the member has left out. */
export function leaving(preview: TakeawayPreview, form: TakeawayForm, withSecret: boolean, without: ReadonlySet<string>): Leaving {
  const sections = preview.sections.filter((section) => withSecret || section.public);
  const files = sections.flatMap((section) => section.files).filter((file) => (withSecret || file.public) && !without.has(file.id));
  const isPaper = PAPER_FORMS.includes(form);
  const here = files.filter((file) => !isPaper || file.present);
  const notes = sections.reduce((sum, section) => sum + section.noteCount, 0);
  return {
    files: here.length,
    marks: form === "original" ? 0 : here.reduce((sum, file) => sum + file.markCount, 0) + notes,
    missing: files.length - here.length,
  };
}

/** What is nonpublic in a preview. */
export function secret(preview: TakeawayPreview): { files: number; titles: boolean } {
  return {
    files: preview.sections.flatMap((section) => section.files).filter((file) => !file.public).length,
    titles: preview.sections.some((section) => !section.public),
  };
}
