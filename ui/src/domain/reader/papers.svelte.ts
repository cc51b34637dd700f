// The documents with a register tab. Which they are is kept in the vault, their names are read anew each time; the page itself stores nothing.
import { asDeskError, call } from "../../host/host";
import { toast } from "../toast.svelte";
import { views } from "./view.svelte";

export interface OpenPaper { file: string; council: string; title: string; isPublic: boolean }

/** As many documents as the reader in Rust keeps open. */
const MOST_PAPERS = 8;

class Papers {
  all = $state.raw<OpenPaper[]>([]);
  private isLoaded = false;

  /** Reads the tabs of the last time, once after unlocking. */
  async load(): Promise<void> {
    if (this.isLoaded) return;
    this.isLoaded = true;
    try {
      const tabs = await call("tabs_list", {});
      const kept = tabs.map(({ fileId, councilId, title, public: isPublic }) => ({ file: fileId, council: councilId, title, isPublic }));
      // What was opened meanwhile stands last.
      const opened = this.all.filter((paper) => !kept.some((other) => other.file === paper.file));
      this.all = [...kept, ...opened].slice(-MOST_PAPERS);
    } catch (error) {
      this.isLoaded = false;
      toast.show(asDeskError(error).message);
    }
  }

  /** Gives an opened document its tab; the oldest goes when there are too many. */
  keep(paper: OpenPaper): void {
    const known = this.all.find((other) => other.file === paper.file);
    if (known && known.title === paper.title && known.isPublic === paper.isPublic) return;
    this.set(known ? this.all.map((other) => (other === known ? paper : other)) : [...this.all, paper].slice(-MOST_PAPERS));
  }

  /** Reading goes on in the same tab, unless the other document has one already. */
  turn(from: string, to: OpenPaper): void {
    if (this.all.some((paper) => paper.file === to.file)) return;
    this.set(this.all.some((paper) => paper.file === from) ? this.all.map((paper) => (paper.file === from ? to : paper)) : [...this.all, to].slice(-MOST_PAPERS));
  }

  /** Takes a tab away. Result: the one that stands in its place then. */
  close(file: string): OpenPaper | undefined {
    const at = this.all.findIndex((paper) => paper.file === file);
    this.set(this.all.filter((paper) => paper.file !== file));
    return this.all[Math.min(Math.max(at, 0), this.all.length - 1)];
  }

  /** Takes away the tabs of a council that is gone. */
  closeOf(council: string): void {
    this.set(this.all.filter((paper) => paper.council !== council));
  }

  /** After locking nothing is known any more; what is kept stays kept. */
  forget(): void {
    this.all = [];
    this.isLoaded = false;
    views.forget();
  }

  private set(papers: OpenPaper[]): void {
    this.all = papers;
    call("tabs_set", { fileIds: papers.map((paper) => paper.file) }).catch((error: unknown) => toast.show(asDeskError(error).message));
  }
}

export const papers = new Papers();
