//! Takes an object apart into itself and all that it holds: each piece then stands alone, with references in place of
//! what was embedded, absolute addresses, and the way back to what held it. Pure.

use serde_json::{Map, Value};

use super::address::{absolute, path_of};
use super::read::{changed_on, is_deleted, text, values};
use super::shape::{Follow, Kind};

/// One object, alone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    /// Identifies it within its source.
    pub path: String,
    /// Where it can be had; for one without an id of its own, the address of what held it.
    pub url: String,
    pub kind: Kind,
    /// The path of what held it.
    pub parent: Option<String>,
    /// When it, or what held it, says that it changed.
    pub modified: Option<String>,
    /// It says so itself.
    pub is_dated: bool,
    pub is_deleted: bool,
    pub value: Value,
    /// What it names without holding it.
    pub named: Vec<Named>,
    /// Fields in which something stands that is neither an object nor an address.
    pub odd: Vec<&'static str>,
}

/// An object that is named and may have to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub path: String,
    pub url: String,
    pub kind: Kind,
    /// The namer holds it, but sent only its address.
    pub is_owned: bool,
}

/// Why an object was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub place: String,
    pub reason: &'static str,
}

/// Where an object was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'a> {
    /// The document in which it stood.
    pub base: &'a str,
    /// Host and port of the source.
    pub home: &'a str,
}

/// How deep objects may hold each other; OParl needs four. What lies deeper is asked for at its own address.
const MAX_DEPTH: usize = 16;

/// Takes `value` apart. `expected`: its kind where it does not say so itself.
///
/// Result: the object first, then what it held. Errors: it is no object, or has no id.
pub(crate) fn split(value: Value, expected: Kind, found: Found<'_>) -> Result<Vec<Piece>, Refused> {
    let Value::Object(fields) = value else {
        return Err(Refused {
            place: found.base.to_owned(),
            reason: "weder Objekt noch Adresse",
        });
    };
    let value = Value::Object(fields);
    let Some(id) = text(&value, "id") else {
        return Err(Refused {
            place: found.base.to_owned(),
            reason: "Objekt ohne Kennung",
        });
    };
    let url = absolute(&id, found.base);
    let mut pieces = Vec::new();
    let holder = Holder {
        parent: None,
        back: None,
        modified: None,
        depth: 0,
    };
    take(value, expected, url, found, &holder, &mut pieces);
    Ok(pieces)
}

/// What is known about the holder of an embedded object.
struct Holder<'a> {
    /// Path and address.
    parent: Option<(&'a str, &'a str)>,
    back: Option<&'a str>,
    modified: Option<&'a str>,
    depth: usize,
}

fn take(
    value: Value,
    expected: Kind,
    url: String,
    found: Found<'_>,
    holder: &Holder<'_>,
    pieces: &mut Vec<Piece>,
) {
    let kind = Kind::of(&value, expected);
    let path = path_of(&url, found.home);
    let own_date = changed_on(&value);
    let is_dated = own_date.is_some();
    let modified = own_date.or_else(|| holder.modified.map(str::to_owned));
    let is_deleted = is_deleted(&value);
    let mut fields = match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    if let (Some(back), Some((_, parent))) = (holder.back, holder.parent)
        && values_of(&fields, back).is_empty()
    {
        fields.insert(back.to_owned(), Value::String(parent.to_owned()));
    }
    for name in ["downloadUrl", "accessUrl"] {
        if let Some(Value::String(bytes_url)) = fields.get_mut(name)
            && !bytes_url.trim().is_empty()
        {
            *bytes_url = absolute(bytes_url, &url);
        }
    }
    let own_place = pieces.len();
    pieces.push(Piece {
        path: path.clone(),
        url: url.clone(),
        kind,
        parent: holder.parent.map(|(path, _)| path.to_owned()),
        modified: modified.clone(),
        is_dated,
        is_deleted,
        value: Value::Null,
        named: Vec::new(),
        odd: Vec::new(),
    });
    let (mut named, mut odd) = (Vec::new(), Vec::new());
    for place in kind.places() {
        let Some(content) = fields.remove(place.field) else {
            continue;
        };
        let is_list = content.is_array();
        let contents = match content {
            Value::Array(contents) => contents,
            one => vec![one],
        };
        let mut references = Vec::with_capacity(contents.len());
        let name_of = |url: &str| Named {
            path: path_of(url, found.home),
            url: url.to_owned(),
            kind: place.kind,
            is_owned: place.owns,
        };
        for (number, content) in contents.into_iter().enumerate() {
            match content {
                Value::String(reference) if !reference.trim().is_empty() => {
                    let url = absolute(&reference, &url);
                    if place.follow == Follow::Yes {
                        named.push(name_of(&url));
                    }
                    references.push(Value::String(url));
                }
                Value::Object(inner) if !inner.is_empty() && holder.depth >= MAX_DEPTH => {
                    let inner_url = own_url(&Value::Object(inner), place.field, number, &url);
                    named.push(name_of(&inner_url));
                    references.push(Value::String(inner_url));
                }
                Value::Object(inner) if !inner.is_empty() => {
                    let inner = Value::Object(inner);
                    let inner_url = own_url(&inner, place.field, number, &url);
                    references.push(Value::String(inner_url.clone()));
                    let holder = Holder {
                        parent: Some((&path, &url)),
                        back: place.back,
                        modified: modified.as_deref(),
                        depth: holder.depth + 1,
                    };
                    take(inner, place.kind, inner_url, found, &holder, pieces);
                }
                Value::Bool(_) | Value::Number(_) | Value::Array(_) => odd.push(place.field),
                Value::Null | Value::String(_) | Value::Object(_) => {}
            }
        }
        let kept = if is_list {
            Value::Array(references)
        } else {
            references.into_iter().next().unwrap_or(Value::Null)
        };
        fields.insert(place.field.to_owned(), kept);
    }
    if let Some(piece) = pieces.get_mut(own_place) {
        piece.value = Value::Object(fields);
        piece.named = named;
        piece.odd = odd;
    }
}

