//! What the host believes of a helper's answer: what PDFium in this process could have said, and nothing else. Pure.

use std::time::Duration;

use super::frame::Broken;
use super::wire::Told;
use crate::encode::Timing;
use crate::engine::{Answer, Opened, Task};
use crate::flow::{Block, PageFlow};
use crate::geometry::{PageGeometry, PageSize, Rect, TilePlan};
use crate::limits::{
    MAX_LINK_WORDS_CHARS, MAX_LINKS, MAX_OUTLINE_DEPTH, MAX_OUTLINE_ENTRIES, MAX_PAGE_COUNT,
    MAX_TITLE_CHARS,
};
use crate::links::Link;
use crate::outline::Outline;
use crate::target::Target;
use crate::text::PageText;

/// What is known before the answer comes.
pub(super) struct Known<'a> {
    pub(super) task: &'a Task,
    /// Pages of the document; 0 before it was opened.
    pub(super) page_count: usize,
    /// Of a drawing.
    pub(super) plan: Option<TilePlan>,
}

/// An answer that fits its task; of a drawing all but the pixels.
pub(super) enum Believed {
    Whole(Answer),
    Drawing {
        dark: Option<Vec<crate::geometry::TileRect>>,
        geometry: PageGeometry,
        timing: Timing,
    },
}

// Meets: O.Arch_7, O.Source_1, O.TrdP_7, MASVS-CODE-4
/// Errors: `Untrue`.
pub(super) fn believe(told: Told, known: &Known<'_>) -> Result<Believed, Broken> {
    let answer = match (known.task, told) {
        (Task::Open, Told::Opened { sizes, nature }) => {
            let is_page_list = !sizes.is_empty() && sizes.len() <= MAX_PAGE_COUNT;
            let is_sane =
                |size: &PageSize| *size == PageSize::believable(size.width_pt, size.height_pt);
            check(is_page_list && sizes.iter().all(is_sane), "page sizes")?;
            let sizes = sizes.into();
            Answer::Opened(Opened { sizes, nature })
        }
        (Task::Geometry { .. }, Told::Geometry(geometry)) => {
            check(is_geometry(&geometry), "a page's shape")?;
            Answer::Geometry(geometry)
        }
        (Task::Text { .. }, Told::Text(text)) => {
            check(is_text(&text), "a page's text")?;
            Answer::Text(text)
        }
        (Task::Flow { .. }, Told::Flow(flat)) => {
            let flow = flat.into_flow()?;
            check(is_flow(&flow), "a page's reading order")?;
            Answer::Flow(flow)
        }
        (Task::Outline, Told::Outline(outline)) => {
            check(is_outline(&outline, known.page_count), "bookmarks")?;
            Answer::Outline(outline)
        }
        (Task::Links { .. }, Told::Links(links)) => {
            let is_whole = links.len() <= MAX_LINKS
                && links.iter().all(|link| is_link(link, known.page_count));
            check(is_whole, "links")?;
            Answer::Links(links)
        }
        (
            Task::Draw { is_dark, .. },
            Told::Drawn {
                width,
                height,
                dark,
                geometry,
                load_us,
                draw_us,
            },
        ) => {
            let plan = known.plan.ok_or(Broken::Untrue("a drawing"))?;
            check(
                (width, height) == (plan.tile.w, plan.tile.h),
                "a tile's size",
            )?;
            check(dark.is_some() == *is_dark, "dark parts")?;
            let is_within = |rect: &crate::geometry::TileRect| {
                rect.x.checked_add(rect.w).is_some_and(|end| end <= width)
                    && rect.y.checked_add(rect.h).is_some_and(|end| end <= height)
            };
            check(dark.iter().flatten().all(is_within), "dark parts")?;
            check(is_geometry(&geometry), "a page's shape")?;
            return Ok(Believed::Drawing {
                dark,
                geometry,
                timing: Timing {
                    load: Duration::from_micros(load_us),
                    draw: Duration::from_micros(draw_us),
                    ..Timing::default()
                },
            });
        }
        _ => return Err(Broken::Untrue("an answer to something else")),
    };
    Ok(Believed::Whole(answer))
}

fn check(is_so: bool, what: &'static str) -> Result<(), Broken> {
    is_so.then_some(()).ok_or(Broken::Untrue(what))
}

fn is_rect(rect: &Rect) -> bool {
    [rect.left, rect.bottom, rect.right, rect.top]
        .iter()
        .all(|edge| edge.is_finite())
}

fn is_geometry(geometry: &PageGeometry) -> bool {
    is_rect(&geometry.shown) && !geometry.shown.is_empty()
}

fn is_text(text: &PageText) -> bool {
    let count = text.text.chars().count();
    is_geometry(&text.geometry)
        && text.boxes.len() == count
        && text.boxes.iter().all(is_rect)
        && text
            .lines
            .iter()
            .all(|line| line.start <= line.end && line.end <= count && is_rect(&line.rect))
}

fn is_flow(flow: &PageFlow) -> bool {
    let mut blocks: Vec<&Block> = flow.blocks.iter().chain(&flow.running).collect();
    while let Some(block) = blocks.pop() {
        let is_link = |link: u32| usize::try_from(link).is_ok_and(|link| link < MAX_LINKS);
        let is_block = block.level <= 6
            && block.columns > 0
            && block.rows > 0
            && block.top_pt.is_finite()
            && block.spans.iter().all(|span| span.link.is_none_or(is_link));
        if !is_block {
            return false;
        }
        blocks.extend(&block.children);
    }
    is_geometry(&flow.geometry)
}

/// What was cut ends with one more character, the dots.
fn is_outline(outline: &Outline, page_count: usize) -> bool {
    outline.entries.len() <= MAX_OUTLINE_ENTRIES
        && outline.entries.iter().all(|entry| {
            entry.level < MAX_OUTLINE_DEPTH
                && entry.title.chars().count() <= MAX_TITLE_CHARS + 1
                && is_target(&entry.target, page_count)
        })
}

fn is_link(link: &Link, page_count: usize) -> bool {
    !link.rects.is_empty()
        && link.rects.iter().all(is_rect)
        && link.words.chars().count() <= MAX_LINK_WORDS_CHARS + 1
        && is_target(&link.target, page_count)
}

/// Web addresses were read anew when the message was.
fn is_target(target: &Target, page_count: usize) -> bool {
    match target {
        Target::Page(place) => {
            let is_number = |at: Option<f32>| at.is_none_or(f32::is_finite);
            usize::try_from(place.page).is_ok_and(|page| page < page_count)
                && is_number(place.left)
                && is_number(place.top)
        }
        Target::Web(_) | Target::Refused(_) => true,
    }
}
