import { describe, expect, it } from "vitest";
import tokens from "../../shared/tokens.css?raw";
import { COLOURS, colourOf, initials } from "./people";

/** Relative luminance. Source: WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}
const token = (name: string): [string, string] => {
  const found = new RegExp(`${name}:\\s*light-dark\\((#\\w{6}),(#\\w{6})\\)`).exec(tokens);
  return [found?.[1] ?? "", found?.[2] ?? ""];
};

describe("the people of a space", () => {
  it("have colours that can be read on paper and on the page, light and dark", () => {
    for (let colour = 0; colour < COLOURS; colour += 1) {
      const [light, dark] = token(colourOf({ colour }));
      for (const ground of ["--paper", "--page", "--npub-paper"]) {
        const [lightGround, darkGround] = token(ground);
        expect(contrast(light, lightGround), `${colour} on ${ground}, light`).toBeGreaterThanOrEqual(4.5);
        expect(contrast(dark, darkGround), `${colour} on ${ground}, dark`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("are known by the first letters of their names", () => {
    expect(initials("Miriam Aldenhoff")).toBe("MA");
    expect(initials("Dr. Birgit Brehmer-Lang")).toBe("BL");
    expect(initials("Lea")).toBe("L");
    expect(initials(undefined)).toBe("?");
  });
});
