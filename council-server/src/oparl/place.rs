//! Places: addresses and villages in words, and what coordinates are worth. The council's objects have no place for
//! coordinates, so they are judged and kept, and used for nothing. Pure.

use serde_json::Value;

use super::read::text;

/// What the coordinates of a place are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coordinates {
    /// None are given.
    None,
    /// Longitude before latitude, as GeoJSON demands.
    AsDemanded(Point),
    /// Latitude before longitude; here they are put right.
    Swapped(Point),
    /// No pair of numbers, or a pair that lies in Germany neither way.
    Unusable,
}

/// A point on earth, in millionths of a degree (about 10 cm).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    pub lon_udeg: i64,
    pub lat_udeg: i64,
}

/// Germany with its seas, in degrees. No longitude is also a latitude, so the order of a pair can always be told.
const LON_DEG: std::ops::RangeInclusive<f64> = 3.0..=15.5;
const LAT_DEG: std::ops::RangeInclusive<f64> = 47.0..=56.0;
/// A place farther from the middle of its own municipality is doubtful: the largest districts measure 120 km across.
const FAR_KM: f64 = 150.0;
const KM_PER_DEGREE: f64 = 111.0;

impl Coordinates {
    /// Reads a Location's `geojson`: a feature, a collection of them, or a geometry of any kind, of which the first
    /// position counts.
    pub(crate) fn of(location: &Value) -> Self {
        let Some(geojson) = location
            .get("geojson")
            .filter(|given| says_something(given))
        else {
            return Self::None;
        };
        let Some((first, second)) = first_position(geojson, 0) else {
            return Self::Unusable;
        };
        let point = |lon: f64, lat: f64| Point {
            lon_udeg: micro(lon),
            lat_udeg: micro(lat),
        };
        if LON_DEG.contains(&first) && LAT_DEG.contains(&second) {
            Self::AsDemanded(point(first, second))
        } else if LAT_DEG.contains(&first) && LON_DEG.contains(&second) {
            Self::Swapped(point(second, first))
        } else {
            Self::Unusable
        }
    }

    pub(crate) fn point(self) -> Option<Point> {
        match self {
            Self::AsDemanded(point) | Self::Swapped(point) => Some(point),
            Self::None | Self::Unusable => None,
        }
    }
}

impl Point {
    /// Whether a place cannot well belong to a municipality that lies at `home`.
    pub(crate) fn is_far_from(self, home: Self) -> bool {
        let degrees = |udeg: i64| udeg as f64 / 1e6;
        let lat = degrees(self.lat_udeg + home.lat_udeg) / 2.0;
        let north_km = degrees(self.lat_udeg - home.lat_udeg) * KM_PER_DEGREE;
        let east_km =
            degrees(self.lon_udeg - home.lon_udeg) * KM_PER_DEGREE * lat.to_radians().cos();
        north_km.hypot(east_km) > FAR_KM
    }
}

fn says_something(geojson: &Value) -> bool {
    match geojson {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// The first pair of numbers, however deep; `depth` keeps the search short.
fn first_position(geojson: &Value, depth: usize) -> Option<(f64, f64)> {
    const MAX_DEPTH: usize = 12;
    if depth > MAX_DEPTH {
        return None;
    }
    match geojson {
        Value::Array(values) => match values.as_slice() {
            [first, second, ..] if degrees(first).is_some() => {
                Some((degrees(first)?, degrees(second)?))
            }
            values => values.iter().find_map(|v| first_position(v, depth + 1)),
        },
        Value::Object(fields) => ["coordinates", "geometry", "geometries", "features"]
            .iter()
            .filter_map(|name| fields.get(*name))
            .find_map(|inner| first_position(inner, depth + 1)),
        _ => None,
    }
}

/// A number, quoted or not.
fn degrees(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().replace(',', ".").parse().ok()?,
        _ => return None,
    };
    Some(number).filter(|number| number.is_finite())
}

/// Degrees of Germany's in millionths.
fn micro(degrees: f64) -> i64 {
    (degrees * 1e6).round() as i64
}

/// Where something is held, in words.
pub(crate) fn address(location: &Value) -> Option<String> {
    let parts: Vec<String> = ["streetAddress", "postalCode", "locality"]
        .iter()
        .filter_map(|name| text(location, name))
        .collect();
    text(location, "description").or_else(|| Some(parts.join(", ")).filter(|p| !p.is_empty()))
}

/// `Ortsteilrat Oberdorf` speaks for `Oberdorf`.
pub(crate) fn village_of_name(name: &str) -> Option<String> {
    let kinds = [
        "Ortsteilrat",
        "Ortschaftsrat",
        "Ortsbeirat",
        "Ortsrat",
        "Dorfrat",
    ];
    let village = kinds.iter().find_map(|kind| name.strip_prefix(kind))?;
    let village = village.trim_start_matches([':', '-', '–']);
    Some(village.trim().to_owned()).filter(|v| !v.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const BONN: Point = Point {
        lon_udeg: 7_100_000,
        lat_udeg: 50_730_000,
    };

    fn of(geojson: Value) -> Coordinates {
        Coordinates::of(&json!({ "geojson": geojson }))
    }

    #[test]
    fn the_order_of_a_pair_is_told_by_where_it_lies() {
        let point = |coordinates: Value| json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": coordinates}});
        let demanded = of(point(json!([7.1, 50.73])));
        assert_eq!(demanded, Coordinates::AsDemanded(BONN));
        for swapped in [
            json!([50.73, 7.1]),
            json!(["50,73", "7.1"]),
            json!([[[50.73, 7.1], [50.8, 7.2]]]),
        ] {
            assert_eq!(of(point(swapped)), Coordinates::Swapped(BONN));
        }
        assert_eq!(
            of(json!({"type": "FeatureCollection", "features": [point(json!([7.1, 50.73]))]})),
            demanded
        );
    }

    #[test]
    fn what_lies_nowhere_in_germany_is_unusable_and_what_is_empty_is_none() {
        for unusable in [
            json!({"type": "Point", "coordinates": [0, 0]}),
            json!({"type": "Point", "coordinates": []}),
            json!({"type": "Point", "coordinates": [7.1]}),
            json!({"type": "Point", "coordinates": [3_500_000.0, 5_600_000.0]}),
            json!("7.1 50.7"),
            json!(5),
        ] {
            assert_eq!(of(unusable.clone()), Coordinates::Unusable, "{unusable}");
        }
        for none in [json!(null), json!(""), json!({})] {
            assert_eq!(of(none), Coordinates::None);
        }
        assert_eq!(Coordinates::of(&json!({"room": "Saal"})), Coordinates::None);
    }

    #[test]
    fn a_place_far_from_its_municipality_is_doubtful() {
        let at = |lon_udeg, lat_udeg| Point { lon_udeg, lat_udeg };
        assert!(!at(7_600_000, 51_000_000).is_far_from(BONN));
        assert!(at(13_400_000, 52_500_000).is_far_from(BONN), "Berlin");
    }
}
