// Answers about what is taken along, for the page outside the window.
import type { Commands } from "./generated/Commands";
import type { DeskEvent } from "./generated/DeskEvent";
import * as lindenau from "./fake-lindenau";

type Names = "takeaway_preview" | "takeaway_save" | "takeaway_cancel" | "carried_look" | "carried_take" | "document_carried";
type Answers = { [N in Names]: (request: Commands[N]["request"]) => Commands[N]["result"] };

const entry = (id: string, title: string, isPublic: boolean, markCount: number, present = true) => ({ id, title, public: isPublic, present, pageCount: 12, byteLen: 900_000, markCount });

/** `tell` reaches the listeners of events. */
export const takeawayAnswers = (tell: (event: DeskEvent) => void): Answers => ({
  takeaway_preview: ({ scope, id }) => {
    const common = { folder: "/home/miriam/Downloads", author: "Miriam Aldenhoff" };
    const found = lindenau.files.find((each) => each.id === id);
    if (scope === "file") return { ...common, name: `TOP 5 · 2026/184 · ${found?.name ?? "Vorlage"}`, sections: [{ title: "TOP 5", public: found?.public ?? true, noteCount: 0, files: [entry(id ?? "", found?.name ?? "Vorlage", found?.public ?? true, 4)] }] };
    return { ...common, name: "2026-11-24 Ausschuss für Stadtentwicklung, Bauen und Umwelt", sections: [
      { title: "Einladung und Unterlagen der Sitzung", public: true, noteCount: 0, files: [entry("t1", "Einladung", true, 0)] },
      { title: "TOP 5 Bebauungsplan Nr. 47 „Alte Gerberei“ – Abwägungs- und Satzungsbeschluss", public: true, noteCount: 1, files: [entry("t2", "Beschlussvorlage 2026/184", true, 4), entry("t3", "Abwägungstabelle", true, 2), entry("t4", "Verkehrsgutachten", true, 0, false)] },
      { title: "TOP 14 Grundstücksangelegenheit", public: false, noteCount: 1, files: [entry("t5", "Vertragsentwurf", false, 1)] },
    ] };
  },
  takeaway_save: ({ form }) => {
    tell({ type: "takeaway-progress", filesDone: 3, filesTotal: 3, title: "Abwägungstabelle" });
    return { path: `/home/miriam/Downloads/2026-11-24 Ausschuss für Stadtentwicklung, Bauen und Umwelt.${form === "markdown" ? "md" : "pdf"}`, fileCount: 3, markCount: 7, leftOut: [] };
  },
  takeaway_cancel: () => ({}),
  carried_look: ({ fileId }) => ({ newCount: fileId === "f2" ? 12 : 0, takenCount: 0, otherCount: 1, authors: ["Dr. Birgit Brehmer"] }),
  carried_take: () => ({ count: 12 }),
  document_carried: () => ({ hiddenCount: 0, changed: false }),
});
