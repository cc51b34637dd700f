// Keys for marks in the whole reader, wherever the focus is.
import { isPlacing } from "../../domain/marks/placing";
import type { Session } from "../../domain/reader/session.svelte";

/** What has its own use for Enter. */
const CONTROLS = "button, a, input, select, textarea, summary, [role=listbox], [role=option], [role=treeitem], [role=separator], [role=dialog]";

/** Does what a key asks for. `page`: the one that is looked at. Result: whether it was for marks. */
export function markKeys(event: KeyboardEvent, session: Session, page: number): boolean {
  const command = event.ctrlKey || event.metaKey;
  const selected = session.marks.selected;
  if (command && event.key.toLowerCase() === "a" && session.tool === "select") session.choose(page, session.marks.on(page).map((mark) => mark.id), true);
  else if (command && event.key.toLowerCase() === "d" && selected) void session.copySelection();
  else if (command || event.altKey) return false;
  else if (event.key === "Enter" && isPlacing(session.tool) && !isControl(event.target)) session.asksFor = "place";
  else if (!selected) return false;
  else if (event.key === "Delete" || event.key === "Backspace") void session.remove(...selected.ids);
  else if (event.key === "Escape") session.choose(selected.page, []);
  else return false;
  return true;
}

const isControl = (target: EventTarget | null): boolean => target instanceof Element && target.closest(CONTROLS) !== null;
