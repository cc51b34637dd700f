//! Places on a page, and how a box stands upright on a page that is turned for display. Pure arithmetic.
//!
//! All in the page's own units (points of 1/72 inch unless the page says otherwise), y upward, before the page's turn.

/// A point of the unrotated page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Upward.
    pub y: f32,
}

/// A rectangle of the unrotated page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
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
    /// The smallest one around points; `None` if there are none, or one is no finite number.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        let mut points = points.into_iter();
        let first = points.next()?;
        let start = Self {
            left: first.x,
            bottom: first.y,
            right: first.x,
            top: first.y,
        };
        let all = points.fold(start, |rect, point| Self {
            left: rect.left.min(point.x),
            bottom: rect.bottom.min(point.y),
            right: rect.right.max(point.x),
            top: rect.top.max(point.y),
        });
        all.edges()
            .iter()
            .all(|edge| edge.is_finite())
            .then_some(all)
    }

    /// The smallest one around several.
    pub fn around_all(rects: &[Self]) -> Option<Self> {
        Self::around(rects.iter().flat_map(|rect| {
            [
                Point {
                    x: rect.left,
                    y: rect.bottom,
                },
                Point {
                    x: rect.right,
                    y: rect.top,
                },
            ]
        }))
    }

    /// Left, bottom, right, top.
    pub fn edges(&self) -> [f32; 4] {
        [self.left, self.bottom, self.right, self.top]
    }

    /// Width.
    pub fn width(&self) -> f32 {
        self.right - self.left
    }

    /// Height.
    pub fn height(&self) -> f32 {
        self.top - self.bottom
    }

    /// Larger by so much on every side.
    pub(crate) fn grown(&self, by: f32) -> Self {
        Self {
            left: self.left - by,
            bottom: self.bottom - by,
            right: self.right + by,
            top: self.top + by,
        }
    }
}

/// How a page is turned for display, clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Turn {
    #[default]
    None,
    Quarter,
    Half,
    ThreeQuarter,
}

impl Turn {
    /// From the degrees in a file, which may be negative or more than a whole turn; what is no quarter is none.
    pub(crate) fn of_degrees(degrees: i64) -> Self {
        match degrees.rem_euclid(360) {
            90 => Self::Quarter,
            180 => Self::Half,
            270 => Self::ThreeQuarter,
            _ => Self::None,
        }
    }

    /// In degrees.
    pub(crate) fn degrees(self) -> i64 {
        match self {
            Self::None => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarter => 270,
        }
    }
}

/// How many times higher than wide a line of text is when its words run along its height.
const LYING: f32 = 2.5;

/// A rectangle of the page as the box that the member sees: its own origin at the lower left as displayed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Upright {
    /// Width as displayed.
    pub(crate) width: f32,
    /// Height as displayed.
    pub(crate) height: f32,
    /// From the box to the page, as PDF writes a matrix.
    pub(crate) matrix: [f32; 6],
}

impl Upright {
    /// The box of a rectangle on a page that is turned.
    pub(crate) fn of(rect: &Rect, turn: Turn) -> Self {
        let Rect {
            left,
            bottom,
            right,
            top,
        } = *rect;
        let (across, along) = (rect.width(), rect.height());
        let (width, height, matrix) = match turn {
            Turn::None => (across, along, [1.0, 0.0, 0.0, 1.0, left, bottom]),
            Turn::Quarter => (along, across, [0.0, 1.0, -1.0, 0.0, right, bottom]),
            Turn::Half => (across, along, [-1.0, 0.0, 0.0, -1.0, right, top]),
            Turn::ThreeQuarter => (along, across, [0.0, -1.0, 1.0, 0.0, left, top]),
        };
        Self {
            width,
            height,
            matrix,
        }
    }

    /// The box of a line of text. Words run as the page is turned, unless the line is far longer the other way.
    pub(crate) fn of_line(line: &Rect, turn: Turn) -> Self {
        let upright = Self::of(line, turn);
        if upright.height <= upright.width * LYING {
            return upright;
        }
        Self::of(
            line,
            match turn {
                Turn::None => Turn::Quarter,
                Turn::Half => Turn::ThreeQuarter,
                Turn::Quarter | Turn::ThreeQuarter => Turn::None,
            },
        )
    }

    /// A point of the box on the page.
    pub(crate) fn on_page(&self, x: f32, y: f32) -> Point {
        let [a, b, c, d, e, f] = self.matrix;
        Point {
            x: a * x + c * y + e,
            y: b * x + d * y + f,
        }
    }

    /// The corners in the order that readers expect of quadrilaterals: upper left, upper right, lower left, lower right as
    /// displayed. ISO 32000 says otherwise, no reader does.
    pub(crate) fn quad(&self) -> [Point; 4] {
        [
            self.on_page(0.0, self.height),
            self.on_page(self.width, self.height),
            self.on_page(0.0, 0.0),
            self.on_page(self.width, 0.0),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECT: Rect = Rect {
        left: 10.0,
        bottom: 20.0,
        right: 110.0,
        top: 50.0,
    };

    #[test]
    fn every_turn_covers_the_same_rectangle() {
        for degrees in [0, 90, 180, 270, -90, 450] {
            let upright = Upright::of(&RECT, Turn::of_degrees(degrees));
            assert_eq!(Rect::around(upright.quad()), Some(RECT), "{degrees}");
        }
    }

    #[test]
    fn a_quarter_turn_shows_the_lower_left_corner_at_the_upper_left() {
        let [upper_left, upper_right, ..] = Upright::of(&RECT, Turn::Quarter).quad();
        assert_eq!(upper_left, Point { x: 10.0, y: 20.0 });
        assert_eq!(upper_right, Point { x: 10.0, y: 50.0 });
    }

    #[test]
    fn no_rectangle_is_around_what_is_no_number() {
        assert_eq!(Rect::around([]), None);
        assert_eq!(
            Rect::around([
                Point {
                    x: f32::NAN,
                    y: 0.0
                },
                Point {
                    x: 1.0,
                    y: f32::INFINITY
                }
            ]),
            None
        );
    }
}
