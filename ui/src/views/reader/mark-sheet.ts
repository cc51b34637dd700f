// The two canvases of a page: one with my marks, of which only what changed is drawn anew, and one over it for what is just being
// done. Knows no tools and stores nothing.
import { draw, type Lens, type Palette } from "../../domain/marks/draw";
import type { Preview } from "../../domain/marks/gestures";
import type { Changed, PageIndex } from "../../domain/marks/page-index";
import { bounds, union } from "../../domain/marks/shape";
import { boxToShown, fromShown, toShown, type Box, type Point } from "../../domain/reader/geometry";
import type { Frame } from "../../domain/marks/window";

/** Room around boxes for soft edges, device px. */
const SOFT_PX = 3;

export interface Setting { frame: Frame; ratio: number; lens: Lens; palette: Palette }

export class MarkSheet {
  private setting: Setting | undefined;
  private hidden: ReadonlySet<string> = new Set();
  /** What the upper canvas shows now, device px. */
  private drawn: Frame | undefined;
  private previews: Preview[] = [];
  private foot: CanvasRenderingContext2D | null;
  private top: CanvasRenderingContext2D | null;

  constructor(private readonly index: PageIndex, private readonly below: HTMLCanvasElement, private readonly above: HTMLCanvasElement) {
    // Drawn in memory: a canvas of the graphics card is a layer of its own in WebKitGTK and does not mix with the page below it.
    this.foot = below.getContext("2d", { willReadFrequently: true });
    this.top = above.getContext("2d", { willReadFrequently: true });
  }

  /** Another size, place or look: everything is drawn anew. */
  set(setting: Setting): void {
    this.setting = setting;
    const { frame, ratio } = setting;
    for (const canvas of [this.below, this.above]) {
      canvas.width = Math.max(1, Math.round(frame.width * ratio));
      canvas.height = Math.max(1, Math.round(frame.height * ratio));
    }
    this.drawn = undefined;
    this.repaint();
    this.show(this.previews);
  }

  /** Draws what changed. */
  paint(changed: Changed): void {
    const setting = this.setting;
    if (!setting || !this.foot) return;
    const box = union(changed.boxes);
    // Marks all over the page: one pass over all is cheaper than many boxes.
    if (box && changed.boxes.length > 40) return this.repaint();
    for (const each of changed.boxes) this.repaint(each);
    for (const mark of changed.tops) if (!this.hidden.has(mark.id)) draw(this.foot, mark, setting.lens, setting.palette);
  }

  /** Shows what is being done, and hides the marks that are part of it. */
  show(previews: Preview[]): void {
    const setting = this.setting;
    const brush = this.top;
    this.previews = previews;
    this.hide(new Set(previews.flatMap((preview) => [...preview.hidden])));
    if (!setting || !brush) return;
    if (this.drawn) brush.clearRect(this.drawn.x, this.drawn.y, this.drawn.width, this.drawn.height);
    this.drawn = undefined;
    const boxes: Box[] = [];
    for (const { marks, lasso } of previews) {
      for (const mark of marks) {
        draw(brush, mark, setting.lens, setting.palette);
        const box = bounds(mark);
        if (box) boxes.push(box);
      }
      if (lasso) boxes.push(...this.line(brush, lasso, setting));
    }
    const box = union(boxes);
    if (box) this.drawn = this.pixels(box, setting.lens);
  }

  private hide(ids: ReadonlySet<string>): void {
    const before = this.hidden;
    if (before.size === 0 && ids.size === 0) return;
    const turned = [...ids].filter((id) => !before.has(id)).concat([...before].filter((id) => !ids.has(id)));
    this.hidden = ids;
    const boxes = turned.map((id) => this.index.boxOf(id)).filter((box) => box !== undefined);
    this.paint({ tops: [], boxes });
  }

  private repaint(part?: Box): void {
    const { setting, foot: brush } = this;
    if (!setting || !brush) return;
    const { lens, palette } = setting;
    const area = part ? this.pixels(part, lens) : { x: 0, y: 0, width: this.below.width, height: this.below.height };
    brush.save();
    brush.setTransform(1, 0, 0, 1, 0, 0);
    brush.beginPath();
    brush.rect(area.x, area.y, area.width, area.height);
    brush.clip();
    brush.clearRect(area.x, area.y, area.width, area.height);
    for (const mark of this.index.near(this.points(area, lens))) if (!this.hidden.has(mark.id)) draw(brush, mark, lens, palette);
    brush.restore();
  }

  private line(brush: CanvasRenderingContext2D, way: readonly Point[], { lens, ratio, palette }: Setting): Box[] {
    brush.save();
    brush.setTransform(1, 0, 0, 1, -lens.left, -lens.top);
    brush.strokeStyle = palette.touch;
    brush.lineWidth = 2 * ratio;
    brush.setLineDash([6 * ratio, 5 * ratio]);
    brush.beginPath();
    for (const point of way) {
      const at = toShown(point, lens.shown);
      brush.lineTo(at.x * lens.pixels, at.y * lens.pixels);
    }
    brush.closePath();
    brush.stroke();
    brush.restore();
    return way.map(({ x, y }): Box => [x, y, x, y]);
  }

  /** A box of the page as device px of the canvas. */
  private pixels(box: Box, { shown, pixels, left, top }: Lens): Frame {
    const { x, y, width, height } = boxToShown(box, shown);
    const start = { x: Math.floor(x * pixels - left) - SOFT_PX, y: Math.floor(y * pixels - top) - SOFT_PX };
    return { ...start, width: Math.ceil(width * pixels) + 2 * SOFT_PX + 1, height: Math.ceil(height * pixels) + 2 * SOFT_PX + 1 };
  }

  private points({ x, y, width, height }: Frame, { shown, pixels, left, top }: Lens): Box {
    const a = fromShown({ x: (x + left) / pixels, y: (y + top) / pixels }, shown);
    const b = fromShown({ x: (x + width + left) / pixels, y: (y + height + top) / pixels }, shown);
    return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)];
  }
}
