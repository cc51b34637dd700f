import { describe, expect, it } from "vitest";
import { lacking } from "./table";

const row = (...cells: { columns?: number; rows?: number }[]) => ({ children: cells });

describe("rows of a table", () => {
  it("are all as wide as the widest", () => {
    expect(lacking([row({}, {}, {}), row({}, {}), row({})])).toEqual([0, 1, 2]);
    expect(lacking([])).toEqual([]);
  });
  it("count the columns that a cell covers, to the side and below", () => {
    expect(lacking([row({ columns: 3 }), row({}, {})])).toEqual([0, 1]);
    expect(lacking([row({ rows: 2 }, {}, {}), row({}, {}), row({}, {})]), "the first cell reaches into the second row").toEqual([0, 0, 1]);
    expect(lacking([row({}, {}, { rows: 3 }), row({}, {}), row({})]), "the last cell reaches down behind the others").toEqual([0, 0, 1]);
  });
});
