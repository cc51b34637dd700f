//! The meetings that have been: with results, resolutions and what the minutes tell of the debate.

use crate::agenda::{Item, Meeting, Minutes};
use crate::town::ROEDIGEN;

pub(crate) fn meetings() -> Vec<Meeting> {
    vec![council(), committee(), roedigen()]
}

fn council() -> Meeting {
    Meeting {
        event: "rat_past",
        organization: "rat",
        number: 17,
        name: "Stadtrat",
        start_hour: 16,
        hours: 4,
        room: "Großer Ratssaal",
        location: "Rathaus, Markt 1",
        cancelled: false,
        invitation: None,
        minutes: Some(Minutes { keeper: "Roswitha Dammköhler", ended: "19:42" }),
        items: vec![
            Item::public("1", "Eröffnung der Sitzung und Feststellung der Beschlussfähigkeit").debate(
                "Die Oberbürgermeisterin eröffnet die Sitzung und begrüßt die Anwesenden. Sie stellt fest, dass form- und \
                 fristgerecht eingeladen wurde und der Stadtrat mit 19 stimmberechtigten Mitgliedern beschlussfähig ist.",
            ),
            Item::public("2", "Bestätigung der Tagesordnung")
                .result("bestätigt", "19 / 0 / 0")
                .debate("Änderungswünsche liegen nicht vor."),
            Item::public("3", "Bericht der Oberbürgermeisterin").role("Kenntnisnahme").debate(
                "Dr. Osterland berichtet über den Stand der Sanierung der Grundschule am Saalebogen. Die Rohbauarbeiten am \
                 Anbau sind abgeschlossen, der Innenausbau liegt zwei Wochen hinter dem Plan. Der Umzug in den \
                 Sommerferien ist davon nach heutiger Kenntnis nicht berührt. Ferner teilt sie mit, dass der \
                 Fördermittelbescheid für die Rathausarkaden eingegangen ist.",
            ),
            Item::public("4", "Satzung über die Benutzung der Stadtbibliothek")
                .role("Entscheidung")
                .result("beschlossen", "16 / 1 / 2")
                .resolution(
                    "Der Stadtrat beschließt die Satzung über die Benutzung der Stadtbibliothek. Die Jahresgebühr für \
                     Erwachsene beträgt 18 Euro; Kinder und Jugendliche bis 18 Jahre sind von der Gebühr befreit.",
                )
                .debate(
                    "Frau Tellmann begrüßt die Befreiung für Kinder und Jugendliche. Herr Rautenkranz hält die \
                     Jahresgebühr für zu niedrig angesetzt und verweist auf die Kosten der verlängerten \
                     Öffnungszeiten. Frau Brackmann entgegnet, dass die Zahl der Ausleihen seit der letzten Erhöhung \
                     um elf Prozent gesunken sei.",
                ),
            Item::public("5", "Beitritt zum Zweckverband Saaleradweg")
                .role("Entscheidung")
                .result("beschlossen", "19 / 0 / 0")
                .resolution(
                    "Die Stadt tritt dem Zweckverband Saaleradweg zum 1. Januar 2027 bei. Die Oberbürgermeisterin wird \
                     ermächtigt, die erforderlichen Erklärungen abzugeben.",
                )
                .debate("Herr Quendt dankt der Verwaltung für die zügigen Verhandlungen. Weitere Wortmeldungen gibt es nicht."),
            Item::public("6", "Anfragen der Mitglieder des Stadtrats").debate(
                "Frau Aldenhoff fragt nach dem Zeitplan für die Umrüstung der Straßenbeleuchtung in der Hospitalstraße. \
                 Die Verwaltung sagt eine schriftliche Antwort binnen vier Wochen zu.",
            ),
            Item::nonpublic("7", "Personalangelegenheit: Leitung des Fachdienstes Kultur", "Personalangelegenheit")
                .role("Entscheidung")
                .result("beschlossen", "18 / 0 / 1"),
        ],
    }
}

