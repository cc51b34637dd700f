import { describe, expect, it } from "vitest";
import { qrPath } from "./qr";

describe("a QR code", () => {
  it("is drawn as one bar for each run of dark modules, inside its quiet edge", () => {
    expect(qrPath([[true, true, false], [false, false, false], [false, true, true]])).toBe("M4 4h2v1H4zM5 6h2v1H5z");
    expect(qrPath([[true, false, true]])).toBe("M4 4h1v1H4zM6 4h1v1H6z");
  });
});
