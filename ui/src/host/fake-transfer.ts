// A newer version of the invented paper, for `npm run dev` with `?newer`: two annotations were not found again. Never part of a build.
import type { Mark } from "./generated/Mark";
import type { MarksTransferred } from "./generated/MarksTransferred";

const old = (id: string, parts: Partial<Mark>): Mark => ({
  id, kind: "highlight", target: { kind: "file", id: "f1" }, fileId: "f1", page: 1, rects: [[66, 500, 320, 512]], color: "gelb", quoteLocked: false, createdAtMs: Date.now() - 6e8, updatedAtMs: Date.now() - 6e8, public: true, imported: false, ...parts,
});
export const oldMarks: Mark[] = [
  old("old-1", { quote: { exact: "zwei Carsharing-Stellplätze und 280 Fahrradabstellplätze", prefix: "sieht ", suffix: " vor" } }),
  old("old-2", { kind: "note", color: "", rects: [[30, 420, 48, 438]], page: 2, text: "Woher kommt die Zahl?" }),
];
const state = { closed: false, back: false };

/** `behind`: those of the old marks that were not laid by hand since. */
export function transferred(isOn: boolean, here: readonly Mark[], behind: readonly Mark[]): MarksTransferred {
  const came = state.back ? [] : here;
  const all = isOn ? [...behind, ...(state.back ? here : [])] : [];
  return {
    revision: 2, datedAtMs: Date.now() - 864e5, total: isOn ? came.length + all.length : 0, placed: isOn ? came.length : 0, changed: isOn ? came.filter((mark) => mark.quote).slice(0, 1) : [],
    behind: all.map((mark) => ({ mark, revision: 1 })), isNew: false, isNews: isOn && !state.closed, canTakeBack: came.length > 0,
  };
}
export const take = (back: boolean): void => void (state.back = back);
export const close = (): void => void (state.closed = true);
