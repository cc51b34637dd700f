//! Pages, rectangles and tiles: plain values and pure arithmetic. Knows nothing of PDFium.
//!
//! Two coordinate systems meet here. *Page points* are the PDF's own: 1/72 inch, y upward, before the
//! page's rotation; marks and character boxes are kept in them. *Display* is what the member sees: the
//! rotated page, y downward, origin at its top left corner, in points or, multiplied by a scale, in pixels.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{ReaderError, Result};
use crate::limits::{MAX_PAGE_SIDE_PT, MAX_PAGE_SIDE_PX, MAX_TILE_PIXELS, MAX_TILE_SIDE_PX};

/// A document opened by one [`crate::Reader`]; never given out twice by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocId(pub(crate) u64);

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for DocId {
    type Err = ReaderError;

    fn from_str(text: &str) -> Result<Self> {
        text.parse()
            .map(Self)
            .map_err(|_| ReaderError::UnknownDocument)
    }
}

/// The caller's name for one or several requests that it may withdraw together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// How the page is turned before display, clockwise, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "u16", try_from = "u16")]
pub enum Rotation {
    /// Upright.
    #[default]
    None,
    /// A quarter turn clockwise.
    Quarter,
    /// Upside down.
    Half,
    /// A quarter turn counterclockwise.
    ThreeQuarter,
}

impl From<Rotation> for u16 {
    fn from(rotation: Rotation) -> u16 {
        match rotation {
            Rotation::None => 0,
            Rotation::Quarter => 90,
            Rotation::Half => 180,
            Rotation::ThreeQuarter => 270,
        }
    }
}

impl TryFrom<u16> for Rotation {
    type Error = &'static str;

    fn try_from(degrees: u16) -> std::result::Result<Self, Self::Error> {
        match degrees {
            0 => Ok(Self::None),
            90 => Ok(Self::Quarter),
            180 => Ok(Self::Half),
            270 => Ok(Self::ThreeQuarter),
            _ => Err("a page turns by 0, 90, 180 or 270 degrees"),
        }
    }
}

/// A rectangle in page points.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Rect {
    /// Smallest x.
    pub left: f32,
    /// Smallest y.
    pub bottom: f32,
    /// Largest x.
    pub right: f32,
    /// Largest y.
    pub top: f32,
}

impl Rect {
    /// The rectangle with its edges in order, or `None` if an edge is no finite number.
    pub fn ordered(left: f32, bottom: f32, right: f32, top: f32) -> Option<Self> {
        [left, bottom, right, top]
            .iter()
            .all(|edge| edge.is_finite())
            .then(|| Self {
                left: left.min(right),
                bottom: bottom.min(top),
                right: left.max(right),
                top: bottom.max(top),
            })
    }

    /// Whether it covers no area.
    pub fn is_empty(&self) -> bool {
        self.right <= self.left || self.top <= self.bottom
    }

    /// The part that lies within another; empty, perhaps with edges out of order, if there is none.
    pub(crate) fn within(&self, other: &Self) -> Self {
        Self {
            left: self.left.max(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.min(other.right),
            top: self.top.min(other.top),
        }
    }

    /// In square points; 0 if it is empty.
    pub(crate) fn area(&self) -> f32 {
        (self.right - self.left).max(0.0) * (self.top - self.bottom).max(0.0)
    }

    /// The smallest rectangle around both.
    pub fn union(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            bottom: self.bottom.min(other.bottom),
            right: self.right.max(other.right),
            top: self.top.max(other.top),
        }
    }
}

/// The size of a page as displayed, its rotation applied.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageSize {
    /// Width in points.
    pub width_pt: f32,
    /// Height in points.
    pub height_pt: f32,
}

impl PageSize {
    /// A4 upright, shown where a page's own size cannot be read (ISO 216, in points).
    pub const A4: Self = Self {
        width_pt: 595.28,
        height_pt: 841.89,
    };

