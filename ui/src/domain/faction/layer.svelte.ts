// The faction's layer of one open document: what was shared on its pages, and whether it is laid over them.
import { asDeskError, call } from "../../host/host";
import type { FactionPerson } from "../../host/generated/FactionPerson";
import type { FactionShare } from "../../host/generated/FactionShare";
import { faction } from "./faction.svelte";
import { onPage, shownOf, type Laid } from "./layer";

export class Layer {
  shares = $state.raw<FactionShare[]>([]);
  people = $state.raw<FactionPerson[]>([]);
  failure = $state<string>();
  /** Its initials that are open. */
  open = $state<string>();
  private isRead = $state(false);
  private turn = 0;

  constructor(private readonly fileId: string) {}

  /** Nothing of the faction is to be seen. Unknown counts as something. */
  get isClear(): boolean {
    return faction.spaces.length === 0 || (this.isRead && this.shares.length === 0);
  }

  /** Something of the layer is laid over the pages. Each space keeps whether it is, for every document. */
  get isShown(): boolean {
    return shownOf(this.shares, faction.spaces).length > 0;
  }

  on(page: number): Laid[] {
    return onPage(shownOf(this.shares, faction.spaces), page);
  }

  /** Lays everything that was shared here over the pages, or nothing of it. */
  async show(isShown: boolean): Promise<void> {
    try {
      for (const factionId of new Set(this.shares.map((share) => share.factionId))) faction.take(await call("faction_layer", { factionId, shown: isShown }));
    } catch (error) {
      this.failure = asDeskError(error).message;
    }
  }

  person(id: string): FactionPerson | undefined {
    return this.people.find((person) => person.userId === id);
  }

  /** Asks for the layer, once there is a space. */
  async load(): Promise<void> {
    const turn = (this.turn += 1);
    if (faction.spaces.length === 0) {
      this.shares = [];
      return;
    }
    try {
      const { shares, people } = await call("faction_marks", { fileId: this.fileId });
      if (turn !== this.turn) return;
      this.shares = shares;
      this.people = people;
      this.isRead = true;
      this.failure = undefined;
    } catch (error) {
      if (turn === this.turn) this.failure = asDeskError(error).message;
    }
  }
}
