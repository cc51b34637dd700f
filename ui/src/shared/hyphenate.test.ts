import { describe, expect, it } from "vitest";
import { breakWord, german, plain } from "./hyphenate";

describe("long German words", () => {
  it("break at their joints", () => {
    expect(breakWord("Abwägungstabelle")).toBe("Abwägungs\u00adtabelle");
    expect(breakWord("Straßenbaubeitragssatzung")).toBe("Straßenbau\u00adbeitrags\u00adsatzung");
  });
  it("break by pattern where no joint is known", () => {
    expect(breakWord("Schallgutachten")).toContain("\u00ad");
    expect(breakWord("Einstellungen"), "never fewer than five letters after the break").toBe("Einstel\u00adlungen");
  });
  it("keep short words and come back whole", () => {
    expect(german("Rat tagt")).toBe("Rat tagt");
    const title = "Bebauungsplan Nr. 47 – Abwägungsbeschluss, TOP 5";
    expect(plain(german(title))).toBe(title);
    expect(german("TOP 5")).toBe("TOP\u00a05");
  });
});
