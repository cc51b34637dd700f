// What is shared and written in the invented faction space, for `npm run dev`. Never part of a build.
import { item, keyOf, messages, positions, shares as begun, tasks as begunTasks, type Said } from "./fake-faction-data";
import { meeting, meetings, rows } from "./fake-lindenau";
import { moreMarks } from "./fake-notes";
import * as lindenau from "./fake-lindenau";
import type { Commands } from "./generated/Commands";
import type { DeskEvent } from "./generated/DeskEvent";
import type { FactionCard } from "./generated/FactionCard";
import type { FactionEntry } from "./generated/FactionEntry";
import type { FactionMessage } from "./generated/FactionMessage";
import type { FactionPerson } from "./generated/FactionPerson";
import type { FactionPosition } from "./generated/FactionPosition";
import type { FactionPreviewPart } from "./generated/FactionPreviewPart";
import type { FactionShare } from "./generated/FactionShare";
import type { FactionSource } from "./generated/FactionSource";
import type { FactionTask } from "./generated/FactionTask";
import type { Mark } from "./generated/Mark";
import type { Target } from "./generated/Target";

type Names = "faction_about" | "faction_position" | "faction_message" | "faction_message_edit" | "faction_read" | "faction_task" | "faction_tasks" | "faction_marks" | "faction_preview" | "faction_share"
  | "faction_withdraw" | "faction_news" | "faction_seen" | "faction_layer" | "faction_sheet" | "faction_sheet_save";
type Answers = { [N in Names]: (request: Commands[N]["request"]) => Commands[N]["result"] };
interface Around { tell: (event: DeskEvent) => void; space: (id: string) => FactionCard; spaces: () => FactionCard[]; people: () => FactionPerson[]; isEmpty: boolean }

const nothing: FactionPosition = { recommendation: "", arguments: "", status: "draft", speakers: [], incomplete: false };
/** Below agenda item 5 stand the paper and the main file of the invented plan. */
const isAbout = (asked: Target | undefined, told: Target | undefined): boolean =>
  asked === undefined ? told === undefined : told !== undefined && (keyOf(asked) === keyOf(told) || (keyOf(asked) === "agendaItem:i5" && told.kind === "file" && told.id === "f1") || (keyOf(asked) === "paper:p-i5" && keyOf(told) === "agendaItem:i5"));
const itemOf = (target: Target | undefined) => rows.find((row) => row.id === (target?.kind === "agendaItem" ? target.id : target?.kind === "file" ? "i5" : undefined));
const labelOf = (target: Target | undefined) => {
  const row = itemOf(target);
  return row ? `TOP ${row.number} · ${row.paperReference ?? row.name}` : undefined;
};

