// The people of a space as views name and colour them. Pure.
import type { FactionPerson } from "../../host/generated/FactionPerson";

/** Colours of people; tokens.css has `--frak-0` to `--frak-7`. */
export const COLOURS = 8;

export const personOf = (people: readonly FactionPerson[], id: string | undefined): FactionPerson | undefined => people.find((person) => person.userId === id);

/** The token of a person's colour. */
export const colourOf = (person: Pick<FactionPerson, "colour"> | undefined): string => `--frak-${(person?.colour ?? 0) % COLOURS}`;

/** First letters of first and last name; "?" where the name is not known. */
export function initials(name: string | undefined): string {
  const parts = (name ?? "").split(/[\s-]+/).filter((part) => /^\p{L}/u.test(part) && !/^\p{L}+\.$/u.test(part));
  const letters = [parts[0], parts.length > 1 ? parts[parts.length - 1] : undefined].flatMap((part) => (part ? [part[0] ?? ""] : []));
  return letters.join("").toLocaleUpperCase() || "?";
}
