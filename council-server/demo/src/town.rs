//! The fictional town's organizations and people. Nobody here exists; it knows no meeting and no paper.

use crate::calendar::Calendar;
use crate::intake::{CouncilFile, Membership, Organization, Person, Settings, Term};
use crate::people::PEOPLE;

pub(crate) const NAME: &str = "Stadt Lindenau an der Saale";
pub(crate) const ROEDIGEN: &[&str] = &["Rödigen"];
pub(crate) const KUNRATZ: &[&str] = &["Kunratz"];
const NO_VILLAGES: &[&str] = &[];

pub(crate) const ORGANIZATIONS: [Organization; 8] = [
    organization(
        "rat",
        "Stadtrat",
        "SR",
        "Rat",
        "Vertretungskörperschaft",
        NO_VILLAGES,
    ),
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
    organization(
        "otr-roedigen",
        "Ortsteilrat Rödigen",
        "OTR Rödigen",
        "Ortsteilrat",
        "Ortsteilrat",
        ROEDIGEN,
    ),
    organization(
        "otr-kunratz",
        "Ortsteilrat Kunratz",
        "OTR Kunratz",
        "Ortsteilrat",
        "Ortsteilrat",
        KUNRATZ,
    ),
    organization(
        "fr-bfl",
        "Fraktion Bündnis für Lindenau",
        "BfL",
        "Fraktion",
        "Fraktion",
        NO_VILLAGES,
    ),
    organization(
        "fr-ssl",
        "Fraktion Soziale Stadtliste",
        "SSL",
        "Fraktion",
        "Fraktion",
        NO_VILLAGES,
    ),
    organization(
        "fr-bum",
        "Fraktion Bürgerunion Mitte",
        "BUM",
        "Fraktion",
        "Fraktion",
        NO_VILLAGES,
    ),
];

const fn organization(
    key: &'static str,
    name: &'static str,
    short_name: &'static str,
    organization_type: &'static str,
    classification: &'static str,
    villages: &'static [&'static str],
) -> Organization {
    Organization {
        key,
        name,
        short_name,
        organization_type,
        classification,
        villages,
    }
}

/// Whom the demonstration invites: key and what the person stands for.
pub(crate) const DEMONSTRATION: [(&str, &str); 7] = [
    (
        "aldenhoff",
        "Stadträtin, Mitglied im Ausschuss für Stadtentwicklung, Bauen und Umwelt",
    ),
    (
        "hollerung",
        "Stadtrat, Vorsitzender des Ausschusses für Stadtentwicklung, Bauen und Umwelt",
    ),
    (
        "kopatz",
        "Ortsteilbürgermeisterin von Rödigen, nicht Mitglied des Stadtrats",
    ),
    ("suederow", "Fraktionsmitarbeiter Bündnis für Lindenau"),
    (
        "ederhof",
        "Sachkundige Bürgerin im Ausschuss für Stadtentwicklung, Bauen und Umwelt",
    ),
    (
        "tellmann",
        "Stadträtin, Mitglied im Haupt- und Finanzausschuss",
    ),
    (
        "osterland",
        "Oberbürgermeisterin, Vorsitz in Stadtrat und Haupt- und Finanzausschuss",
    ),
];

/// `council.toml`.
pub(crate) fn council_file(calendar: &Calendar) -> CouncilFile {
    let (start, end) = calendar.term();
    let (start, end) = (start.to_string(), end.to_string());
    let years: Vec<&str> = [&start, &end]
        .into_iter()
        .filter_map(|day| day.split('-').next())
        .collect();
    CouncilFile {
        name: NAME,
        short: "Lindenau",
        contact: "Sitzungsdienst, Rathaus, Markt 1, 00000 Lindenau an der Saale, sitzungsdienst@lindenau.example",
        settings: Settings {
            new_members_read_back: true,
            staff_nonpublic: false,
        },
        term: vec![Term {
            key: "wahlperiode",
            name: format!("Wahlperiode {}", years.join("–")),
            start: start.clone(),
            end: end.clone(),
        }],
        organization: ORGANIZATIONS.to_vec(),
        person: PEOPLE
            .iter()
            .map(|(key, name, form_of_address, title, _)| Person {
                key,
                name,
                form_of_address,
                title: *title,
            })
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
    PEOPLE
        .iter()
        .find(|row| row.0 == key)
        .map_or("", |row| row.1)
}

/// The long name of an organization.
pub(crate) fn organization_name(key: &str) -> &'static str {
    ORGANIZATIONS
        .iter()
        .find(|organization| organization.key == key)
        .map_or("", |organization| organization.name)
}

/// Who sits in an organization: names with titles and roles, those who chair first.
pub(crate) fn members(organization: &str) -> Vec<(String, &'static str)> {
    let mut members: Vec<(String, &'static str)> = PEOPLE
        .iter()
        .flat_map(|row| row.4.iter().map(move |(of, role)| (row.0, *of, *role)))
        .filter(|(_, of, _)| *of == organization)
        .map(|(key, _, role)| (person_name(key), role.trim_start_matches('!')))
        .collect();
    members.sort_by_key(|(_, role)| {
        u8::from(!(role.starts_with("Vorsitz") || role.starts_with("Ortsteilbürger")))
    });
    members
}
