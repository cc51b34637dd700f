// What the whole page knows: the vault's state, the settings, where the reader is, how the sync goes. Truth lives in Rust; this mirrors it.
import { asDeskError, call, onEvent } from "../host/host";
import type { AppStatus } from "../host/generated/AppStatus";
import type { CouncilInfo } from "../host/generated/CouncilInfo";
import type { DeskError } from "../host/generated/DeskError";
import type { Settings } from "../host/generated/Settings";
import type { SyncProgress } from "../host/generated/SyncProgress";
import { setLanguage } from "../shared/i18n/i18n.svelte";
import { faction } from "./faction/faction.svelte";
import { sharing } from "./faction/sharing.svelte";
import type { NewsFilter } from "./faction/news";
import type { NotesFilter } from "./notes/filter";
import type { NotesSort } from "./notes/order";
import { drafts } from "./lock/drafts";
import { lock } from "./lock/lock.svelte";
import { TRAIL, trailFrom, trailText } from "./lock/trail";
import { meetings } from "./meetings.svelte";
import { papers } from "./reader/papers.svelte";
import { leaningsBy } from "./meetings/leanings";
import { Saving } from "./saving";
import { split } from "./reader/split.svelte";
import { search } from "./search.svelte";
import { toast } from "./toast.svelte";

/** All own notes; `at` is the note that was left for the reader. */
export interface NotesPlace { view: "notes"; sort?: NotesSort; filter?: NotesFilter; at?: string }

/** A document; `item` is the agenda item it is read under, `beside` the document in the second pane. */
export interface ReaderPlace { view: "reader"; file: string; page?: number; mark?: string; find?: string; item?: string; beside?: string }

/** The speaking sheet of a meeting; without `items` those with anything of one's own. */
export interface SheetPlace { view: "sheet"; id: string; hasNonpublic?: boolean; items?: string[] }

/** The faction space; `id` chooses one of several, `step` is a way into one. */
export interface FactionPlace { view: "faction"; id?: string; part?: FactionPart; step?: FactionStep; filter?: NewsFilter }
export type FactionPart = "news" | "talk" | "tasks" | "members";
export type FactionStep = "found" | "accept" | "recover";

/** The faction's sheet of a meeting: its items with anything on them, or the whole agenda. */
export interface FactionSheetPlace { view: "factionSheet"; id: string; faction: string; hasNonpublic?: boolean; isWhole?: boolean }

export type Place =
  | { view: "today" }
  | { view: "meetings" }
  | { view: "meeting"; id: string; item?: string }
    | ReaderPlace
    | SheetPlace
  | NotesPlace
    | FactionPlace
    | FactionSheetPlace
  | { view: "search" }
  | { view: "person" | "organization" | "paper"; id: string }
  | { view: "storage" | "sync" }
  | { view: "settings" };

const darkDevice = window.matchMedia("(prefers-color-scheme: dark)");

/** The first of two panes, with the whole room. */
function alone({ beside: _, ...place }: ReaderPlace): ReaderPlace {
  return place;
}

/** With what stood beside it the last time. */
function together(place: ReaderPlace): ReaderPlace {
  const was = place.beside === undefined ? split.of(place.file) : undefined;
  return was ? { ...place, beside: was.beside.fileId } : place;
}

class App {
  status = $state<AppStatus>();
  failure = $state<DeskError>();
  /** Steps after the vault is open: a recovery code to show, a new passphrase to choose, a council to pair. */
  recoveryCode = $state<string>();
  mustRenewPassphrase = $state(false);
  isPairing = $state(false);
  trail = $state<Place[]>([{ view: "today" }]);
  progress = $state<SyncProgress>();
  isSyncing = $state(false);
  /** Why no synchronisation could begin; how one ended stands with its council. */
  syncFailure = $state<DeskError>();
  /** How far the index of the search is. */
  indexing = $state<{ running: boolean; filesDone: number; filesTotal: number }>();
  /** By document: the agenda item it was opened from last. */
  private items = new Map<string, string>();
  /** Whether the device itself is set to dark. */
  private deviceIsDark = $state(darkDevice.matches);
  /** The member has put the notice of older keys away, until the portfolio opens again. */
  hidesOlder = $state(false);
  readonly leanings = leaningsBy((request) => call("tally_set", request));
  private readonly saving = new Saving((settings: Settings) => call("settings_set", settings));
  /** Rises with every change that views must read again. */
  revision = $state(0);

  get place(): Place {
    return this.trail[this.trail.length - 1] ?? { view: "today" };
  }

  get isDark(): boolean {
    const wanted = this.status?.settings.appearance ?? "system";
    return wanted === "dark" || (wanted === "system" && this.deviceIsDark);
  }

  get councils(): CouncilInfo[] {
    return this.status?.councils ?? [];
  }

  /** Whether it has to be said whose a meeting or paper is. */
  get hasSeveral(): boolean {
    return this.councils.length > 1;
  }

  councilName(id: string): string {
    return this.councils.find((council) => council.id === id)?.name ?? "";
  }

  get isOffline(): boolean {
    return this.councils.some((council) => council.offline);
  }

  /** What keeps a council from being up to date, beside a missing network. */
  get problems(): { council: CouncilInfo; message: string }[] {
    return this.councils.flatMap((council) => (council.problem && council.problem.code !== "offline" && !council.revoked ? [{ council, message: council.problem.message }] : []));
  }

