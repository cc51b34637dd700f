// A council's tablet in small, for tests: keeps marks and their history as `private.db` does, answers the commands of marks.
import type { Commands } from "../../host/generated/Commands";
import type { Mark } from "../../host/generated/Mark";
import type { MarkDraft } from "../../host/generated/MarkDraft";
import type { MarkUpdateRequest } from "../../host/generated/MarkUpdateRequest";
import type { Ask } from "./marks.svelte";

interface Step { before: Mark | undefined; after: Mark | undefined; id: string; open: boolean }

export class Model {
  private marks = new Map<string, Mark>();
  private order: string[] = [];
  private done: Step[][] = [];
  private undone: Step[][] = [];
  private nextId = 1;
  private now = 0;

  /** All marks of a page, as they were stored. */
  page(page: number): Mark[] {
    return this.order.flatMap((id) => this.marks.get(id) ?? []).filter((mark) => mark.page === page);
  }

  get all(): Mark[] {
    return this.order.flatMap((id) => this.marks.get(id) ?? []);
  }

  readonly ask: Ask = async (name, request) => structuredClone(this.answer(name, structuredClone(request))) as never;

  private answer<N extends keyof Commands>(name: N, request: unknown): unknown {
    switch (name as string) {
      case "marks_page": return (request as Commands["marks_page"]["request"]).pages.flatMap((page) => this.page(page));
      case "marks_count": {
        const pages = [...new Set(this.all.map((mark) => mark.page ?? 0))].sort((a, b) => a - b);
        return { total: this.all.length, pages: pages.map((page) => ({ page, count: this.page(page).length })) };
      }
      case "mark_create": return this.together(() => [this.create((request as Commands["mark_create"]["request"]).mark)])[0];
      case "mark_update": return this.update(request as MarkUpdateRequest);
      case "mark_delete": return this.together(() => this.remove((request as { id: string }).id)) && {};
      case "marks_change": return this.together(() => (request as Commands["marks_change"]["request"]).deeds.flatMap((deed) => {
        if (deed.kind === "create") return [this.create(deed.mark)];
        if (deed.kind === "update") return [this.change(deed.change)];
        return deed.kind === "delete" ? this.remove(deed.id) : [];
      }));
      case "undo": return this.turn(this.done, this.undone, "before");
      case "redo": return this.turn(this.undone, this.done, "after");
      default: throw new Error(`not a command of marks: ${name}`);
    }
  }

  private current: Step[] = [];
  private together(deeds: () => Mark[]): Mark[] {
    const kept = { marks: new Map(this.marks), order: [...this.order] };
    this.current = [];
    try {
      const marks = deeds();
      this.done.push(this.current);
      this.undone = [];
      return marks;
    } catch (error) {
      Object.assign(this, kept);
      throw error;
    }
  }

  private update(change: MarkUpdateRequest): Mark {
    const last = this.done[this.done.length - 1];
    const [step] = last ?? [];
    if (change.goesOn && step?.open && last?.length === 1 && step.id === change.id && this.undone.length === 0) {
      this.current = [];
      step.after = this.change(change);
      return step.after;
    }
    const [mark] = this.together(() => [this.change(change)]);
    for (const each of this.current) each.open = change.goesOn === true;
    return mark as Mark;
  }

  private create(draft: MarkDraft): Mark {
    const id = `m${(this.nextId += 1)}`;
    const mark: Mark = { ...draft, id, quoteLocked: false, imported: false, createdAtMs: (this.now += 1), updatedAtMs: this.now, public: true };
    this.order.push(id);
    return this.set(id, undefined, mark);
  }

  private change({ id, goesOn: _, ...parts }: MarkUpdateRequest): Mark {
    return this.set(id, this.there(id), { ...this.there(id), ...parts, updatedAtMs: (this.now += 1) });
  }

  private remove(id: string): Mark[] {
    const before = this.there(id);
    this.marks.delete(id);
    this.current.push({ id, before, after: undefined, open: false });
    return [];
  }

  private there(id: string): Mark {
    const mark = this.marks.get(id);
    if (!mark) throw { code: "not_found", message: "gone" };
    return mark;
  }

  private set(id: string, before: Mark | undefined, after: Mark): Mark {
    this.marks.set(id, after);
    this.current.push({ id, before, after, open: false });
    return after;
  }

  private turn(from: Step[][], to: Step[][], side: "before" | "after") {
    const deed = from.pop();
    if (deed) to.push(deed);
    for (const step of side === "before" ? [...(deed ?? [])].reverse() : (deed ?? [])) {
      const version = step[side];
      if (version) this.marks.set(step.id, version);
      else this.marks.delete(step.id);
      step.open = false;
    }
    const pages = [...new Set((deed ?? []).flatMap((step) => [step.before?.page, step.after?.page]).filter((page) => page !== undefined))];
    return { pages, canUndo: this.done.length > 0, canRedo: this.undone.length > 0, ...(deed ? { done: side } : {}) };
  }
}

/** Numbers that are the same in every run: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
