// The lock as the page knows it: tells that somebody is there, warns before it locks, stores what is being written. The desk decides when.
import { call } from "../../host/host";
import { faction } from "../faction/faction.svelte";
import { drafts } from "./drafts";

/** Signs of life are told at most this often, ms. */
const TELL_MS = 5000;
const SIGNS = ["pointerdown", "keydown", "wheel", "touchmove"] as const;
/** Messages that are not sent yet. */
const FACTION = "faction:";

class Lock {
  /** Whole seconds until it locks; undefined while that is far. */
  left = $state<number>();
  private endsAt = 0;
  private toldAt = -TELL_MS;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** Begins to watch for signs of life. */
  start(): void {
    for (const sign of SIGNS) window.addEventListener(sign, () => this.live(), { capture: true, passive: true });
    drafts.field(() => [...faction.drafts].map(([key, text]) => ({ key: FACTION + key, text })));
  }

  /** It will lock in so many ms unless somebody does something. */
  soon(leftMs: number): void {
    this.endsAt = performance.now() + leftMs;
    this.tick();
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), 250);
    void this.store();
  }

  /** The one tap to stay. */
  stay(): void {
    this.toldAt = -TELL_MS;
    this.live();
  }

  /** Stores what is being written: in its place, or beside it until it is opened again. */
  async store(): Promise<void> {
    await drafts.store();
    // A portfolio that is locked already has nothing to keep it in, and a full disk keeps nobody from locking.
    await call("drafts_keep", { drafts: drafts.all() }).catch(() => undefined);
  }

  /** Just opened: what was being written is there again when its field is. */
  async opened(): Promise<void> {
    drafts.give((await call("drafts_take", {})).drafts);
    for (const { key, text } of drafts.takeAll(FACTION)) faction.drafts.set(key, text);
  }

  /** Locked: nothing is known any more. */
  forget(): void {
    this.hide();
    drafts.forget();
  }

  private live(): void {
    const now = performance.now();
    if (this.left === undefined && now - this.toldAt < TELL_MS) return;
    this.toldAt = now;
    this.hide();
    // A locked portfolio knows no signs of life.
    void call("activity", {}).catch(() => undefined);
  }

  private tick(): void {
    this.left = Math.max(0, Math.ceil((this.endsAt - performance.now()) / 1000));
  }

  private hide(): void {
    clearInterval(this.timer);
    this.left = undefined;
  }
}

export const lock = new Lock();
