// The search over everything on the tablet: what is typed, what is filtered, what came. Kept while the mappe is open, so that
// a way back from a paper leads to the same list. Truth lives in Rust.
import { asDeskError, call } from "../host/host";
import type { HitKind } from "../host/generated/HitKind";
import type { IndexStatus } from "../host/generated/IndexStatus";
import type { Publicity } from "../host/generated/Publicity";
import type { SearchAnswer } from "../host/generated/SearchAnswer";
import type { SearchChoices } from "../host/generated/SearchChoices";
import type { SearchHit } from "../host/generated/SearchHit";

export const GROUPS = ["all", "papers", "notes", "faction", "agendas", "people"] as const;
export type Group = (typeof GROUPS)[number];
const KINDS: Record<Group, HitKind[]> = {
  all: [], papers: ["file", "paper"], notes: ["note"], faction: ["faction"], agendas: ["meeting", "agendaItem"], people: ["person", "organization"],
};
/** Typing rests this long before the tablet is asked. */
const REST_MS = 120;

export interface Filters { councilId: string; organizationId: string; year: string; publicity: "" | Publicity; mine: boolean }
const NONE: Filters = { councilId: "", organizationId: "", year: "", publicity: "", mine: false };

class Search {
  text = $state("");
  group = $state<Group>("all");
  filters = $state<Filters>({ ...NONE });
  answer = $state.raw<SearchAnswer>();
  choices = $state.raw<SearchChoices>();
  status = $state.raw<IndexStatus>();
  failure = $state<string>();
  /** The hit shown beside the list. */
  chosen = $state(0);
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  get isFiltered(): boolean {
    return this.filters.councilId !== "" || this.filters.organizationId !== "" || this.filters.year !== "" || this.filters.publicity !== "" || this.filters.mine;
  }

  get hit(): SearchHit | undefined {
    return this.answer?.hits[this.chosen];
  }

  /** Asks soon; a newer question takes the place of this one. */
  soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(true), REST_MS);
  }

  async ask(typing: boolean): Promise<void> {
    clearTimeout(this.timer);
    const question = (this.asked += 1);
    if (this.text.trim() === "") {
      this.answer = undefined;
      this.failure = undefined;
      return;
    }
    const { councilId, organizationId, year, publicity, mine } = this.filters;
    try {
      const answer = await call("search", {
        text: this.text, typing, kinds: KINDS[this.group], mine,
        ...(councilId === "" ? {} : { councilId }), ...(organizationId === "" ? {} : { organizationId }), ...(year === "" ? {} : { year: Number(year) }), ...(publicity === "" ? {} : { publicity }),
      });
      if (question !== this.asked) return;
      this.answer = answer;
      this.chosen = 0;
      this.failure = undefined;
    } catch (error) {
      if (question === this.asked) this.failure = asDeskError(error).message;
    }
  }

  choose(group: Group): void {
    this.group = group;
    void this.ask(false);
  }

  filter(change: Partial<Filters>): void {
    this.filters = { ...this.filters, ...change };
    void this.ask(false);
  }

  clear(): void {
    this.text = "";
    this.answer = undefined;
    this.failure = undefined;
    this.asked += 1;
  }

  /** What can be filtered by, and what cannot be found. */
  async look(): Promise<void> {
    try {
      [this.choices, this.status] = await Promise.all([call("search_choices", {}), call("index_status", {})]);
    } catch (error) {
      this.failure = asDeskError(error).message;
    }
  }

  /** Forgets everything, as locking must. */
  forget(): void {
    this.clear();
    this.group = "all";
    this.filters = { ...NONE };
    this.choices = undefined;
    this.status = undefined;
  }
}

export const search = new Search();
