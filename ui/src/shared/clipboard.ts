// Words onto the clipboard, in windows that may not write to it by themselves too.

/** Puts text on the clipboard. Call it from a tap or key. Result: whether it is there. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Refused or not there: the older way may still be open.
    return copyByEvent(text);
  }
}

function copyByEvent(text: string): boolean {
  let isSet = false;
  const fill = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    isSet = event.clipboardData !== null;
  };
  document.addEventListener("copy", fill);
  // Some engines copy only if something is selected in the page.
  const field = document.createElement("textarea");
  field.className = "visually-hidden";
  field.value = text;
  document.body.append(field);
  const focused = document.activeElement;
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  document.removeEventListener("copy", fill);
  return isDone && isSet;
}
