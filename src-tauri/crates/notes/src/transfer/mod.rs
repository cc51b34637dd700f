//! Marks of an older version of a file, looked for in a newer one: where each belongs there, or that it was not found.
//! A pure decision: nothing is stored, no file is opened. A mark is never laid where it may be wrong: in doubt it is not found.

mod alike;
mod bare;
mod beside;
mod quoted;
mod twin;

use crate::anchor::{Quote, Rect, Target};
use crate::mark::{Mark, MarkBody, MarkId};
use crate::page_words::{PageLetters, PageWords, union};
use bare::Bare;
use std::collections::{BTreeMap, HashMap};
use vault::BlobId;

/// How a mark came to its place in the newer version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// Its page is there unchanged.
    Page,
    /// Its words are there unchanged.
    Words,
    /// Its words are there in another wording.
    Changed,
    /// The words around it are there, each as far away as the others.
    Around,
    /// The member has laid it there.
    Hand,
}

impl How {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Words => "words",
            Self::Changed => "changed",
            Self::Around => "around",
            Self::Hand => "hand",
        }
    }

    /// The reverse of [`How::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Page,
            Self::Words,
            Self::Changed,
            Self::Around,
            Self::Hand,
        ]
        .into_iter()
        .find(|how| how.as_str() == name)
    }
}

/// A place in the newer version.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Counted from 0.
    pub page: u32,
    /// The mark's rectangles there, points.
    pub rects: Vec<Rect>,
    /// How far its strokes move to the right and up, points.
    pub by: (f32, f32),
    /// The words it stands at there; `None` leaves those that it has.
    pub quote: Option<Quote>,
    /// How it was found.
    pub how: How,
}

/// What is known of the older versions: the words of their pages, as far as they were kept.
pub type OldPages = HashMap<(BlobId, u32), PageWords>;
/// The newer version, by page counted from 0. Pages may be left out; nothing is found on them.
pub type NewPages = BTreeMap<u32, PageLetters>;

/// Where marks belong in a newer version of their file.
///
/// * `marks` – of older versions; those that stand on no page have no place to find.
///
/// Result: one entry for each of them, `None` where the place was not found or is not certain.
pub fn plan_transfer(
    marks: &[Mark],
    old: &OldPages,
    new: &NewPages,
) -> Vec<(MarkId, Option<Found>)> {
    let pages = Pages::of(new);
    marks
        .iter()
        .map(|mark| (mark.id, place(mark, old, &pages)))
        .collect()
}

/// The newer version as it is searched.
struct Pages<'p> {
    by_number: BTreeMap<u32, Page<'p>>,
}

struct Page<'p> {
    letters: &'p PageLetters,
    words: PageWords,
    bare: Bare,
}

impl<'p> Pages<'p> {
    fn of(new: &'p NewPages) -> Self {
        let pages = new.iter().map(|(number, letters)| {
            let page = Page {
                letters,
                words: PageWords::of(letters),
                bare: Bare::of(&letters.letters),
            };
            (*number, page)
        });
        Self {
            by_number: pages.collect(),
        }
    }

    /// The pages, those nearest to one first.
    fn nearest_first(&self, to: u32) -> Vec<(u32, &Page<'p>)> {
        let mut pages: Vec<(u32, &Page<'p>)> = self
            .by_number
            .iter()
            .map(|(at, page)| (*at, page))
            .collect();
        pages.sort_by_key(|(at, _)| (at.abs_diff(to), *at));
        pages
    }
}

fn place(mark: &Mark, old: &OldPages, new: &Pages<'_>) -> Option<Found> {
    let number = mark.anchor.page?;
    let Target::File { blob_id, .. } = mark.anchor.target else {
        return None;
    };
    let words = old.get(&(blob_id, number));
    if let Some(page) = words.and_then(|words| twin::find(words, number, new)) {
        return Some(Found {
            page,
            rects: mark.anchor.rects.clone(),
            by: (0.0, 0.0),
            quote: None,
            how: How::Page,
        });
    }
    if is_on_words(&mark.body) {
        let own = mark.anchor.quote.clone();
        let quote = own
            .filter(|quote| !quote.exact.trim().is_empty())
            .or_else(|| quoted::under(&mark.anchor.rects, words?))?;
        return quoted::find(&quote, (number, &mark.anchor.rects), new);
    }
    let (page, by) = match extent(mark) {
        Some(extent) => beside::find(extent, words?, number, new)?,
        // It stands on the page as a whole.
        None => (beside::page(words?, number, new)?, (0.0, 0.0)),
    };
    Some(Found {
        page,
        rects: mark
            .anchor
            .rects
            .iter()
            .map(|rect| moved(*rect, by))
            .collect(),
        by,
        quote: None,
        how: How::Around,
    })
}

/// Whether a mark lies on words and goes wherever they go.
fn is_on_words(body: &MarkBody) -> bool {
    matches!(body, MarkBody::Highlight { .. } | MarkBody::Markup { .. })
}

/// The room that a mark takes on its page, points.
fn extent(mark: &Mark) -> Option<Rect> {
    let dot = |x: f32, y: f32| Rect {
        left: x,
        bottom: y,
        right: x + 0.01,
        top: y + 0.01,
    };
    let ends = match &mark.body {
        MarkBody::Shape { ends, .. } => ends.as_slice(),
        _ => &[],
    };
    let points = mark.body.strokes().iter().flatten().chain(ends);
    let points = points.map(|point| dot(point.x, point.y));
    // A note stands at a point: its rectangle may be empty.
    let rects = mark.anchor.rects.iter().map(|rect| Rect {
        right: rect.right.max(rect.left + 0.01),
        top: rect.top.max(rect.bottom + 0.01),
        ..*rect
    });
    union(rects.chain(points))
}

fn moved(rect: Rect, (right, up): (f32, f32)) -> Rect {
    Rect {
        left: rect.left + right,
        bottom: rect.bottom + up,
        right: rect.right + right,
        top: rect.top + up,
    }
}
