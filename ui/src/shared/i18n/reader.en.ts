// English words of the reader.
import type { readerDe } from "./reader.de";

export const readerEn: Record<keyof typeof readerDe, string> = {
  "reader.loading": "Opening the document …",
};
