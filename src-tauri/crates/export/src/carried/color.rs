//! Colours of other programs: the nearest marker and pen. Pure.

use crate::color::Color;

/// Red, green, blue of a colour in one, three or four parts (grey, RGB, CMYK).
pub(super) fn rgb(parts: &[f32]) -> Option<[f32; 3]> {
    match parts {
        [grey] => Some([*grey; 3]),
        [red, green, blue] => Some([*red, *green, *blue]),
        [cyan, magenta, yellow, black] => {
            Some([cyan, magenta, yellow].map(|part| (1.0 - part) * (1.0 - black)))
        }
        _ => None,
    }
}

/// Hue in degrees; `None` for what is nearly grey.
fn hue([red, green, blue]: [f32; 3]) -> Option<f32> {
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    let spread = most - least;
    if !spread.is_finite() || spread < 0.08 {
        return None;
    }
    let sixth = if most == red {
        (green - blue) / spread
    } else if most == green {
        (blue - red) / spread + 2.0
    } else {
        (red - green) / spread + 4.0
    };
    Some((sixth * 60.0).rem_euclid(360.0))
}

/// The nearest marker.
pub(super) fn marker(color: Option<[f32; 3]>) -> Color {
    match color.and_then(hue) {
        Some(hue) if (75.0..165.0).contains(&hue) => Color::Green,
        Some(hue) if (165.0..260.0).contains(&hue) => Color::Blue,
        Some(hue) if !(20.0..260.0).contains(&hue) => Color::Pink,
        _ => Color::Yellow,
    }
}

/// The nearest pen.
pub(super) fn pen(color: Option<[f32; 3]>) -> Color {
    match color.and_then(hue) {
        None => Color::Graphite,
        Some(hue) if (50.0..165.0).contains(&hue) => Color::Green,
        Some(hue) if (165.0..285.0).contains(&hue) => Color::Blue,
        Some(_) => Color::Red,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_other_programs_find_their_like() {
        let of = |red: u8, green: u8, blue: u8| {
            Some([red, green, blue].map(|part| f32::from(part) / 255.0))
        };
        assert_eq!(marker(of(255, 255, 0)), Color::Yellow);
        assert_eq!(marker(of(255, 209, 0)), Color::Yellow);
        assert_eq!(marker(of(0, 255, 0)), Color::Green);
        assert_eq!(marker(of(0, 255, 255)), Color::Blue);
        assert_eq!(marker(of(255, 0, 255)), Color::Pink);
        assert_eq!(marker(of(255, 0, 0)), Color::Pink);
        assert_eq!(marker(None), Color::Yellow);
        assert_eq!(pen(of(0, 0, 0)), Color::Graphite);
        assert_eq!(pen(of(255, 0, 0)), Color::Red);
        assert_eq!(pen(of(0, 0, 255)), Color::Blue);
        assert_eq!(pen(of(0, 128, 0)), Color::Green);
    }

    #[test]
    fn our_own_colours_find_themselves() {
        for color in [Color::Yellow, Color::Green, Color::Blue, Color::Pink] {
            assert_eq!(marker(Some(crate::drawing::parts(color.marker()))), color);
        }
        for color in [Color::Green, Color::Blue, Color::Red] {
            assert_eq!(pen(Some(crate::drawing::parts(color.pen()))), color);
        }
    }
}
