// What the page draws and changes of a mark. Pure.
import type { Mark } from "../../host/generated/Mark";
import type { MarkDraft } from "../../host/generated/MarkDraft";
import type { MarkKind } from "../../host/generated/MarkKind";
import type { MarkUpdateRequest } from "../../host/generated/MarkUpdateRequest";
import type { StampName } from "../../host/generated/StampName";

export const PENS = ["blau", "rot", "gruen", "blei"] as const;
export const MARKERS = ["gelb", "gruen", "blau", "rosa"] as const;
export const STAMPS: readonly StampName[] = ["question", "agree", "reject", "followUp", "done"];
export const FORMS = ["rectangle", "ellipse", "line", "arrow"] as const;
export type Pen = (typeof PENS)[number];
export type Marker = (typeof MARKERS)[number];
export type Form = (typeof FORMS)[number];

/** What of a mark can be seen on the page. */
export type Drawable = Pick<Mark, "kind" | "rects"> & Partial<Pick<Mark, "color" | "widthPt" | "stamp" | "strokes" | "text">>;
/** A new mark on a page of the open file. */
export type Draft = Omit<MarkDraft, "target" | "rects" | "page"> & { page: number; rects: [number, number, number, number][] };
/** A change on a page; several of one gesture are stored and undone together. */
export type Deed = { kind: "create"; mark: Draft } | { kind: "update"; change: MarkUpdateRequest } | { kind: "delete"; id: string };

const FLAT: readonly MarkKind[] = ["highlight", "brush"];
export const isForm = (kind: MarkKind): kind is Form => (FORMS as readonly MarkKind[]).includes(kind);
export const isHandwriting = (kind: MarkKind): boolean => kind === "ink" || kind === "brush";
/** Lies on words: highlighted, underlined, struck out, waved. */
export const isTextMark = (kind: MarkKind): boolean => kind === "highlight" || kind === "underline" || kind === "strikeOut" || kind === "squiggly";
/** The colours that a kind may have; none for notes and stamps. */
export const colorsOf = (kind: MarkKind): readonly string[] => (kind === "note" || kind === "stamp" ? [] : FLAT.includes(kind) ? MARKERS : PENS);
/** Whether it has a line whose width can be chosen. */
export const hasWidth = (kind: MarkKind): boolean => isHandwriting(kind) || isForm(kind);
/** What lies on words stays with them; everything else can be laid elsewhere. */
export const isMovable = (mark: Pick<Mark, "kind" | "quote" | "quoteLocked">): boolean => !isTextMark(mark.kind) || (mark.quote === undefined && !mark.quoteLocked);