    /// A size that a page list can be laid out with, whatever the file claims.
    ///
    /// Result: A4 for a side that is zero, negative or no number; longer sides end at
    /// [`MAX_PAGE_SIDE_PT`], shorter ones at 1 point.
    pub(crate) fn believable(width_pt: f32, height_pt: f32) -> Self {
        let sane = |side: f32| side.is_finite() && side > 0.0;
        if sane(width_pt) && sane(height_pt) {
            Self {
                width_pt: width_pt.clamp(1.0, MAX_PAGE_SIDE_PT),
                height_pt: height_pt.clamp(1.0, MAX_PAGE_SIDE_PT),
            }
        } else {
            Self::A4
        }
    }

    /// The whole page in pixels at `scale` pixels per point; tiles are cut from this raster.
    ///
    /// Errors: `BadRequest` for a scale that is no positive number, `TooLarge` beyond [`MAX_PAGE_SIDE_PX`].
    pub fn pixels(&self, scale: f32) -> Result<(u32, u32)> {
        if !scale.is_finite() || scale <= 0.0 {
            return Err(ReaderError::BadRequest);
        }
        let side = |pt: f32| {
            let px = (f64::from(pt) * f64::from(scale)).round().max(1.0);
            if px > f64::from(MAX_PAGE_SIDE_PX) {
                Err(ReaderError::TooLarge)
            } else {
                Ok(px as u32)
            }
        };
        Ok((side(self.width_pt)?, side(self.height_pt)?))
    }
}

/// How page points and display fit together on one page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageGeometry {
    /// The part of the page that is shown, in page points; its lower left corner need not be (0, 0).
    pub shown: Rect,
    /// The turn applied to `shown` for display.
    pub rotation: Rotation,
}

impl PageGeometry {
    /// A point of the page on the display.
    ///
    /// Arguments: x, y in page points. Result: x, y in points from the top left corner, y downward.
    pub fn to_display(&self, x: f32, y: f32) -> (f32, f32) {
        let Rect {
            left,
            bottom,
            right,
            top,
        } = self.shown;
        match self.rotation {
            Rotation::None => (x - left, top - y),
            Rotation::Quarter => (y - bottom, x - left),
            Rotation::Half => (right - x, y - bottom),
            Rotation::ThreeQuarter => (top - y, right - x),
        }
    }

    /// The inverse of [`Self::to_display`].
    pub fn to_page(&self, x: f32, y: f32) -> (f32, f32) {
        let Rect {
            left,
            bottom,
            right,
            top,
        } = self.shown;
        match self.rotation {
            Rotation::None => (left + x, top - y),
            Rotation::Quarter => (left + y, bottom + x),
            Rotation::Half => (right - x, bottom + y),
            Rotation::ThreeQuarter => (right - y, top - x),
        }
    }
}

/// A part of the page's raster: pixels from the top left corner of the displayed page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileRect {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width.
    pub w: u32,
    /// Height.
    pub h: u32,
}

/// What is to be drawn: the raster of the whole page and the part of it that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TilePlan {
    pub(crate) page_width_px: u32,
    pub(crate) page_height_px: u32,
    pub(crate) tile: TileRect,
}

