//! The meetings to come: the next one in full, the others as far as the council office has got.

use crate::State;
use crate::agenda::{Invitation, Item, Meeting};
use crate::town::{KUNRATZ, ROEDIGEN};

const OPENING: Item = Item::public(
    "1",
    "Eröffnung der Sitzung und Feststellung der Beschlussfähigkeit",
);
const AGENDA: Item = Item::public("2", "Bestätigung der Tagesordnung");

const NUMBERS: [&str; 15] = [
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15",
];

/// The item that a supplement to the invitation adds; those behind it move on by one number.
const URGENT: Item = Item::public(
    "10",
    "Dringlichkeitsvorlage: Vollsperrung der Saalebrücke in Rödigen",
)
.role("Entscheidung")
.paper("2026/201")
.villages(ROEDIGEN)
.late();
/// Index of the urgent item within the agenda.
const URGENT_AT: usize = 9;

pub(crate) fn meetings(state: State) -> Vec<Meeting> {
    vec![
        committee(state),
        kunratz(),
        council(),
        finance(),
        roedigen(),
        council_budget(),
    ]
}

fn committee(state: State) -> Meeting {
    let mut items = vec![
        OPENING,
        AGENDA,
        Item::public("3", "Niederschrift der 22. Sitzung – öffentlicher Teil")
            .role("Beschluss")
            .minutes_of("sbu_past"),
        Item::public("4", "Radverkehrskonzept 2030 – Sachstand")
            .role("Kenntnisnahme")
            .paper("2026/168"),
        Item::public(
            "5",
            "Bebauungsplan Nr. 47 „Alte Gerberei“ – Abwägungs- und Satzungsbeschluss",
        )
        .role("Vorberatung")
        .paper("2026/184")
        .villages(ROEDIGEN),
        Item::public(
            "6",
            "Städtebaulicher Vertrag zur Mietpreisbindung im Gerbereiquartier",
        )
        .role("Vorberatung")
        .paper("2026/185")
        .villages(ROEDIGEN),
        Item::public("7", "Fortschreibung der Straßenbaubeitrags-Ablösesatzung")
            .role("Vorberatung")
            .paper("2026/176"),
        Item::public("8", "Antrag: Trinkwasserbrunnen am Holzmarkt")
            .role("Beschluss")
            .paper("2026/190"),
        Item::public("9", "Anfrage: Fußgängerüberweg Hospitalstraße")
            .role("Kenntnisnahme")
            .paper("2026/197")
            .late(),
        Item::public(
            "10",
            "Barrierefreier Umbau der Bushaltestelle Dorfplatz in Rödigen",
        )
        .role("Entscheidung")
        .paper("2026/181")
        .villages(ROEDIGEN),
        Item::public(
            "11",
            "Starkregenvorsorge – Gefahrenkarte und erste Maßnahmen",
        )
        .role("Kenntnisnahme")
        .paper("2026/193"),
        Item::public(
            "12",
            "Mitteilungen der Verwaltung und Anfragen der Mitglieder",
        ),
        Item::nonpublic(
            "13",
            "Grundstücksangelegenheit Färbergasse 12",
            "Grundstücksangelegenheit",
        )
        .role("Vorberatung")
        .paper("N 2026/029")
        .villages(ROEDIGEN),
        Item::nonpublic(
            "14",
            "Vergabe Tragwerksplanung Rathausarkaden",
            "Vergabeangelegenheit",
        )
        .role("Entscheidung")
        .paper("N 2026/031"),
    ];
    let invitation = match state {
        State::Base => Invitation {
            event: "invited_sbu",
            revision: 1,
        },
        State::Later => {
            items.insert(URGENT_AT, URGENT);
            for (item, number) in items.iter_mut().zip(NUMBERS) {
                item.number = number;
            }
            Invitation {
                event: "revised_184",
                revision: 2,
            }
        }
    };
    Meeting {
        event: "sbu_next",
        organization: "sbu",
        number: 23,
        name: "Ausschuss für Stadtentwicklung, Bauen und Umwelt",
        start_hour: 17,
        hours: 4,
        room: "Sitzungssaal 2",
        location: "Rathaus, Markt 1",
        cancelled: false,
        invitation: Some(invitation),
        minutes: None,
        items,
    }
}

fn kunratz() -> Meeting {
    Meeting {
        event: "otr_kunratz",
        organization: "otr-kunratz",
        number: 14,
        name: "Ortsteilrat Kunratz",
        start_hour: 19,
        hours: 2,
        room: "Gemeindesaal",
        location: "Dorfgemeinschaftshaus Kunratz, Am Anger 3",
        cancelled: false,
        invitation: Some(Invitation {
            event: "invited_kunratz",
            revision: 1,
        }),
        minutes: None,
        items: vec![
            OPENING,
            AGENDA,
            Item::public(
                "3",
                "Nutzungs- und Entgeltordnung für das Dorfgemeinschaftshaus Kunratz",
            )
            .role("Anhörung")
            .paper("2026/161")
            .villages(KUNRATZ),
            Item::public(
                "4",
                "Starkregenvorsorge – Gefahrenkarte und erste Maßnahmen",
            )
            .role("Anhörung")
            .paper("2026/193")
            .villages(KUNRATZ),
            Item::public("5", "Verwendung der Ortsteilmittel").role("Beschluss"),
            Item::public("6", "Fragen der Einwohnerinnen und Einwohner"),
        ],
    }
}

