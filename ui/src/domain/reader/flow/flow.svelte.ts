// The reading mode of one document: whether it is on, the pages it has read, where the member reads. How it is set stands in the settings.
import { SvelteMap } from "svelte/reactivity";
import { asDeskError, call } from "../../../host/host";
import type { FlowSettings } from "../../../host/generated/FlowSettings";
import type { PageFlow } from "../../../host/generated/PageFlow";
import { app } from "../../app.svelte";
import type { Session } from "../session.svelte";

/** Pages kept at once: some ten kilobytes each. */
const KEPT = 60;
export const USUAL: FlowSettings = { isOn: false, font: "hyperlegible", colours: "app", scale: 1.2, lineHeight: 1.6 };
export const SCALES = [0.8, 1, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 4] as const;

/** A place to read: `share` of the page's height, 0 to 1. */
export interface FlowPlace { page: number; share: number }

export class Flow {
  isOn = $state(false);
  readonly pages = new SvelteMap<number, PageFlow>();
  readonly failures = new SvelteMap<number, string>();
  /** Where the mode begins: what the page view showed last. */
  start: FlowPlace = { page: 0, share: 0 };
  /** It was on since the document was opened: a place asked for at opening is past. */
  wasOn = false;
  private asked = new Set<number>();

  constructor(private readonly session: Session) {}

  /** The mode as the settings have it; a page or mark that is jumped to is shown as a page. */
  begin(isAsked: boolean): void {
    const opened = this.session.opened;
    if (!opened || isAsked || !this.settings.isOn) return;
    this.start = { page: opened.lastPage, share: opened.lastOffset };
    this.wasOn = true;
    this.isOn = true;
  }

  get settings(): FlowSettings {
    return app.status?.settings.flow ?? USUAL;
  }

  set(change: Partial<FlowSettings>): void {
    app.saveSettings({ flow: { ...this.settings, ...change } }).catch((error: unknown) => this.session.tell(error));
  }

  /** Turns the mode on or off where the member reads; `isKept` when the next document shall open like it. */
  turn(from: FlowPlace, isKept = true): void {
    const opened = this.session.opened;
    if (!opened) return;
    if (this.isOn) {
      opened.lastPage = from.page;
      opened.lastOffset = from.share;
    } else this.start = from;
    this.wasOn = true;
    this.isOn = !this.isOn;
    if (isKept) this.set({ isOn: this.isOn });
  }

  /** A size larger or smaller. */
  zoom(factor: number): void {
    const sizes: readonly number[] = SCALES;
    const now = this.settings.scale;
    const next = factor > 1 ? sizes.find((size) => size > now + 0.01) : [...sizes].reverse().find((size) => size < now - 0.01);
    if (next !== undefined) this.set({ scale: next });
  }

  /** Reads a page, once; far pages are forgotten. */
  async learn(page: number): Promise<void> {
    const doc = this.session.opened?.doc;
    if (!doc || this.asked.has(page)) return;
    this.asked.add(page);
    this.failures.delete(page);
    try {
      this.pages.set(page, await call("page_flow", { doc, page }));
      for (const other of this.pages.keys()) {
        if (this.pages.size <= KEPT) break;
        if (Math.abs(other - page) > KEPT / 2) this.forget(other);
      }
    } catch (error) {
      this.failures.set(page, asDeskError(error).message);
    }
  }

  /** Reads a page again that failed. */
  retry(page: number): void {
    this.forget(page);
    void this.learn(page);
  }

  private forget(page: number): void {
    this.asked.delete(page);
    this.pages.delete(page);
    this.failures.delete(page);
  }
}
