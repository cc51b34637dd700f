// What is changed in quick steps and stored by a call: what was wanted last is what is stored in the end. Storing may begin when
// whoever wanted it is long gone, so `store` looks at nothing but its value.

export class Saving<T> {
  private last: Promise<unknown> = Promise.resolve();
  private begun = 0;
  private ended = 0;

  constructor(private readonly store: (value: T) => Promise<T>) {}

  /** Stores after everything that was wanted before. What was stored; nothing when something newer is on its way. */
  async save(value: T): Promise<T | undefined> {
    const mine = (this.begun += 1);
    const stored = this.last.then(() => this.store(value)).finally(() => (this.ended = mine));
    this.last = stored.catch(() => undefined);
    const result = await stored;
    return mine === this.begun ? result : undefined;
  }

  /** Once nothing waits to be stored any more. */
  async settled(): Promise<void> {
    let seen;
    do {
      seen = this.last;
      await seen;
    } while (seen !== this.last);
  }

  /** Before something is asked that tells of the stored thing. */
  asking(): number | undefined {
    return this.ended === this.begun ? this.begun : undefined;
  }

  /** Whether the answer to what was asked then may be older than what is wanted now. */
  isPast(asked: number | undefined): boolean {
    return asked === undefined || asked !== this.begun;
  }
}