fn council() -> Meeting {
    Meeting {
        event: "rat_next",
        organization: "rat",
        number: 18,
        name: "Stadtrat",
        start_hour: 16,
        hours: 5,
        room: "Großer Ratssaal",
        location: "Rathaus, Markt 1",
        cancelled: false,
        invitation: Some(Invitation {
            event: "invited_rat",
            revision: 1,
        }),
        minutes: None,
        items: vec![
            OPENING,
            AGENDA,
            Item::public("3", "Niederschrift der 17. Sitzung – öffentlicher Teil")
                .role("Beschluss")
                .minutes_of("rat_past"),
            Item::public("4", "Bericht der Oberbürgermeisterin").role("Kenntnisnahme"),
            Item::public("5", "Fragestunde für Einwohnerinnen und Einwohner"),
            Item::public(
                "6",
                "Neubau des Gerätehauses der Freiwilligen Feuerwehr Lindenau-Süd – Baubeschluss",
            )
            .role("Entscheidung")
            .paper("2026/172"),
            Item::public("7", "Sitzungskalender 2027")
                .role("Beschluss")
                .paper("2026/179"),
            Item::public("8", "Einbringung des Haushalts 2027")
                .role("Kenntnisnahme")
                .paper("2026/150"),
            Item::public(
                "9",
                "Nutzungs- und Entgeltordnung für das Dorfgemeinschaftshaus Kunratz",
            )
            .role("Entscheidung")
            .paper("2026/161")
            .villages(KUNRATZ),
            Item::public("10", "Anfragen der Mitglieder des Stadtrats"),
            Item::nonpublic(
                "11",
                "Grundstücksangelegenheit Färbergasse 12",
                "Grundstücksangelegenheit",
            )
            .role("Entscheidung")
            .paper("N 2026/029")
            .villages(ROEDIGEN),
        ],
    }
}

fn finance() -> Meeting {
    Meeting {
        event: "hfa_next",
        organization: "hfa",
        number: 21,
        name: "Haupt- und Finanzausschuss",
        start_hour: 17,
        hours: 4,
        room: "Sitzungssaal 1",
        location: "Rathaus, Markt 1",
        cancelled: false,
        invitation: None,
        minutes: None,
        items: vec![
            OPENING,
            AGENDA,
            Item::public("3", "Haushaltssatzung und Haushaltsplan 2027")
                .role("Vorberatung")
                .paper("2026/150"),
            Item::public("4", "Fortschreibung der Straßenbaubeitrags-Ablösesatzung")
                .role("Vorberatung")
                .paper("2026/176"),
            Item::public("5", "Mitteilungen und Anfragen"),
        ],
    }
}

fn roedigen() -> Meeting {
    Meeting {
        event: "otr_next",
        organization: "otr-roedigen",
        number: 17,
        name: "Ortsteilrat Rödigen",
        start_hour: 19,
        hours: 2,
        room: "Vereinsraum",
        location: "Alte Schule Rödigen, Dorfplatz 4",
        cancelled: false,
        invitation: None,
        minutes: None,
        items: vec![
            OPENING,
            AGENDA,
            Item::public("3", "Niederschrift der 16. Sitzung")
                .role("Beschluss")
                .minutes_of("otr_past"),
            Item::public("4", "Haushaltsplan 2027 – Maßnahmen im Ortsteil Rödigen")
                .role("Anhörung")
                .paper("2026/150")
                .villages(ROEDIGEN),
        ],
    }
}

fn council_budget() -> Meeting {
    Meeting {
        event: "rat_budget",
        organization: "rat",
        number: 19,
        name: "Stadtrat, Haushaltssitzung",
        start_hour: 15,
        hours: 6,
        room: "Großer Ratssaal",
        location: "Rathaus, Markt 1",
        cancelled: false,
        invitation: None,
        minutes: None,
        items: vec![
            OPENING,
            AGENDA,
            Item::public("3", "Haushaltssatzung und Haushaltsplan 2027")
                .role("Entscheidung")
                .paper("2026/150"),
            Item::public(
                "4",
                "Bebauungsplan Nr. 47 „Alte Gerberei“ – Abwägungs- und Satzungsbeschluss",
            )
            .role("Entscheidung")
            .paper("2026/184")
            .villages(ROEDIGEN),
            Item::public(
                "5",
                "Städtebaulicher Vertrag zur Mietpreisbindung im Gerbereiquartier",
            )
            .role("Entscheidung")
            .paper("2026/185")
            .villages(ROEDIGEN),
            Item::public("6", "Fortschreibung der Straßenbaubeitrags-Ablösesatzung")
                .role("Entscheidung")
                .paper("2026/176"),
        ],
    }
}
