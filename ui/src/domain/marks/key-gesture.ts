// What keys do to marks, step by step: moved and sized, stored once. Marks that are stored already are changed, a new one is made. Pure.
import type { Mark } from "../../host/generated/Mark";
import { fromShown, type Point } from "../reader/geometry";
import { changeDeeds, moved } from "./edit";
import { kept, type Gesture, type Outcome, type Preview } from "./gestures";
import { isMovable, type Draft } from "./mark";
import { grown, type Look } from "./reshape";

export class KeyGesture implements Gesture {
  private now: readonly (Mark | Draft)[];
  private readonly first: readonly (Mark | Draft)[];

  /** `marks`: stored ones, or a new one; what lies on words is left out. */
  constructor(marks: readonly (Mark | Draft)[], private readonly look: Look) {
    this.now = this.first = marks.filter((mark) => !isStored(mark) || isMovable(mark));
  }

  /** The marks as they are led now. */
  get marks(): readonly (Mark | Draft)[] {
    return this.now;
  }

  /** A step as it is seen, points to the right and down. Result: whether anything could follow. */
  shift(step: Point): boolean {
    const { shown } = this.look;
    const [from, to] = [fromShown({ x: 0, y: 0 }, shown), fromShown(step, shown)];
    const by = kept(this.now, { x: to.x - from.x, y: to.y - from.y }, shown.box);
    if (this.now.length === 0 || (by.x === 0 && by.y === 0)) return false;
    this.now = this.now.map((mark) => moved(mark, by));
    return true;
  }

  /** The same for the size. */
  grow(step: Point): boolean {
    const before = this.now;
    this.now = before.map((mark) => grown(mark, step, this.look));
    return JSON.stringify(before) !== JSON.stringify(this.now);
  }

  /** Keys lead it, pointers do not. */
  move(): void {}

  rest(): boolean {
    return false;
  }

  preview(): Preview {
    return { marks: [...this.now], hidden: new Set(this.first.filter(isStored).map((mark) => mark.id)) };
  }

  end(): Outcome {
    const drafts = this.now.filter((mark): mark is Draft => !isStored(mark));
    return { kind: "deeds", deeds: [...drafts.map((mark) => ({ kind: "create" as const, mark })), ...changeDeeds(this.first.filter(isStored), this.now.filter(isStored))] };
  }
}

const isStored = (mark: Mark | Draft): mark is Mark => "id" in mark;
