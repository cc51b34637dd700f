// Marks of older versions of a file in the one that is open: what became of them, and what the member does with it. Where each belongs is
// decided in Rust.
import type { MarksTransferred } from "../../host/generated/MarksTransferred";
import type { Ask } from "./marks.svelte";

/** Changes that follow each other are asked about together, ms. */
const REST_MS = 250;

/** What a transfer needs of its document. */
export interface TransferTells { failed: (error: unknown) => void; moved: () => Promise<void> }

export class Transfer {
  state = $state.raw<MarksTransferred>();
  isLooking = $state(false);
  /** An answer to an earlier question is for nobody. */
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly fileId: string, private readonly ask: Ask, private readonly tells: TransferTells) {}

  /** The message about it is due. */
  get isNews(): boolean {
    return this.state?.isNews === true;
  }

  /** Marks that stand on no page of this version. */
  get behindIds(): ReadonlySet<string> {
    return new Set(this.state?.behind.map(({ mark }) => mark.id) ?? []);
  }

  /** Has them looked for; `again` once more than the one time that happens by itself. */
  async look(again = false): Promise<void> {
    this.isLooking = true;
    await this.put(this.ask("marks_transfer", { fileId: this.fileId, again }));
    this.isLooking = false;
    if (this.state?.isNew && this.state.placed > 0) await this.tells.moved();
  }

  /** Asks anew after marks were changed, for changes that follow each other once; nothing where there was nothing. */
  renew(): void {
    if (!this.state || this.state.total === 0 || this.isLooking) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.put(this.ask("marks_transfer", { fileId: this.fileId, again: false })), REST_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.asked += 1;
  }

  /** Takes all back that came into this version. */
  async takeBack(): Promise<void> {
    if (await this.put(this.ask("marks_transfer_back", { fileId: this.fileId }))) await this.tells.moved();
  }

  /** It has been seen. What is behind stays in the list. */
  async close(): Promise<void> {
    const { state } = this;
    if (!state) return;
    this.state = { ...state, isNews: false };
    try {
      await this.ask("marks_transfer_close", { fileId: this.fileId });
    } catch (error) {
      this.tells.failed(error);
    }
  }

  private async put(answer: Promise<MarksTransferred>): Promise<boolean> {
    const question = (this.asked += 1);
    try {
      const state = await answer;
      if (question === this.asked) this.state = state;
      return true;
    } catch (error) {
      this.tells.failed(error);
      return false;
    }
  }
}
