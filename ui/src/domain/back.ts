// The system's way back, one step: an open dialog, then whatever Escape would leave, then the place before.
import { app } from "./app.svelte";

/** Takes one step back on the screen as it stands. */
export function stepBack(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog[open]");
  if (dialog) return dialog.close();
  const escape = new KeyboardEvent("keydown", { key: "Escape", cancelable: true });
  // What takes the key prevents its default.
  if (window.dispatchEvent(escape)) app.back();
}
