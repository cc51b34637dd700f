// Words on the page: where lines break, how large a box must be, where stamps are laid. Pure; PDF points.
import type { StampName } from "../../host/generated/StampName";
import { fromShown, toShown, type Box, type Point, type Shown } from "../reader/geometry";
import type { Pen } from "./mark";

/** Each stamp has its colour. */
export const STAMP_COLORS: Record<StampName, Pen> = { question: "blau", agree: "gruen", reject: "rot", followUp: "rot", done: "blei" };
/** Size of a stamp. */
export const STAMP_SIZE = { width: 92, height: 21 } as const;
/** Height of a line, letters. */
export const LINE = 1.25;
/** Width of a new text box; its height is that of its words. */
export const TEXT_WIDTH = 190;

/** The lines of a text in a width; words that are too long are broken. `measure`: width of a text, points. */
export function wrapped(text: string, width: number, measure: (text: string) => number): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(/(?<=\s)/)) {
      if (measure((line + word).trimEnd()) <= width) {
        line += word;
        continue;
      }
      if (line !== "") lines.push(line.trimEnd());
      line = "";
      for (const letter of word) {
        if (line !== "" && measure(line + letter) > width) {
          lines.push(line);
          line = "";
        }
        line += letter;
      }
    }
    return [...lines, line.trimEnd()];
  });
}

/** How high words stand in a width, points. `measure`: width of a text, points. */
export const heightOf = (text: string, width: number, sizePt: number, measure: (text: string) => number): number => wrapped(text, width, measure).length * LINE * sizePt;

/** A box of a size as shown, by its upper left corner there, in points of the unrotated page; inside the page. */
export function boxAt(corner: Point, size: { width: number; height: number }, shown: Shown): Box {
  const page = sizeOf(shown);
  const x = Math.max(0, Math.min(corner.x, page.width - size.width));
  const y = Math.max(0, Math.min(corner.y, page.height - size.height));
  const a = fromShown({ x, y }, shown);
  const b = fromShown({ x: x + size.width, y: y + size.height }, shown);
  return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)];
}

/** The box of a stamp around a point of the unrotated page. */
export function stampBox(at: Point, shown: Shown): Box {
  const middle = toShown(at, shown);
  return boxAt({ x: middle.x - STAMP_SIZE.width / 2, y: middle.y - STAMP_SIZE.height / 2 }, STAMP_SIZE, shown);
}

/** Width and height of a page as it is shown. */
export function sizeOf({ box: [left, bottom, right, top], rotation }: Shown): { width: number; height: number } {
  const [width, height] = [right - left, top - bottom];
  return rotation % 180 === 0 ? { width, height } : { width: height, height: width };
}
