// The panel beside the pages: which part is chosen, and whether it is wanted. Kept while the app runs, for every document.
export const TABS = ["pages", "outline", "marks"] as const;
export type Tab = (typeof TABS)[number];

class PanelChoice {
  tab = $state<Tab>("marks");
  /** Of the marks, those of the faction. */
  isFaction = $state(false);
  /** Wanted beside the page where there is room; over the page it begins closed. */
  isWanted = $state(true);
}

export const panelChoice = new PanelChoice();
