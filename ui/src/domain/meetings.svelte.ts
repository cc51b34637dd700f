// How the meetings are looked at: what narrows them, which years are open, which day is chosen. Kept while the portfolio is open, so that the way back
// from a meeting leads to the same place.
import { noFilter, type MeetingsFilter } from "./meetings/list";
import { dayOf, type Day } from "./meetings/month";

class Meetings {
  filter = $state.raw<MeetingsFilter>(noFilter());
  /** Years that the member has opened or folded away. */
  folds = $state.raw<ReadonlyMap<string, boolean>>(new Map());
  /** The day chosen in the month. */
  day = $state<Day>(dayOf(Date.now()));
  /** How far the list was scrolled, px. */
  scrollTop = 0;

  fold(key: string, isOpen: boolean): void {
    this.folds = new Map([...this.folds, [key, isOpen]]);
  }

  forget(): void {
    this.filter = noFilter();
    this.folds = new Map();
    this.day = dayOf(Date.now());
    this.scrollTop = 0;
  }
}

export const meetings = new Meetings();
