// The Phosphor icons in use; regular for rest, fill for selected. Bundled as text, so that they take the colour of their words.
import arrowDown from "@phosphor-icons/core/assets/regular/arrow-down.svg?raw";
import arrowUp from "@phosphor-icons/core/assets/regular/arrow-up.svg?raw";
import turnRight from "@phosphor-icons/core/assets/regular/arrow-clockwise.svg?raw";
import turnLeft from "@phosphor-icons/core/assets/regular/arrow-counter-clockwise.svg?raw";
import columns from "@phosphor-icons/core/assets/regular/columns.svg?raw";
import copy from "@phosphor-icons/core/assets/regular/copy.svg?raw";
import full from "@phosphor-icons/core/assets/regular/corners-out.svg?raw";
import leaveFull from "@phosphor-icons/core/assets/regular/corners-in.svg?raw";
import sliders from "@phosphor-icons/core/assets/regular/sliders-horizontal.svg?raw";
import arrowLeft from "@phosphor-icons/core/assets/regular/arrow-left.svg?raw";
import redo from "@phosphor-icons/core/assets/regular/arrow-u-up-right.svg?raw";
import undo from "@phosphor-icons/core/assets/regular/arrow-u-up-left.svg?raw";
import fitWidth from "@phosphor-icons/core/assets/regular/arrows-out-line-horizontal.svg?raw";
import calendarFill from "@phosphor-icons/core/assets/fill/calendar-blank-fill.svg?raw";
import calendar from "@phosphor-icons/core/assets/regular/calendar-blank.svg?raw";
import arrowRight from "@phosphor-icons/core/assets/regular/arrow-right.svg?raw";
import calendarPlus from "@phosphor-icons/core/assets/regular/calendar-plus.svg?raw";
import caretDown from "@phosphor-icons/core/assets/regular/caret-down.svg?raw";
import caretUp from "@phosphor-icons/core/assets/regular/caret-up.svg?raw";
import searchFill from "@phosphor-icons/core/assets/fill/magnifying-glass-fill.svg?raw";
import search from "@phosphor-icons/core/assets/regular/magnifying-glass.svg?raw";
import person from "@phosphor-icons/core/assets/regular/user.svg?raw";
import people from "@phosphor-icons/core/assets/regular/users-three.svg?raw";
import caretRight from "@phosphor-icons/core/assets/regular/caret-right.svg?raw";
import sidebar from "@phosphor-icons/core/assets/regular/sidebar-simple.svg?raw";
import outside from "@phosphor-icons/core/assets/regular/arrow-square-out.svg?raw";
import check from "@phosphor-icons/core/assets/regular/check.svg?raw";
import clock from "@phosphor-icons/core/assets/regular/clock.svg?raw";
import cloudCheck from "@phosphor-icons/core/assets/regular/cloud-check.svg?raw";
import tablet from "@phosphor-icons/core/assets/regular/device-tablet.svg?raw";
import eraser from "@phosphor-icons/core/assets/regular/eraser.svg?raw";
import eye from "@phosphor-icons/core/assets/regular/eye.svg?raw";
import file from "@phosphor-icons/core/assets/regular/file-text.svg?raw";
import gearFill from "@phosphor-icons/core/assets/fill/gear-six-fill.svg?raw";
import gear from "@phosphor-icons/core/assets/regular/gear-six.svg?raw";
import handFill from "@phosphor-icons/core/assets/fill/hand-fill.svg?raw";
import hand from "@phosphor-icons/core/assets/regular/hand.svg?raw";
import highlighterFill from "@phosphor-icons/core/assets/fill/highlighter-fill.svg?raw";
import highlighter from "@phosphor-icons/core/assets/regular/highlighter.svg?raw";
import list from "@phosphor-icons/core/assets/regular/list.svg?raw";
import lock from "@phosphor-icons/core/assets/fill/lock-simple-fill.svg?raw";
import zoomOut from "@phosphor-icons/core/assets/regular/magnifying-glass-minus.svg?raw";
import zoomIn from "@phosphor-icons/core/assets/regular/magnifying-glass-plus.svg?raw";
import mapPin from "@phosphor-icons/core/assets/regular/map-pin.svg?raw";
import noteFill from "@phosphor-icons/core/assets/fill/note-fill.svg?raw";
import notesFill from "@phosphor-icons/core/assets/fill/note-pencil-fill.svg?raw";
import notes from "@phosphor-icons/core/assets/regular/note-pencil.svg?raw";
import note from "@phosphor-icons/core/assets/regular/note.svg?raw";
import penFill from "@phosphor-icons/core/assets/fill/pen-nib-fill.svg?raw";
import pen from "@phosphor-icons/core/assets/regular/pen-nib.svg?raw";
import pencil from "@phosphor-icons/core/assets/regular/pencil-simple.svg?raw";
import sunDim from "@phosphor-icons/core/assets/regular/sun.svg?raw";
import sunFill from "@phosphor-icons/core/assets/fill/sun-horizon-fill.svg?raw";
import sun from "@phosphor-icons/core/assets/regular/sun-horizon.svg?raw";
import trash from "@phosphor-icons/core/assets/regular/trash.svg?raw";
import warning from "@phosphor-icons/core/assets/regular/warning.svg?raw";
import textUnderline from "@phosphor-icons/core/assets/regular/text-underline.svg?raw";
import textStrike from "@phosphor-icons/core/assets/regular/text-strikethrough.svg?raw";
import wave from "@phosphor-icons/core/assets/regular/wave-sine.svg?raw";
import brush from "@phosphor-icons/core/assets/regular/highlighter-circle.svg?raw";
import textBox from "@phosphor-icons/core/assets/regular/text-t.svg?raw";
import rectangle from "@phosphor-icons/core/assets/regular/rectangle.svg?raw";
import ellipse from "@phosphor-icons/core/assets/regular/circle.svg?raw";
import line from "@phosphor-icons/core/assets/regular/line-segment.svg?raw";
import arrow from "@phosphor-icons/core/assets/regular/arrow-up-right.svg?raw";
import stamp from "@phosphor-icons/core/assets/regular/stamp.svg?raw";
import lasso from "@phosphor-icons/core/assets/regular/lasso.svg?raw";
import selection from "@phosphor-icons/core/assets/regular/selection.svg?raw";
import shapes from "@phosphor-icons/core/assets/regular/shapes.svg?raw";
import dots from "@phosphor-icons/core/assets/regular/dots-three-outline.svg?raw";
import takeOut from "@phosphor-icons/core/assets/regular/export.svg?raw";
import book from "@phosphor-icons/core/assets/regular/book-open-text.svg?raw";
import fullscreen from "@phosphor-icons/core/assets/regular/corners-out.svg?raw";
import rotate from "@phosphor-icons/core/assets/regular/arrow-clockwise.svg?raw";
import star from "@phosphor-icons/core/assets/regular/star.svg?raw";
import palette from "@phosphor-icons/core/assets/regular/palette.svg?raw";
import key from "@phosphor-icons/core/assets/regular/key.svg?raw";
import close from "@phosphor-icons/core/assets/regular/x.svg?raw";

export const icons = {
  arrowDown, arrowUp, turnRight, turnLeft, columns, copy, full, leaveFull, sliders,
  arrowLeft, arrowRight, caretDown, caretUp, search, searchFill, person, people, redo, undo, fitWidth, calendar, calendarFill, calendarPlus, caretRight, check, clock, cloudCheck, tablet, eraser, eye, file, gear, gearFill, hand, handFill,
  highlighter, highlighterFill, list, lock, zoomOut, zoomIn, mapPin, note, noteFill, notes, notesFill, pen, penFill, pencil, sidebar, outside, sun, sunDim, sunFill, trash, warning, close,
  textUnderline, textStrike, wave, brush, textBox, rectangle, ellipse, line, arrow, stamp, lasso, selection, shapes, dots, takeOut, book, fullscreen, rotate, star, palette, key,
} as const;

export type IconName = keyof typeof icons;
