// When pictures of the screen may be taken, and how the shell is told. No Svelte, no host.

/** What one part of a view says of itself while it is shown. */
export interface Claim {
  /** The view that the part belongs to. */
  view: string;
  isPublic: boolean;
}

/** Guarded, unless the folder is open, the view shown has spoken for itself, and nobody on the screen says otherwise. */
export function isGuarded(isOpen: boolean, view: string, claims: readonly Claim[]): boolean {
  return !isOpen || !claims.some((claim) => claim.view === view) || !claims.every((claim) => claim.isPublic);
}

/** Tells one state after the other, the newest last. What could not be told is told anew at the next change. */
export class Teller {
  private wanted: boolean | undefined;
  private told: boolean | undefined;
  private isTelling = false;

  /** `send` reaches the shell, `fail` hears of every time it did not. */
  constructor(
    private readonly send: (isGuarded: boolean) => Promise<void>,
    private readonly fail: (error: unknown) => void,
  ) {}

  async tell(isGuarded: boolean): Promise<void> {
    this.wanted = isGuarded;
    if (this.isTelling) return;
    this.isTelling = true;
    try {
      while (this.told !== this.wanted) {
        const next = this.wanted;
        this.told = undefined;
        await this.send(next);
        this.told = next;
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.isTelling = false;
    }
  }
}
