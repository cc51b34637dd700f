// The question whether something is to be shared. Asked from anywhere, answered in one dialog.
import type { FactionSource } from "../../host/generated/FactionSource";

/** What is to be shared, and of which council it is. */
export interface Wish { councilId: string; source: FactionSource }

class Sharing {
  wish = $state.raw<Wish>();

  /** Asks about notes or marks. */
  askMarks(councilId: string, ids: readonly string[]): void {
    this.wish = { councilId, source: { kind: "marks", ids: [...ids] } };
  }

  /** Asks about all marks of a file. */
  askFile(councilId: string, fileId: string): void {
    this.wish = { councilId, source: { kind: "file", ids: [fileId] } };
  }
}

export const sharing = new Sharing();
