//! Where a link or a bookmark leads, and whether it is followed. Pure: opens nothing.
//!
//! Followed are places in the same document, and web and mail addresses, which the member is asked about first. All else
//! (programs, scripts, other files, other schemes) is named and refused.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::limits::MAX_URI_BYTES;
use crate::pdfium::RawTarget;

/// Where it leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// A place in the same document.
    Page(Destination),
    /// Out of the app, once the member agrees.
    Web(WebAddress),
    /// Not followed.
    Refused(Refused),
}

/// A place in the document.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Destination {
    /// The page, counted from 0; it exists.
    pub page: u32,
    /// x in page points, if one is named.
    pub left: Option<f32>,
    /// y in page points, if one is named.
    pub top: Option<f32>,
}

/// Why a link is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// It names a place that the document does not have, or nothing at all.
    Nowhere,
    /// It opens another file or starts a program.
    Elsewhere,
    /// It is no web or mail address, or one made to mislead.
    Address,
    /// A script, a form, a film: not known here.
    Unknown,
}

/// A web or mail address that may be opened outside, as browsers read it: names of hosts in ASCII, so that no letter
/// passes for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct WebAddress(String);

impl From<WebAddress> for String {
    fn from(address: WebAddress) -> Self {
        address.0
    }
}

impl TryFrom<String> for WebAddress {
    type Error = &'static str;

    fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
        let address = Self::read(&text).filter(|address| address.0 == text);
        address.ok_or("no web address as it is kept here")
    }
}

impl WebAddress {
    /// Reads an address of a document.
    ///
    /// Result: `None` for every scheme but http, https and mailto, for an address that names a user before its host
    /// (`https://bank.example@evil.example`), and for what is no address. Of a mail address the recipient and the
    /// subject stay: mail programs have been told to attach files by the rest.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > MAX_URI_BYTES {
            return None;
        }
        let begins_with = |start: &str| {
            text.get(..start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start))
        };
        let mut url = match begins_with("www.") {
            true => Url::parse(&format!("https://{text}")),
            false => Url::parse(text),
        }
        .ok()?;
        match url.scheme() {
            "http" | "https" => {
                let is_plain = url.username().is_empty() && url.password().is_none();
                (is_plain && url.has_host()).then(|| Self(url.into()))
            }
            "mailto" => {
                let subject = url
                    .query_pairs()
                    .find(|(name, _)| name.eq_ignore_ascii_case("subject"))
                    .map(|(_, subject)| subject.into_owned());
                url.set_fragment(None);
                url.set_query(None);
                if let Some(subject) = subject {
                    // Mail programs take a plus for a plus.
                    let query: String = url::form_urlencoded::Serializer::new(String::new())
                        .append_pair("subject", &subject)
                        .finish();
                    url.set_query(Some(&query.replace('+', "%20")));
                }
                let is_address = url.path().contains('@') && !url.path().contains(['\r', '\n']);
                is_address.then(|| Self(url.into()))
            }
            _ => None,
        }
    }

    /// The address; ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Judges where a link leads.
///
/// Arguments: the number of pages in the document.
pub(crate) fn judge(raw: RawTarget, page_count: usize) -> Target {
    match raw {
        RawTarget::Place { page, left, top } => match u32::try_from(page) {
            Ok(page) if (page as usize) < page_count => {
                Target::Page(Destination { page, left, top })
            }
            _ => Target::Refused(Refused::Nowhere),
        },
        RawTarget::Uri(bytes) => std::str::from_utf8(&bytes)
            .ok()
            .and_then(WebAddress::read)
            .map_or(Target::Refused(Refused::Address), Target::Web),
        RawTarget::LongUri => Target::Refused(Refused::Address),
        RawTarget::Elsewhere => Target::Refused(Refused::Elsewhere),
        RawTarget::Unknown => Target::Refused(Refused::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        WebAddress::read(text).map(|address| address.as_str().to_owned())
    }

    #[test]
    fn web_and_mail_addresses_are_taken_as_browsers_read_them() {
        for (text, taken) in [
            (
                "https://www.lindenau.example/a?b=c#d",
                "https://www.lindenau.example/a?b=c#d",
            ),
            ("  HTTP://Lindenau.Example  ", "http://lindenau.example/"),
            ("www.lindenau.example", "https://www.lindenau.example/"),
            (
                "https://stra\u{df}e.example/ä",
                "https://xn--strae-oqa.example/%C3%A4",
            ),
            (
                "https://sp\u{430}rkasse.example/",
                "https://xn--sprkasse-26g.example/",
            ),
            ("mailto:rat@lindenau.example", "mailto:rat@lindenau.example"),
            (
                "mailto:rat@lindenau.example?attach=/etc/passwd&Subject=Zur%20Sitzung&body=x",
                "mailto:rat@lindenau.example?subject=Zur%20Sitzung",
            ),
        ] {
            assert_eq!(read(text).as_deref(), Some(taken), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let long = format!("https://lindenau.example/{}", "a".repeat(MAX_URI_BYTES));
        for text in [
            "",
            "lindenau.example",
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,<script>",
            "file:///etc/passwd",
            "\\\\server\\share",
            "smb://server/share",
            "ms-word:ofe|u|https://evil.example",
            "tauri://localhost/",
            "page://localhost/1/0",
            "tel:110",
            "https://",
            "https://bank.example@evil.example/",
            "https://a:b@evil.example/",
            "mailto:",
            "mailto:nobody",
            "--help",
            &long,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn places_must_exist() {
        let place = |page| RawTarget::Place {
            page,
            left: None,
            top: Some(700.0),
        };
        assert!(matches!(
            judge(place(2), 3),
            Target::Page(Destination { page: 2, .. })
        ));
        for page in [-1, 3, i64::MAX] {
            assert_eq!(judge(place(page), 3), Target::Refused(Refused::Nowhere));
        }
        assert_eq!(
            judge(RawTarget::Uri(vec![0xFF, 0xFE]), 3),
            Target::Refused(Refused::Address)
        );
    }
}
