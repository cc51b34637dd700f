import { describe, expect, it } from "vitest";
import { contactOf, deviceNameFor, rights } from "./words";

describe("what is said of a space", () => {
  it("names a tablet after its owner's first name", () => {
    const of = (name: string) => `Tablet von ${name}`;
    expect(deviceNameFor("Dr. Miriam Aldenhoff", of, "Tablet")).toBe("Tablet von Miriam");
    expect(deviceNameFor("", of, "Tablet")).toBe("Tablet");
  });

  it("tells what waits here, with and without network", () => {
    expect(contactOf({ contact: "current", unsent: 0 })).toEqual({ kind: "done" });
    expect(contactOf({ contact: "current", unsent: 2 })).toEqual({ kind: "waiting", count: 2 });
    expect(contactOf({ contact: "offline", unsent: 3 })).toEqual({ kind: "offline", count: 3 });
    expect(contactOf({ contact: "busy", unsent: 3 })).toEqual({ kind: "busy" });
    expect(contactOf({ contact: "awaiting", unsent: 0 })).toEqual({ kind: "awaiting" });
  });

  const card = { id: "k", councilId: "c", councilName: "", ownUserId: "u1", role: "admin" as const, memberCount: 2, newCount: 0, unsent: 0, newerCount: 0, removed: false, dissolved: false, contact: "current" as const, layerShown: true };
  const person = (userId: string, more: object = {}) => ({ userId, role: "member" as const, own: false, gone: false, colour: 0, devices: [], ...more });

  it("lets an admin bring people in and out as long as the space is open to her", () => {
    expect(rights({ card, people: [] }).isAdmin).toBe(true);
    expect(rights({ card: { ...card, removed: true }, people: [] })).toMatchObject({ isOpen: false, isAdmin: false });
    expect(rights({ card: { ...card, role: "staff" }, people: [] })).toMatchObject({ isOpen: true, isAdmin: false });
  });

  it("knows the last admin", () => {
    const own = person("u1", { own: true, role: "admin" });
    expect(rights({ card, people: [own, person("u2")] }).isLastAdmin).toBe(true);
    expect(rights({ card, people: [own, person("u2", { role: "admin" })] }).isLastAdmin).toBe(false);
    expect(rights({ card, people: [own, person("u2", { role: "admin", gone: true })] }).isLastAdmin).toBe(true);
  });
});