fn committee() -> Meeting {
    Meeting {
        event: "sbu_past",
        organization: "sbu",
        number: 22,
        name: "Ausschuss für Stadtentwicklung, Bauen und Umwelt",
        start_hour: 17,
        hours: 3,
        room: "Sitzungssaal 2",
        location: "Rathaus, Markt 1",
        cancelled: false,
        invitation: None,
        minutes: Some(Minutes { keeper: "Roswitha Dammköhler", ended: "19:10" }),
        items: vec![
            Item::public("1", "Eröffnung der Sitzung und Feststellung der Beschlussfähigkeit").debate(
                "Dr. Hollerung eröffnet die Sitzung. Es sind neun stimmberechtigte Mitglieder anwesend; der Ausschuss ist \
                 beschlussfähig.",
            ),
            Item::public("2", "Bestätigung der Tagesordnung")
                .result("bestätigt", "9 / 0 / 0")
                .debate("Die Tagesordnung wird ohne Änderungen bestätigt."),
            Item::public("3", "Mobilitätskonzept Gerbereiquartier – Bericht").role("Kenntnisnahme").debate(
                "Das beauftragte Büro stellt das Mobilitätskonzept vor. Die Parkraumerhebung weist im Umfeld der \
                 Hospitalstraße eine Auslastung von 78 Prozent am Abend aus. Frau Aldenhoff fragt, ob der Stellplatzschlüssel \
                 auch für Gewerbeeinheiten gelten soll. Der Fachdienst Stadtplanung prüft dies bis zur nächsten Sitzung. \
                 Frau Ederhof regt an, die Fahrradabstellplätze zur Hälfte ebenerdig und überdacht festzusetzen.",
            ),
            Item::public("4", "Umgestaltung des Spielplatzes am Wehrgraben – Vorzugsvariante")
                .role("Beschluss")
                .result("beschlossen", "7 / 1 / 1")
                .resolution(
                    "Der Ausschuss stimmt der Vorzugsvariante B zu. Die Verwaltung wird beauftragt, die Ausführungsplanung \
                     vorzulegen und zwei Schattenbäume mehr vorzusehen, als im Entwurf dargestellt sind.",
                )
                .debate(
                    "Frau Dornquast bevorzugt Variante A wegen der geringeren Unterhaltungskosten. Herr Wackerhagen \
                     beantragt, zwei zusätzliche Schattenbäume aufzunehmen. Der Änderungsantrag wird mit 6 Ja-Stimmen bei \
                     3 Nein-Stimmen angenommen.",
                ),
            Item::public("5", "Antrag: Tempo 30 in der Färbergasse")
                .role("Beschluss")
                .result("abgelehnt", "4 / 5 / 0")
                .resolution("Der Antrag wird abgelehnt.")
                .debate(
                    "Frau Unstrutter begründet den Antrag. Die Verwaltung weist darauf hin, dass die Anordnung Aufgabe der \
                     unteren Straßenverkehrsbehörde im übertragenen Wirkungskreis ist.",
                ),
            Item::public("6", "Mitteilungen der Verwaltung und Anfragen der Mitglieder").debate(
                "Die Verwaltung informiert über die Brückenprüfung an der Saalebrücke in Rödigen. Ein Ergebnis wird im \
                 folgenden Monat erwartet.",
            ),
        ],
    }
}

fn roedigen() -> Meeting {
    Meeting {
        event: "otr_past",
        organization: "otr-roedigen",
        number: 16,
        name: "Ortsteilrat Rödigen",
        start_hour: 19,
        hours: 2,
        room: "Vereinsraum",
        location: "Alte Schule Rödigen, Dorfplatz 4",
        cancelled: false,
        invitation: None,
        minutes: Some(Minutes { keeper: "Svenja Trautwig", ended: "20:35" }),
        items: vec![
            Item::public("1", "Eröffnung der Sitzung und Feststellung der Beschlussfähigkeit").debate(
                "Die Ortsteilbürgermeisterin eröffnet die Sitzung. Alle sechs Mitglieder des Ortsteilrats sind anwesend, \
                 dazu 23 Einwohnerinnen und Einwohner.",
            ),
            Item::public("2", "Bebauungsplan Nr. 47 „Alte Gerberei“ – Abwägungs- und Satzungsbeschluss")
                .role("Anhörung")
                .paper("2026/184")
                .villages(ROEDIGEN)
                .result("zugestimmt", "5 / 0 / 1")
                .resolution(
                    "Der Ortsteilrat stimmt der Vorlage 2026/184 zu. Er bittet darum, den Baustellenverkehr nicht über den \
                     Dorfplatz zu führen.",
                )
                .debate(
                    "Der Fachdienst Stadtplanung erläutert die Planung. Gefragt wird vor allem nach dem Hochwasserschutz \
                     und nach der Zufahrt während der Bauzeit. Herr Kannegut hält die Zahl der Stellplätze für zu gering. \
                     Frau Kopatz weist auf den Schulweg über die Hospitalstraße hin.",
                ),
            Item::public("3", "Barrierefreier Umbau der Bushaltestelle Dorfplatz in Rödigen")
                .role("Anhörung")
                .paper("2026/181")
                .villages(ROEDIGEN)
                .result("zugestimmt", "6 / 0 / 0")
                .resolution("Der Ortsteilrat stimmt der Vorlage 2026/181 zu.")
                .debate("Frau Roßkothen bittet darum, die alte Linde am Dorfplatz während der Bauarbeiten zu schützen."),
            Item::public("4", "Verwendung der Ortsteilmittel")
                .role("Beschluss")
                .result("beschlossen", "6 / 0 / 0")
                .resolution(
                    "Aus den Ortsteilmitteln erhält der Heimatverein Rödigen 450 Euro für den Adventsmarkt und die \
                     Jugendfeuerwehr 300 Euro für das Herbstlager.",
                ),
            Item::public("5", "Fragen der Einwohnerinnen und Einwohner").debate(
                "Eine Einwohnerin fragt nach dem Winterdienst in der Straße Am Hang. Die Antwort folgt schriftlich.",
            ),
        ],
    }
}
