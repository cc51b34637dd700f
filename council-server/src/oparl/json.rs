//! From the bytes that a portal sends to a JSON value: byte order marks, raw control characters, bytes that are no
//! UTF-8, web pages and error objects sent with status 200. Pure.

use std::borrow::Cow;

use serde_json::Value;
use thiserror::Error;

/// Why an answer cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum JsonFault {
    #[error("die Antwort ist leer")]
    Empty,
    #[error("statt JSON kam eine Webseite")]
    WebPage,
    #[error("kein JSON (Zeile {line}, Spalte {column})")]
    Broken { line: usize, column: usize },
    #[error("statt des Objekts kam eine Fehlermeldung")]
    ErrorObject,
}

/// Reads an answer.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, JsonFault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bytes = bytes.trim_ascii();
    match bytes.first() {
        None => return Err(JsonFault::Empty),
        Some(b'<') => return Err(JsonFault::WebPage),
        Some(_) => {}
    }
    let value = serde_json::from_slice(bytes)
        .or_else(|_| serde_json::from_str(&escape_control(&String::from_utf8_lossy(bytes))))
        .map_err(|error| JsonFault::Broken {
            line: error.line(),
            column: error.column(),
        })?;
    if is_error_object(&value) {
        return Err(JsonFault::ErrorObject);
    }
    Ok(value)
}

/// An object that says what went wrong in place of what was asked for.
fn is_error_object(value: &Value) -> bool {
    let Some(object) = value.as_object() else {
        return !value.is_array();
    };
    let names_an_error = object.keys().any(|key| {
        ["error", "errors", "exception", "fehler"].contains(&key.to_lowercase().as_str())
    });
    names_an_error && !object.contains_key("id") && !object.contains_key("data")
}

/// Escapes control characters inside strings, which JSON forbids and vendors send.
fn escape_control(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c.is_ascii_control()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let (mut in_string, mut is_escaped) = (false, false);
    for c in text.chars() {
        if !in_string {
            in_string = c == '"';
            // Outside strings only white space may stand.
            out.push(if c.is_ascii_control() { ' ' } else { c });
            continue;
        }
        if c.is_ascii_control() {
            if is_escaped {
                // A backslash before a real line break.
                out.push('\\');
            }
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
            is_escaped = false;
            continue;
        }
        out.push(c);
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' {
            is_escaped = true;
        } else if c == '"' {
            in_string = false;
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn raw_control_characters_in_strings_are_read() {
        let sent = b"\xef\xbb\xbf{\"name\": \"eins\r\nzwei\tdrei\\\\\",\n \"n\": \"\\\"\x01\"}";
        assert_eq!(
            parse(sent).unwrap(),
            json!({"name": "eins\r\nzwei\tdrei\\", "n": "\"\u{1}"})
        );
    }

    #[test]
    fn bytes_that_are_no_utf_8_cost_a_letter_and_no_object() {
        let read = parse(b"{\"id\": \"x\", \"name\": \"B\xfcrger\"}").unwrap();
        assert_eq!(read["id"], "x");
    }

    #[test]
    fn what_is_no_object_is_refused_with_its_reason() {
        for (sent, fault) in [
            (&b" "[..], JsonFault::Empty),
            (b"\n<!DOCTYPE html>", JsonFault::WebPage),
            (b"{\"error\": \"internal\"}", JsonFault::ErrorObject),
            (b"{\"Exception\": {}}", JsonFault::ErrorObject),
            (b"\"Fehler\"", JsonFault::ErrorObject),
        ] {
            assert_eq!(parse(sent), Err(fault));
        }
        assert!(matches!(
            parse(b"{\"id\": \"http://x\", \"na"),
            Err(JsonFault::Broken { line: 1, .. })
        ));
        assert!(parse(b"{\"id\": \"x\", \"error\": null}").is_ok());
    }
}
