import { describe, expect, it } from "vitest";
import type { Mark } from "../../host/generated/Mark";
import { hit } from "./hit";

const base = { target: { kind: "file" as const, id: "f" }, quoteLocked: false, imported: false, createdAtMs: 0, updatedAtMs: 0, public: true };
const ink: Mark = { ...base, id: "ink", kind: "ink", page: 0, rects: [], strokes: [[[0, 0, 0.5], [100, 0, 0.5]]] };
const highlight: Mark = { ...base, id: "highlight", kind: "highlight", page: 0, rects: [[0, 50, 100, 60]] };

describe("hit test", () => {
  it("finds a stroke between its points and a highlight inside its box", () => {
    expect(hit([ink, highlight], 0, { x: 50, y: 3 }, 6)?.id).toBe("ink");
    expect(hit([ink, highlight], 0, { x: 50, y: 55 }, 6)?.id).toBe("highlight");
  });
  it("finds nothing elsewhere or on another page", () => {
    expect(hit([ink, highlight], 0, { x: 50, y: 30 }, 6)).toBeUndefined();
    expect(hit([ink, highlight], 1, { x: 50, y: 3 }, 6)).toBeUndefined();
  });
});
