// Words in the set language. `t` refuses keys that do not exist, at compile time.
import { de } from "./de";
import { en } from "./en";

export type Key = keyof typeof de;
export type Spoken = "de" | "en";

let spoken = $state<Spoken>("de");

/** The language shown now. */
export const language = (): Spoken => spoken;

/** Sets the language; `system` follows the device, German where it speaks neither. */
export function setLanguage(wanted: "de" | "en" | "system"): void {
  spoken = wanted === "system" ? (navigator.language.toLowerCase().startsWith("en") ? "en" : "de") : wanted;
  document.documentElement.lang = spoken;
}

/** The names in braces of a German text. */
type Named<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Named<Rest> : never;
type Parameters<K extends Key> = { [Name in Named<(typeof de)[K]>]: string | number };
/** A text without parameters takes none; one with parameters takes all of them. */
type Rest<K extends Key> = [Named<(typeof de)[K]>] extends [never] ? [] : [parameters: Parameters<K>];

/** The text of a key, with `{name}` replaced by the parameter of that name. A missing key or parameter does not compile. */
export function t<K extends Key>(key: K, ...[parameters]: Rest<K>): string {
  return fill(key, parameters ?? {});
}

function fill(key: Key, parameters: Record<string, string | number>): string {
  const text: string = spoken === "de" ? de[key] : en[key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in parameters ? String(parameters[name]) : whole));
}

type Counted = { [K in Key]: K extends `${infer Stem}.one` ? Stem : never }[Key];

/** Singular or plural of a counted key. */
export function tn(stem: Counted, count: number): string {
  return fill(`${stem}.${count === 1 ? "one" : "other"}`, { count: formatCount(count) });
}

/** A whole number with the language's thousands separator. */
export function formatCount(count: number): string {
  return new Intl.NumberFormat(spoken).format(count);
}
