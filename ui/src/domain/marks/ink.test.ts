import { describe, expect, it } from "vitest";
import { extend, outline, type InkPoint } from "./ink";

describe("ink", () => {
  it("keeps pressure of a pen and evens a mouse", () => {
    const stroke: InkPoint[] = [];
    extend(stroke, { x: 1, y: 1 }, 0.2, true);
    extend(stroke, { x: 5, y: 1 }, 0, false);
    expect(stroke.map((point) => point[2])).toEqual([0.2, 0.5]);
  });
  it("drops points that repeat", () => {
    const stroke: InkPoint[] = [];
    for (let index = 0; index < 50; index += 1) extend(stroke, { x: 1, y: 1 }, 0.5, true);
    expect(stroke).toHaveLength(1);
  });
  it("draws a closed outline, thicker where pressed", () => {
    const line = (pressure: number): InkPoint[] => Array.from({ length: 20 }, (_, index) => [index * 4, 10, pressure]);
    const height = (path: string) => {
      const ys = [...path.matchAll(/-?[\d.]+ (-?[\d.]+)/g)].map((match) => Number(match[1]));
      return Math.max(...ys) - Math.min(...ys);
    };
    expect(outline(line(0.9), 2)).toMatch(/^M.*Z$/);
    expect(height(outline(line(0.9), 2))).toBeGreaterThan(height(outline(line(0.1), 2)));
    expect(outline([], 2)).toBe("");
  });
});
