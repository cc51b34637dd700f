// An image of a page or a part of it: asked for when it is put up, taken back when it goes before it has come.
import { tileUrl } from "../../host/host";
import type { Tile } from "../../domain/reader/layout";
import type { Session } from "../../domain/reader/session.svelte";

/** `scale` in px per PDF point, `tile` in px of the page at that scale. */
export interface Wanted { session: Session; page: number; tile: Tile; scale: number; priority: "visible" | "near" | "prefetch"; isDark?: boolean; onfail: () => void }

/** Svelte action for `<img>`; the element gets the class `here` once it shows. */
export function pageImage(node: HTMLImageElement, { session, page, tile, scale, priority, isDark = false, onfail }: Wanted): { destroy: () => void } {
  const ticket = session.ticket();
  node.onload = () => node.classList.add("here");
  node.onerror = onfail;
  node.src = tileUrl({ doc: session.opened?.doc ?? "", page, scale, ...tile, priority, ticket, isDark });
  return {
    destroy: () => {
      node.onload = null;
      node.onerror = null;
      if (!node.complete) session.drop(ticket);
      // Lets go of the decoded picture with the element, not with the next collection.
      node.removeAttribute("src");
    },
  };
}
