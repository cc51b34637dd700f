// The faction space for `npm run dev`: spaces, people, how one comes in. Never part of a build. `?nofaction` begins without a space, `?joining=waiting|compare|admission|refused`
// with an answered invitation, `?gone` after having been taken out, `?away` without network, `?alone` before anybody else has come.
import { people as all, pattern } from "./fake-faction-data";
import { topicAnswers } from "./fake-faction-topics";
import type { Commands } from "./generated/Commands";
import type { DeskError } from "./generated/DeskError";
import type { DeskEvent } from "./generated/DeskEvent";
import type { FactionCard } from "./generated/FactionCard";
import type { FactionInvitation } from "./generated/FactionInvitation";
import type { FactionJoin } from "./generated/FactionJoin";
import type { FactionMembers } from "./generated/FactionMembers";
import type { FactionPerson } from "./generated/FactionPerson";

type Names = Extract<keyof Commands, `faction_${string}`>;
type Answers = { [N in Names]: (request: Commands[N]["request"]) => Commands[N]["result"] };

const WORDS = ["Kastanie", "Brücke", "Laterne", "Orgel", "Mühle", "Wacholder"];
const MINUTE = 60_000;
const refuse = (code: DeskError["code"], message: string): never => {
  throw { code, message } satisfies DeskError;
};

