//! The fictional town's organizations and people. Nobody here exists; it knows no meeting and no paper.

use crate::calendar::Calendar;
use crate::intake::{CouncilFile, Membership, Organization, Person, Settings, Term};

pub(crate) const NAME: &str = "Stadt Lindenau an der Saale";
pub(crate) const ROEDIGEN: &[&str] = &["Rödigen"];
pub(crate) const KUNRATZ: &[&str] = &["Kunratz"];
const NO_VILLAGES: &[&str] = &[];

pub(crate) const ORGANIZATIONS: [Organization; 8] = [
    organization("rat", "Stadtrat", "SR", "Rat", "Vertretungskörperschaft", NO_VILLAGES),
    organization(
        "sbu",
        "Ausschuss für Stadtentwicklung, Bauen und Umwelt",
        "SBU",
        "Ausschuss",
        "vorberatender und beschließender Ausschuss",
        NO_VILLAGES,
    ),
    organization(
        "hfa",
        "Haupt- und Finanzausschuss",
        "HFA",
        "Ausschuss",
        "vorberatender und beschließender Ausschuss",
        NO_VILLAGES,
    ),
    organization("otr-roedigen", "Ortsteilrat Rödigen", "OTR Rödigen", "Ortsteilrat", "Ortsteilrat", ROEDIGEN),
    organization("otr-kunratz", "Ortsteilrat Kunratz", "OTR Kunratz", "Ortsteilrat", "Ortsteilrat", KUNRATZ),
    organization("fr-bfl", "Fraktion Bündnis für Lindenau", "BfL", "Fraktion", "Fraktion", NO_VILLAGES),
    organization("fr-ssl", "Fraktion Soziale Stadtliste", "SSL", "Fraktion", "Fraktion", NO_VILLAGES),
    organization("fr-bum", "Fraktion Bürgerunion Mitte", "BUM", "Fraktion", "Fraktion", NO_VILLAGES),
];

const fn organization(
    key: &'static str,
    name: &'static str,
    short_name: &'static str,
    organization_type: &'static str,
    classification: &'static str,
    villages: &'static [&'static str],
) -> Organization {
    Organization { key, name, short_name, organization_type, classification, villages }
}

/// Whom the demonstration invites: key and what the person stands for.
pub(crate) const DEMONSTRATION: [(&str, &str); 7] = [
    ("aldenhoff", "Stadträtin, Mitglied im Ausschuss für Stadtentwicklung, Bauen und Umwelt"),
    ("hollerung", "Stadtrat, Vorsitzender des Ausschusses für Stadtentwicklung, Bauen und Umwelt"),
    ("kopatz", "Ortsteilbürgermeisterin von Rödigen, nicht Mitglied des Stadtrats"),
    ("suederow", "Fraktionsmitarbeiter Bündnis für Lindenau"),
    ("ederhof", "Sachkundige Bürgerin im Ausschuss für Stadtentwicklung, Bauen und Umwelt"),
    ("tellmann", "Stadträtin, Mitglied im Haupt- und Finanzausschuss"),
    ("osterland", "Oberbürgermeisterin, Vorsitz in Stadtrat und Haupt- und Finanzausschuss"),
];

