import { describe, expect, it } from "vitest";
import { goAhead, goBack, jumped, NO_JUMPS, type Jumps } from "./jumps";

const at = (page: number, y = 0) => ({ page, y });
const back = (jumps: Jumps, now = at(99)) => goBack(jumps, now)?.to.page;

describe("jumps", () => {
  it("lead back and ahead again to the very place", () => {
    const jumps = jumped(jumped(NO_JUMPS, at(11, 240), 40), at(40, 5), 300);
    const first = goBack(jumps, at(300, 1));
    expect(first?.to).toEqual(at(40, 5));
    const second = goBack(first?.jumps ?? NO_JUMPS, at(40, 5));
    expect(second?.to).toEqual(at(11, 240));
    expect(goBack(second?.jumps ?? NO_JUMPS, at(11))).toBeUndefined();
    const again = goAhead(second?.jumps ?? NO_JUMPS, at(11, 240));
    expect(again?.to).toEqual(at(40, 5));
    expect(goAhead(again?.jumps ?? NO_JUMPS, at(40, 5))?.to).toEqual(at(300, 1));
  });
  it("forget what lay ahead after a new jump", () => {
    const gone = goBack(jumped(NO_JUMPS, at(1), 5), at(5));
    expect(gone?.jumps.ahead).toEqual([at(5)]);
    expect(jumped(gone?.jumps ?? NO_JUMPS, at(1), 7).ahead).toEqual([]);
  });
  it("keep nothing within a page, and a page once in a row", () => {
    expect(jumped(NO_JUMPS, at(3), 3)).toBe(NO_JUMPS);
    const twice = jumped(jumped(NO_JUMPS, at(3, 10), 8), at(3, 700), 9);
    expect(twice.back).toEqual([at(3, 700)]);
  });
  it("keep a bounded number", () => {
    let jumps = NO_JUMPS;
    for (let page = 0; page < 500; page += 1) jumps = jumped(jumps, at(page), page + 1);
    expect(jumps.back).toHaveLength(50);
    expect(back(jumps)).toBe(499);
  });
});