/** `tell` reaches the listeners of events, `asked` are the wishes in the address. */
export function factionAnswers(tell: (event: DeskEvent) => void, asked: URLSearchParams): Answers {
  let people: FactionPerson[] = asked.has("alone") ? all.filter((person) => person.own) : all;
  const card = (name: string): FactionCard => ({
    id: "k1", councilId: "c1", councilName: "Stadt Lindenau an der Saale", name, ownUserId: "u1", role: "admin", memberCount: people.filter((person) => !person.gone).length,
    newCount: asked.has("alone") ? 0 : 3, unsent: asked.has("away") ? 3 : 0, newerCount: 0, removed: asked.has("gone"), dissolved: false, contact: asked.has("away") ? "offline" : "current", layerShown: true,
  });
  let spaces: FactionCard[] = asked.has("nofaction") || asked.has("joining") || asked.has("blank") ? [] : [card("Fraktion Offenes Lindenau")];
  let joining: FactionJoin[] = asked.has("joining") ? [joinAt(asked.get("joining") ?? "")] : [];
  let invitations: FactionInvitation[] = asked.has("alone") ? [] : [
    { invitationId: "v1", way: "letter", role: "member", expiresAtMs: Date.now() + 9 * 24 * 60 * MINUTE, state: "compare", newcomer: "Bernd Ackermann", words: WORDS },
    { invitationId: "v2", way: "letter", role: "staff", expiresAtMs: Date.now() + 13 * 24 * 60 * MINUTE, state: "open" },
  ];
  const pending: string[] = asked.has("away") ? ["Ralf Thiele wird aus dem Raum genommen, sobald wieder Netz da ist."] : [];
  let count = 0;

  function joinAt(state: string): FactionJoin {
    const one: FactionJoin = { invitationId: "j1", councilId: "c1", state: state === "compare" || state === "admission" || state === "refused" ? state : "waiting" };
    if (one.state === "compare" || one.state === "admission") one.words = WORDS;
    if (one.state === "refused") one.trouble = "Die Einladung ist abgelaufen. Es ist nichts verloren. Bitten Sie um eine neue.";
    return one;
  }
  const later = (deed: () => void) => setTimeout(() => { deed(); tell({ type: "faction-changed" }); }, 1500);
  const space = (id: string): FactionCard => {
    const found = spaces.find((each) => each.id === id) ?? refuse("not_found", "Diesen Raum gibt es auf diesem Tablet nicht mehr.");
    return Object.assign(found, { memberCount: people.filter((person) => !person.gone).length });
  };
  const members = (id: string): FactionMembers => ({ card: space(id), people, invitations, pending });
  const changed = (id: string): FactionMembers => {
    setTimeout(() => tell({ type: "faction-changed", faction: id }), 20);
    return members(id);
  };

  return {
    faction_overview: () => ({ spaces, joining }),
    faction_found: ({ name, ownName, deviceName }) => {
      people = all.filter((person) => person.own).map((person) => ({ ...person, name: ownName, devices: person.devices.slice(0, 1).map((device) => ({ ...device, name: deviceName })) }));
      invitations = [];
      const made: FactionCard = { ...card(name), newCount: 0 };
      spaces = [made];
      return made;
    },
    faction_join: ({ code }) => {
      if (code.startsWith("0000")) refuse("code_invalid", "Der Code hat einen Tippfehler. Er ist noch gültig. Bitte vergleichen Sie ihn mit Ihrem Brief.");
      const one: FactionJoin = { invitationId: "j1", councilId: "c1", state: "waiting" };
      joining = [one];
      later(() => {
        joining = [{ ...one, state: "compare", words: WORDS }];
        later(() => {
          spaces = [card("Fraktion Offenes Lindenau")];
          joining = [];
        });
      });
      return one;
    },
    faction_join_cancel: ({ invitationId }) => {
      joining = joining.filter((each) => each.invitationId !== invitationId);
      return {};
    },
    faction_recover: ({ code }) => {
      if (code.startsWith("0000")) refuse("code_invalid", "Der Papierschlüssel hat einen Tippfehler. Bitte vergleichen Sie ihn mit dem Ausdruck.");
      const made = card("Fraktion Offenes Lindenau");
      spaces = [made];
      return made;
    },
    faction_members: ({ factionId }) => members(factionId),
    faction_invite: ({ way, role }) => {
      const one: FactionInvitation = { invitationId: `v-${(count += 1)}`, way, ...(role ? { role } : {}), expiresAtMs: Date.now() + (way === "qr" ? 15 * MINUTE : 14 * 24 * 60 * MINUTE), state: "open" };
      invitations = [...invitations, one];
      return { invitationId: one.invitationId, expiresAtMs: one.expiresAtMs, ...(way === "qr" ? { secret: "RATSMAPPE1:AQIDBAUGBwgJ", qr: pattern(53) } : { secret: "7K4M9-QX2T-BN8R-WC3H-PVD6-FJ0SZ" }) };
    },
    faction_admit: ({ factionId, invitationId, wordsMatch }) => {
      invitations = invitations.flatMap((each) => (each.invitationId !== invitationId ? [each] : wordsMatch ? [{ ...each, state: "admitted" as const }] : []));
      return changed(factionId);
    },
    faction_invitation_forget: ({ factionId, invitationId }) => {
      invitations = invitations.filter((each) => each.invitationId !== invitationId);
      return changed(factionId);
    },
    faction_set_role: ({ factionId, userId, role }) => {
      people = people.map((person) => (person.userId === userId ? { ...person, role } : person));
      return changed(factionId);
    },
    faction_remove_user: ({ factionId, userId }) => {
      people = people.map((person) => (person.userId === userId ? { ...person, gone: true } : person));
      return changed(factionId);
    },
    faction_remove_device: ({ factionId, deviceId }) => {
      people = people.map((person) => ({ ...person, devices: person.devices.map((device) => (device.deviceId === deviceId ? { ...device, gone: true } : device)) }));
      return changed(factionId);
    },
    faction_leave: ({ factionId }) => Object.assign(space(factionId), { removed: true }),
    faction_dissolve: ({ factionId }) => Object.assign(space(factionId), { dissolved: true }),
    faction_forget: ({ factionId }) => {
      spaces = spaces.filter((each) => each.id !== factionId);
      return { spaces, joining };
    },
    faction_paper_key: () => ({ code: "7K4M9-QX2TB-N8RWC-3HPVD-6FJ0S-Z5YEG-41QK" }),
    ...topicAnswers({ tell, space, spaces: () => spaces, people: () => people, isEmpty: asked.has("alone") }),
    faction_export: () => ({ path: "/home/miriam/Downloads/Fraktion Offenes Lindenau.zip" }),
    faction_exchange: () => ({}),
  };
}
