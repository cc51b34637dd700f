//! Tolerant reading of single fields of OParl objects: vendors leave fields empty, quote numbers, give one where a
//! list belongs and a list where one belongs. No network, no council.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat};
use serde_json::Value;

use crate::clock::german_local;

/// A text field that says something.
pub(crate) fn text(object: &Value, name: &str) -> Option<String> {
    text_of(object.get(name)?)
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.iter().find_map(text_of),
        _ => None,
    }
}

/// The texts of a list, or the one text in its place.
pub(crate) fn texts(object: &Value, name: &str) -> Vec<String> {
    values(object, name)
        .into_iter()
        .filter_map(text_of)
        .collect()
}

pub(crate) fn flag(object: &Value, name: &str) -> Option<bool> {
    match object.get(name)? {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => Some(number.as_f64()? != 0.0),
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "1" | "ja" | "yes" => Some(true),
            "false" | "0" | "nein" | "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A whole number, quoted or not.
pub(crate) fn number(object: &Value, name: &str) -> Option<i64> {
    text(object, name)?.parse().ok()
}

/// The values of a list; one value in place of a list counts as a list of one. Empty ones do not count.
pub(crate) fn values<'a>(object: &'a Value, name: &str) -> Vec<&'a Value> {
    let all = match object.get(name) {
        Some(Value::Array(values)) => values.iter().collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    };
    all.into_iter().filter(|value| !is_empty(value)).collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// The id behind a value: an address, or an embedded object's own.
pub(crate) fn reference(value: &Value) -> Option<String> {
    match value {
        Value::String(url) => Some(url.trim().to_owned()).filter(|u| !u.is_empty()),
        Value::Object(_) => text(value, "id"),
        _ => None,
    }
}

/// A calendar day, from a date or a date and time; also written the German way.
pub(crate) fn date(object: &Value, name: &str) -> Option<NaiveDate> {
    let text = text(object, name)?;
    let iso = text.get(..10).and_then(|day| day.parse().ok());
    iso.or_else(|| NaiveDate::parse_from_str(text.get(..10)?, "%d.%m.%Y").ok())
}

/// A moment; without an offset, German time is meant.
pub(crate) fn instant(object: &Value, name: &str) -> Option<DateTime<FixedOffset>> {
    let text = text(object, name)?;
    let local = || {
        let forms = [
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%d %H:%M",
        ];
        let moment = forms
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
        let midnight = || text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0);
        moment.or_else(midnight).and_then(german_local)
    };
    DateTime::parse_from_rfc3339(&text)
        .or_else(|_| DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%z"))
        .ok()
        .or_else(local)
}

/// A moment as RFC 3339.
pub(crate) fn moment(object: &Value, name: &str) -> Option<String> {
    instant(object, name).map(|moment| moment.to_rfc3339_opts(SecondsFormat::Secs, false))
}

/// When an object changed last: the later of `modified` and `created`, since some vendors date the one before the other.
pub(crate) fn changed_on(object: &Value) -> Option<String> {
    let later = instant(object, "modified").max(instant(object, "created"))?;
    Some(later.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Whether an object is of a type, in whatever version of OParl. Some vendors have a `type` of their own beside `Type`.
pub(crate) fn is_a(object: &Value, kind: &str) -> bool {
    type_names(object).any(|name| name == kind)
}

/// The last parts of what an object says its type is.
pub(crate) fn type_names(object: &Value) -> impl Iterator<Item = &str> {
    let fields = object.as_object().into_iter().flatten();
    fields
        .filter(|(name, _)| name.eq_ignore_ascii_case("type"))
        .filter_map(|(_, value)| value.as_str()?.trim().rsplit('/').next())
}

pub(crate) fn is_deleted(object: &Value) -> bool {
    flag(object, "deleted").unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_vendors_write_is_read() {
        let object = json!({"a": " x ", "b": "", "n": 5, "one": "u", "many": ["u", "v"], "hollow": ["", null, {}],
            "day": "2020-02-03T10:00:00+01:00", "german": "03.02.2020", "order": "7", "titles": ["", "Dr."],
            "when": "2020-07-03T10:00:00", "flag": "true", "yes": 1, "no": "0"});
        assert_eq!(text(&object, "a").as_deref(), Some("x"));
        assert_eq!(text(&object, "b"), None, "empty text stands for null");
        assert_eq!(text(&object, "n").as_deref(), Some("5"));
        assert_eq!(text(&object, "titles").as_deref(), Some("Dr."));
        assert_eq!(number(&object, "order"), Some(7));
        let count = |name| values(&object, name).len();
        assert_eq!((count("one"), count("many"), count("none")), (1, 2, 0));
        assert_eq!((count("hollow"), count("b")), (0, 0));
        let day = NaiveDate::from_ymd_opt(2020, 2, 3);
        assert_eq!((date(&object, "day"), date(&object, "german")), (day, day));
        assert_eq!(
            moment(&object, "when").as_deref(),
            Some("2020-07-03T10:00:00+02:00")
        );
        assert_eq!(
            [
                flag(&object, "flag"),
                flag(&object, "yes"),
                flag(&object, "no")
            ],
            [Some(true), Some(true), Some(false)]
        );
    }

    #[test]
    fn a_type_of_the_vendor_beside_the_type_is_no_obstacle() {
        let object = json!({"type": "gr", "Type": "https://schema.oparl.org/1.1/Organization"});
        assert!(is_a(&object, "Organization") && !is_a(&object, "Paper"));
    }

    #[test]
    fn created_later_than_modified_counts_as_changed_then() {
        let object =
            json!({"created": "2020-05-01T00:00:00+02:00", "modified": "2019-01-01T00:00:00Z"});
        assert_eq!(changed_on(&object).as_deref(), Some("2020-04-30T22:00:00Z"));
    }
}
