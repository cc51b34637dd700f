//! Tolerant reading of OParl JSON: vendors leave fields empty, quote numbers, give one where a list belongs.
//! No network, no council.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat};
use serde_json::Value;

use crate::clock::german_local;

/// A text field that says something.
pub(crate) fn text(object: &Value, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(crate) fn flag(object: &Value, name: &str) -> Option<bool> {
    match object.get(name)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The values of a list; one value in place of a list counts as a list of one.
pub(crate) fn values<'a>(object: &'a Value, name: &str) -> Vec<&'a Value> {
    match object.get(name) {
        Some(Value::Array(values)) => values.iter().collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(value) => vec![value],
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

/// A calendar day, from a date or a date and time.
pub(crate) fn date(object: &Value, name: &str) -> Option<NaiveDate> {
    let text = text(object, name)?;
    text.get(..10)?.parse().ok()
}

/// A moment as RFC 3339; without an offset, German time is meant.
pub(crate) fn moment(object: &Value, name: &str) -> Option<String> {
    let text = text(object, name)?;
    let exact = DateTime::parse_from_rfc3339(&text).ok();
    let local = || {
        let forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"];
        forms
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok())
            .and_then(german_local)
    };
    exact
        .or_else(local)
        .map(|moment| moment.to_rfc3339_opts(SecondsFormat::Secs, false))
}

/// Whether an object is of a type, in whatever version of OParl.
pub(crate) fn is_a(object: &Value, kind: &str) -> bool {
    text(object, "type").is_some_and(|t| t.rsplit('/').next() == Some(kind))
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
        let object = json!({"a": " x ", "b": "", "n": 5, "one": "u", "many": ["u", "v"], "day": "2020-02-03T10:00:00+01:00",
            "when": "2020-07-03T10:00:00", "flag": "true", "type": "https://schema.oparl.org/1.0/Meeting"});
        assert_eq!(text(&object, "a").as_deref(), Some("x"));
        assert_eq!(text(&object, "b"), None);
        assert_eq!(text(&object, "n").as_deref(), Some("5"));
        assert_eq!(
            (
                values(&object, "one").len(),
                values(&object, "many").len(),
                values(&object, "none").len()
            ),
            (1, 2, 0)
        );
        assert_eq!(date(&object, "day"), NaiveDate::from_ymd_opt(2020, 2, 3));
        assert_eq!(
            moment(&object, "when").as_deref(),
            Some("2020-07-03T10:00:00+02:00")
        );
        assert_eq!(flag(&object, "flag"), Some(true));
        assert!(is_a(&object, "Meeting") && !is_a(&object, "Paper"));
    }
}
