// How one file is looked at: which pages at once, how large, which way up. Kept for each file while the folder is open.
import { quarter, type Rotation } from "./turning";

/** Reading: the width that is good to read, with a margin for notes. Natural: as large as on paper. Free: zoomed by hand. */
export type Fit = "reading" | "width" | "page" | "natural" | "free";
export const FITS = ["reading", "width", "page", "natural"] as const;

export class View {
  rotation = $state<Rotation>(0);
  isSingle = $state(false);
  fit = $state<Fit>("reading");
  /** Of the last look, CSS px per point; 0 before the first one. */
  scale = 0;

  /** As it was looked at last. */
  begin(quarterTurns: number, isSingle: boolean): void {
    for (let turn = 0; turn < quarterTurns % 4; turn += 1) this.turn(1);
    this.setSingle(isSingle);
  }

  turn(direction: 1 | -1): void {
    this.rotation = quarter(this.rotation, direction);
  }

  /** One page at a time is seen wholly at first; pages below each other have the reading width. */
  setSingle(isSingle: boolean): void {
    if (this.isSingle === isSingle) return;
    this.isSingle = isSingle;
    if (isSingle && this.fit === "reading") this.fit = "page";
    else if (!isSingle && this.fit === "page") this.fit = "reading";
  }
}

class Views {
  private readonly kept = new Map<string, View>();

  of(fileId: string): View {
    const known = this.kept.get(fileId);
    if (known) return known;
    const view = new View();
    this.kept.set(fileId, view);
    return view;
  }

  /** After locking nothing is known any more. */
  forget(): void {
    this.kept.clear();
  }
}

export const views = new Views();