/// key, name, form of address, title, roles as `organization: role` (`!` before the role: no vote)
type Row = (&'static str, &'static str, &'static str, Option<&'static str>, &'static [(&'static str, &'static str)]);

const PEOPLE: [Row; 29] = [
    ("osterland", "Henrike Osterland", "Frau", Some("Dr."), &[("rat", "Vorsitzende"), ("hfa", "Vorsitzende")]),
    ("aldenhoff", "Miriam Aldenhoff", "Frau", None, &[("rat", M), ("sbu", M), ("fr-bfl", M)]),
    (
        "hollerung",
        "Bernd Hollerung",
        "Herr",
        Some("Dr."),
        &[("rat", M), ("sbu", "Vorsitzender"), ("fr-bum", "Vorsitzender")],
    ),
    ("tellmann", "Ingeborg Tellmann", "Frau", None, &[("rat", M), ("hfa", M), ("fr-ssl", "Vorsitzende")]),
    ("brackmann", "Nele Brackmann", "Frau", None, &[("rat", M), ("hfa", M), ("fr-bfl", "Vorsitzende")]),
    ("quendt", "Falk Quendt", "Herr", None, &[("rat", M), ("sbu", M), ("fr-bfl", M)]),
    ("sahlberg", "Amira Sahlberg", "Frau", None, &[("rat", M), ("hfa", M), ("fr-bfl", M)]),
    ("wackerhagen", "Sören Wackerhagen", "Herr", None, &[("rat", M), ("sbu", M), ("fr-ssl", M)]),
    ("holubetz", "Radka Holubetz", "Frau", None, &[("rat", M), ("sbu", "Stellvertretende Vorsitzende"), ("fr-ssl", M)]),
    ("pfordt", "Ulrich Pfordt", "Herr", None, &[("rat", M), ("sbu", M), ("fr-bum", M)]),
    ("giebelau", "Torsten Giebelau", "Herr", None, &[("rat", M), ("hfa", M), ("fr-bum", M)]),
    ("rautenkranz", "Winfried Rautenkranz", "Herr", None, &[("rat", M), ("hfa", M), ("fr-bum", M)]),
    ("dornquast", "Lisbeth Dornquast", "Frau", None, &[("rat", M), ("sbu", M), ("fr-bum", M)]),
    ("yildersen", "Hakan Yildersen", "Herr", None, &[("rat", M), ("hfa", M), ("fr-ssl", M)]),
    ("oelschlag", "Petra Oelschlag", "Frau", None, &[("rat", M), ("sbu", M), ("fr-bum", M)]),
    ("muehlwenzel", "Carsten Mühlwenzel", "Herr", None, &[("rat", M), ("hfa", M), ("fr-ssl", M)]),
    ("unstrutter", "Theresa Unstrutter", "Frau", None, &[("rat", M), ("sbu", M), ("fr-bfl", M)]),
    ("kruepelin", "Joana Krüpelin", "Frau", None, &[("rat", M), ("hfa", M), ("fr-bum", M)]),
    ("sattelmeier", "Benno Sattelmeier", "Herr", None, &[("rat", M), ("fr-ssl", M)]),
    ("ederhof", "Yasemin Ederhof", "Frau", Some("Dipl.-Ing."), &[("sbu", "!Sachkundige Bürgerin")]),
    ("suederow", "Jannik Süderow", "Herr", None, &[("fr-bfl", "!Fraktionsmitarbeiter")]),
    ("kopatz", "Gerlinde Kopatz", "Frau", None, &[("otr-roedigen", "Ortsteilbürgermeisterin")]),
    ("zscherper", "Marlis Zscherper", "Frau", None, &[("otr-roedigen", M)]),
    ("kannegut", "Dieter Kannegut", "Herr", None, &[("otr-roedigen", M)]),
    ("rosskothen", "Anja Roßkothen", "Frau", None, &[("otr-roedigen", M)]),
    ("michelau", "Holger Michelau", "Herr", None, &[("otr-roedigen", M)]),
    ("trautwig", "Svenja Trautwig", "Frau", None, &[("otr-roedigen", M)]),
    ("wutzler", "Egon Wutzler", "Herr", None, &[("otr-kunratz", "Ortsteilbürgermeister")]),
    ("stieglauer", "Bianca Stieglauer", "Frau", None, &[("otr-kunratz", M)]),
];

const M: &str = "Mitglied";

/// `council.toml`.
pub(crate) fn council_file(calendar: &Calendar) -> CouncilFile {
    let (start, end) = calendar.term();
    let (start, end) = (start.to_string(), end.to_string());
    let years: Vec<&str> = [&start, &end].into_iter().filter_map(|day| day.split('-').next()).collect();
    CouncilFile {
        name: NAME,
        short: "Lindenau",
        contact: "Sitzungsdienst, Rathaus, Markt 1, 00000 Lindenau an der Saale, sitzungsdienst@lindenau.example",
        settings: Settings { new_members_read_back: true, staff_nonpublic: false },
        term: vec![Term {
            key: "wahlperiode",
            name: format!("Wahlperiode {}", years.join("–")),
            start: start.clone(),
            end: end.clone(),
        }],
        organization: ORGANIZATIONS.to_vec(),
        person: PEOPLE
            .iter()
            .map(|(key, name, form_of_address, title, _)| Person { key, name, form_of_address, title: *title })
            .collect(),
        membership: PEOPLE
            .iter()
            .flat_map(|(person, _, _, _, roles)| roles.iter().map(move |role| (*person, *role)))
            .map(|(person, (organization, role))| Membership {
                person,
                organization,
                role: role.trim_start_matches('!'),
                start: start.clone(),
                end: end.clone(),
                voting: !role.starts_with('!'),
            })
            .collect(),
    }
}

/// Name with title, e.g. `Dr. Henrike Osterland`; an unknown key gives nothing.
pub(crate) fn person_name(key: &str) -> String {
    let Some((_, name, _, title, _)) = PEOPLE.iter().find(|row| row.0 == key) else {
        return String::new();
    };
    title.map_or_else(|| (*name).to_owned(), |title| format!("{title} {name}"))
}

/// The bare name, as `council.toml` holds it.
pub(crate) fn bare_name(key: &str) -> &'static str {
    PEOPLE.iter().find(|row| row.0 == key).map_or("", |row| row.1)
}

/// The long name of an organization.
pub(crate) fn organization_name(key: &str) -> &'static str {
    ORGANIZATIONS.iter().find(|organization| organization.key == key).map_or("", |organization| organization.name)
}

/// Who sits in an organization: names with titles and roles, those who chair first.
pub(crate) fn members(organization: &str) -> Vec<(String, &'static str)> {
    let mut members: Vec<(String, &'static str)> = PEOPLE
        .iter()
        .flat_map(|row| row.4.iter().map(move |(of, role)| (row.0, *of, *role)))
        .filter(|(_, of, _)| *of == organization)
        .map(|(key, _, role)| (person_name(key), role.trim_start_matches('!')))
        .collect();
    members.sort_by_key(|(_, role)| u8::from(!(role.starts_with("Vorsitz") || role.starts_with("Ortsteilbürger"))));
    members
}