  /** Of several councils the one that lies furthest back: no more is true of all of them. */
  get standText(): string {
    const [first, ...others] = this.councils;
    if (!first) return "–";
    return others.reduce((back, council) => ((council.lastSyncAtMs ?? 0) < (back.lastSyncAtMs ?? 0) ? council : back), first).standText;
  }

  async start(): Promise<void> {
    darkDevice.addEventListener("change", (event) => (this.deviceIsDark = event.matches));
    lock.start();
    drafts.field(() => [{ key: TRAIL, text: trailText(this.trail) }]);
    await onEvent((event) => {
      if (event.type === "sync-progress") {
        const files = this.progress?.filesDone;
        this.progress = event.progress;
        this.isSyncing = true;
        // Freshly readable things show at once, without redrawing for each file.
        if (event.progress.phase === "files" && files === undefined) this.revision += 1;
      } else if (event.type === "sync-finished") {
        this.isSyncing = event.more;
        this.progress = undefined;
        this.syncFailure = undefined;
        void this.refresh();
      } else if (event.type === "index-progress") {
        this.indexing = event;
      } else if (event.type === "faction-changed") {
        void faction.load();
      } else if (event.type === "lock-soon") {
        lock.soon(event.leftMs);
      } else if (event.type === "vault-locked") {
        this.forget();
        void this.refresh();
      }
    });
    await this.refresh();
    if (this.status?.vault === "open") void this.syncAll();
    setInterval(() => void this.syncAll(), 15 * 60_000);
  }

  async refresh(): Promise<void> {
    try {
      const asked = this.saving.asking();
      const told = await call("app_status", {});
      const status = this.status && this.saving.isPast(asked) ? { ...told, settings: this.status.settings } : told;
      this.show(status.settings);
      this.status = status;
      this.revision += 1;
      if (status.vault === "open") {
        void papers.load();
        void split.load();
        void faction.load();
      }
    } catch (error) {
      this.failure = asDeskError(error);
    }
  }

  async syncAll(): Promise<void> {
    if (this.status?.vault !== "open" || this.isSyncing || this.councils.length === 0) return;
    try {
      this.isSyncing = true;
      await call("sync_start", {});
    } catch (error) {
      this.isSyncing = false;
      this.syncFailure = asDeskError(error);
    }
  }

  /** Shows the change at once and stores it. Where that fails, what is stored comes back. */
  async saveSettings(change: Partial<Settings>): Promise<void> {
    if (!this.status) return;
    const wanted = { ...this.status.settings, ...change };
    this.take(wanted);
    try {
      const stored = await this.saving.save(wanted);
      if (stored) this.take(stored);
    } catch (error) {
      await this.refresh();
      throw error;
    }
  }

  private take(settings: Settings): void {
    if (!this.status) return;
    this.status = { ...this.status, settings };
    this.show(settings);
  }

  go(place: Place): void {
    if (place.view === "reader") {
      if (place.item === undefined) this.items.delete(place.file);
      else this.items.set(place.file, place.item);
    }
    const wanted = place.view === "reader" ? together(place) : place;
    const top = place.view === "today" || place.view === "meetings" || place.view === "notes" || (place.view === "faction" && place.step === undefined) || place.view === "search" || place.view === "settings";
    this.trail = top ? [wanted] : [...this.trail, wanted];
  }

  /** The agenda item that a document was opened from: marks made in it say so. */
  itemOf(file: string): string | undefined {
    return this.items.get(file);
  }

  replace(place: Place): void {
    this.trail = [...this.trail.slice(0, -1), place];
  }

  back(): void {
    this.trail = this.trail.length > 1 ? this.trail.slice(0, -1) : [{ view: "today" }];
    this.revision += 1;
  }

  /** Reading went on to another agenda item: the way back leads to the one that is read now. */
  follow(from: string | undefined, to: string | undefined): void {
    const before = this.trail[this.trail.length - 2];
    if (before?.view !== "meeting" || before.item === undefined || before.item !== from || to === undefined) return;
    this.trail = this.trail.map((place) => (place === before ? { ...before, item: to } : place));
  }

  /** Closes a tab; the document shown gives way to its neighbour, the last one to the place before. */
  closePaper(file: string): void {
    const next = papers.close(file);
    const place = this.place;
    if (place.view !== "reader") return;
    if (place.beside === file) this.replace(alone(place));
    else if (place.file === file && place.beside) this.replace({ view: "reader", file: place.beside });
    else if (place.file === file && next) this.replace({ view: "reader", file: next.file });
    else if (place.file === file) this.back();
  }

  /** Just opened: the member is back where she was, with what she was writing. */
  async opened(): Promise<void> {
    // What cannot be read of it must not keep her out.
    await lock.opened().catch(() => undefined);
    this.trail = trailFrom(drafts.take(TRAIL));
    await this.refresh();
    void this.syncAll();
  }

  async lock(): Promise<void> {
    await lock.store();
    await call("vault_lock", {});
    this.forget();
    await this.refresh();
  }

  private forget(): void {
    this.trail = [{ view: "today" }];
    papers.forget();
    split.forget();
    faction.forget();
    lock.forget();
    toast.hide();
    sharing.wish = undefined;
    this.items.clear();
    this.indexing = undefined;
    search.forget();
    meetings.forget();
    this.recoveryCode = undefined;
    this.progress = undefined;
    this.isSyncing = false;
    this.hidesOlder = false;
  }

  private show(settings: Settings): void {
    setLanguage(settings.language);
    const root = document.documentElement;
    if (settings.appearance === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = settings.appearance;
    root.style.setProperty("--text-scale", String(settings.textScale));
  }
}

export const app = new App();
drafts.onStore(() => app.leanings.settled());
