// An image of a page or a part of it: asked for when it is put up or its turn comes, taken back when it goes before it has come.
import { tileUrl } from "../../host/host";
import type { Tile } from "../../domain/reader/layout";
import type { Session } from "../../domain/reader/session.svelte";

/** `scale` in px per PDF point, `tile` in px of the page at that scale. */
export interface Wanted { session: Session; page: number; tile: Tile; scale: number; priority: "visible" | "near" | "prefetch"; isDark?: boolean; onfail: () => void }

/** Svelte action for `<img>`; the element gets the class `here` once it shows. What is not in view leaves the way to what is. */
export function pageImage(node: HTMLImageElement, { session, page, tile, scale, priority, isDark = false, onfail }: Wanted): { update: (wanted: Wanted) => void; destroy: () => void } {
  const ticket = session.ticket();
  /** Takes back that its turn is awaited, or says that it is over. */
  let settle = () => {};
  let isAsked = false;
  const ask = (as: Wanted["priority"]) => {
    isAsked = true;
    node.src = tileUrl({ doc: session.opened?.doc ?? "", page, scale, ...tile, priority: as, ticket, isDark });
  };
  const askAtOnce = () => {
    settle();
    settle = session.asking.begin();
    ask("visible");
  };
  node.onload = () => {
    node.classList.add("here");
    // Its picture is made before anything else is drawn; what has been taken away meanwhile has none.
    node.decode().catch(() => {}).finally(settle);
  };
  node.onerror = () => {
    settle();
    onfail();
  };
  if (priority === "visible") askAtOnce();
  else settle = session.asking.later(() => ask(priority));
  return {
    update: (wanted) => {
      if (wanted.priority === "visible" && !isAsked) askAtOnce();
    },
    destroy: () => {
      settle();
      node.onload = null;
      node.onerror = null;
      if (!node.complete) session.drop(ticket);
      // Lets go of the decoded picture with the element, not with the next collection.
      node.removeAttribute("src");
    },
  };
}
