// Files that are being fetched because the member asked for them. One request at a time goes out; Rust lets a running sync end first.
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import { asDeskError, call } from "../host/host";
import { t } from "../shared/i18n/i18n.svelte";

class Fetching {
  /** Ids of files and meetings under way. */
  readonly ids = new SvelteSet<string>();
  /** What went wrong with the last try, by id; goes with the next one. */
  readonly failures = new SvelteMap<string, string>();

  /** Fetches one file. Result: whether it is here now. */
  async file(id: string): Promise<boolean> {
    return this.run(id, { files: [id], meetings: [] });
  }

  /** Fetches what is missing of a meeting. */
  async meeting(id: string): Promise<boolean> {
    return this.run(id, { files: [], meetings: [id] });
  }

  private async run(id: string, request: { files: string[]; meetings: string[] }): Promise<boolean> {
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    this.failures.delete(id);
    try {
      const { failed } = await call("file_fetch", request);
      if (failed > 0) this.failures.set(id, t("fetch.not_to_be_had"));
      return failed === 0;
    } catch (error) {
      const { code, message } = asDeskError(error);
      this.failures.set(id, code === "offline" ? t("fetch.offline") : message);
      return false;
    } finally {
      this.ids.delete(id);
    }
  }
}

export const fetching = new Fetching();
