import { describe, expect, it } from "vitest";
import { arrived, draftOf, isUnsaved, merged, settled, storedAs, toStore } from "./merge";

describe("two people change one text", () => {
  it("what only one of them changed is taken", () => {
    expect(merged("a", "a", "b")).toBe("b");
    expect(merged("a", "b", "a")).toBe("b");
    expect(merged("a", "b", "b")).toBe("b");
  });

  it("changes in different places both stand, whoever's comes first", () => {
    expect(merged("Wohnungen bauen", "49 Wohnungen bauen", "Wohnungen bauen lassen")).toBe("49 Wohnungen bauen lassen");
    expect(merged("Wohnungen bauen", "Wohnungen bauen lassen", "49 Wohnungen bauen")).toBe("49 Wohnungen bauen lassen");
    expect(merged("eins zwei drei", "eins drei", "eins zwei drei vier")).toBe("eins drei vier");
  });

  it("where changes meet nobody's words are lost", () => {
    expect(merged("", "meins", "deins")).toBe("deins meins");
    expect(merged("Ja zu Punkt 3", "Nein zu Punkt 3", "Enthaltung zu Punkt 3")).toBe("Enthaltung Nein zu Punkt 3");
    expect(merged("Ja.", "Ja. Mit Antrag.", "Ja. Ohne Antrag.")).toContain("Mit");
    expect(merged("Ja.", "Ja. Mit Antrag.", "Ja. Ohne Antrag.")).toContain("Ohne");
  });

  it("what one took away does not come back, what the other put there stays", () => {
    expect(merged("eins zwei drei", "eins drei", "eins ZWEI drei")).toBe("eins ZWEI drei");
  });
});

describe("a field that others write in too", () => {
  it("stays as it is while somebody writes, and takes the other's words when she is done", () => {
    let draft = { ...draftOf("Ja."), text: "Ja. Mit Antrag." };
    draft = arrived(draft, "Unbedingt: Ja.", true);
    expect(draft.text, "nothing moves under the hand").toBe("Ja. Mit Antrag.");
    const sent = toStore(draft);
    expect(sent).toBe("Unbedingt: Ja. Mit Antrag.");
    draft = storedAs(draft, "Ja. Mit Antrag.", sent);
    expect(isUnsaved(draft)).toBe(false);
    expect(draft.text).toBe("Ja. Mit Antrag.");
    expect(settled(draft).text).toBe("Unbedingt: Ja. Mit Antrag.");
  });

  it("goes on from there: the second storing keeps the other's words too", () => {
    let draft = { base: "Ja. Mit Antrag.", text: "Ja. Mit Antrag.", theirs: "Unbedingt: Ja. Mit Antrag." };
    draft = { ...draft, text: "Ja. Mit Antrag 3." };
    expect(toStore(draft)).toBe("Unbedingt: Ja. Mit Antrag 3.");
  });

  it("shows what arrives at once when nobody writes", () => {
    expect(arrived(draftOf("alt"), "neu", false)).toEqual(draftOf("neu"));
  });

  it("keeps what could not be stored", () => {
    const draft = arrived({ ...draftOf("Ja."), text: "Ja. Mit Antrag." }, "Doch: Ja.", false);
    expect(draft.text).toBe("Doch: Ja. Mit Antrag.");
    expect(isUnsaved(draft)).toBe(true);
  });
});
