// My marks on one open file: those of the pages near the view, what is selected, undo. Every change goes through Rust, one after
// the other, and comes back from there. How they look and what fingers do to them stands elsewhere.
import { SvelteMap } from "svelte/reactivity";
import type { Commands } from "../../host/generated/Commands";
import type { Mark } from "../../host/generated/Mark";
import type { Deed, Draft } from "./mark";

export type Ask = <N extends keyof Commands>(name: N, request: Commands[N]["request"]) => Promise<Commands[N]["result"]>;
/** Told after each change: what failed; that something is done and with it the last failure and message out of date; that annotations of the file may have become own ones, or no longer be. */
export interface Tells { failed: (error: unknown) => void; done: () => void; taken: () => void }
export interface Selected { page: number; ids: ReadonlySet<string> }

const NONE: readonly Mark[] = [];

export class Marks {
  canUndo = $state(false);
  canRedo = $state(false);
  /** The note whose slip, or the text box whose words are open. */
  openNote = $state<string>();
  /** The mark jumped to, shown with a ring. */
  chosen = $state<string>();
  selected = $state.raw<Selected>();
  /** My own layer is shown. */
  isShown = $state(true);
  /** How many there are in the whole file; nothing until that is known. */
  total = $state<number>();
  /** Rises with every change: lists that show more than the pages near the view are read again. */
  revision = $state(0);

  private lists = new SvelteMap<number, readonly Mark[]>();
  private counts = new SvelteMap<number, number>();
  /** How many views show a page. */
  private views = new Map<number, number>();
  private wanted = new Set<number>();
  private last: Promise<unknown> = Promise.resolve();

  /** `madeAt`: the agenda item the member comes from. */
  constructor(readonly fileId: string, private readonly ask: Ask, private readonly tells: Tells, private readonly madeAt: () => string | undefined = () => undefined) {}

  /** Takes over what opening the file told, and asks how much there is. */
  begin(state: { canUndo: boolean; canRedo: boolean }): void {
    this.canUndo = state.canUndo;
    this.canRedo = state.canRedo;
    void this.inTurn(() => this.recount());
  }

  /** The marks of a page in their order; none until they are loaded. */
  on(page: number): readonly Mark[] {
    return this.lists.get(page) ?? NONE;
  }

  has(page: number): boolean {
    return this.counts.has(page);
  }

  /** A page comes near: its marks are loaded, several pages in one call. Result: to be called when it goes. */
  show(page: number): () => void {
    this.views.set(page, (this.views.get(page) ?? 0) + 1);
    if (!this.lists.has(page)) {
      if (this.wanted.size === 0) queueMicrotask(() => void this.load());
      this.wanted.add(page);
    }
    return () => this.leave(page);
  }

  private leave(page: number): void {
    const left = (this.views.get(page) ?? 1) - 1;
    if (left > 0) this.views.set(page, left);
    else {
      this.views.delete(page);
      this.wanted.delete(page);
      this.lists.delete(page);
      if (this.selected?.page === page) this.selected = undefined;
    }
  }

  private load(): Promise<void> {
    return this.inTurn(async () => {
      const pages = [...this.wanted];
      this.wanted.clear();
      await this.read(pages);
    });
  }

  /** Reads pages anew. Only those that are still near are kept. */
  private async read(pages: readonly number[]): Promise<void> {
    if (pages.length === 0) return;
    const marks = await this.ask("marks_page", { fileId: this.fileId, pages: [...pages] });
    for (const page of pages) {
      if (this.views.has(page)) this.lay(page, marks.filter((mark) => mark.page === page));
    }
  }

  /** A mark of any page, near or not. */
  async find(page: number, id: string): Promise<Mark | undefined> {
    const near = this.on(page).find((mark) => mark.id === id);
    if (near) return near;
    return this.inTurn(async () => (await this.ask("marks_page", { fileId: this.fileId, pages: [page] })).find((mark) => mark.id === id));
  }

  /** Makes one mark. Nothing comes back where that failed; the failure is told. */
  create(draft: Draft): Promise<Mark | undefined> {
    return this.inTurn(async () => {
      const mark = await this.ask("mark_create", { mark: this.aimed(draft) });
      this.take([mark], []);
      return mark;
    });
  }

  /** Makes several changes, all or none; one undo takes them back. */
  async change(deeds: readonly Deed[]): Promise<Mark[] | undefined> {
    if (deeds.length === 0) return [];
    return this.inTurn(async () => {
      const marks = await this.ask("marks_change", {
        deeds: deeds.map((deed) => (deed.kind === "create" ? { kind: "create", mark: this.aimed(deed.mark) } : deed)),
      });
      this.take(marks, deeds.flatMap((deed) => (deed.kind === "delete" ? [deed.id] : [])));
      return marks;
    });
  }

