// The colours of marks as they are on a page now: light, dark or with more contrast. A canvas knows no names of colours.
import { penOf } from "../../domain/faction/layer";
import { COLOURS } from "../../domain/faction/people";
import type { Palette } from "../../domain/marks/draw";
import { MARKERS, PENS } from "../../domain/marks/mark";
import { t } from "../../shared/i18n/i18n.svelte";

/** `probe`: an element of the page, which shows nothing. */
export function palette(probe: HTMLElement, isDark: boolean): Palette {
  const color = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  return {
    flat: Object.fromEntries(MARKERS.map((name) => [name, color(`--hl-${name}`)])),
    pen: Object.fromEntries([...PENS.map((name) => [name, color(`--pen-${name}`)]), ...Array.from({ length: COLOURS }, (_, colour) => [penOf(colour), color(`--frak-${colour}`)])]),
    touch: color("--tinte"), isDark, font: getComputedStyle(document.documentElement).getPropertyValue("--sans"),
    stamp: ({ stamp }) => (stamp ? t(`mark.stamp.${stamp}`).toLocaleUpperCase() : ""),
  };
}
