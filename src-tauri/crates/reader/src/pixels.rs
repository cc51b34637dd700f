//! From page points to the pixels of a tile. Pure.

use crate::geometry::{PageGeometry, PageSize, Rect, TilePlan, TileRect};

impl PageGeometry {
    /// The part of a tile that a rectangle covers, grown to whole pixels.
    ///
    /// Arguments: the rectangle in page points; the size of the page as displayed; the tile. Result: in pixels from the corner of
    /// the tile; nothing if they do not meet.
    pub(crate) fn pixels_of(
        &self,
        rect: Rect,
        size: PageSize,
        plan: &TilePlan,
    ) -> Option<TileRect> {
        let (a, b) = self.to_display(rect.left, rect.top);
        let (c, d) = self.to_display(rect.right, rect.bottom);
        let across = plan.page_width_px as f32 / size.width_pt;
        let down = plan.page_height_px as f32 / size.height_pt;
        let within = |from: f32, to: f32, start: u32, len: u32| -> Option<(u32, u32)> {
            let first = (from.min(to).floor() - start as f32).clamp(0.0, len as f32) as u32;
            let end = (from.max(to).ceil() - start as f32).clamp(0.0, len as f32) as u32;
            (first < end).then_some((first, end - first))
        };
        let (x, w) = within(a * across, c * across, plan.tile.x, plan.tile.w)?;
        let (y, h) = within(b * down, d * down, plan.tile.y, plan.tile.h)?;
        Some(TileRect { x, y, w, h })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Rotation, plan_tile};

    #[test]
    fn a_picture_lies_where_it_is_displayed() {
        let shown = Rect {
            left: 10.0,
            bottom: 20.0,
            right: 110.0,
            top: 220.0,
        };
        // 10 pt from the left edge and 20 pt below the upper one.
        let rect = Rect {
            left: 20.0,
            bottom: 190.0,
            right: 50.0,
            top: 200.0,
        };
        let size = PageSize {
            width_pt: 100.0,
            height_pt: 200.0,
        };
        let upright = PageGeometry {
            shown,
            rotation: Rotation::None,
        };
        let tile = |x, y, w, h| TileRect { x, y, w, h };
        let plan = plan_tile(size, 2.0, None).unwrap();
        assert_eq!(
            upright.pixels_of(rect, size, &plan),
            Some(tile(20, 40, 60, 20))
        );
        let part = plan_tile(size, 2.0, Some(tile(50, 50, 100, 100))).unwrap();
        assert_eq!(
            upright.pixels_of(rect, size, &part),
            Some(tile(0, 0, 30, 10))
        );
        let beside = plan_tile(size, 2.0, Some(tile(100, 0, 50, 400))).unwrap();
        assert_eq!(upright.pixels_of(rect, size, &beside), None);
        let turned = PageGeometry {
            shown,
            rotation: Rotation::Quarter,
        };
        let size = PageSize {
            width_pt: 200.0,
            height_pt: 100.0,
        };
        let plan = plan_tile(size, 1.0, None).unwrap();
        assert_eq!(
            turned.pixels_of(rect, size, &plan),
            Some(tile(170, 10, 10, 30))
        );
    }
}