/// Decides what to draw.
///
/// Arguments: the displayed size; `scale` in pixels per point; the tile, or `None` for the whole page.
/// Result: the tile cut off at the edges of the page.
/// Errors: `BadRequest` for a senseless scale or a tile that lies outside or is empty, `TooLarge`.
pub(crate) fn plan_tile(size: PageSize, scale: f32, tile: Option<TileRect>) -> Result<TilePlan> {
    let (page_width_px, page_height_px) = size.pixels(scale)?;
    let asked = tile.unwrap_or(TileRect {
        x: 0,
        y: 0,
        w: page_width_px,
        h: page_height_px,
    });
    let tile = TileRect {
        w: asked.w.min(page_width_px.saturating_sub(asked.x)),
        h: asked.h.min(page_height_px.saturating_sub(asked.y)),
        ..asked
    };
    if tile.w == 0 || tile.h == 0 {
        return Err(ReaderError::BadRequest);
    }
    if tile.w.max(tile.h) > MAX_TILE_SIDE_PX
        || u64::from(tile.w) * u64::from(tile.h) > MAX_TILE_PIXELS
    {
        return Err(ReaderError::TooLarge);
    }
    Ok(TilePlan {
        page_width_px,
        page_height_px,
        tile,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const A4: PageSize = PageSize::A4;

    fn tile(x: u32, y: u32, w: u32, h: u32) -> Option<TileRect> {
        Some(TileRect { x, y, w, h })
    }

    #[test]
    fn the_whole_page_is_one_tile() {
        let plan = plan_tile(A4, 2.0, None).unwrap();
        assert_eq!((plan.page_width_px, plan.page_height_px), (1191, 1684));
        assert_eq!(Some(plan.tile), tile(0, 0, 1191, 1684));
    }

    #[test]
    fn a_tile_ends_at_the_page_edge() {
        let plan = plan_tile(A4, 2.0, tile(1024, 1536, 512, 512)).unwrap();
        assert_eq!(Some(plan.tile), tile(1024, 1536, 167, 148));
    }

    #[test]
    fn senseless_requests_are_refused() {
        for scale in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert_eq!(
                plan_tile(A4, scale, None).unwrap_err().code(),
                "bad_request"
            );
        }
        for outside in [
            tile(1191, 0, 10, 10),
            tile(0, 0, 0, 10),
            tile(u32::MAX, 0, u32::MAX, 1),
        ] {
            assert_eq!(
                plan_tile(A4, 2.0, outside).unwrap_err().code(),
                "bad_request"
            );
        }
    }

    #[test]
    fn memory_is_bounded_but_zoom_is_not() {
        assert_eq!(
            plan_tile(A4, 20.0, None).unwrap_err().code(),
            "document_too_large",
            "a whole page of 200 million pixels"
        );
        assert!(plan_tile(A4, 20.0, tile(9_000, 9_000, 512, 512)).is_ok());
        assert_eq!(
            plan_tile(A4, 1e9, tile(0, 0, 1, 1)).unwrap_err().code(),
            "document_too_large"
        );
        let banner = PageSize::believable(100_000.0, 72.0);
        assert!(plan_tile(banner, 2.0, tile(150_000, 0, 512, 144)).is_ok());
    }

    #[test]
    fn unbelievable_sizes_become_a4() {
        for (width, height) in [
            (f32::NAN, 10.0),
            (0.0, 10.0),
            (10.0, -5.0),
            (f32::INFINITY, 1.0),
        ] {
            assert_eq!(PageSize::believable(width, height), A4);
        }
        assert_eq!(
            PageSize::believable(1e9, 1e-9),
            PageSize {
                width_pt: MAX_PAGE_SIDE_PT,
                height_pt: 1.0
            }
        );
    }

    #[test]
    fn display_and_page_points_are_inverse_for_every_rotation() {
        let shown = Rect {
            left: 10.0,
            bottom: 20.0,
            right: 110.0,
            top: 220.0,
        };
        for rotation in [
            Rotation::None,
            Rotation::Quarter,
            Rotation::Half,
            Rotation::ThreeQuarter,
        ] {
            let geometry = PageGeometry { shown, rotation };
            let (x, y) = geometry.to_display(30.0, 60.0);
            assert_eq!(geometry.to_page(x, y), (30.0, 60.0), "{rotation:?}");
        }
        // The lower left corner of the page stands at the top left of the display after a quarter turn clockwise.
        let quarter = PageGeometry {
            shown,
            rotation: Rotation::Quarter,
        };
        assert_eq!(quarter.to_display(10.0, 20.0), (0.0, 0.0));
    }
}
