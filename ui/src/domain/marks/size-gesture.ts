// A handle of one mark, led by a finger or pointer: the mark follows, and is stored once. Pure.
import type { Mark } from "../../host/generated/Mark";
import type { Point } from "../reader/geometry";
import { changeDeeds } from "./edit";
import type { Gesture, Outcome, Preview, Touch } from "./gestures";
import { reshaped, type Handle, type Look } from "./reshape";

export class SizeGesture implements Gesture {
  private now: Mark;
  /** From where the finger took the handle to where the handle is: nothing jumps. */
  private readonly off: Point;

  constructor(private readonly mark: Mark, private readonly handle: Handle, private readonly look: Look, from: Point) {
    this.now = mark;
    this.off = { x: handle.at.x - from.x, y: handle.at.y - from.y };
  }

  move(touches: readonly Touch[]): void {
    const last = touches[touches.length - 1];
    if (last) this.now = reshaped(this.mark, this.handle, { x: last.at.x + this.off.x, y: last.at.y + this.off.y }, this.look, last.isStraight);
  }

  rest(): boolean {
    return false;
  }

  preview(): Preview {
    return { marks: [this.now], hidden: new Set([this.mark.id]) };
  }

  end(): Outcome {
    return { kind: "deeds", deeds: changeDeeds([this.mark], [this.now]) };
  }
}
