//! The papers of the demonstration: what they are called, who wrote them, which templates set them.
//! Their prose stands in `typ/`; who consults on them follows from the agendas.

use crate::State;
use crate::paper::{Attachment, Paper, attachment};
use crate::town::{KUNRATZ, ROEDIGEN};

/// All papers, in the order of their references.
pub(crate) fn papers(state: State) -> Vec<Paper> {
    let mut papers = vec![
        budget(),
        hall_rules(),
        cycling(),
        fire_station(),
        road_charges(),
        calendar_2027(),
    ];
    papers.extend([
        bus_stop(),
        development_plan(state),
        contract(),
        fountain(),
        heavy_rain(),
        crossing(),
    ]);
    papers.extend(nonpublic());
    if state == State::Later {
        papers.push(bridge());
    }
    papers
}

fn budget() -> Paper {
    Paper::new(
        "2026/150",
        "Beschlussvorlage",
        "Haushaltssatzung und Haushaltsplan 2027",
        "vorlage-150.typ",
    )
    .by(
        "Fachdienst Finanzen",
        "Dezernat I · Fachdienst Finanzen",
        "20.12.01-27",
        "written_150",
    )
    .attachments(vec![attachment(
        "Haushaltsplan 2027",
        "Anlage-1-Haushaltsplan-2027.pdf",
        "haushalt.typ",
    )])
}

fn hall_rules() -> Paper {
    Paper::new(
        "2026/161",
        "Beschlussvorlage",
        "Nutzungs- und Entgeltordnung für das Dorfgemeinschaftshaus Kunratz",
        "vorlage-161.typ",
    )
    .by(
        "Fachdienst Gebäudewirtschaft",
        "Dezernat II · Fachdienst Gebäudewirtschaft",
        "65.30.08-02",
        "written_161",
    )
    .villages(KUNRATZ)
}

fn cycling() -> Paper {
    Paper::new(
        "2026/168",
        "Berichtsvorlage",
        "Radverkehrskonzept 2030 – Sachstand",
        "vorlage-168.typ",
    )
    .by(
        "Fachdienst Mobilität",
        "Dezernat III · Fachdienst Mobilität",
        "66.41.03-11",
        "written_168",
    )
    .attachments(vec![attachment(
        "Maßnahmenliste",
        "Anlage-1-Massnahmenliste.pdf",
        "anlage-168-1.typ",
    )])
}

fn fire_station() -> Paper {
    Paper::new(
        "2026/172",
        "Beschlussvorlage",
        "Neubau des Gerätehauses der Freiwilligen Feuerwehr Lindenau-Süd – Baubeschluss",
        "vorlage-172.typ",
    )
    .by(
        "Fachdienst Brandschutz",
        "Dezernat II · Fachdienst Brandschutz",
        "37.10.05-04",
        "written_172",
    )
}

fn road_charges() -> Paper {
    Paper::new(
        "2026/176",
        "Beschlussvorlage",
        "Fortschreibung der Straßenbaubeitrags-Ablösesatzung",
        "vorlage-176.typ",
    )
    .by(
        "Fachdienst Tiefbau",
        "Dezernat III · Fachdienst Tiefbau",
        "66.22.01-07",
        "written_176",
    )
    .attachments(vec![
        attachment(
            "Satzungsentwurf",
            "Anlage-1-Satzungsentwurf.pdf",
            "anlage-176-1.typ",
        ),
        attachment("Synopse", "Anlage-2-Synopse.pdf", "anlage-176-2.typ"),
    ])
}

fn calendar_2027() -> Paper {
    Paper::new(
        "2026/179",
        "Beschlussvorlage",
        "Sitzungskalender 2027",
        "vorlage-179.typ",
    )
    .by(
        "Sitzungsdienst",
        "Büro der Oberbürgermeisterin · Sitzungsdienst",
        "10.24.01-27",
        "written_179",
    )
}

fn bus_stop() -> Paper {
    Paper::new(
        "2026/181",
        "Beschlussvorlage",
        "Barrierefreier Umbau der Bushaltestelle Dorfplatz in Rödigen",
        "vorlage-181.typ",
    )
    .by(
        "Fachdienst Tiefbau",
        "Dezernat III · Fachdienst Tiefbau",
        "66.33.14-02",
        "written_181",
    )
    .villages(ROEDIGEN)
    .attachments(vec![Attachment {
        name: "Schreiben des Heimatvereins von 1994 (Scan)",
        file: "Anlage-1-Schreiben-Heimatverein-1994.pdf",
        template: "anlage-181-1.typ",
        scan_of: Some("brief-1994.typ"),
    }])
}

