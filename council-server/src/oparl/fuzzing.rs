//! What a fuzzer gives to the readers of a portal's answers: whatever comes, each answers.

use super::{json, lists, map, shape, split};

/// An answer of a portal: a page of a list, or one object of any kind, taken apart and mapped.
pub fn oparl(bytes: &[u8]) {
    const BASE: &str = "https://ris.example.org/oparl/body/1?page=2";
    const HOME: &str = "ris.example.org";
    let Ok(value) = json::parse(bytes) else {
        return;
    };
    let _ = lists::next_of(&value, BASE);
    for element in lists::elements_of(value.clone())
        .unwrap_or_default()
        .into_iter()
        .chain([value])
    {
        let expected = shape::Kind::of(&element, shape::Kind::Meeting);
        let found = split::Found {
            base: BASE,
            home: HOME,
        };
        for piece in split::split(element, expected, found).unwrap_or_default() {
            map_piece(piece, HOME);
        }
    }
}

/// By every mapping: a portal may call a thing what it likes.
fn map_piece(piece: split::Piece, home: &str) {
    let object = map::Object {
        path: piece.path,
        value: piece.value,
        modified: piece.modified,
    };
    let _ = map::body(&object.value);
    let _ = map::term(&object);
    let _ = map::organization(&object, Some(&object.value));
    let _ = map::person(&object);
    let _ = map::membership(&object, home);
    let _ = map::meeting(&object, Some(&object.value), home);
    let _ = map::ends_before_start(&object.value);
    let _ = map::item(&object, 1, true);
    let _ = map::paper(&object, None, Vec::new());
    let _ = map::in_order(vec![object]);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use evidence::parsers::damage;

    const ANSWER: &str = r#"{"data":[{"id":"https://ris.example.org/oparl/meeting/7","type":"https://schema.oparl.org/1.1/Meeting","name":"Rat","start":"2026-11-23T18:00:00+01:00","end":"2026-11-23T20:00:00+01:00","meetingState":"eingeladen","location":{"id":"https://ris.example.org/oparl/location/1","description":"Saal","geojson":{"type":"Feature","geometry":{"type":"Point","coordinates":[11.9,51.4]}}},"organization":["https://ris.example.org/oparl/organization/1"],"agendaItem":[{"id":"https://ris.example.org/oparl/item/1","type":"https://schema.oparl.org/1.1/AgendaItem","number":"1","order":1,"name":"Haushalt","public":true,"consultation":"https://ris.example.org/oparl/consultation/1"}],"invitation":{"id":"https://ris.example.org/oparl/file/1","accessUrl":"/file/1.pdf","mimeType":"application/pdf"},"created":"2026-01-01T00:00:00Z","modified":"2026-02-01T00:00:00Z","deleted":false}],"links":{"next":"?page=3","first":"?page=1"},"pagination":{"totalElements":1}}"#;
    const PERSON: &str = r#"{"id":"/oparl/person/1","type":"Person","givenName":"Ada","familyName":"Beispiel","formOfAddress":"Frau","membership":[{"id":"/oparl/membership/1","organization":"/oparl/organization/1","role":"Mitglied","startDate":"2024-07-01","onBehalfOf":"/oparl/organization/2"}]}"#;

    #[test]
    fn answers_of_a_portal_are_read_or_refused() {
        let seeds = [ANSWER, PERSON].map(|text| text.as_bytes().to_vec());
        assert_eq!(
            damage("oparl", &seeds, oparl).unwrap(),
            Vec::<String>::new()
        );
    }
}
