// What a finger, pen or mouse does to a page while it is down: one gesture, from the first touch to what is to be stored. Pure.
import type { Mark } from "../../host/generated/Mark";
import type { Box, Point } from "../reader/geometry";
import { deleteDeeds, moveDeeds, moved } from "./edit";
import { circles, rubbed } from "./erase";
import { isHeld } from "./hit";
import { extend, straightened, type InkPoint } from "./ink";
import { isHandwriting, isMovable, type Deed, type Drawable, type Draft, type Form } from "./mark";
import type { PageIndex } from "./page-index";
import { bounds, evened, LEAST_FORM_PT, touches } from "./shape";

/** One place of a pointer. `isStraight`: lines shall be straight now, as with Shift. */
export interface Touch { at: Point; pressure: number; hasPressure: boolean; isStraight: boolean }

/** What shows while the gesture lasts: new or changed marks, and which stored ones they hide. */
export interface Preview { marks: Drawable[]; hidden: ReadonlySet<string>; lasso?: readonly Point[] }

/** What came of it. */
export type Outcome = { kind: "deeds"; deeds: Deed[] } | { kind: "select"; ids: string[] };

export interface Gesture {
  move(touches: readonly Touch[]): void;
  /** `foretold` is drawn and forgotten. */
  preview(foretold?: readonly Touch[]): Preview;
  /** Told every `REST_MS` while the pointer is down. Result: whether something looks different now. */
  rest(): boolean;
  end(): Outcome;
}

const NOTHING: ReadonlySet<string> = new Set();
const stored = (deeds: Deed[]): Outcome => ({ kind: "deeds", deeds });

/** How often a gesture is told that time passes, ms. */
export const REST_MS = 100;
/** Resting so many times in a row at the end of a stroke draws it straight. Counted, not measured: a program that was busy for a while has seen no rest. */
export const HOLD = 6;
/** What trembles within this while resting, points. */
const STILL_PT = 2;
/** Shorter strokes are dots and are not drawn straight, points. */
const LEAST_STRAIGHT_PT = 18;

/** A pen, or a highlighter led by hand. */
export class InkGesture implements Gesture {
  private points: InkPoint[] = [];
  private line: InkPoint[] | undefined;
  private stillAt: Point;
  private rests = 0;

  constructor(private readonly look: { kind: "ink" | "brush"; page: number; color: string; widthPt: number }, first: Touch) {
    this.stillAt = first.at;
    extend(this.points, first.at, first.pressure, first.hasPressure);
  }

  move(touches: readonly Touch[]): void {
    for (const touch of touches) {
      if (Math.hypot(touch.at.x - this.stillAt.x, touch.at.y - this.stillAt.y) > STILL_PT) {
        this.stillAt = touch.at;
        this.rests = 0;
      }
      if (this.line || touch.isStraight) this.line = straightened(this.points, touch.at);
      else extend(this.points, touch.at, touch.pressure, touch.hasPressure);
    }
  }

  rest(): boolean {
    const [first] = this.points;
    this.rests += 1;
    if (this.line || !first || this.rests < HOLD) return false;
    if (Math.hypot(this.stillAt.x - first[0], this.stillAt.y - first[1]) < LEAST_STRAIGHT_PT) return false;
    this.line = straightened(this.points, this.stillAt);
    return true;
  }

  preview(foretold: readonly Touch[] = []): Preview {
    const shown = this.line ?? [...this.points];
    if (!this.line) for (const touch of foretold) extend(shown, touch.at, touch.pressure, touch.hasPressure);
    return { marks: [this.mark(shown)], hidden: NOTHING };
  }

  end(): Outcome {
    const points = this.line ?? this.points;
    return stored(points.length === 0 ? [] : [{ kind: "create", mark: this.mark(points) }]);
  }

  private mark(points: InkPoint[]): Draft {
    return { ...this.look, rects: [], strokes: [points] };
  }
}

/** A form drawn from one point to another; straight means square, round, or in steps of 45°. */
export class FormGesture implements Gesture {
  private to: Point;

  constructor(private readonly look: { kind: Form; page: number; color: string; widthPt: number }, private readonly from: Point) {
    this.to = from;
  }

  move(touches: readonly Touch[]): void {
    const last = touches[touches.length - 1];
    if (last) this.to = last.isStraight ? evened(this.look.kind, this.from, last.at) : last.at;
  }

  rest(): boolean {
    return false;
  }

  preview(): Preview {
    return { marks: this.isTiny() ? [] : [this.mark()], hidden: NOTHING };
  }

  end(): Outcome {
    return stored(this.isTiny() ? [] : [{ kind: "create", mark: this.mark() }]);
  }

  private isTiny(): boolean {
    return Math.hypot(this.to.x - this.from.x, this.to.y - this.from.y) < LEAST_FORM_PT;
  }

  private mark(): Draft {
    const end = ({ x, y }: Point): InkPoint => [x, y, 0.5];
    return { ...this.look, rects: [], strokes: [[end(this.from), end(this.to)]] };
  }
}

/** A rubber: whole marks, or the parts of strokes that it passes. Everything of one rub is one deed. */
export class RubGesture implements Gesture {
  /** Strokes of marks that were rubbed in parts. */
  private cut = new Map<string, { mark: Mark; strokes: InkPoint[][] }>();
  private gone = new Map<string, Mark>();

  /** `radius`: of the rubber, points. */
  constructor(private readonly index: PageIndex, private readonly isPartly: boolean, private readonly radius: number, private at: Point) {
    this.rub(at);
  }

