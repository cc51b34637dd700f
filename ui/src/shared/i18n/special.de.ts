// German words of files that are not like others: protected, forms, portfolios.
export const specialDe = {
  "password.title": "Diese Datei ist geschützt",
  "password.text": "Diese Datei ist mit einem Kennwort geschützt. Wer sie eingestellt hat, kennt es; meist hilft das Ratsbüro weiter.",
  "password.field": "Kennwort der Datei",
  "password.kept": "Das Kennwort bleibt verschlüsselt auf diesem Tablet. Sie werden für diese Datei nicht noch einmal gefragt.",
  "password.open": "Datei öffnen",
  "nature.xfa": "Diese Datei ist ein XFA-Formular, das nur Adobe Acrobat ausfüllen und anzeigen kann. Hier sehen Sie deshalb nur eine Hinweisseite. Bitte lassen Sie sich vom Ratsbüro eine gewöhnliche PDF-Datei geben.",
  "nature.embedded.one": "In dieser Datei steckt {count} weitere Datei. Sie lässt sich hier nicht öffnen; zu lesen ist, was auf den Seiten steht.",
  "nature.embedded.other": "In dieser Datei stecken {count} weitere Dateien. Sie lassen sich hier nicht öffnen; zu lesen ist, was auf den Seiten steht.",
  "nature.close": "Hinweis schließen",
} as const;