export function topicAnswers({ tell, space, spaces, people, isEmpty }: Around): Answers {
  let talk: Said[] = isEmpty ? [] : messages;
  let shares: FactionShare[] = isEmpty ? [] : begun;
  let tasks: FactionTask[] = isEmpty ? [] : begunTasks;
  const told = isEmpty ? new Map<string, FactionPosition>() : positions;
  let count = 0;
  let seen = new Set<string>();
  const fresh = () => `new-${(count += 1)}`;
  const written = (faction: string, itemId: string) => {
    setTimeout(() => tell({ type: "faction-changed", faction }), 20);
    return { itemId };
  };
  const everyMessage = (): (FactionMessage & { target?: Target })[] => talk.flatMap((first) => [first, ...first.answers.map((answer) => ({ ...answer, ...(first.target ? { target: first.target } : {}) }))]);
  const marksOf = ({ kind, ids }: FactionSource): Mark[] => {
    const all = [...lindenau.marks, ...moreMarks];
    return kind === "file" ? all.filter((mark) => mark.fileId !== undefined && ids.includes(mark.fileId)) : all.filter((mark) => ids.includes(mark.id));
  };
  const partOf = (mark: Mark): FactionPreviewPart => ({
    kind: mark.kind, text: mark.text ?? "", nonpublic: !mark.public || mark.fileId === "f9", label: labelOf(mark.target) ?? "TOP 5 · 2026/184", ...(mark.page === undefined ? {} : { page: mark.page }), ...(mark.quote ? { quote: mark.quote.exact } : {}),
  });

  function entries(): FactionEntry[] {
    const about = (target: Target | undefined) => {
      const row = itemOf(target);
      const label = labelOf(target);
      return { ...(target ? { target } : {}), ...(label ? { label } : {}), ...(row ? { meetingId: "m1", agendaItemId: row.id } : {}), ...(target?.kind === "file" ? { fileId: target.id } : {}) };
    };
    const entry = (itemId: string, kind: FactionEntry["kind"], authorId: string, atMs: number, text: string, target: Target | undefined, more: Partial<FactionEntry> = {}): FactionEntry => ({
      itemId, kind, authorId, atMs, text, new: authorId !== "u1" && Date.now() - atMs < 28.5 * 3_600_000 && !seen.has(itemId), mentionsMe: false, ...about(target), ...more,
    });
    return [
      ...everyMessage().map((one) => entry(one.itemId, "message", one.authorId, one.atMs, one.text, one.target, { mentionsMe: one.mentions.includes("u1") })),
      ...shares.map((one) => entry(one.itemId, "share", one.authorId, one.atMs, one.text, one.target, one.mark ? { page: one.mark.page } : {})),
      ...tasks.map((one) => entry(one.itemId, "task", one.authorId, one.atMs, one.text, one.target)),
      ...[...told].map(([key, one]) => entry(one.itemId ?? key, "position", "u4", Date.now() - 40 * 3_600_000, one.recommendation, item(key.slice("agendaItem:".length)))),
      ...(isEmpty ? [] : [entry("x1", "closed", "u2", Date.now() - 44 * 3_600_000, "", undefined)]),
    ].sort((a, b) => b.atMs - a.atMs);
  }

  return {
    faction_about: ({ target, factionId }) => ({
      spaces: spaces().filter((card) => factionId === undefined || card.id === factionId).map((card) => ({
        card, people: people(), threads: talk.filter((one) => isAbout(target, one.target)), shares: shares.filter((one) => target !== undefined && isAbout(target, one.target)), tasks: tasks.filter((one) => isAbout(target, one.target)),
        ...(target?.kind === "agendaItem" ? { position: told.get(keyOf(target)) ?? nothing } : {}),
      })),
    }),
    faction_position: ({ factionId, target, recommendation, arguments: reasons, status, speaker }) => {
      const was = told.get(keyOf(target)) ?? { ...nothing, itemId: fresh() };
      const others = was.speakers.filter((id) => id !== speaker?.userId);
      told.set(keyOf(target), { ...was, ...(recommendation === undefined ? {} : { recommendation }), ...(reasons === undefined ? {} : { arguments: reasons }), ...(status ? { status } : {}), speakers: speaker?.speaks ? [...others, speaker.userId] : others });
      return written(factionId, was.itemId ?? "");
    },
    faction_message: ({ factionId, target, parentId, mentions, text }) => {
      const one: Said = { itemId: fresh(), authorId: "u1", atMs: Date.now(), text, mentions, unsent: true, readers: [], answers: [], ...(parentId ? { parentId } : {}), ...(target ? { target } : {}) };
      talk = parentId ? talk.map((first) => (first.itemId === parentId ? { ...first, answers: [...first.answers, one] } : first)) : [...talk, one];
      return written(factionId, one.itemId);
    },
    faction_message_edit: ({ factionId, itemId, text }) => {
      const edit = <M extends FactionMessage>(one: M): M => (one.itemId === itemId ? { ...one, text } : { ...one, answers: one.answers.map(edit) });
      talk = talk.map(edit);
      return written(factionId, itemId);
    },
    faction_read: ({ factionId, itemId, shown }) => {
      const read = <M extends FactionMessage>(one: M): M => ({ ...one, answers: one.answers.map(read), ...(one.itemId === itemId ? { readers: [...one.readers.filter((id) => id !== "u1"), ...(shown ? ["u1"] : [])] } : {}) });
      talk = talk.map(read);
      return written(factionId, itemId);
    },
    faction_task: ({ factionId, itemId, target, text, ownerId, due, status }) => {
      const label = labelOf(target);
      const was = tasks.find((one) => one.itemId === itemId) ?? { itemId: fresh(), authorId: "u1", atMs: Date.now(), text: "", status: "draft" as const, unsent: true, ...(target ? { target } : {}), ...(label ? { label } : {}) };
      const { ownerId: oldOwner, due: oldDue, ...rest } = was;
      const owner = ownerId ?? oldOwner;
      const day = due ?? oldDue;
      const now: FactionTask = { ...rest, ...(text === undefined ? {} : { text }), ...(status ? { status } : {}), ...(owner ? { ownerId: owner } : {}), ...(day ? { due: day } : {}) };
      tasks = itemId ? tasks.map((one) => (one.itemId === itemId ? now : one)) : [...tasks, now];
      return written(factionId, now.itemId);
    },
    faction_tasks: () => ({ tasks: [...tasks].sort((a, b) => Number(a.status === "done") - Number(b.status === "done") || (a.due ?? "9").localeCompare(b.due ?? "9")), people: people() }),
    faction_marks: ({ fileId }) => ({ shares: shares.filter((one) => one.mark?.fileId === fileId), people: people() }),
    faction_preview: ({ source }) => {
      const parts = marksOf(source).map(partOf);
      return { parts, readers: people().filter((person) => !person.gone && !person.own).flatMap((person) => person.name ?? []), nonpublic: parts.some((part) => part.nonpublic), sharedBefore: source.kind === "file" ? 1 : 0, leftOut: 0 };
    },
    faction_share: ({ factionId, source }) => {
      const made = marksOf(source).map((mark): FactionShare => ({
        factionId, itemId: fresh(), authorId: "u1", own: true, atMs: Date.now(), text: mark.text ?? "", target: mark.target, unsent: true, label: labelOf(mark.target) ?? "TOP 5 · 2026/184",
        ...(mark.fileId === undefined || mark.page === undefined ? {} : { mark: { kind: mark.kind, fileId: mark.fileId, page: mark.page, rects: mark.rects, otherVersion: false, ...(mark.strokes ? { strokes: mark.strokes } : {}), ...(mark.widthPt ? { widthPt: mark.widthPt } : {}), ...(mark.stamp ? { stamp: mark.stamp } : {}), ...(mark.quote ? { quote: mark.quote.exact } : {}) } }),
      }));
      shares = [...shares, ...made];
      written(factionId, "");
      return { count: made.length, itemIds: made.map((one) => one.itemId) };
    },
    faction_withdraw: ({ factionId, itemId }) => {
      shares = shares.filter((one) => one.itemId !== itemId);
      return written(factionId, itemId);
    },
    faction_news: ({ newOnly, meetingId, userId, tag }) => {
      const all = entries();
      return {
        entries: all.filter((one) => (!newOnly || one.new) && (!meetingId || one.meetingId === meetingId) && (!userId || one.authorId === userId) && (!tag || one.text.includes(`#${tag}`))), people: people(),
        meetings: all.some((one) => one.meetingId) ? meetings.slice(0, 1).map(({ id, name, startAtMs }) => ({ id, name, startAtMs })) : [],
        tags: [...new Set(all.flatMap((one) => [...one.text.matchAll(/#([\p{L}\p{N}_-]+)/gu)].map((found) => found[1] ?? "")))].sort(),
      };
    },
    faction_seen: ({ factionId }) => {
      seen = new Set(entries().map((one) => one.itemId));
      return Object.assign(space(factionId), { newCount: 0 });
    },
    faction_layer: ({ factionId, shown }) => Object.assign(space(factionId), { layerShown: shown }),
    faction_sheet: ({ meetingId, includeNonpublic }) => {
      const { card } = meeting(meetingId, []);
      const items = rows.filter((row) => includeNonpublic || row.public).map((row) => {
        const position = told.get(`agendaItem:${row.id}`);
        return { id: row.id, number: row.number, name: row.name, public: row.public, tasks: tasks.filter((one) => one.target?.id === row.id && one.status !== "done"), messageCount: everyMessage().filter((one) => one.target?.id === row.id).length, ...(position ? { position } : {}) };
      });
      return { factionName: spaces()[0]?.name ?? "", meetingName: card.name, startAtMs: card.startAtMs, public: !includeNonpublic, items, tasks: [], people: people(), leftOut: includeNonpublic ? 0 : 1 };
    },
    faction_sheet_save: () => ({ path: "/home/miriam/Downloads/Fraktionsbogen.pdf" }),
  };
}
