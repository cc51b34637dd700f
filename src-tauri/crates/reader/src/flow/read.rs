//! The letters of a page as PDFium knows them, handed to the pure part of this module.

use super::glyph::{Area, Gap, Glyph, without_leaders};
use super::paragraphs::Usual;
use super::running::{EdgeLine, edge_lines, running};
use super::tagged::{insert, tagged};
use super::{PageFlow, layout};
use crate::error::Result;
use crate::geometry::{PageGeometry, Rect, Rotation};
use crate::links::Link;
use crate::pdfium::{Element, Owner, Page, Styles};
use crate::text::Decoder;

/// The lines at the edges of a page.
pub(crate) type Edges = Vec<EdgeLine>;

/// Reads a page.
///
/// Arguments: its links; the lines at the edges of neighbouring pages; `go_on` says whether the work is still worth it. Result:
/// nothing if it said no.
/// Errors: `Damaged`.
pub(crate) fn read_flow(
    page: &Page,
    geometry: PageGeometry,
    links: &[Link],
    neighbours: &[EdgeLine],
    go_on: &dyn Fn() -> bool,
) -> Result<Option<PageFlow>> {
    let Some(elements) = page.structure(go_on) else {
        return Ok(None);
    };
    let Some(mut glyphs) = read_glyphs(page, geometry, !elements.is_empty(), go_on)? else {
        return Ok(None);
    };
    link(&mut glyphs, geometry, links);
    let is_picture = glyphs.is_empty() && page.is_mostly_picture(geometry.shown, go_on);
    let height = display_height(geometry);
    let mut flow = arranged(&glyphs, &elements, height, neighbours);
    flow.is_picture = is_picture;
    flow.geometry = geometry;
    Ok(Some(flow))
}

/// Reads what stands at the edges of a page, for its neighbours.
pub(crate) fn read_edges(
    page: &Page,
    geometry: PageGeometry,
    go_on: &dyn Fn() -> bool,
) -> Result<Option<Edges>> {
    let glyphs = read_glyphs(page, geometry, false, go_on)?;
    Ok(glyphs.map(|glyphs| edge_lines(&glyphs, display_height(geometry))))
}

/// Puts letters in order: by the tree if it can be trusted, else by where they stand.
pub(super) fn arranged(
    glyphs: &[Glyph],
    elements: &[Element],
    height: f32,
    neighbours: &[EdgeLine],
) -> PageFlow {
    let usual = Usual::of(glyphs);
    let geometry = PageGeometry {
        shown: Rect::default(),
        rotation: Rotation::None,
    };
    let of_tree = match elements.is_empty() {
        true => None,
        false => tagged(glyphs, elements, height),
    };
    let (blocks, apart, is_tagged) = match of_tree {
        Some(tagged) => {
            let mut blocks = tagged.blocks;
            insert(&mut blocks, layout::blocks(glyphs, &tagged.others, usual));
            (blocks, tagged.artifacts, true)
        }
        None => {
            let apart = running(glyphs, height, neighbours);
            let text: Vec<usize> = (0..glyphs.len())
                .filter(|at| apart.binary_search(at).is_err())
                .collect();
            (layout::blocks(glyphs, &text, usual), apart, false)
        }
    };
    // Heads and feet are small print, whatever size they have.
    let plain = Usual {
        size: f32::MAX,
        is_bold: true,
    };
    PageFlow {
        blocks,
        running: layout::blocks(glyphs, &apart, plain),
        is_tagged,
        is_picture: false,
        geometry,
    }
}

fn read_glyphs(
    page: &Page,
    geometry: PageGeometry,
    has_owners: bool,
    go_on: &dyn Fn() -> bool,
) -> Result<Option<Vec<Glyph>>> {
    let owners = match has_owners {
        true => match page.owners(go_on) {
            Some(owners) => Some(owners),
            None => return Ok(None),
        },
        false => None,
    };
    let characters = page.characters()?;
    let mut styles = Styles::of(&characters, owners.as_ref());
    let turn = u16::from(geometry.rotation);
    let mut decoder = Decoder::default();
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut gap = Gap::Line;
    for index in 0..characters.count() {
        if index % 1000 == 0 && !go_on() {
            return Ok(None);
        }
        let Some(char) = decoder.next(characters.code(index)) else {
            continue;
        };
        if char == '\n' {
            gap = Gap::Line;
            continue;
        }
        if char.is_whitespace() {
            gap = gap.max(Gap::Space);
            continue;
        }
        let style = styles.get(index);
        let area = match characters.rect(index) {
            Some(rect) => area(geometry, rect),
            // Without a place of its own it stands after its neighbour.
            None => glyphs.last().map_or_else(Area::default, |last| Area {
                left: last.area.right,
                ..last.area
            }),
        };
        let size = style.map_or(0.0, |style| style.size_pt);
        glyphs.push(Glyph {
            char,
            area,
            size: if size > 0.5 {
                size
            } else {
                area.height().max(1.0)
            },
            is_bold: style.is_some_and(|style| style.is_bold),
            is_italic: style.is_some_and(|style| style.is_italic),
            is_level: style.is_none_or(|style| {
                // The page turns clockwise, letters are measured counterclockwise.
                let shown = (style.angle + 360 - turn) % 360;
                !(3..=357).contains(&shown)
            }),
            owner: match style {
                Some(style) => style.owner,
                None => glyphs.last().map_or(Owner::Nobody, |last| last.owner),
            },
            gap,
            order: glyphs.len(),
            link: None,
        });
        gap = Gap::Nothing;
    }
    Ok(Some(without_leaders(glyphs)))
}

/// The height of the page as displayed, in points.
fn display_height(geometry: PageGeometry) -> f32 {
    area(geometry, geometry.shown).height()
}

fn area(geometry: PageGeometry, rect: Rect) -> Area {
    let (a, b) = geometry.to_display(rect.left, rect.top);
    let (c, d) = geometry.to_display(rect.right, rect.bottom);
    Area {
        left: a.min(c),
        top: b.min(d),
        right: a.max(c),
        bottom: b.max(d),
    }
}

/// Gives each letter the link whose box its middle lies in.
fn link(glyphs: &mut [Glyph], geometry: PageGeometry, links: &[Link]) {
    for (number, link) in links.iter().enumerate() {
        for rect in &link.rects {
            let place = area(geometry, *rect);
            for glyph in glyphs.iter_mut() {
                let (x, y) = (glyph.area.middle_x(), glyph.area.middle());
                let is_in =
                    place.left <= x && x <= place.right && place.top <= y && y <= place.bottom;
                if is_in {
                    glyph.link = u32::try_from(number).ok();
                }
            }
        }
    }
}