/// The address of an embedded object: its own, else where its bytes are, else its place in what holds it.
fn own_url(inner: &Value, field: &str, number: usize, parent: &str) -> String {
    let own = ["id", "downloadUrl", "accessUrl"]
        .iter()
        .find_map(|name| text(inner, name));
    own.map_or_else(
        || {
            format!(
                "{parent}{}{field}.{number}",
                if parent.contains('?') { "&" } else { "?" }
            )
        },
        |own| absolute(&own, parent),
    )
}

fn values_of<'a>(fields: &'a Map<String, Value>, name: &str) -> Vec<&'a Value> {
    fields
        .get(name)
        .into_iter()
        .filter(|value| {
            !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty())
        })
        .collect()
}

/// The addresses that an object names in a field.
pub(crate) fn named_in(object: &Value, field: &str) -> Vec<String> {
    values(object, field)
        .into_iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const FOUND: Found<'_> = Found {
        base: "http://rat.example/oparl/meetings?page=1",
        home: "rat.example",
    };

    #[test]
    fn what_is_embedded_stands_alone_and_knows_the_way_back() {
        let meeting = json!({"id": "/oparl/meeting/1", "modified": "2020-01-01T00:00:00Z", "agendaItem":
            {"id": "http://rat.example/oparl/item/1", "consultation": {"id": "consultation/1", "paper": ""},
             "resolutionFile": [{"accessUrl": "/f/1.pdf"}]},
            "location": {"room": "Saal"}, "invitation": "../file/9"});
        let pieces = split(meeting, Kind::Meeting, FOUND).unwrap();
        let by_kind = |kind| pieces.iter().find(|p| p.kind == kind).unwrap();
        let meeting = by_kind(Kind::Meeting);
        assert_eq!(meeting.path, "/oparl/meeting/1");
        assert_eq!(
            meeting.value["agendaItem"],
            "http://rat.example/oparl/item/1"
        );
        assert_eq!(
            meeting.named[0].path, "/oparl/file/9",
            "relative to the object itself"
        );
        let item = by_kind(Kind::AgendaItem);
        assert_eq!(item.parent.as_deref(), Some("/oparl/meeting/1"));
        assert_eq!(item.value["meeting"], "http://rat.example/oparl/meeting/1");
        assert_eq!(
            by_kind(Kind::Consultation).value["agendaItem"],
            "http://rat.example/oparl/item/1"
        );
        let file = by_kind(Kind::File);
        assert_eq!(
            file.path, "/f/1.pdf",
            "a file without an id is known by its address"
        );
        assert_eq!(file.value["accessUrl"], "http://rat.example/f/1.pdf");
        assert_eq!(
            file.modified.as_deref(),
            Some("2020-01-01T00:00:00Z"),
            "what does not say when it changed changes with its holder"
        );
        assert_eq!(by_kind(Kind::Location).path, "/oparl/meeting/1?location.0");
    }

    #[test]
    fn what_has_no_id_is_refused_with_its_place() {
        let refused = split(json!({"name": "x"}), Kind::Paper, FOUND).unwrap_err();
        assert_eq!(refused.reason, "Objekt ohne Kennung");
        assert_eq!(
            split(json!(5), Kind::Paper, FOUND).unwrap_err().place,
            FOUND.base
        );
    }
}
