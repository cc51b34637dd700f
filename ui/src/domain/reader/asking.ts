// The order in which a document is asked for: what is in view at once; what lies beside it once that has come, but never much later. Pure.

/** What is beside the view waits no longer than this for what is in view; ms. */
export const PATIENCE_MS = 150;

export class Asking {
  private awaited = 0;
  private readonly waiting = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Something in view has been asked for. Result: to be called once it has come or is wanted no more. */
  begin(): () => void {
    this.awaited += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.awaited -= 1;
      if (this.awaited === 0) this.ask();
    };
  }

  /** Asks when nothing in view is awaited, for what is put up together is asked for in its order of need. Result: takes it back. */
  later(ask: () => void): () => void {
    this.waiting.add(ask);
    this.timer ??= setTimeout(() => this.ask(), PATIENCE_MS);
    queueMicrotask(() => {
      if (this.awaited === 0) this.ask();
    });
    return () => void this.waiting.delete(ask);
  }

  private ask(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const asks = [...this.waiting];
    this.waiting.clear();
    for (const ask of asks) ask();
  }
}
