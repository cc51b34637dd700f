// What is being written when the portfolio locks: what can be stored where it belongs is stored, the rest is kept as a draft beside it. Not when it locks.
import type { TextDraft } from "../../host/generated/TextDraft";

export class Drafts {
  /** From before it was locked, until the field they belong to is there again. */
  private kept = new Map<string, string>();
  private readonly fields = new Set<() => TextDraft[]>();
  private readonly stores = new Set<() => unknown>();

  /** Registers a field whose words belong to nothing yet; taken back by the returned function. */
  field(read: () => TextDraft[]): () => void {
    this.fields.add(read);
    return () => this.fields.delete(read);
  }

  /** Registers what stores words in their place, now; taken back by the returned function. */
  onStore(store: () => unknown): () => void {
    this.stores.add(store);
    return () => this.stores.delete(store);
  }

  /** Takes over what was kept. */
  give(kept: TextDraft[]): void {
    this.kept = new Map(kept.map(({ key, text }) => [key, text]));
  }

  /** What was being written in a field, once; empty if nothing was. */
  take(key: string): string {
    const text = this.kept.get(key) ?? "";
    this.kept.delete(key);
    return text;
  }

  /** The same for all fields whose keys begin so; the keys come without their beginning. */
  takeAll(start: string): TextDraft[] {
    const found = [...this.kept.keys()].filter((key) => key.startsWith(start));
    return found.map((key) => ({ key: key.slice(start.length), text: this.take(key) }));
  }

  /** Stores what can be stored. What fails says so itself, in its place. */
  async store(): Promise<void> {
    await Promise.allSettled([...this.stores].map(async (store) => store()));
  }

  /** All words that belong to nothing yet: of open fields, and those kept for fields that were not opened since. */
  all(): TextDraft[] {
    const found = new Map(this.kept);
    for (const { key, text } of [...this.fields].flatMap((read) => read())) {
      if (text.trim() === "") found.delete(key);
      else found.set(key, text);
    }
    return [...found].map(([key, text]) => ({ key, text }));
  }

  /** While it is locked nothing is known here. */
  forget(): void {
    this.kept.clear();
  }
}

export const drafts = new Drafts();
