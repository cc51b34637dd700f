// How the member leans on agenda items: what was tapped is stored for the item it was tapped on, also when another one is shown by then.
import type { Vote } from "../../host/generated/Vote";
import { Saving } from "../saving";

export interface Leaning { agendaItemId: string; value: Vote | undefined }

/** `tell`: the call that stores one. */
export const leaningsBy = (tell: (request: { agendaItemId: string; value?: Vote }) => Promise<unknown>): Saving<Leaning> =>
  new Saving(async (leaning: Leaning) => {
    const { agendaItemId, value } = leaning;
    await tell({ agendaItemId, ...(value ? { value } : {}) });
    return leaning;
  });
