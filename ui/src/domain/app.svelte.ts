// What the whole page knows: the vault's state, the settings, where the reader is, how the sync goes. Truth lives in Rust; this mirrors it.
import { asDeskError, call, onEvent } from "../host/host";
import type { AppStatus } from "../host/generated/AppStatus";
import type { CouncilInfo } from "../host/generated/CouncilInfo";
import type { DeskError } from "../host/generated/DeskError";
import type { Settings } from "../host/generated/Settings";
import type { SyncProgress } from "../host/generated/SyncProgress";
import { setLanguage } from "../shared/i18n/i18n.svelte";
import type { NotesFilter } from "./notes/filter";
import type { NotesSort } from "./notes/order";
import { meetings } from "./meetings.svelte";
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
export interface OpenPaper { file: string; council: string; title: string; isPublic: boolean }

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
  /** Why no synchronisation could begin; how one ended stands with its council. */
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
      const status = await call("app_status", {});
      this.show(status.settings);
      this.status = status;
      this.revision += 1;
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

  /** Closes the tabs of a council that is gone. */
  closePapersOf(council: string): void {
    this.papers = this.papers.filter((paper) => paper.council !== council);
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
    meetings.forget();
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
