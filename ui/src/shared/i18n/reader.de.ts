// German words of the reader.
export const readerDe = {
  "reader.loading": "Das Dokument wird geöffnet …",
} as const;
