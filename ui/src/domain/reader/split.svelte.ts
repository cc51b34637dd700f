// Which two documents stand side by side, and where each is read. Kept in the vault until the member closes one of them; the page itself
// stores nothing.
import { asDeskError, call } from "../../host/host";
import type { ReaderSplit } from "../../host/generated/ReaderSplit";
import type { SplitLook } from "../../host/generated/SplitLook";
import { toast } from "../toast.svelte";

/** Scrolling is kept when it rests, ms. */
const REST_MS = 600;

class Split {
  private kept: ReaderSplit | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Rises with every lock: an answer to an earlier question is for nobody. */
  private round = 0;
  private isLoaded = false;

  /** Reads what stood side by side the last time. */
  async load(): Promise<void> {
    const { round } = this;
    if (this.isLoaded) return;
    try {
      const { split } = await call("split_get", {});
      if (round !== this.round || this.isLoaded) return;
      this.kept = split;
      this.isLoaded = true;
    } catch (error) {
      if (round === this.round) toast.show(asDeskError(error).message);
    }
  }

  /** What stood beside a file, with the place of both. */
  of(file: string): { own: SplitLook; beside: SplitLook; share: number } | undefined {
    const { kept } = this;
    if (kept?.first.fileId === file) return { own: kept.first, beside: kept.second, share: kept.share };
    if (kept?.second.fileId === file) return { own: kept.second, beside: kept.first, share: 1 - kept.share };
    return undefined;
  }

  /** Two stand side by side now. */
  keep(split: ReaderSplit): void {
    this.kept = split;
    this.isLoaded = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.store(), REST_MS);
  }

  /** What waits to be kept is kept at once: the reader is left. */
  rest(): void {
    if (this.timer !== undefined) this.store();
  }

  /** One of them was closed. */
  end(): void {
    if (!this.kept) return;
    this.kept = undefined;
    this.store();
  }

  /** After locking nothing is known any more; what is kept stays kept. */
  forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.kept = undefined;
    this.isLoaded = false;
    this.round += 1;
  }

  private store(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    call("split_set", this.kept ? { split: this.kept } : {}).catch((error: unknown) => toast.show(asDeskError(error).message));
  }
}

export const split = new Split();
