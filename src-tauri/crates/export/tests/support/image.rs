//! Pictures of pages as PPM (P6), and where two of them differ.

use export::Rect;

use super::pages::Shape;

pub struct Picture {
    pub width: usize,
    pub height: usize,
    rgb: Vec<u8>,
}

impl Picture {
    pub fn of(ppm: &[u8]) -> Self {
        let mut parts = ppm.splitn(4, |byte| byte.is_ascii_whitespace());
        assert_eq!(parts.next(), Some(&b"P6"[..]));
        let mut number = || {
            std::str::from_utf8(parts.next().unwrap())
                .unwrap()
                .parse()
                .unwrap()
        };
        let (width, height) = (number(), number());
        let rest = parts.next().unwrap();
        let start = rest
            .iter()
            .position(|byte| byte.is_ascii_whitespace())
            .unwrap()
            + 1;
        let rgb = rest[start..].to_vec();
        assert_eq!(rgb.len(), width * height * 3);
        Self { width, height, rgb }
    }

    pub fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    /// The pixels in which two pictures differ: more than rounding does.
    pub fn differing(&self, other: &Self) -> Vec<(usize, usize)> {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let differ = |x: usize, y: usize| {
            let (a, b) = (self.pixel(x, y), other.pixel(x, y));
            a.iter().zip(b).any(|(a, b)| a.abs_diff(b) > 8)
        };
        (0..self.height)
            .flat_map(|y| (0..self.width).map(move |x| (x, y)))
            .filter(|(x, y)| differ(*x, *y))
            .collect()
    }

    /// Where a rectangle lies on a page of this shape.
    pub fn place(&self, shape: &Shape, rect: &Rect) -> [f32; 4] {
        self.place_on(shape.shown(), shape.rotate, rect)
    }

    /// Where a rectangle of a page lies in its picture: left, top, right, bottom, in pixels.
    ///
    /// * `shown` – left, bottom, right, top of what is shown of the page.
    /// * `rotate` – degrees clockwise.
    pub fn place_on(&self, shown: [f32; 4], rotate: i64, rect: &Rect) -> [f32; 4] {
        let [left, bottom, right, top] = shown;
        let corners = [(rect.left, rect.bottom), (rect.right, rect.top)].map(|(x, y)| match rotate
            .rem_euclid(360)
        {
            90 => (y - bottom, x - left),
            180 => (right - x, y - bottom),
            270 => (top - y, right - x),
            _ => (x - left, top - y),
        });
        let upright = rotate.rem_euclid(180) == 0;
        let wide = if upright { right - left } else { top - bottom };
        let scale = self.width as f32 / wide;
        let [(ax, ay), (bx, by)] = corners;
        [ax.min(bx), ay.min(by), ax.max(bx), ay.max(by)].map(|edge| edge * scale)
    }
}
