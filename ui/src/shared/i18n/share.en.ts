// English words of sharing with the faction, of its layer over a document, and of its sheet.
import type { shareDe } from "./share.de";

export const shareEn: Record<keyof typeof shareDe, string> = {
  "share.open": "Share with the group",
  "share.short": "Share",
  "share.file": "Share all with the group",
  "share.ask": "Share with the group?",
  "share.which": "In which space?",
  "share.leaves.one": "This is shared:",
  "share.leaves.other": "These {count} notes are shared:",
  "share.readers": "It can be read by: {names}.",
  "share.no_readers": "Nobody but you is in the space yet.",
  "share.nonpublic": "A part stands on nonpublic documents. Only who has been given the document can open that part. Secrecy holds in the group, too.",
  "share.stays": "A copy goes into the group space. Your own note stays here, for you alone.",
  "share.before.one": "{count} note is shared already and is not shared again.",
  "share.before.other": "{count} notes are shared already and are not shared again.",
  "share.left_out.one": "{count} note cannot be shared: its document is no longer open here.",
  "share.left_out.other": "{count} notes cannot be shared: their documents are no longer open here.",
  "share.nothing": "There is nothing new to share.",
  "share.do": "Share",
  "share.done.one": "{count} note shared with the group",
  "share.done.other": "{count} notes shared with the group",
};