fn development_plan(state: State) -> Paper {
    let mut attachments = vec![
        attachment(
            "Planzeichnung",
            "Anlage-1-Planzeichnung.pdf",
            "anlage-184-1.typ",
        ),
        attachment("Begründung", "Anlage-2-Begruendung.pdf", "anlage-184-2.typ"),
        attachment(
            "Abwägungstabelle",
            "Anlage-3-Abwaegungstabelle.pdf",
            "anlage-184-3.typ",
        ),
        attachment(
            "Schallgutachten",
            "Anlage-4-Schallgutachten.pdf",
            "anlage-184-4.typ",
        ),
    ];
    if state == State::Later {
        attachments.push(attachment(
            "Stellungnahme der unteren Wasserbehörde (nachgereicht)",
            "Anlage-5-Stellungnahme-Wasserbehoerde.pdf",
            "anlage-184-5.typ",
        ));
    }
    let paper = Paper::new(
        "2026/184",
        "Beschlussvorlage",
        "Bebauungsplan Nr. 47 „Alte Gerberei“ – Abwägungs- und Satzungsbeschluss",
        "vorlage-184.typ",
    )
    .by(
        "Fachdienst Stadtplanung",
        "Dezernat III · Fachdienst Stadtplanung",
        "61.26.47-04",
        "written_184",
    )
    .villages(ROEDIGEN)
    .attachments(attachments);
    match state {
        State::Base => paper,
        State::Later => paper.revised(
            "revised_184",
            "Der Stellplatzschlüssel sinkt von 1,0 auf 0,7 je Wohnung. Die Verwaltung legt vor Baubeginn ein \
             Verkehrskonzept für die Hospitalstraße vor. Die Kosten des Grünzugs steigen um 38.400 Euro.",
        ),
    }
}

fn contract() -> Paper {
    Paper::new(
        "2026/185",
        "Beschlussvorlage",
        "Städtebaulicher Vertrag zur Mietpreisbindung im Gerbereiquartier",
        "vorlage-185.typ",
    )
    .by(
        "Fachdienst Stadtplanung",
        "Dezernat III · Fachdienst Stadtplanung",
        "61.26.47-06",
        "written_185",
    )
    .villages(ROEDIGEN)
    .revised(
        "revised_185",
        "Die Bindungsdauer beträgt 25 statt 20 Jahre; die Vertragsstrafe ist neu gefasst (§ 7).",
    )
    .attachments(vec![
        attachment(
            "Vertragsentwurf",
            "Anlage-1-Vertragsentwurf.pdf",
            "anlage-185-1.typ",
        ),
        attachment(
            "Wohnungsübersicht",
            "Anlage-2-Wohnungsuebersicht.pdf",
            "anlage-185-2.typ",
        ),
    ])
}

fn fountain() -> Paper {
    Paper::new(
        "2026/190",
        "Antrag",
        "Antrag: Trinkwasserbrunnen am Holzmarkt",
        "antrag-190.typ",
    )
    .by(
        "Fraktion Bündnis für Lindenau",
        "Fraktion Bündnis für Lindenau",
        "10.24.03-190",
        "written_190",
    )
}

fn heavy_rain() -> Paper {
    Paper::new(
        "2026/193",
        "Berichtsvorlage",
        "Starkregenvorsorge – Gefahrenkarte und erste Maßnahmen",
        "vorlage-193.typ",
    )
    .by(
        "Fachdienst Umwelt",
        "Dezernat III · Fachdienst Umwelt",
        "36.17.02-05",
        "written_193",
    )
    .villages(KUNRATZ)
    .attachments(vec![attachment(
        "Ergänzungsblatt (nachgereicht)",
        "Anlage-1-Ergaenzungsblatt.pdf",
        "anlage-193-1.typ",
    )])
}

fn crossing() -> Paper {
    Paper::new(
        "2026/197",
        "Anfrage",
        "Anfrage: Fußgängerüberweg Hospitalstraße",
        "anfrage-197.typ",
    )
    .by(
        "Stadträtin Theresa Unstrutter",
        "Fraktion Bündnis für Lindenau",
        "10.24.04-197",
        "written_197",
    )
}

fn nonpublic() -> [Paper; 2] {
    [
        Paper::new(
            "N 2026/029",
            "Beschlussvorlage",
            "Grundstücksangelegenheit Färbergasse 12",
            "vorlage-n029.typ",
        )
        .by(
            "Fachdienst Liegenschaften",
            "Dezernat I · Fachdienst Liegenschaften",
            "23.10.12-29",
            "written_n029",
        )
        .nonpublic()
        .villages(ROEDIGEN)
        .attachments(vec![attachment(
            "Wertermittlung",
            "Anlage-1-Wertermittlung.pdf",
            "anlage-n029-1.typ",
        )]),
        Paper::new(
            "N 2026/031",
            "Beschlussvorlage",
            "Vergabe Tragwerksplanung Rathausarkaden",
            "vorlage-n031.typ",
        )
        .by(
            "Fachdienst Gebäudewirtschaft",
            "Dezernat II · Fachdienst Gebäudewirtschaft",
            "65.20.01-31",
            "written_n031",
        )
        .nonpublic(),
    ]
}

fn bridge() -> Paper {
    Paper::new(
        "2026/201",
        "Dringlichkeitsvorlage",
        "Vollsperrung der Saalebrücke in Rödigen",
        "vorlage-201.typ",
    )
    .by(
        "Fachdienst Tiefbau",
        "Dezernat III · Fachdienst Tiefbau",
        "66.50.02-09",
        "written_201",
    )
    .villages(ROEDIGEN)
}
