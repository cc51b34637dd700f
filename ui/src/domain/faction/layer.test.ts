import { describe, expect, it } from "vitest";
import type { FactionMark } from "../../host/generated/FactionMark";
import { byPage, drawableOf, onPage, shownOf, spread, type Laid } from "./layer";

const laid = (itemId: string, mark: Partial<FactionMark>, more: Partial<Laid> = {}): Laid => ({
  factionId: "s1", itemId, authorId: "u2", own: false, atMs: 0, text: "", target: { kind: "file", id: "f1" }, unsent: false, ...more,
  mark: { kind: "highlight", fileId: "f1", page: 0, rects: [[1, 2, 3, 4]], otherVersion: false, ...mark },
});

describe("the faction's layer", () => {
  it("draws in the author's colour, and another's marker as a line", () => {
    expect(drawableOf(laid("1", {}), 3)).toEqual({ kind: "underline", rects: [[1, 2, 3, 4]], color: "frak-3" });
    expect(drawableOf(laid("1", { kind: "brush", strokes: [[[0, 0, 1]]], widthPt: 12 }), 9)).toMatchObject({ kind: "ink", color: "frak-1", widthPt: 1.5 });
    expect(drawableOf(laid("1", { kind: "rectangle", widthPt: 2 }), 0)).toMatchObject({ kind: "rectangle", widthPt: 2 });
    expect(drawableOf(laid("1", { kind: "textBox" }, { text: "Nein" }), 0).text).toBe("Nein");
    expect(drawableOf(laid("1", {}, { text: "Nein" }), 0).text).toBeUndefined();
  });

  it("lays nothing on a page of another version, but lists it", () => {
    const shares = [laid("1", {}), laid("2", { otherVersion: true }), laid("3", { page: 1 })];
    expect(onPage(shares, 0).map((share) => share.itemId)).toEqual(["1"]);
    expect(byPage(shares).map(({ page, shares }) => [page, shares.map((share) => share.itemId)])).toEqual([[0, ["1", "2"]], [1, ["3"]]]);
  });

  it("shows what no space has hidden", () => {
    const shares = [laid("1", {}), laid("2", {}, { factionId: "s2" })];
    const ids = (s1: boolean, s2: boolean) => shownOf(shares, [{ id: "s1", layerShown: s1 }, { id: "s2", layerShown: s2 }]).map((share) => share.itemId);
    expect([ids(true, true), ids(false, true), ids(true, false), ids(false, false)]).toEqual([["1", "2"], ["2"], ["1"], []]);
  });

  it("moves initials apart that would cover each other, and keeps them on the page", () => {
    expect(spread([10, 200], 44, 800)).toEqual([10, 200]);
    expect(spread([10, 12, 11], 44, 800)).toEqual([10, 98, 54]);
    expect(spread([790, 780], 44, 800)).toEqual([756, 712]);
    expect(spread([0, 0, 0], 44, 50), "a page that is too low for all keeps them on it").toEqual([0, 0, 6]);
  });
});
