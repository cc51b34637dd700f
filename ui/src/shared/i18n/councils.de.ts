// German words where several councils share one tablet.
export const councilsDe = {
  "council.filter": "Rat",
  "council.any": "Alle Räte",
  "council.of": "{name} ({council})",
  "council.stand": "Stand: {time}",
  "council.never": "Noch nie abgeglichen",
  "council.problem": "{council}: {problem}",
  "council.remove": "Rat entfernen …",
  "council.ask_remove": "„{council}“ von diesem Tablet entfernen?",
  "council.remove_papers": "Sitzungen, Unterlagen und Schlüssel dieses Rates werden gelöscht. Das lässt sich nicht rückgängig machen.",
  "council.remove_notes": "Ihre eigenen Notizen bleiben. Ihre Zitate aus nichtöffentlichen Unterlagen gehen verloren.",
  "council.remove_again": "Um wieder dabei zu sein, brauchen Sie eine neue Einladung. Bitten Sie das Sitzungsbüro auch, dieses Tablet abzumelden.",
  "council.remove_sure": "Ich habe das verstanden",
  "council.remove_now": "Endgültig entfernen",
  "council.removed": "„{council}“ wurde von diesem Tablet entfernt.",
  "clash.title": "Gleichzeitig:",
  "clash.words": "{name}, {day}, {time}",
} as const;
