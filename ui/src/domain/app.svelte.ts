// What the whole page knows: the vault's state, the settings, where the reader is, how the sync goes. Truth lives in Rust; this mirrors it.
import { asDeskError, call, onEvent } from "../host/host";
import type { AppStatus } from "../host/generated/AppStatus";
import type { DeskError } from "../host/generated/DeskError";
import type { Settings } from "../host/generated/Settings";
import type { SyncProgress } from "../host/generated/SyncProgress";
import { setLanguage } from "../shared/i18n/i18n.svelte";
import type { NotesFilter } from "./notes/filter";
import type { NotesSort } from "./notes/order";
import { search } from "./search.svelte";

/** All own notes; `at` is the note that was left for the reader. */
export interface NotesPlace { view: "notes"; sort?: NotesSort; filter?: NotesFilter; at?: string }

export type Place =
  | { view: "today" }
  | { view: "meetings" }
  | { view: "meeting"; id: string; item?: string }
  | { view: "reader"; file: string; page?: number; mark?: string; find?: string }
  | NotesPlace
  | { view: "search" }
  | { view: "person" | "organization" | "paper"; id: string }
  | { view: "storage" | "sync" }
  | { view: "settings" };

/** A document with a register tab in the reader. */
export interface OpenPaper { file: string; title: string; isPublic: boolean }

/** As many documents as the reader in Rust keeps open. */
const MOST_PAPERS = 8;
const darkDevice = window.matchMedia("(prefers-color-scheme: dark)");

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
  isOffline = $state(false);
  syncFailure = $state<DeskError>();
  /** How far the index of the search is. */
  indexing = $state<{ running: boolean; filesDone: number; filesTotal: number }>();
  papers = $state<OpenPaper[]>([]);
  /** Whether the device itself is set to dark. */
  private deviceIsDark = $state(darkDevice.matches);
  /** Rises with every change that views must read again. */
  revision = $state(0);

  get place(): Place {
    return this.trail[this.trail.length - 1] ?? { view: "today" };
  }

  get isDark(): boolean {
    const wanted = this.status?.settings.appearance ?? "system";
    return wanted === "dark" || (wanted === "system" && this.deviceIsDark);
  }

  get standText(): string {
    return this.status?.councils[0]?.standText ?? "–";
  }

  async start(): Promise<void> {
    darkDevice.addEventListener("change", (event) => (this.deviceIsDark = event.matches));
    await onEvent((event) => {
      if (event.type === "sync-progress") {
        const files = this.progress?.filesDone;
        this.progress = event.progress;
        this.isSyncing = true;
        // Freshly readable things show at once, without redrawing for each file.
        if (event.progress.phase === "files" && files === undefined) this.revision += 1;
      } else if (event.type === "sync-finished") {
        this.isSyncing = false;
        this.progress = undefined;
        this.isOffline = event.error?.code === "offline";
        this.syncFailure = event.ok ? undefined : event.error;
        void this.refresh();
      } else if (event.type === "index-progress") {
        this.indexing = event;
      } else {
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
      const status = await call("app_status", {});
      this.show(status.settings);
      this.status = status;
      this.revision += 1;
    } catch (error) {
      this.failure = asDeskError(error);
    }
  }

  async syncAll(): Promise<void> {
    if (this.status?.vault !== "open" || this.isSyncing) return;
    for (const council of this.status.councils) {
      try {
        this.isSyncing = true;
        await call("sync_start", { council: council.id });
      } catch (error) {
        this.isSyncing = false;
        this.syncFailure = asDeskError(error);
      }
    }
  }

  async saveSettings(change: Partial<Settings>): Promise<void> {
    if (!this.status) return;
    const settings = await call("settings_set", { ...this.status.settings, ...change });
    this.status = { ...this.status, settings };
    this.show(settings);
  }

  go(place: Place): void {
    const top = place.view === "today" || place.view === "meetings" || place.view === "notes" || place.view === "search" || place.view === "settings";
    this.trail = top ? [place] : [...this.trail, place];
  }

  replace(place: Place): void {
    this.trail = [...this.trail.slice(0, -1), place];
  }

  back(): void {
    this.trail = this.trail.length > 1 ? this.trail.slice(0, -1) : [{ view: "today" }];
    this.revision += 1;
  }

  /** Gives an opened document its tab; the oldest goes when there are too many. */
  keepPaper(paper: OpenPaper): void {
    if (this.papers.some((other) => other.file === paper.file)) return;
    this.papers = [...this.papers, paper].slice(-MOST_PAPERS);
  }

  /** Closes a tab; the document shown gives way to its neighbour, the last one to the place before. */
  closePaper(file: string): void {
    const at = this.papers.findIndex((paper) => paper.file === file);
    this.papers = this.papers.filter((paper) => paper.file !== file);
    if (this.place.view !== "reader" || this.place.file !== file) return;
    const next = this.papers[Math.min(Math.max(at, 0), this.papers.length - 1)];
    if (next) this.replace({ view: "reader", file: next.file });
    else this.back();
  }

  async lock(): Promise<void> {
    await call("vault_lock", {});
    this.forget();
    await this.refresh();
  }

  private forget(): void {
    this.trail = [{ view: "today" }];
    this.papers = [];
    this.indexing = undefined;
    search.forget();
    this.recoveryCode = undefined;
    this.progress = undefined;
    this.isSyncing = false;
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
