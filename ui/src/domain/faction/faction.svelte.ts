// The faction spaces of this device as the whole page knows them: which there are, what is new, who has called the owner.
import { SvelteSet } from "svelte/reactivity";
import { asDeskError, call } from "../../host/host";
import type { DeskError } from "../../host/generated/DeskError";
import type { FactionCard } from "../../host/generated/FactionCard";
import type { FactionJoin } from "../../host/generated/FactionJoin";
import type { FactionOverview } from "../../host/generated/FactionOverview";
import { t } from "../../shared/i18n/i18n.svelte";
import { toast } from "../toast.svelte";
import { calls } from "./news";
import { personOf } from "./people";

class Faction {
  /** Absent until it was asked for. */
  overview = $state.raw<FactionOverview>();
  failure = $state<DeskError>();
  /** Rises when anything in a space has changed: views ask again. */
  revision = $state(0);
  /** Entries that were new when the list was looked at and have not been opened since. */
  readonly recent = new SvelteSet<string>();
  /** What is being written and was not sent, by the place it is written at. */
  readonly drafts = new Map<string, string>();
  /** Entries in which the owner was called and has been told so. */
  private told = new Set<string>();
  private known = new Map<string, number>();
  private turn = 0;

  get spaces(): FactionCard[] {
    return this.overview?.spaces ?? [];
  }

  get joining(): FactionJoin[] {
    return this.overview?.joining ?? [];
  }

  /** Spaces in which one can still write. */
  get open(): FactionCard[] {
    return this.spaces.filter((space) => !space.removed && !space.dissolved);
  }

  /** Those of a council that one can share with. */
  openOf(councilId: string | undefined): FactionCard[] {
    return this.open.filter((space) => space.councilId === councilId);
  }

  /** Entries of others since one has last looked, in all spaces. */
  get newCount(): number {
    return this.spaces.reduce((sum, space) => sum + space.newCount, 0);
  }

  async load(): Promise<void> {
    const turn = (this.turn += 1);
    try {
      const overview = await call("faction_overview", {});
      if (turn !== this.turn) return;
      this.overview = overview;
      this.failure = undefined;
      this.revision += 1;
      await Promise.all(overview.spaces.map((space) => this.listen(space)));
    } catch (error) {
      if (turn === this.turn) this.failure = asDeskError(error);
    }
  }

  /** Takes what a command says of a space. */
  take(card: FactionCard): void {
    if (!this.overview) return;
    this.known.set(card.id, card.newCount);
    const isKnown = this.spaces.some((space) => space.id === card.id);
    this.overview = { ...this.overview, spaces: isKnown ? this.spaces.map((space) => (space.id === card.id ? card : space)) : [...this.spaces, card] };
  }

  /** After locking nothing is known any more. */
  forget(): void {
    this.turn += 1;
    this.overview = undefined;
    this.failure = undefined;
    this.told.clear();
    this.recent.clear();
    this.drafts.clear();
    this.known.clear();
  }

  /** Says once that somebody calls the owner. */
  private async listen(space: FactionCard): Promise<void> {
    const before = this.known.get(space.id) ?? 0;
    this.known.set(space.id, space.newCount);
    if (space.newCount <= before) return;
    const news = await call("faction_news", { factionId: space.id, newOnly: true });
    for (const entry of calls(news.entries, this.told)) {
      this.told.add(entry.itemId);
      const name = personOf(news.people, entry.authorId)?.name ?? t("faction.somebody");
      toast.show(entry.label === undefined ? t("faction.calls_you", { name }) : t("faction.calls_you_at", { name, where: entry.label }));
    }
  }
}

export const faction = new Faction();
