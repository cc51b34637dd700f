// The one short message at the lower edge, with a way back. Which deed it takes back is the caller's.
class Toast {
  text = $state<string>();
  undo = $state.raw<() => void>();

  show(text: string, undo?: () => void): void {
    this.text = text;
    this.undo = undo;
  }

  hide(): void {
    this.text = undefined;
    this.undo = undefined;
  }
}

export const toast = new Toast();
