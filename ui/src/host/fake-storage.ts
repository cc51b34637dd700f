// Storage and sync details of the invented council, for `npm run dev`. Never part of a build.
import { files as papers, meetings, past } from "./fake-lindenau";
import type { Commands } from "./generated/Commands";
import type { StorageFile } from "./generated/StorageFile";
import type { StorageMeeting } from "./generated/StorageMeeting";
import type { StorageRule } from "./generated/StorageRule";
import type { StorageSelection } from "./generated/StorageSelection";

const YEAR = 365 * 86_400_000;
let rule: StorageRule = { withMarked: false };
const asksDeleted = new URLSearchParams(location.search).has("deleted");
let hasTold = false;
const kept = new Set<string>(["m5-1"]);
const freed = new Set<string>(["m6-0", "m6-1"]);

const all = [...meetings, ...past, ...past.map((card) => ({ ...card, id: `${card.id}-old`, startAtMs: card.startAtMs - YEAR }))];
const filesOf = (meeting: string): StorageFile[] =>
  papers.slice(0, 6).map((paper, at) => {
    const id = `${meeting}-${at}`;
    return {
      id, name: paper.name, byteLen: paper.byteLen, ...(paper.pageCount === undefined ? {} : { pageCount: paper.pageCount }), public: paper.public,
      state: freed.has(id) ? "freed" : meeting === "m2" && at === 2 ? "awaited" : "here", kept: kept.has(id), noteCount: paper.noteCount, otherMeetings: at === 3 ? 1 : 0,
    };
  });
const sum = (files: StorageFile[]) => files.reduce((bytes, file) => bytes + file.byteLen, 0);
const here = (files: StorageFile[]) => files.filter((file) => file.state === "here");

const meetingRow = (card: (typeof all)[number]): StorageMeeting => {
  const files = filesOf(card.id);
  return {
    id: card.id, name: card.name, startAtMs: card.startAtMs, coming: card.startAtMs > Date.now(), fileCount: files.length, filesHere: here(files).length, filesFreed: files.filter((file) => file.state === "freed").length,
    filesKept: files.filter((file) => file.kept).length, bytes: sum(files), bytesHere: sum(here(files)),
  };
};
const chosen = ({ files, meetings: ids, beforeMs }: StorageSelection): StorageFile[] =>
  all.flatMap((card) => filesOf(card.id).filter((file) => files.includes(file.id) || ids.includes(card.id) || (beforeMs !== undefined && card.startAtMs < beforeMs && card.startAtMs < Date.now()))).filter((file) => file.state === "here");
const going = (asked: StorageSelection) => chosen(asked).filter((file) => !file.kept);

type Names = "storage_details" | "storage_files" | "storage_preview" | "storage_free" | "storage_keep" | "storage_rule_preview" | "storage_rule_set" | "file_fetch" | "sync_details" | "deletions" | "deletions_seen";
export const storageAnswers: { [N in Names]: (request: Commands[N]["request"]) => Commands[N]["result"] } = {
  storage_details: () => {
    const rows = all.map(meetingRow);
    const bytes = rows.reduce((total, row) => total + row.bytesHere, 0);
    return { papersBytes: bytes, notesBytes: 1_240_000, indexBytes: 18_400_000, listsBytes: 6_100_000, freeBytes: 21_300_000_000, rule, councils: [{ id: "c1", name: "Stadt Lindenau an der Saale", filesHere: 40, bytesHere: bytes, meetings: rows }] };
  },
  storage_files: ({ meeting }) => ({ files: meeting === undefined ? [] : filesOf(meeting) }),
  storage_preview: (asked) => ({ files: going(asked).length, bytes: sum(going(asked)), kept: chosen(asked).length - going(asked).length, needed: asked.files.length > 0 ? 0 : 2, coming: 0, marked: going(asked).filter((file) => file.noteCount > 0).length }),
  storage_free: (asked) => {
    const gone = going(asked);
    const answer = { files: gone.length, bytes: sum(gone), fileIds: gone.map((file) => file.id) };
    answer.fileIds.forEach((id) => freed.add(id));
    return answer;
  },
  storage_keep: ({ files, meetings: ids, kept: wanted }) => {
    for (const id of [...files, ...ids.flatMap((meeting) => filesOf(meeting).map((file) => file.id))]) wanted ? kept.add(id) : kept.delete(id);
    return {};
  },
  storage_rule_preview: ({ months }) => ({ files: months === undefined ? 0 : 36, bytes: 41_000_000, kept: 0, needed: 0, coming: 0, marked: 0 }),
  storage_rule_set: (wanted) => {
    rule = wanted;
    return { files: 0, bytes: 0, fileIds: [] };
  },
  deletions: () => {
    const row = { councilId: "c1", councilName: "Stadt Lindenau an der Saale", unseen: !hasTold };
    const deletions = asksDeleted ? [{ ...row, organization: "Ausschuss für Stadtentwicklung, Bauen und Umwelt", atMs: Date.now() - 4e7, reason: "ended" as const }, { ...row, atMs: Date.now() - 9e8, reason: "lapsed" as const }, { ...row, organization: "Stadtrat", atMs: Date.now() - 9e9, reason: "revoked" as const, unseen: false }] : [];
    return { deletions, unseen: deletions.filter((one) => one.unseen).length };
  },
  deletions_seen: () => {
    hasTold = true;
    return {};
  },
  file_fetch: ({ files, meetings: ids }) => {
    const wanted = [...files, ...ids.flatMap((meeting) => filesOf(meeting).map((file) => file.id))];
    wanted.forEach((id) => freed.delete(id));
    for (const paper of papers) if (wanted.includes(paper.id)) paper.present = true;
    return { files: wanted.length, failed: 0 };
  },
  sync_details: () => ({
    councils: [{
      id: "c1", name: "Stadt Lindenau an der Saale", host: "ratsmappe.lindenau.de", confirmed: true, revoked: false, lastSuccessAtMs: Date.now() - 7_200_000, nonpublicUntilMs: Date.now() + 28 * 86_400_000,
      runs: [
        { beganAtMs: Date.now() - 610_000, endedAtMs: Date.now() - 600_000, objectsChanged: 0, filesFetched: 0, filesFailed: 0, error: { code: "offline", message: "Der Server ist gerade nicht erreichbar. Alle geladenen Unterlagen und Ihre Notizen stehen weiter bereit. Der Abgleich wird später nachgeholt." } },
        { beganAtMs: Date.now() - 7_210_000, endedAtMs: Date.now() - 7_200_000, objectsChanged: 14, filesFetched: 6, filesFailed: 1 },
        { beganAtMs: Date.now() - 9e7, endedAtMs: Date.now() - 9e7, objectsChanged: 0, filesFetched: 0, filesFailed: 0 },
      ],
      missingFiles: 2, missingBytes: 4_200_000, freedFiles: freed.size,
      missing: [{ meetingId: "m2", meetingName: "Stadtrat", startAtMs: Date.now() + 13 * 86_400_000, files: [{ id: "m2-2", name: "Begründung", byteLen: 3_400_000, public: true, reason: "damaged" }, { id: "m2-4", name: "Vertragsentwurf", byteLen: 800_000, public: false }] }],
      receipts: [{ meetingId: "m1", meetingName: "Ausschuss für Stadtentwicklung, Bauen und Umwelt", invitationRevision: 1, atMs: Date.now() - 9e8, serverAtMs: Date.now() - 9e8 }, { meetingId: "m2", meetingName: "Stadtrat", invitationRevision: 1, atMs: Date.now() - 6e5 }],
    }],
  }),
};
