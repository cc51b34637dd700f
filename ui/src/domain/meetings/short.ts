// A short name of who meets, for the little room of a calendar's day. Pure. Words stay whole: what is left out is generic, or said to be left out.

/** As long as a name may be before it is shortened, letters. */
const FITS = 16;
const FORMS: readonly [RegExp, string][] = [
  [/^(Gemeinsame[rs]? |Beratender |Beschließender |Ständiger |Zeitweiliger )/i, ""],
  [/^(Fach|Haupt)?ausschuss (für|zur?) (den |die |das |der )?/i, ""],
  [/^Ortsteilrat /, "OTR "],
  [/^Ortschaftsrat /, "OR "],
  [/^Ortsbeirat /, "OBR "],
  [/^Bezirksvertretung /, "BV "],
  [/^Beirat (für|zur?) (den |die |das |der )?/i, "Beirat "],
];

/** A full name shortened: its kind left out, and of a list of subjects the first with "u. a.". */
export function shortened(name: string): string {
  if (name.length <= FITS) return name;
  let short = name;
  for (const [form, instead] of FORMS) {
    const rest = short.replace(form, instead);
    if (rest.trim().length > 2) short = rest;
  }
  short = short.charAt(0).toUpperCase() + short.slice(1);
  if (short.length <= FITS) return short;
  // "Haupt- und Finanz…" is one subject: a hyphen before "und" joins it to what follows.
  const cut = /, | und | sowie /.exec(short.replace(/- (und|oder) /g, (joined) => "-".repeat(joined.length)));
  return cut && cut.index > 2 ? `${short.slice(0, cut.index)} u.\u00a0a.` : short;
}

/** Who meets, short: the council's own short names where it has them, else the meeting's name. */
export function shortName(meeting: { name: string; committeeIds: readonly string[] }, committees: ReadonlyMap<string, { name: string; shortName?: string }>): string {
  const known = meeting.committeeIds.map((id) => committees.get(id));
  const names = known.map((committee) => committee && (committee.shortName?.trim() || shortened(committee.name)));
  return names.length === 0 || names.some((name) => name === undefined) ? shortened(meeting.name) : names.join(" + ");
}
