// Where a mark lies and how large it is, in words; and how wide its own words are.
import { extent, isSizable, type Look } from "../../domain/marks/reshape";
import { bounds } from "../../domain/marks/shape";
import type { Drawable } from "../../domain/marks/mark";
import { boxToShown } from "../../domain/reader/geometry";
import { language, t } from "../../shared/i18n/i18n.svelte";

const CM_PER_PT = 2.54 / 72;
const cm = (pt: number): string => (pt * CM_PER_PT).toLocaleString(language(), { maximumFractionDigits: 1 });

/** "Breite 4,2 cm, Höhe 2,1 cm". */
export function sizeWords(mark: Drawable, look: Look): string {
  if (!isSizable(mark)) return t("tools.no_size");
  const { width, height, length } = extent(mark, look);
  return length === undefined ? t("tools.size_now", { width: cm(width), height: cm(height) }) : t("tools.length_now", { length: cm(length) });
}

/** "3,1 cm von links, 10 cm von oben". */
export function placeWords(mark: Drawable, look: Look): string {
  const box = bounds(mark);
  if (!box) return "";
  const { x, y } = boxToShown(box, look.shown);
  return t("tools.place_now", { left: cm(x), top: cm(y) });
}

let ruler: CanvasRenderingContext2D | null | undefined;
/** Width of words as they are drawn on the page, points. */
export function widthOf(text: string, sizePt: number): number {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return text.length * sizePt * 0.5;
  ruler.font = `${sizePt}px ${getComputedStyle(document.documentElement).getPropertyValue("--sans")}`;
  return ruler.measureText(text).width;
}
