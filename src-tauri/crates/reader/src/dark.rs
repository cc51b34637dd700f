//! Pages for dark reading: paper becomes dark and ink light, hues stay what they are, and pictures stay as they are. Pure.

use crate::geometry::TileRect;

/// The lightness that white becomes, and black, of 255. Nearly the app's own dark paper and light ink.
const WHITE_BECOMES: i32 = 26;
const BLACK_BECOMES: i32 = 244;
/// Luma weights in 1/1024 (Rec. 709, as in CSS filters).
const LUMA: [i32; 3] = [218, 732, 74];

/// Channels at or above this, and close to each other, are paper.
const PAPER_FROM: u8 = 200;
const PAPER_SPREAD: u8 = 28;
/// Share of paper from which on a picture is one of paper: a scan, a drawing, a table as a picture.
const PAPER_SHARE: f32 = 0.55;
/// A side of fewer pixels says nothing of what a picture shows.
const MIN_SIDE_PX: u32 = 4;

/// Darkens pixels in place.
///
/// Arguments: four bytes a pixel; the width in pixels; the parts to leave as they are, in pixels.
pub(crate) fn darken(rgbx: &mut [u8], width: u32, kept: &[TileRect]) {
    let Ok(row_len) = usize::try_from(u64::from(width.max(1)) * 4) else {
        return;
    };
    for (y, row) in (0_u32..).zip(rgbx.chunks_mut(row_len)) {
        let mut spans: Vec<(u32, u32)> = kept
            .iter()
            .filter(|rect| rect.y <= y && y - rect.y < rect.h)
            .map(|rect| (rect.x, rect.x.saturating_add(rect.w)))
            .collect();
        spans.sort_unstable();
        let mut spans = spans.into_iter().peekable();
        let (pixels, _) = row.as_chunks_mut::<4>();
        for (x, pixel) in (0_u32..).zip(pixels) {
            while spans.next_if(|(_, end)| *end <= x).is_some() {}
            // A wide one may lie behind a narrow one that has begun later: both are looked at.
            let is_kept = spans.peek().is_some_and(|(start, _)| *start <= x);
            if !is_kept {
                darken_pixel(pixel);
            }
        }
    }
}

/// Lightness is turned round, colour stays: each channel moves by what the lightness moves.
fn darken_pixel(pixel: &mut [u8; 4]) {
    let [r, g, b, _] = pixel;
    if r == g && g == b {
        let grey = scaled(255 - i32::from(*r));
        (*r, *g, *b) = (grey, grey, grey);
        return;
    }
    let [lr, lg, lb] = LUMA;
    let luma = (lr * i32::from(*r) + lg * i32::from(*g) + lb * i32::from(*b)) >> 10;
    let shift = 255 - 2 * luma;
    for channel in [r, g, b] {
        *channel = scaled((i32::from(*channel) + shift).clamp(0, 255));
    }
}

fn scaled(light: i32) -> u8 {
    (WHITE_BECOMES + light * (BLACK_BECOMES - WHITE_BECOMES) / 255).clamp(0, 255) as u8
}

/// Whether a picture shows mostly paper, so that it darkens with the page.
///
/// Arguments: four bytes a pixel; the width in pixels; the picture, in pixels.
pub(crate) fn is_paper(rgbx: &[u8], width: u32, rect: TileRect) -> bool {
    if rect.w < MIN_SIDE_PX || rect.h < MIN_SIDE_PX {
        return true;
    }
    let (pixels, _) = rgbx.as_chunks::<4>();
    let (mut all, mut paper) = (0_u32, 0_u32);
    for y in rect.y..rect.y.saturating_add(rect.h) {
        let start = u64::from(y) * u64::from(width) + u64::from(rect.x);
        let of_row = usize::try_from(start)
            .ok()
            .and_then(|start| pixels.get(start..))
            .unwrap_or(&[]);
        for [r, g, b, _] in of_row.iter().take(rect.w as usize) {
            all += 1;
            let (low, high) = (r.min(g).min(b), r.max(g).max(b));
            paper += u32::from(*low >= PAPER_FROM && high - low <= PAPER_SPREAD);
        }
    }
    paper as f32 >= PAPER_SHARE * all as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(x: u32, y: u32, w: u32, h: u32) -> TileRect {
        TileRect { x, y, w, h }
    }

    fn one(rgb: [u8; 3]) -> [u8; 3] {
        let [r, g, b] = rgb;
        let mut pixel = [r, g, b, 0];
        darken_pixel(&mut pixel);
        let [r, g, b, _] = pixel;
        [r, g, b]
    }

    #[test]
    fn paper_gets_dark_ink_light_and_hues_stay() {
        assert_eq!(one([255; 3]), [26; 3]);
        assert_eq!(one([0; 3]), [244; 3]);
        let [r, g, b] = one([20, 40, 160]);
        assert!(
            b > r && b > g && b > 200,
            "dark blue ink is light blue: {r} {g} {b}"
        );
        let [r, g, b] = one([255, 240, 180]);
        assert!(
            r > b && r < 90,
            "a pale yellow ground is a dark yellow one: {r} {g} {b}"
        );
    }

    #[test]
    fn what_is_kept_is_not_touched_wherever_it_lies() {
        let (width, height) = (10_u32, 8_u32);
        let mut rgbx = vec![255_u8; (width * height * 4) as usize];
        let kept = [tile(2, 1, 6, 3), tile(3, 2, 1, 5), tile(9, 7, 40, 40)];
        darken(&mut rgbx, width, &kept);
        for y in 0..height {
            for x in 0..width {
                let within = kept.iter().any(|rect| {
                    (rect.x..rect.x + rect.w).contains(&x) && (rect.y..rect.y + rect.h).contains(&y)
                });
                let pixel = rgbx[((y * width + x) * 4) as usize];
                assert_eq!(pixel, if within { 255 } else { 26 }, "at {x}, {y}");
            }
        }
    }

    #[test]
    fn a_scan_is_paper_and_a_photograph_is_none() {
        let (width, height) = (40_u32, 40_u32);
        let scan: Vec<u8> = (0..width * height)
            .flat_map(|at| {
                if at % 7 == 0 {
                    [30, 30, 34, 0]
                } else {
                    [244, 243, 238, 0]
                }
            })
            .collect();
        let photo: Vec<u8> = (0..width * height)
            .flat_map(|at| [(at % 200) as u8, 120, 90, 0])
            .collect();
        let all = tile(0, 0, width, height);
        assert!(is_paper(&scan, width, all));
        assert!(!is_paper(&photo, width, all));
        assert!(
            is_paper(&photo, width, tile(3, 3, 2, 30)),
            "a line is no picture"
        );
        assert!(
            is_paper(&scan, width, tile(30, 30, 400, 400)),
            "beyond the edge is nothing"
        );
    }
}
