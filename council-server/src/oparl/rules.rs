//! How often something was taken over by a rule of the importer rather than as the source says it, and how the report
//! says so.

use super::place::{Coordinates, Point};
use super::report::PlaceTally;

/// So many addresses stand beside a count.
const EXAMPLES: usize = 3;

/// Counts of one mapping.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub papers_without_main: usize,
    pub items_without_public: usize,
    /// Invitations and minutes that only their names tell.
    pub files_by_name: usize,
    pub ends_before_start: usize,
    /// Files and agenda items that nothing lists, but that say themselves where they belong.
    pub claims: usize,
    pub places: PlaceTally,
    unusable_places: Vec<String>,
}

impl Rules {
    /// Counts a place. `home`: where the municipality lies, if it says so; `path`: of the place.
    pub(crate) fn place(&mut self, coordinates: Coordinates, home: Option<Point>, path: &str) {
        match coordinates {
            Coordinates::None => {}
            Coordinates::AsDemanded(_) => self.places.as_demanded += 1,
            Coordinates::Swapped(_) => self.places.swapped += 1,
            Coordinates::Unusable => {
                self.places.unusable += 1;
                if self.unusable_places.len() < EXAMPLES {
                    self.unusable_places.push(path.to_owned());
                }
            }
        }
        if let (Some(point), Some(home)) = (coordinates.point(), home) {
            self.places.far += usize::from(point.is_far_from(home));
        }
    }

    /// What the report says of them, in German.
    pub(crate) fn notes(&self, is_public_only: bool) -> Vec<String> {
        let meant = if is_public_only {
            "öffentlich, weil die Quelle als rein öffentlich gilt (--public-only)"
        } else {
            "nichtöffentlich; führt die Quelle nur Öffentliches, gehört --public-only dazu"
        };
        let counted = [
            (
                self.papers_without_main,
                "Vorlagen ohne Hauptdatei: die erste PDF-Anlage gilt als Hauptdatei.".to_owned(),
            ),
            (
                self.items_without_public,
                format!("Tagesordnungspunkte ohne Angabe „public“ gelten als {meant}."),
            ),
            (
                self.files_by_name,
                "Anlagen von Sitzungen gelten nach ihrem Namen als Einladung oder Niederschrift.".to_owned(),
            ),
            (
                self.ends_before_start,
                "Sitzungen enden vor ihrem Beginn: das gilt als kein Ende.".to_owned(),
            ),
            (
                self.claims,
                "Dateien und Tagesordnungspunkte stehen in keinem anderen Objekt und sind dort eingeordnet, wohin sie selbst gehören wollen.".to_owned(),
            ),
            (
                self.places.swapped,
                "Orte nennen die Breite vor der Länge, gegen die Regel von GeoJSON.".to_owned(),
            ),
            (
                self.places.unusable,
                format!(
                    "Orte haben Koordinaten, die nirgends in Deutschland liegen: {}.",
                    self.unusable_places.join(", ")
                ),
            ),
            (
                self.places.far,
                "Orte liegen nach ihren Koordinaten mehr als 150 km von der Körperschaft entfernt.".to_owned(),
            ),
        ];
        let happened = counted.into_iter().filter(|(count, _)| *count > 0);
        happened
            .map(|(count, text)| format!("{count} {text}"))
            .collect()
    }
}