  move(touches: readonly Touch[]): void {
    for (const touch of touches) {
      for (const center of circles(this.at, touch.at, this.radius)) this.rub(center);
      this.at = touch.at;
    }
  }

  rest(): boolean {
    return false;
  }

  preview(): Preview {
    const changed = [...this.cut.values()];
    return { lasso: ring(this.at, this.radius), marks: changed.map(({ mark, strokes }) => ({ ...mark, strokes })), hidden: new Set([...this.gone.keys(), ...this.cut.keys()]) };
  }

  end(): Outcome {
    const changed = [...this.cut.values()].map(({ mark, strokes }): Deed => ({ kind: "update", change: { id: mark.id, strokes } }));
    return stored([...changed, ...deleteDeeds([...this.gone.values()])]);
  }

  private rub(center: Point): void {
    const { x, y } = center;
    if (!this.isPartly) {
      const found = this.under(center);
      if (found) this.gone.set(found.id, found);
      return;
    }
    for (const mark of this.index.near([x - this.radius, y - this.radius, x + this.radius, y + this.radius])) {
      if (!isHandwriting(mark.kind) || this.gone.has(mark.id)) continue;
      const strokes = this.cut.get(mark.id)?.strokes ?? ((mark.strokes ?? []) as InkPoint[][]);
      const left = rubbed(strokes, center, this.radius);
      if (!left) continue;
      if (left.length > 0) this.cut.set(mark.id, { mark, strokes: left });
      else {
        this.cut.delete(mark.id);
        this.gone.set(mark.id, mark);
      }
    }
  }

  /** The topmost mark that is still there; notes are taken away at their slip. */
  private under(center: Point): Mark | undefined {
    return this.index.at(center, this.radius, (mark) => mark.kind !== "note" && !this.gone.has(mark.id));
  }
}

/** The rubber itself, so that one sees how far it reaches. */
const ring = ({ x, y }: Point, radius: number): Point[] =>
  Array.from({ length: 20 }, (_, step) => ({ x: x + Math.cos((step / 10) * Math.PI) * radius, y: y + Math.sin((step / 10) * Math.PI) * radius }));

/** A line around marks, or a box over them; a tap takes the mark below. */
export class LassoGesture implements Gesture {
  private way: Point[];

  /** `reach`: of a tap, points. `kept`: what is selected already and stays so. */
  constructor(private readonly index: PageIndex, private readonly isBox: boolean, private readonly reach: number, first: Point, private readonly kept: readonly string[] = []) {
    this.way = [first];
  }

  move(touches: readonly Touch[]): void {
    this.way.push(...touches.map((touch) => touch.at));
  }

  rest(): boolean {
    return false;
  }

  preview(): Preview {
    return { marks: [], hidden: NOTHING, lasso: this.lasso() };
  }

  end(): Outcome {
    const [first] = this.way;
    if (!first) return { kind: "select", ids: [...this.kept] };
    if (this.way.every((point) => Math.hypot(point.x - first.x, point.y - first.y) <= this.reach)) {
      const found = this.index.at(first, this.reach);
      return { kind: "select", ids: toggled(this.kept, found?.id) };
    }
    const lasso = this.lasso();
    const box = around(lasso);
    const held = this.index.near(box).filter((mark) => isHeld(mark, lasso)).map((mark) => mark.id);
    return { kind: "select", ids: [...new Set([...this.kept, ...held])] };
  }

  private lasso(): readonly Point[] {
    const [first] = this.way;
    const last = this.way[this.way.length - 1];
    if (!this.isBox || !first || !last) return this.way;
    return [first, { x: last.x, y: first.y }, last, { x: first.x, y: last.y }];
  }
}

const toggled = (kept: readonly string[], id: string | undefined): string[] =>
  id === undefined ? [...kept] : kept.includes(id) ? kept.filter((other) => other !== id) : [...kept, id];

const around = (points: readonly Point[]): Box => [
  points.reduce((least, { x }) => Math.min(least, x), Infinity), points.reduce((least, { y }) => Math.min(least, y), Infinity),
  points.reduce((most, { x }) => Math.max(most, x), -Infinity), points.reduce((most, { y }) => Math.max(most, y), -Infinity),
];

/** Moves what is selected. `page`: the box of the page, so that nothing is lost beside it. */
export class MoveGesture implements Gesture {
  private by: Point = { x: 0, y: 0 };
  private readonly marks: Mark[];

  constructor(marks: readonly Mark[], private readonly page: Box, private readonly from: Point) {
    this.marks = marks.filter(isMovable);
  }

  move(touches: readonly Touch[]): void {
    const last = touches[touches.length - 1];
    if (last) this.by = kept(this.marks, { x: last.at.x - this.from.x, y: last.at.y - this.from.y }, this.page);
  }

  rest(): boolean {
    return false;
  }

  preview(): Preview {
    return { marks: this.marks.map((mark) => moved(mark, this.by)), hidden: new Set(this.marks.map((mark) => mark.id)) };
  }

  end(): Outcome {
    return stored(moveDeeds(this.marks, this.by));
  }
}

/** A step that leaves some of every mark on the page: where one would leave it, none moves. */
export function kept(marks: readonly Drawable[], by: Point, page: Box): Point {
  const stays = (step: Point) => marks.every((mark) => {
    const box = bounds(mark);
    return !box || touches([box[0] + step.x, box[1] + step.y, box[2] + step.x, box[3] + step.y], page);
  });
  return stays(by) ? by : { x: 0, y: 0 };
}
