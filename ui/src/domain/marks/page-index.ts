// The marks of one page in a grid: what is near a point, what touches a box, what changed since last time. Pure.
import type { Mark } from "../../host/generated/Mark";
import type { Box, Point } from "../reader/geometry";
import { distance } from "./hit";
import { bounds, touches } from "./shape";

/** Edge of a cell, points: a word of handwriting touches few. */
const CELL_PT = 32;

/** What must be drawn anew: marks that only lie on top of all others, and boxes in which anything may have changed. */
export interface Changed { tops: Mark[]; boxes: Box[] }

interface Entry { mark: Mark; turn: number; box: Box | undefined }

export class PageIndex {
  private entries = new Map<string, Entry>();
  private cells = new Map<string, Set<string>>();

  get size(): number {
    return this.entries.size;
  }

  /** Takes the page's marks in their order; marks that did not change cost nothing but a look. */
  sync(marks: readonly Mark[]): Changed {
    const changed: Changed = { tops: [], boxes: [] };
    const left = new Set(this.entries.keys());
    const fresh: { mark: Mark; turn: number }[] = [];
    let lastKept = -1;
    marks.forEach((mark, turn) => {
      const known = this.entries.get(mark.id);
      left.delete(mark.id);
      if (known?.mark === mark) {
        known.turn = turn;
        lastKept = turn;
        return;
      }
      if (known) {
        this.take(known, changed);
        lastKept = turn;
      }
      fresh.push({ mark, turn });
      this.put(mark, turn, known !== undefined, changed);
    });
    for (const id of left) {
      const gone = this.entries.get(id);
      if (gone) this.take(gone, changed);
    }
    // What came below something that was there before is drawn with its surroundings.
    changed.tops = fresh.filter(({ mark, turn }) => {
      const box = bounds(mark);
      if (turn > lastKept) return true;
      if (box) changed.boxes.push(box);
      return false;
    }).map(({ mark }) => mark);
    return changed;
  }

  /** The topmost mark within `reach` points of the point that `is` takes. */
  at(point: Point, reach: number, is: (mark: Mark) => boolean = () => true): Mark | undefined {
    return this.near([point.x - reach, point.y - reach, point.x + reach, point.y + reach]).reverse().find((mark) => is(mark) && distance(mark, point) <= reach);
  }

  /** The box a mark is drawn in. */
  boxOf(id: string): Box | undefined {
    return this.entries.get(id)?.box;
  }

  /** The marks that may be seen in a box, lowest first. */
  near(box: Box): Mark[] {
    const found = new Set<Entry>();
    for (const cell of cellsOf(box)) {
      for (const id of this.cells.get(cell) ?? []) {
        const entry = this.entries.get(id);
        if (entry?.box && touches(entry.box, box)) found.add(entry);
      }
    }
    return [...found].sort((a, b) => a.turn - b.turn).map((entry) => entry.mark);
  }

  private put(mark: Mark, turn: number, wasThere: boolean, changed: Changed): void {
    const box = bounds(mark);
    this.entries.set(mark.id, { mark, turn, box });
    if (!box) return;
    if (wasThere) changed.boxes.push(box);
    for (const cell of cellsOf(box)) {
      const held = this.cells.get(cell);
      if (held) held.add(mark.id);
      else this.cells.set(cell, new Set([mark.id]));
    }
  }

  private take({ mark, box }: Entry, changed: Changed): void {
    this.entries.delete(mark.id);
    if (!box) return;
    changed.boxes.push(box);
    for (const cell of cellsOf(box)) {
      const held = this.cells.get(cell);
      held?.delete(mark.id);
      if (held?.size === 0) this.cells.delete(cell);
    }
  }
}

/** A mark far off the page is found by its nearest cells alone; a page has a few thousand at most. */
const MOST_CELLS = 64;

function* cellsOf([left, bottom, right, top]: Box): Generator<string> {
  const clamp = (value: number) => Math.max(-MOST_CELLS, Math.min(MOST_CELLS * 4, Math.floor(value / CELL_PT)));
  for (let x = clamp(left); x <= clamp(right); x += 1) for (let y = clamp(bottom); y <= clamp(top); y += 1) yield `${x}:${y}`;
}
