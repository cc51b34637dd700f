// The faction's layer of one open document: what was shared on its pages, and whether it is looked at.
import { asDeskError, call } from "../../host/host";
import type { FactionPerson } from "../../host/generated/FactionPerson";
import type { FactionShare } from "../../host/generated/FactionShare";
import { faction } from "./faction.svelte";
import { onPage, type Laid } from "./layer";

/** Whether layers are shown: the same for every document, while the app runs. */
class LayerChoice {
  isShown = $state(true);
}
export const layerChoice = new LayerChoice();

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

  on(page: number): Laid[] {
    return layerChoice.isShown ? onPage(this.shares, page) : [];
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
