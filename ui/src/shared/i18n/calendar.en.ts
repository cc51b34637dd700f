// English words of the calendar file.
import type { calendarDe } from "./calendar.de";

export const calendarEn: Record<keyof typeof calendarDe, string> = {
  "calendar.add": "Add to calendar",
  "calendar.ask_one": "Add this meeting to the calendar?",
  "calendar.ask_all": "Add meetings to the calendar?",
  "calendar.what": "Time, place and public agenda leave the portfolio as a calendar file. Titles of nonpublic items and your notes stay here.",
  "calendar.only_mine": "Only meetings of my committees",
  "calendar.with_past": "Past meetings too",
  "calendar.count.one": "{count} meeting",
  "calendar.count.other": "{count} meetings",
  "calendar.look": "What the file says",
  "calendar.save": "Save the file",
  "calendar.saved": "Calendar file saved: {path}",
};
