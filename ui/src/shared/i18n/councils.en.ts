// English words where several councils share one tablet.
import type { councilsDe } from "./councils.de";

export const councilsEn: Record<keyof typeof councilsDe, string> = {
  "council.filter": "Council",
  "council.any": "All councils",
  "council.of": "{name} ({council})",
  "council.stand": "As of {time}",
  "council.never": "Never synchronised",
  "council.problem": "{council}: {problem}",
  "council.remove": "Remove council …",
  "council.ask_remove": "Remove “{council}” from this tablet?",
  "council.remove_papers": "Meetings, papers and keys of this council will be deleted. This cannot be undone.",
  "council.remove_notes": "Your own notes stay. Your quotations from nonpublic papers will be lost.",
  "council.remove_again": "To take part again you need a new invitation. Please also ask the council office to sign this tablet off.",
  "council.remove_sure": "I have understood this",
  "council.remove_now": "Remove for good",
  "council.removed": "“{council}” was removed from this tablet.",
  "clash.title": "At the same time:",
  "clash.words": "{name}, {day}, {time}",
};
