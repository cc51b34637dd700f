//! Where the pictures of a page lie.

use super::Page;
use crate::geometry::Rect;

// Number from PDFium's fpdf_edit.h.
const FPDF_PAGEOBJ_IMAGE: std::ffi::c_int = 3;
/// Share of a page that pictures cover when it is one, as a scan is.
const MOSTLY: f32 = 0.5;

impl Page {
    /// The boxes of the pictures, in page points, in the order in which they are drawn; also of those within forms.
    ///
    /// Arguments: `go_on` is asked now and then. Result: nothing if it said no.
    pub(crate) fn pictures(&self, go_on: &dyn Fn() -> bool) -> Option<Vec<Rect>> {
        let mut found = Vec::new();
        let is_through = self.each_object(go_on, &mut |bindings, object| {
            if object.kind != FPDF_PAGEOBJ_IMAGE {
                return;
            }
            // A picture fills the unit square.
            let matrix = object.matrix(bindings).then(&object.to_page);
            let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
            let place = corners
                .into_iter()
                .map(|(x, y)| matrix.apply(x, y))
                .map(|(x, y)| Rect::ordered(x, y, x, y))
                .collect::<Option<Vec<_>>>()
                .and_then(|points| points.into_iter().reduce(|all, one| all.union(&one)));
            found.extend(place.filter(|place| !place.is_empty()));
        });
        is_through.then_some(found)
    }

    /// Whether pictures cover most of the shown part of the page.
    pub(crate) fn is_mostly_picture(&self, shown: Rect, go_on: &dyn Fn() -> bool) -> bool {
        let covered: f32 = self
            .pictures(go_on)
            .unwrap_or_default()
            .iter()
            .map(|place| place.within(&shown).area())
            .sum();
        covered >= MOSTLY * shown.area()
    }
}
