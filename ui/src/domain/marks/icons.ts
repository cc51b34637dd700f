// The icon of each kind of mark, the same in every list.
import type { MarkKind } from "../../host/generated/MarkKind";
import type { IconName } from "../../shared/icons";

export const MARK_ICONS: Record<MarkKind, IconName> = {
  note: "noteFill", highlight: "highlighter", underline: "textUnderline", strikeOut: "textStrike", squiggly: "wave", ink: "pen", brush: "brush",
  rectangle: "rectangle", ellipse: "ellipse", line: "line", arrow: "arrow", textBox: "textBox", stamp: "stamp",
};
