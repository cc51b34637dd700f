// German words of the calendar file.
export const calendarDe = {
  "calendar.add": "In den Kalender",
  "calendar.ask_one": "Diese Sitzung in den Kalender?",
  "calendar.ask_all": "Sitzungen in den Kalender?",
  "calendar.what": "Zeit, Ort und öffentliche Tagesordnung verlassen die Mappe als Kalenderdatei. Titel nichtöffentlicher Punkte und Ihre Notizen bleiben hier.",
  "calendar.only_mine": "Nur Sitzungen meiner Gremien",
  "calendar.with_past": "Auch vergangene Sitzungen",
  "calendar.count.one": "{count} Sitzung",
  "calendar.count.other": "{count} Sitzungen",
  "calendar.look": "Was in der Datei steht",
  "calendar.save": "Datei sichern",
  "calendar.saved": "Kalenderdatei gesichert: {path}",
} as const;
