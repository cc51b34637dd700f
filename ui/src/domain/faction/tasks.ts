// Tasks of a space: what is late, and what of one was changed. Pure.
import type { FactionStatus } from "../../host/generated/FactionStatus";
import type { FactionTask } from "../../host/generated/FactionTask";
import type { FactionTaskRequest } from "../../host/generated/FactionTaskRequest";

/** The day of a moment as in "2026-09-30", where one is. */
export function isoDay(ms: number): string {
  const day = new Date(ms);
  return [day.getFullYear(), String(day.getMonth() + 1).padStart(2, "0"), String(day.getDate()).padStart(2, "0")].join("-");
}

/** Its day is over and it is not done. */
export const isOverdue = ({ due, status }: Pick<FactionTask, "due" | "status">, nowMs: number = Date.now()): boolean => due !== undefined && status !== "done" && due < isoDay(nowMs);

/** As it stands in a form: an empty owner or day is none. */
export interface TaskForm { text: string; ownerId: string; due: string; status: FactionStatus }

/** What of a task is another than before: only that is sent, so that what others change meanwhile stays. */
export function changeOf(task: FactionTask | undefined, form: TaskForm): Pick<FactionTaskRequest, "text" | "ownerId" | "due" | "status"> {
  return {
    ...(form.text === task?.text ? {} : { text: form.text }),
    ...(form.ownerId === (task?.ownerId ?? "") ? {} : { ownerId: form.ownerId }),
    ...(form.due === (task?.due ?? "") ? {} : { due: form.due }),
    ...(form.status === (task?.status ?? "draft") ? {} : { status: form.status }),
  };
}
