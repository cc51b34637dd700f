// A row of buttons as one tab stop: arrow keys, Home and End move between them.

/** For `use:`. The stop is the pressed button, else the one that was left. */
export function arrows(row: HTMLElement): { destroy: () => void } {
  const buttons = () => [...row.querySelectorAll<HTMLElement>("button:not(:disabled)")].filter((button) => !button.closest("[data-own-keys]") || row.matches("[data-own-keys]"));
  const stop = (at: HTMLElement | undefined) => buttons().forEach((button) => (button.tabIndex = button === at ? 0 : -1));
  const settle = () => {
    const all = buttons();
    if (all.filter((button) => button.tabIndex === 0).length !== 1) stop(all.find((button) => button.getAttribute("aria-pressed") === "true") ?? all[0]);
  };
  const keys = (event: KeyboardEvent) => {
    const all = buttons();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const to: Record<string, number> = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    const wanted = to[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = all[(wanted + all.length) % all.length];
    stop(next);
    next?.focus();
  };
  const watch = new MutationObserver(settle);
  watch.observe(row, { childList: true, subtree: true });
  row.addEventListener("keydown", keys);
  settle();
  return {
    destroy: () => {
      watch.disconnect();
      row.removeEventListener("keydown", keys);
    },
  };
}
