// The panel's list as it is: asked for when the panel opens, and again after changes. What shows of it is decided in panel-list.
import { call } from "../../host/host";
import type { NoteRow } from "../../host/generated/NoteRow";
import type { PanelFilter, PanelSort } from "./panel-list";

/** Changes that follow each other are read together, ms. */
const REST_MS = 250;

export class PanelRows {
  rows = $state.raw<NoteRow[]>([]);
  isRead = $state(false);
  sort = $state<PanelSort>("page");
  filter = $state<PanelFilter>({ words: "" });
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly fileId: string, private readonly failed: (error: unknown) => void) {}

  /** Something changed. The first time it is read at once. */
  read(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), this.isRead ? REST_MS : 0);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.asked += 1;
  }

  private async ask(): Promise<void> {
    const question = (this.asked += 1);
    try {
      const { notes } = await call("file_notes", { fileId: this.fileId });
      if (question !== this.asked) return;
      this.rows = notes;
      this.isRead = true;
    } catch (error) {
      this.failed(error);
    }
  }
}
