// Keys for marks in the whole reader, wherever the focus is.
import type { Session } from "../../domain/reader/session.svelte";

/** Does what a key asks for. `page`: the one that is looked at. Result: whether it was for marks. */
export function markKeys(event: KeyboardEvent, session: Session, page: number): boolean {
  const command = event.ctrlKey || event.metaKey;
  const selected = session.marks.selected;
  if (command && event.key.toLowerCase() === "a" && session.tool === "select") session.choose(page, session.marks.on(page).map((mark) => mark.id));
  else if (command && event.key.toLowerCase() === "d" && selected) void session.copySelection();
  else if (command || event.altKey || !selected) return false;
  else if (event.key === "Delete" || event.key === "Backspace") void session.remove(...selected.ids);
  else if (event.key === "Escape") session.choose(selected.page, []);
  else return false;
  return true;
}
