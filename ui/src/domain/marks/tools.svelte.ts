// The tray: how each tool is set, and the favourite pens. One for all documents; which tool is taken stands with each.
import type { FavouritePen } from "../../host/generated/FavouritePen";
import type { StampName } from "../../host/generated/StampName";
import type { Form, Marker, Pen } from "./mark";
import type { TextStyle } from "./text-gesture";

export const TOOLS = ["read", "pen", "marker", "note", "text", "shape", "stamp", "eraser", "select"] as const;
export type Tool = (typeof TOOLS)[number];
/** How the marker marks words; `brush` is led by hand, also over words. */
export type MarkerStyle = TextStyle | "brush";
export const MARKER_STYLES: readonly MarkerStyle[] = ["highlight", "underline", "strikeOut", "squiggly", "brush"];

/** Widths of pens and forms, of markers led by hand; sizes of letters. PDF points: 1.7 are about 0.6 mm. */
export const PEN_WIDTHS = [0.9, 1.7, 3, 5] as const;
export const MARKER_WIDTHS = [8, 12, 18] as const;
export const TEXT_SIZES = [9, 11, 14, 18] as const;
/** What lies in the tray until somebody chooses other pens. */
const FIRST_PENS: readonly FavouritePen[] = [
  { tool: "pen", color: "blau", widthPt: 1.7 }, { tool: "pen", color: "rot", widthPt: 1.7 }, { tool: "pen", color: "blei", widthPt: 0.9 }, { tool: "marker", color: "gelb", widthPt: 12 }, { tool: "marker", color: "gruen", widthPt: 12 },
];
export const MOST_PENS = 12;

export const samePen = (a: FavouritePen, b: FavouritePen): boolean => a.tool === b.tool && a.color === b.color && a.widthPt === b.widthPt;
export const trayPens = (own: readonly FavouritePen[]): readonly FavouritePen[] => (own.length > 0 ? own : FIRST_PENS);

class Toolbox {
  pen = $state<{ color: Pen; widthPt: number }>({ color: "blau", widthPt: 1.7 });
  /** `color` for highlighter and brush, `line` for lines at words. */
  marker = $state<{ style: MarkerStyle; color: Marker; line: Pen; widthPt: number }>({ style: "highlight", color: "gelb", line: "rot", widthPt: 12 });
  shape = $state<{ form: Form; color: Pen; widthPt: number }>({ form: "rectangle", color: "rot", widthPt: 1.7 });
  text = $state<{ color: Pen; sizePt: number }>({ color: "blau", sizePt: 11 });
  stamp = $state<StampName>("question");
  eraser = $state<"whole" | "part">("whole");
  select = $state<"lasso" | "box">("lasso");
  /** Once a pen was seen, fingers scroll. */
  penSeen = $state(false);
  /** Fingers draw although a pen was seen. */
  fingersDraw = $state(false);

  /** Sets a tool as a favourite is; which tool that is says the favourite. */
  take(pen: FavouritePen): void {
    if (pen.tool === "pen") this.pen = { color: pen.color as Pen, widthPt: pen.widthPt };
    else this.marker = { ...this.marker, style: this.marker.style === "brush" ? "brush" : "highlight", color: pen.color as Marker, widthPt: pen.widthPt };
  }

  /** What a tool is as a favourite; nothing for tools that are none. */
  inHand(tool: Tool): FavouritePen | undefined {
    if (tool === "pen") return { tool: "pen", ...this.pen };
    const isFlat = this.marker.style === "highlight" || this.marker.style === "brush";
    return tool === "marker" && isFlat ? { tool: "marker", color: this.marker.color, widthPt: this.marker.widthPt } : undefined;
  }
}

export const toolbox = new Toolbox();
