// What is said of a space, as keys and numbers: the views have the words. Pure.
import type { FactionCard } from "../../host/generated/FactionCard";
import type { FactionMembers } from "../../host/generated/FactionMembers";

/** What one would call the tablet of somebody. `of` puts a name in, `plain` is said where none is known. */
export function deviceNameFor(name: string, of: (name: string) => string, plain: string): string {
  const first = name.split(/\s+/).find((part) => part !== "" && !part.endsWith("."));
  return first === undefined ? plain : of(first);
}

/** How the exchange stands. `count` pieces wait on this device. */
export type Contact = { kind: "done" | "busy" | "awaiting" | "refused" } | { kind: "offline" | "waiting"; count: number };

export function contactOf({ contact, unsent }: Pick<FactionCard, "contact" | "unsent">): Contact {
  if (contact === "offline") return { kind: "offline", count: unsent };
  if (contact === "current") return unsent > 0 ? { kind: "waiting", count: unsent } : { kind: "done" };
  return { kind: contact };
}

/** Whether there is anybody else yet, or anybody on the way. */
export const isAlone = ({ people, invitations }: Pick<FactionMembers, "people" | "invitations">): boolean => people.filter((person) => !person.gone).length <= 1 && invitations.length === 0;

/** What the owner may do with a space. The last admin cannot leave the others without one. */
export function rights({ card, people }: Pick<FactionMembers, "card" | "people">): { isOpen: boolean; isAdmin: boolean; isLastAdmin: boolean } {
  const isOpen = !card.removed && !card.dissolved;
  const admins = people.filter((person) => !person.gone && person.role === "admin");
  return { isOpen, isAdmin: isOpen && card.role === "admin", isLastAdmin: admins.length === 1 && admins[0]?.own === true };
}
