import { describe, expect, it, vi } from "vitest";
import { Find, type Searched } from "./find.svelte";
import type { TextOfPage } from "./selection";

/** A file whose pages say how often a word stands on them. Answers when it is told to, three pages at a time. */
class Paper implements Searched {
  opened = { doc: "d" };
  failures: unknown[] = [];
  waiting: (() => void)[] = [];
  looked: number[][] = [];
  isHeld = false;
  constructor(private readonly hits: Record<string, number[]>, private readonly slips: Record<string, number[]> = {}, private readonly indexed?: number[]) {}

  page = async (): Promise<TextOfPage> => ({ letters: [..."x".repeat(20)], boxes: Array.from({ length: 20 }, (_, at) => [at, 0, at + 1, 1]), lines: [{ start: 0, end: 20 }] });
  tell = (error: unknown) => void this.failures.push(error);

  ask = async (name: string, request: unknown): Promise<never> => (await this.answer(name, request as never)) as never;

  private async answer(name: string, { text, page, pages, slips }: { text: string; page: number; pages: number[]; slips: boolean }): Promise<unknown> {
    const known = (slips ? this.slips : this.hits)[text] ?? this.hits[text]?.map(() => 0) ?? [];
    switch (name) {
      case "document_search": return { pages: this.indexed ?? (this.hits[text] ?? []).map((_, at) => at), indexed: this.indexed !== undefined };
      case "document_hits": {
        if (this.isHeld) await new Promise<void>((go) => this.waiting.push(go));
        const now = pages.slice(0, 3);
        this.looked.push(now);
        return { counts: now.map((each) => known[each] ?? 0) };
      }
      case "page_matches": return { ranges: Array.from({ length: Math.max(this.hits[text]?.[page] ?? 0, this.slips[text]?.[page] ?? 0) }, (_, at) => ({ start: at * 2, end: at * 2 + 1 })) };
      default: throw new Error(name);
    }
  }

  go(): void {
    for (const go of this.waiting.splice(0)) go();
  }
}

const quiet = async () => {
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
};

describe("searching in an open file", () => {
  it("shows hits as they are found, from the page that is read on", async () => {
    const paper = new Paper({ Haushalt: [1, 0, 0, 0, 0, 2, 0, 1] });
    paper.isHeld = true;
    const find = new Find(paper, () => 4, paper.ask);
    const sought = find.seek("Haushalt");
    await quiet();
    paper.go();
    await sought;
    expect([find.pages, find.total, find.isCounted, paper.looked]).toEqual([[5], 2, false, [[4, 5, 6]]]);
    expect([find.at, find.position]).toEqual([undefined, undefined]);
    paper.isHeld = false;
    paper.go();
    await quiet();
    paper.go();
    await quiet();
    expect([find.pages, find.total, find.isCounted]).toEqual([[0, 5, 7], 4, true]);
    expect(paper.looked.flat().sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("goes to the next hit and says which one it is once all before it are known", async () => {
    const paper = new Paper({ Haushalt: [1, 0, 0, 0, 0, 2, 0, 1] });
    const find = new Find(paper, () => 4, paper.ask);
    await find.seek("Haushalt");
    expect((await find.step(1, 4))?.page).toBe(5);
    await quiet();
    expect(find.position).toBe(2);
    await find.step(1, 4);
    expect([find.at, find.position]).toEqual([{ page: 5, hit: 1 }, 3]);
    expect([(await find.step(1, 4))?.page, (await find.step(1, 4))?.page, (await find.step(-1, 4))?.page]).toEqual([7, 0, 7]);
  });

  it("waits, going back, for the pages that were not looked at", async () => {
    const paper = new Paper({ Haushalt: [1, 0, 0, 1, 0, 2, 0, 1, 0, 0, 0, 0] });
    paper.isHeld = true;
    const find = new Find(paper, () => 4, paper.ask);
    const sought = find.seek("Haushalt");
    await quiet();
    paper.go();
    await sought;
    const back = find.step(-1, 4);
    await quiet();
    paper.isHeld = false;
    paper.go();
    expect((await back)?.page, "the one just before, not the last of those known").toBe(3);
  });

  it("forgets the word before when another is typed", async () => {
    const paper = new Paper({ Haus: [3, 3, 3, 3, 3, 3], Haushalt: [0, 0, 0, 0, 0, 1] });
    paper.isHeld = true;
    const find = new Find(paper, () => 0, paper.ask);
    const first = find.seek("Haus");
    await quiet();
    const second = find.seek("Haushalt");
    paper.isHeld = false;
    paper.go();
    await Promise.all([first, second]);
    await quiet();
    expect([find.pages, find.total]).toEqual([[5], 1]);
    expect(paper.looked.length, "the pages left of the first word are not looked at").toBe(3);
    find.close();
    expect([find.pages, find.isDone, find.text]).toEqual([[], false, ""]);
  });

  it("looks only at the pages that the index names", async () => {
    const paper = new Paper({ Haushalt: [1, 0, 0, 0, 0, 2, 0, 1] }, {}, [0, 5, 7]);
    const find = new Find(paper, () => 4, paper.ask);
    await find.seek("Haushalt");
    await quiet();
    expect([paper.looked, find.pages, find.total]).toEqual([[[5, 7, 0]], [0, 5, 7], 4]);
  });

  it("takes a slip only where nothing is found as typed", async () => {
    const paper = new Paper({ Gerberie: [0, 0, 0, 0], Gerberei: [0, 1, 0, 0] }, { Gerberie: [0, 1, 0, 0], Gerberei: [0, 1, 1, 0] });
    const find = new Find(paper, () => 0, paper.ask);
    await find.seek("Gerberie");
    await quiet();
    expect([find.pages, find.isCounted]).toEqual([[1], true]);
    await find.seek("Gerberei");
    await quiet();
    expect(find.pages).toEqual([1]);
  });

  it("finds nothing, and says so only when all was looked at", async () => {
    const paper = new Paper({ Xylophon: [0, 0, 0, 0] });
    const find = new Find(paper, () => 0, paper.ask);
    await find.seek("Xylophon");
    expect([find.pages, find.isCounted, await find.step(1, 0)]).toEqual([[], true, undefined]);
  });

  it("tells what failed, and leads to what it has", async () => {
    const paper = new Paper({ Haushalt: [1, 0, 0, 1, 0] });
    const ask = vi.fn(paper.ask);
    const find = new Find(paper, () => 0, (name, request) => {
      if (name === "document_hits" && ask.mock.calls.filter(([asked]) => asked === "document_hits").length === 1) return Promise.reject(new Error("gone"));
      return ask(name, request);
    });
    await find.seek("Haushalt");
    await quiet();
    expect([paper.failures.length, find.pages, find.isCounted]).toEqual([1, [0], false]);
    expect((await find.step(1, 2))?.page).toBe(0);
  });
});
