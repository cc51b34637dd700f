//! The links of one page: where they lie, the words they stand on, where they lead. Bounded in count and length.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::geometry::{PageGeometry, Rect};
use crate::limits::{MAX_LINK_WORDS_CHARS, MAX_LINKS};
use crate::outline::one_line;
use crate::pdfium::Page;
use crate::target::{Target, judge};

/// One link of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Its boxes, one for each line, in page points; all within the shown part. Never empty.
    pub rects: Vec<Rect>,
    /// The words it stands on; empty over a picture.
    pub words: String,
    /// Where it leads.
    pub target: Target,
}

/// Reads the links of a parsed page.
///
/// Arguments: the number of pages in the document; `go_on` is asked at every link. Result: in the file's order, at most
/// [`MAX_LINKS`]; nothing if `go_on` said no.
/// Errors: `Damaged`.
pub(crate) fn read_links(
    page: &Page,
    geometry: PageGeometry,
    page_count: usize,
    go_on: &dyn Fn() -> bool,
) -> Result<Option<Vec<Link>>> {
    let mut links = Vec::new();
    let mut characters = None;
    for raw in page.links().take(MAX_LINKS) {
        if !go_on() {
            return Ok(None);
        }
        let Some(rect) = raw.rect() else { continue };
        let rects = placed(rect, raw.line_rects(), geometry.shown);
        if rects.is_empty() {
            continue;
        }
        let characters = match &mut characters {
            Some(characters) => characters,
            None => characters.insert(page.characters()?),
        };
        let units = rects.iter().fold(Vec::new(), |mut all, rect| {
            all.extend(characters.within(rect));
            all.push(u16::from(b' '));
            all
        });
        links.push(Link {
            rects,
            words: one_line(&units, MAX_LINK_WORDS_CHARS),
            target: judge(raw.target(), page_count),
        });
    }
    Ok(Some(links))
}

/// The boxes of a link: its lines where they lie within its rectangle, as the format demands, else the rectangle; cut at
/// the edge of the shown page.
fn placed(rect: Rect, lines: Vec<Rect>, shown: Rect) -> Vec<Rect> {
    /// Rounding of what wrote the file, in points.
    const SLACK_PT: f32 = 1.0;
    let is_within = |line: &Rect| {
        line.left >= rect.left - SLACK_PT
            && line.bottom >= rect.bottom - SLACK_PT
            && line.right <= rect.right + SLACK_PT
            && line.top <= rect.top + SLACK_PT
    };
    let boxes = match !lines.is_empty() && lines.iter().all(is_within) {
        true => lines,
        false => vec![rect],
    };
    boxes
        .into_iter()
        .map(|each| Rect {
            left: each.left.max(shown.left),
            bottom: each.bottom.max(shown.bottom),
            right: each.right.min(shown.right),
            top: each.top.min(shown.top),
        })
        .filter(|each| !each.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(left: f32, bottom: f32, right: f32, top: f32) -> Rect {
        Rect {
            left,
            bottom,
            right,
            top,
        }
    }

    #[test]
    fn lines_count_if_they_lie_within_and_the_page_cuts() {
        let shown = rect(0.0, 0.0, 100.0, 100.0);
        let whole = rect(10.0, 10.0, 120.0, 40.0);
        let lines = vec![rect(50.0, 25.0, 120.0, 40.0), rect(10.0, 10.0, 60.0, 25.0)];
        assert_eq!(
            placed(whole, lines, shown),
            [rect(50.0, 25.0, 100.0, 40.0), rect(10.0, 10.0, 60.0, 25.0)]
        );
        let strays = vec![rect(0.0, 0.0, 100.0, 100.0)];
        assert_eq!(
            placed(whole, strays, shown),
            [rect(10.0, 10.0, 100.0, 40.0)]
        );
        assert!(placed(rect(200.0, 0.0, 300.0, 9.0), Vec::new(), shown).is_empty());
    }
}
