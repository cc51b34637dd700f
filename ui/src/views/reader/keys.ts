// What keys do in the reader. Escape takes away what lies on top.
import type { Pane } from "../../domain/reader/pane.svelte";
import { markKeys } from "./mark-keys";

/** What the reader can do beside what a pane can. */
export interface Deeds {
  isFull: () => boolean;
  hasPanelOver: () => boolean;
  full: (isFull: boolean) => void;
  closePanel: () => void;
  close: () => void;
  goTo: (page: number) => void;
  nextTab: (way: 1 | -1) => void;
  nextRegion: (way: 1 | -1) => void;
}

/** Trays, lists and trees move by arrow keys of their own. */
const OWN = "[role=toolbar], [role=tablist], [role=tree], [role=listbox], [role=dialog], [role=separator]";

const wayOf = (key: string): 1 | -1 | 0 => (key === "ArrowRight" || key === "ArrowDown" ? 1 : key === "ArrowLeft" || key === "ArrowUp" ? -1 : 0);

/** Result: whether the key was one of ours. */
export function onKey(event: KeyboardEvent, pane: Pane, deeds: Deeds): boolean {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
  if (!isTyping && pane.flowView?.key(event)) return true;
  if (!isTyping && !pane.flow.isOn && markKeys(event, pane.session, pane.scroll.current)) return true;
  const deed = deedOf(event, pane, deeds, isTyping);
  deed?.();
  return deed !== undefined;
}

type Deed = (() => unknown) | undefined;

function deedOf(event: KeyboardEvent, pane: Pane, deeds: Deeds, isTyping: boolean): Deed {
  const { key } = event;
  if (key === "F11") return () => deeds.full(!deeds.isFull());
  if (key === "F6") return () => deeds.nextRegion(event.shiftKey ? -1 : 1);
  if (key === "Escape") return onEscape(pane, deeds, isTyping);
  if (event.ctrlKey || event.metaKey) return onCommand(event, pane, deeds, isTyping);
  if (isTyping) return undefined;
  return event.altKey ? onAlt(key, pane) : onPlain(event, pane, deeds);
}

function onCommand(event: KeyboardEvent, pane: Pane, deeds: Deeds, isTyping: boolean): Deed {
  const { session, scroll, find, flow, selecting } = pane;
  const key = event.key.toLowerCase();
  if (key === "+" || key === "=") return () => pane.zoomBy(1.25);
  if (key === "-") return () => pane.zoomBy(0.8);
  if (key === "0") return () => pane.fit();
  if (key === "f") return () => (find.isOpen = true);
  if (key === "tab") return () => deeds.nextTab(event.shiftKey ? -1 : 1);
  if (key === "pagedown" || key === "pageup") return () => deeds.nextTab(key === "pagedown" ? 1 : -1);
  if (!flow.isOn && event.shiftKey && (key === "l" || key === "r")) return () => scroll.turnSides(key === "r" ? 1 : -1);
  if (isTyping) return undefined;
  if (key === "z") return () => session.turn(event.shiftKey ? "redo" : "undo");
  if (key === "y") return () => session.turn("redo");
  if (key === "a") return () => selecting.all(scroll.current);
  if (key === "c" && selecting.range) return () => pane.copy();
  const way = wayOf(event.key);
  if (event.shiftKey && way !== 0 && selecting.range) return () => pane.stretchBy(way, true);
  return undefined;
}

function onAlt(key: string, pane: Pane): Deed {
  switch (key) {
    case "ArrowLeft": return () => pane.guide.turn("back");
    case "ArrowRight": return () => pane.guide.turn("ahead");
    case "PageDown": return () => pane.leave(1);
    case "PageUp": return () => pane.leave(-1);
    default: return undefined;
  }
}

function onPlain(event: KeyboardEvent, pane: Pane, deeds: Deeds): Deed {
  const { flow, scroll, selecting } = pane;
  const { key } = event;
  if (key === "l" || key === "L") return () => pane.turnFlow();
  // Running text moves by keys of its own.
  if (flow.isOn && key !== "Home" && key !== "End") return undefined;
  const way = wayOf(key);
  if (way !== 0) {
    if (event.target instanceof Element && event.target.closest(OWN)) return undefined;
    if (event.shiftKey) return selecting.range ? () => pane.stretchBy(way, false) : undefined;
    const isAcross = key === "ArrowLeft" || key === "ArrowRight";
    return scroll.view.isSingle && (isAcross ? scroll.isWhole : scroll.isAtEnd(way)) ? () => scroll.turnPage(way) : undefined;
  }
  switch (key) {
    case "n": case "N": return () => scroll.noteHere();
    case "PageDown": return () => scroll.turnView(1);
    case "PageUp": return () => scroll.turnView(-1);
    case "Home": return () => deeds.goTo(0);
    case "End": return () => deeds.goTo(scroll.count - 1);
    default: return undefined;
  }
}

function onEscape({ session, find, selecting }: Pane, deeds: Deeds, isTyping: boolean): Deed {
  if (selecting.isBusy) return () => selecting.clear();
  if (find.isOpen) return () => find.close();
  if (session.marks.openNote) return () => (session.marks.openNote = undefined);
  if (session.tool !== "read") return () => (session.tool = "read");
  if (deeds.hasPanelOver()) return () => deeds.closePanel();
  if (deeds.isFull()) return () => deeds.full(false);
  return isTyping ? undefined : () => deeds.close();
}
