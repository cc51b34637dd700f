// What the invented faction of Lindenau has written, for `npm run dev`. Never part of a build.
import type { FactionMessage } from "./generated/FactionMessage";
import type { FactionPerson } from "./generated/FactionPerson";
import type { FactionPosition } from "./generated/FactionPosition";
import type { FactionShare } from "./generated/FactionShare";
import type { FactionTask } from "./generated/FactionTask";
import type { Target } from "./generated/Target";

const HOUR = 3_600_000;
const ago = (hours: number) => Date.now() - hours * HOUR;
export const dayIn = (days: number) => new Date(Date.now() + days * 24 * HOUR).toISOString().slice(0, 10);
export const item = (id: string): Target => ({ kind: "agendaItem", id });
export const keyOf = ({ kind, id }: Target) => `${kind}:${id}`;

const device = (id: string, name: string, own = false, more: { paper?: boolean; gone?: boolean } = {}) => ({
  deviceId: id, name, paper: more.paper ?? false, own, gone: more.gone ?? false, fingerprint: "3f9a 07c2 b81e 55d0 9ac4 e2f7 1063 8bd9",
});
export const people: FactionPerson[] = [
  { userId: "u2", name: "Henrik Sandvoß", role: "member", own: false, gone: false, colour: 1, devices: [device("d3", "Tablet Henrik")] },
  { userId: "u3", name: "Jutta Brehmer", role: "member", own: false, gone: false, colour: 2, devices: [device("d4", "iPad")] },
  { userId: "u4", name: "Lea Kottwitz", role: "staff", own: false, gone: false, colour: 0, devices: [device("d5", "Laptop im Fraktionsbüro")] },
  { userId: "u1", name: "Miriam Aldenhoff", role: "admin", own: true, gone: false, colour: 3, devices: [device("d1", "Tablet von Miriam", true), device("d2", "Laptop", true), device("d6", "Papierschlüssel", false, { paper: true })] },
  { userId: "u5", name: "Ralf Thiele", role: "member", own: false, gone: true, colour: 4, devices: [device("d7", "Tablet", false, { gone: true })] },
];

/** Messages with what they are about; answers stand with their first message. */
export interface Said extends FactionMessage { target?: Target }
const said = (id: string, author: string, hours: number, text: string, target: Target | undefined, more: Partial<FactionMessage> = {}): Said => ({
  itemId: id, authorId: author, atMs: ago(hours), text, mentions: [], unsent: false, readers: [], answers: [], ...(target ? { target } : {}), ...more,
});
export const messages: Said[] = [
  said("s1", "u4", 27, "Ich habe die Zahlen aus dem Mobilitätskonzept daneben gelegt. @Miriam Aldenhoff, reicht das für den Redebeitrag? #stellplätze", item("i5"), {
    mentions: ["u1"], readers: ["u2"], answers: [
      said("s2", "u2", 5, "Carsharing muss im Vertrag stehen, sonst bleibt es eine Absicht.", item("i5"), { parentId: "s1" }),
      said("s3", "u1", 1, "Ja, reicht. Den Änderungsantrag schreibe ich heute Abend.", item("i5"), { parentId: "s1", unsent: true }),
    ],
  }),
  said("s5", "u2", 8, "Fraktionssitzung am Montag um 18 Uhr im Büro. #termine", undefined),
  said("s4", "u3", 50, "Wer meldet sich bei der Feuerwehr wegen der Zufahrt? #termine", item("i6")),
];

export const positions = new Map<string, FactionPosition>([
  ["agendaItem:i4", { itemId: "q4", recommendation: "Zustimmen", arguments: "Unser Antrag von 2024 ist eingearbeitet.", status: "agreed", speakers: ["u2"], incomplete: false }],
  ["agendaItem:i5", { itemId: "q5", recommendation: "Zustimmen, mit Änderungsantrag zu Punkt 3", status: "draft", speakers: ["u1"], incomplete: false,
    arguments: "– 49 Wohnungen mit Mietpreisbindung sind ein Erfolg unseres Antrags von 2024.\n– Stellplatzschlüssel 0,7 nur zusammen mit Carsharing ab dem ersten Bezug.\n– Verkehrskonzept vor Baubeginn, nicht danach." }],
]);

export const tasks: FactionTask[] = [
  { itemId: "t1", authorId: "u4", atMs: ago(30), text: "Änderungsantrag zu Punkt 3 schreiben", ownerId: "u1", due: dayIn(2), status: "draft", target: item("i5"), label: "TOP 5 · 2026/184", unsent: false },
  { itemId: "t2", authorId: "u1", atMs: ago(60), text: "Mit der Feuerwehr über die Zufahrt sprechen", ownerId: "u3", due: dayIn(-1), status: "agreed", target: item("i6"), label: "TOP 6 · Städtebaulicher Vertrag", unsent: false },
  { itemId: "t3", authorId: "u2", atMs: ago(90), text: "Zahlen aus dem Mobilitätskonzept zusammenstellen", ownerId: "u4", status: "done", target: item("i5"), label: "TOP 5 · 2026/184", unsent: false },
];

export const shares: FactionShare[] = [
  { factionId: "k1", itemId: "h1", authorId: "u4", own: false, atMs: ago(28), text: "Gilt das auch für die Gewerbeeinheiten?", label: "TOP 5 · 2026/184", unsent: false, target: { kind: "file", id: "f1" },
    mark: { kind: "highlight", fileId: "f1", page: 0, rects: [[66, 520, 330, 532]], quote: "Stellplatzschlüssel von 1,0 auf 0,7 je Wohnung", otherVersion: false } },
  { factionId: "k1", itemId: "h2", authorId: "u2", own: false, atMs: ago(6), text: "Hier fehlt der Nachtwert.", label: "TOP 5 · 2026/184", unsent: false, target: { kind: "file", id: "f1" },
    mark: { kind: "rectangle", fileId: "f1", page: 0, rects: [], strokes: [[[70, 300, 0.5], [300, 380, 0.5]]], widthPt: 2, otherVersion: false } },
  { factionId: "k1", itemId: "h3", authorId: "u1", own: true, atMs: ago(3), text: "Satz 2 streichen.", label: "TOP 5 · 2026/184", unsent: true, target: { kind: "file", id: "f1" },
    mark: { kind: "note", fileId: "f1", page: 1, rects: [[300, 600, 300, 600]], otherVersion: false } },
  { factionId: "k1", itemId: "h4", authorId: "u3", own: false, atMs: ago(26), text: "Der Ortsteilrat war einstimmig dafür, aber nur mit Lärmschutz zur Bahn.", label: "TOP 5 · 2026/184", unsent: false, target: item("i5") },
];

/** A QR code that says nothing, but looks like one. */
export function pattern(size: number): boolean[][] {
  let seed = 7;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const eye = (x: number, y: number) => {
    const [dx, dy] = [Math.min(x, size - 1 - x), Math.min(y, size - 1 - y)];
    if (dx > 7 || dy > 7 || (x > size - 9 && y > size - 9)) return undefined;
    if (dx === 7 || dy === 7) return false;
    const ring = Math.max(Math.abs(dx - 3), Math.abs(dy - 3));
    return ring !== 2;
  };
  return Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => eye(x, y) ?? random() > 0.5));
}
