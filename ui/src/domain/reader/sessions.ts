// Documents that are open in the page, by file. Two panes on one file share it: what is drawn in one shows in the other.
import { Session } from "./session.svelte";

interface Held { session: Session; holders: number; opening?: Promise<void> | undefined }
const held = new Map<string, Held>();

/** The document of a file. Every `take` is followed by one `release`. */
export function take(fileId: string): Session {
  const known = held.get(fileId);
  if (known) {
    known.holders += 1;
    return known.session;
  }
  const session = new Session(fileId);
  held.set(fileId, { session, holders: 1 });
  return session;
}

/** Opens it, once for all who hold it. What went wrong stands in the session. */
export async function open(session: Session): Promise<void> {
  const known = held.get(session.fileId);
  if (session.opened || known?.session !== session) return;
  known.opening ??= session.open().finally(() => (known.opening = undefined));
  await known.opening;
}

/** Closes it with the last who held it. */
export function release(session: Session): void {
  const known = held.get(session.fileId);
  if (known?.session !== session) return;
  known.holders -= 1;
  if (known.holders > 0) return;
  held.delete(session.fileId);
  session.close();
}
