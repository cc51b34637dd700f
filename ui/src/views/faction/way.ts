// Goes to what something of a space is about.
import { app } from "../../domain/app.svelte";
import { wayTo } from "../../domain/faction/news";
import { call } from "../../host/host";
import type { Target } from "../../host/generated/Target";

/** Opens the item in its meeting, the meeting, the paper or the file. Rejects when it is not on this device. */
export async function openTarget(target: Target): Promise<void> {
  const way = wayTo(target);
  if (way) return app.go(way);
  const { row } = await call("agenda_item_open", { id: target.id });
  app.go({ view: "meeting", id: row.meetingId, item: target.id });
}
