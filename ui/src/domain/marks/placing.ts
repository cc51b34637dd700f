// New marks for those who do not point: what a tool lays down at a place, in a size from which keys lead on. Pure.
import type { StampName } from "../../host/generated/StampName";
import { fromShown, toShown, type Point } from "../reader/geometry";
import { within } from "./window";
import type { Draft, Form, Pen } from "./mark";
import type { Look } from "./reshape";
import { boxAt, sizeOf, stampBox, TEXT_WIDTH } from "./text-box";
import type { Tool } from "./tools.svelte";
import type { Frame } from "./window";

export const PLACING = ["note", "text", "shape", "stamp"] as const;
export type PlacingTool = (typeof PLACING)[number];
export const isPlacing = (tool: Tool): tool is PlacingTool => (PLACING as readonly Tool[]).includes(tool);

/** How the tools are set. */
export interface Set { shape: { form: Form; color: Pen; widthPt: number }; text: { color: Pen; sizePt: number }; stamp: StampName }

/** Size of a form that was not drawn, points as seen; lines are as long as forms are broad. */
const FORM = { width: 120, height: 60 } as const;

/** The middle of what is seen of a page, in points of the unrotated page. `view`: what is seen, CSS px of the page; `scale`: CSS px for each point. */
export function middleOf(view: Frame, scale: number, { shown }: Pick<Look, "shown">): Point {
  const page = sizeOf(shown);
  const part = within({ x: view.x / scale, y: view.y / scale, width: view.width / scale, height: view.height / scale }, page);
  return fromShown({ x: part.x + part.width / 2, y: part.y + part.height / 2 }, shown);
}

/** What a tool lays down at a point of the unrotated page. */
export function laid(tool: PlacingTool, set: Set, page: number, at: Point, look: Pick<Look, "shown" | "upright">): Draft {
  switch (tool) {
    case "note": return { kind: "note", page, rects: [[at.x, at.y, at.x, at.y]], text: "" };
    case "stamp": return { kind: "stamp", page, rects: [stampBox(at, look.upright)], stamp: set.stamp };
    case "text": {
      const corner = toShown(at, look.upright);
      const rect = boxAt({ x: corner.x, y: corner.y - set.text.sizePt * 0.7 }, { width: TEXT_WIDTH, height: set.text.sizePt * 1.4 }, look.upright);
      return { kind: "textBox", page, rects: [rect], color: set.text.color, widthPt: set.text.sizePt, text: "" };
    }
    case "shape": {
      const { form, color, widthPt } = set.shape;
      const middle = toShown(at, look.shown);
      const height = form === "line" || form === "arrow" ? 0 : FORM.height;
      const end = (side: -1 | 1): [number, number, number] => {
        const { x, y } = fromShown({ x: middle.x + (side * FORM.width) / 2, y: middle.y + (side * height) / 2 }, look.shown);
        return [x, y, 0.5];
      };
      return { kind: form, page, color, widthPt, rects: [], strokes: [[end(-1), end(1)]] };
    }
  }
}
