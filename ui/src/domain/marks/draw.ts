// Draws marks on a canvas. Outlines are made once for each mark and kept with it. Decides nothing.
import { boxToShown, fromShown, toShown, type Box, type Shown } from "../reader/geometry";
import { outline } from "./ink";
import { isForm, isHandwriting, type Drawable } from "./mark";
import { endsOf, formLines } from "./shape";
import { LINE, STAMP_COLORS, wrapped } from "./text-box";

/** Colours as they are on this page, and the fonts. */
export interface Palette { flat: Record<string, string>; pen: Record<string, string>; touch: string; isDark: boolean; font: string; stamp: (mark: Drawable) => string }

/** How points become device px: the page as shown, and before the view turned it; px for each point, and the px of the page at the canvas's corner. */
export interface Lens { shown: Shown; upright: Shown; pixels: number; left: number; top: number }

type Brush = CanvasRenderingContext2D;
const kept = new WeakMap<Drawable, Path2D>();

/** Draws a mark as it is seen on the page; notes are no drawing. */
export function draw(brush: Brush, mark: Drawable, lens: Lens, palette: Palette): void {
  if (mark.kind === "note") return;
  brush.save();
  const color = mark.color ?? "";
  if (mark.kind === "highlight" || mark.kind === "brush") {
    brush.fillStyle = palette.flat[color] ?? palette.flat["gelb"] ?? "yellow";
    // Ink below stays readable, as the words below the canvas do.
    brush.globalCompositeOperation = palette.isDark ? "lighter" : "multiply";
  } else brush.fillStyle = brush.strokeStyle = palette.pen[color] ?? palette.pen["blau"] ?? "blue";
  if (isHandwriting(mark.kind)) {
    inPoints(brush, lens);
    brush.fill(strokes(mark));
  } else if (isForm(mark.kind)) form(brush, mark, lens);
  else if (mark.kind === "textBox") words(brush, mark, lens, palette);
  else if (mark.kind === "stamp") stamp(brush, mark, lens, palette);
  else for (const rect of mark.rects) atWords(brush, mark.kind, rect, lens);
  brush.restore();
}

/** From here on the brush is led in points of the unrotated page. */
function inPoints(brush: Brush, { shown, pixels, left, top }: Lens): void {
  const from = toShown({ x: 0, y: 0 }, shown);
  const right = toShown({ x: 1, y: 0 }, shown);
  const up = toShown({ x: 0, y: 1 }, shown);
  brush.setTransform((right.x - from.x) * pixels, (right.y - from.y) * pixels, (up.x - from.x) * pixels, (up.y - from.y) * pixels, from.x * pixels - left, from.y * pixels - top);
}

/** From here on in points of the page as it is before the view turned it: letters stand upright there. */
function asUpright(brush: Brush, { shown, upright, pixels, left, top }: Lens): void {
  const at = (x: number, y: number) => toShown(fromShown({ x, y }, upright), shown);
  const [from, right, down] = [at(0, 0), at(1, 0), at(0, 1)];
  brush.setTransform((right.x - from.x) * pixels, (right.y - from.y) * pixels, (down.x - from.x) * pixels, (down.y - from.y) * pixels, from.x * pixels - left, from.y * pixels - top);
}

function strokes(mark: Drawable): Path2D {
  const known = kept.get(mark);
  if (known) return known;
  const path = new Path2D();
  for (const stroke of mark.strokes ?? []) path.addPath(new Path2D(outline(stroke, mark.widthPt ?? 1, mark.kind === "brush")));
  kept.set(mark, path);
  return path;
}

function form(brush: Brush, mark: Drawable, lens: Lens): void {
  const ends = endsOf(mark);
  if (!ends || !isForm(mark.kind)) return;
  inPoints(brush, lens);
  brush.lineWidth = mark.widthPt ?? 1;
  brush.lineCap = brush.lineJoin = "round";
  brush.beginPath();
  for (const line of formLines(mark.kind, ends[0], ends[1], mark.widthPt ?? 1)) line.forEach(({ x, y }, index) => (index === 0 ? brush.moveTo(x, y) : brush.lineTo(x, y)));
  brush.stroke();
}

/** Lines at words keep a width that fits their letters. */
function atWords(brush: Brush, kind: Drawable["kind"], rect: Box, lens: Lens): void {
  asUpright(brush, lens);
  const { x, y, width, height } = boxToShown(rect, lens.upright);
  if (kind === "highlight") return brush.fillRect(x, y, width, height);
  const line = Math.max(0.8, height / 13);
  brush.lineWidth = line;
  brush.beginPath();
  if (kind === "squiggly") {
    const wave = Math.max(1.2, height / 9);
    for (let at = 0; at <= width; at += wave / 2) brush.lineTo(x + at, y + height + (Math.floor((at / wave) * 2) % 2 === 0 ? wave / 2 : -wave / 2));
    brush.lineJoin = "round";
  } else {
    const at = kind === "strikeOut" ? y + height * 0.55 : y + height + line / 2;
    brush.moveTo(x, at);
    brush.lineTo(x + width, at);
  }
  brush.stroke();
}

function words(brush: Brush, mark: Drawable, lens: Lens, palette: Palette): void {
  const [rect] = mark.rects;
  if (!rect) return;
  asUpright(brush, lens);
  const size = mark.widthPt ?? 11;
  const { x, y, width } = boxToShown(rect, lens.upright);
  brush.font = `${size}px ${palette.font}`;
  brush.textBaseline = "alphabetic";
  wrapped(mark.text ?? "", width, (text) => brush.measureText(text).width).forEach((line, index) => brush.fillText(line, x, y + size * (index * LINE + 0.95)));
}

/** A stamp is never quite straight; radians. */
const TILT = (-4 * Math.PI) / 180;

function stamp(brush: Brush, mark: Drawable, lens: Lens, palette: Palette): void {
  const [rect] = mark.rects;
  if (!rect || !mark.stamp) return;
  asUpright(brush, lens);
  const { x, y, width, height } = boxToShown(rect, lens.upright);
  brush.fillStyle = brush.strokeStyle = palette.pen[mark.color ?? STAMP_COLORS[mark.stamp]] ?? "red";
  brush.translate(x + width / 2, y + height / 2);
  brush.rotate(TILT);
  brush.lineWidth = Math.max(1, height / 14);
  const round = Math.min(4, height / 6);
  brush.beginPath();
  brush.roundRect(-width / 2, -height / 2, width, height, round);
  brush.stroke();
  brush.textAlign = "center";
  brush.textBaseline = "middle";
  brush.font = `700 ${height * 0.52}px ${palette.font}`;
  brush.fillText(palette.stamp(mark), 0, height * 0.03, width - height * 0.3);
}
