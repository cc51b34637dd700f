// Which page lies under a place of the window, or nearest to it.
import { fromShown, type Point } from "../../domain/reader/geometry";
import type { Scroll } from "../../domain/reader/scroll.svelte";

/** The page and the place on it in PDF points of the unrotated page. `reach`: how far beside the page the place may lie, CSS px. */
export function pageAt(root: ParentNode, scroll: Scroll, x: number, y: number, reach = Infinity): { page: number; point: Point } | undefined {
  let best: { sheet: HTMLElement; away: number } | undefined;
  for (const sheet of root.querySelectorAll<HTMLElement>("[data-page-index]")) {
    // With one page at a time those beside it are there, and not seen.
    if (sheet.checkVisibility?.({ visibilityProperty: true }) === false) continue;
    const frame = sheet.getBoundingClientRect();
    const away = Math.hypot(Math.max(frame.left - x, 0, x - frame.right), Math.max(frame.top - y, 0, y - frame.bottom));
    if (away <= reach && (!best || away < best.away)) best = { sheet, away };
  }
  const page = Number(best?.sheet.dataset["pageIndex"]);
  const shown = scroll.shown(page);
  if (!best || !shown) return undefined;
  const frame = best.sheet.getBoundingClientRect();
  return { page, point: fromShown({ x: (x - frame.left) / scroll.scale, y: (y - frame.top) / scroll.scale }, shown) };
}