  /** Keeps the words of a mark, and its box where that grew; `goesOn` when one undo is to take this back together with the change before. */
  async write(id: string, text: string, goesOn: boolean, rects?: Mark["rects"]): Promise<boolean> {
    const mark = await this.inTurn(async () => {
      const written = await this.ask("mark_update", { id, text, goesOn, ...(rects ? { rects } : {}) });
      this.take([written], []);
      return written;
    });
    return mark !== undefined;
  }

  /** Takes marks away, in one deed. Result: whether they are gone. */
  async remove(ids: readonly string[]): Promise<boolean> {
    return (await this.change(ids.map((id) => ({ kind: "delete", id })))) !== undefined;
  }

  /** Takes away a mark that was opened and never written on: nothing to tell about. */
  async discard(id: string): Promise<void> {
    if (![...this.lists.values()].some((list) => list.some((mark) => mark.id === id))) return;
    await this.inTurn(async () => {
      await this.ask("mark_delete", { id });
      this.take([], [id]);
    });
  }

  /** Takes the last deed back, or does it again. Result: what that was, in words. */
  async turn(name: "undo" | "redo"): Promise<string | undefined> {
    return this.inTurn(async () => {
      const result = await this.ask(name, { fileId: this.fileId });
      await this.read(result.pages.filter((page) => this.views.has(page)));
      await this.recount();
      this.changed();
      this.canUndo = result.canUndo;
      this.canRedo = result.canRedo;
      this.tells.taken();
      return result.done;
    });
  }

  /** Reads the pages in view again, after marks came by another way that one undo takes back. */
  async again(): Promise<void> {
    await this.inTurn(async () => {
      await this.read([...this.views.keys()]);
      await this.recount();
      this.changed();
      this.canUndo = true;
      this.canRedo = false;
      this.tells.taken();
    });
  }

  select(page: number, ids: Iterable<string>): void {
    const chosen = new Set(ids);
    this.selected = chosen.size === 0 ? undefined : { page, ids: chosen };
  }

  /** What is selected, as it is now. */
  get selection(): Mark[] {
    const selected = this.selected;
    return selected ? this.on(selected.page).filter((mark) => selected.ids.has(mark.id)) : [];
  }

  private aimed(draft: Draft) {
    const madeAtItem = this.madeAt();
    return { ...draft, target: { kind: "file" as const, id: this.fileId }, ...(madeAtItem === undefined ? {} : { madeAtItem }) };
  }

  /** One call after the other: an undo comes after the stroke that is being stored, not before. */
  private inTurn<T>(deed: () => Promise<T>): Promise<T | undefined> {
    const next = this.last.then(deed).catch((error: unknown) => {
      this.tells.failed(error);
      return undefined;
    });
    this.last = next;
    return next;
  }

  /** Lays changed and new marks into their pages, takes others out. */
  private take(marks: readonly Mark[], gone: readonly string[]): void {
    const away = new Set(gone);
    const byId = new Map(marks.map((mark) => [mark.id, mark]));
    let isKnown = true;
    const left = new Set(away);
    for (const [page, list] of this.lists) {
      if (!list.some((mark) => away.has(mark.id) || byId.has(mark.id))) continue;
      const kept = list.flatMap((mark) => {
        if (away.has(mark.id)) {
          left.delete(mark.id);
          this.count(page, -1);
          return [];
        }
        const changed = byId.get(mark.id);
        if (changed) byId.delete(mark.id);
        return [changed ?? mark];
      });
      this.lay(page, kept);
    }
    for (const mark of byId.values()) {
      if (mark.page === undefined) continue;
      const list = this.lists.get(mark.page);
      // Without its page a changed mark cannot be told from a new one.
      if (list) {
        this.lay(mark.page, [...list, mark]);
        this.count(mark.page, 1);
      } else isKnown = false;
    }
    if (!isKnown || left.size > 0) void this.inTurn(() => this.recount());
    if (gone.length > 0) this.tells.taken();
    this.changed();
    this.canUndo = true;
    this.canRedo = false;
  }

  private changed(): void {
    this.revision += 1;
    this.tells.done();
  }

  private count(page: number, by: number): void {
    const count = (this.counts.get(page) ?? 0) + by;
    if (count > 0) this.counts.set(page, count);
    else this.counts.delete(page);
    if (this.total !== undefined) this.total += by;
  }

  private async recount(): Promise<void> {
    const { total, pages } = await this.ask("marks_count", { fileId: this.fileId });
    this.counts.clear();
    for (const { page, count } of pages) this.counts.set(page, count);
    this.total = total;
  }

  /** A page's marks as they are now. What is gone is neither open nor selected. */
  private lay(page: number, marks: readonly Mark[]): void {
    const there = new Set(marks.map((mark) => mark.id));
    const gone = this.on(page).filter((mark) => !there.has(mark.id));
    this.lists.set(page, marks);
    if (gone.some((mark) => mark.id === this.openNote)) this.openNote = undefined;
    const selected = this.selected;
    if (selected?.page === page && gone.some((mark) => selected.ids.has(mark.id))) this.select(page, [...selected.ids].filter((id) => there.has(id)));
  }
}
