// The panes on the screen, one or two, and which of them the toolbar speaks for.
import type { Pane } from "./pane.svelte";

export type Slot = 0 | 1;

/** The least and the most of the room that the first pane takes. */
const LEAST_SHARE = 0.25;
const MOST_SHARE = 0.75;
const STEP = 0.05;

export class Reading {
  panes = $state.raw<[Pane | undefined, Pane | undefined]>([undefined, undefined]);
  slot = $state<Slot>(0);
  /** Everything but the pages is out of sight. */
  isFull = $state(false);
  /** Of the room for both, what the first pane takes. */
  share = $state(0.5);

  get active(): Pane | undefined {
    return this.panes[this.slot] ?? this.panes[0] ?? this.panes[1];
  }

  get shown(): Pane[] {
    return this.panes.filter((pane) => pane !== undefined);
  }

  enter(slot: Slot, pane: Pane): void {
    this.panes = slot === 0 ? [pane, this.panes[1]] : [this.panes[0], pane];
  }

  leave(slot: Slot, pane: Pane): void {
    if (this.panes[slot] !== pane) return;
    this.panes = slot === 0 ? [undefined, this.panes[1]] : [this.panes[0], undefined];
  }

  setShare(share: number): void {
    this.share = Math.min(MOST_SHARE, Math.max(LEAST_SHARE, share));
  }

  stepShare(direction: 1 | -1): void {
    this.setShare(Math.round((this.share + direction * STEP) / STEP) * STEP);
  }
}
