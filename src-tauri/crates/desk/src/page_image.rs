//! Page images: `{doc}/{page}?s={scale}&x=&y=&w=&h=&d={1 for dark}&p={visible|near|prefetch}&t={ticket}` → PNG.
//!
//! They come as bytes, never through the command list, so that a page costs no JSON.

use reader::{Priority, RenderRequest, Ticket, TileRect};

use crate::Desk;
use crate::error::{ErrorCode, Failure};

/// An answer in the words of HTTP.
pub struct PageAnswer {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
}

/// What a URL asks for.
#[derive(Debug, PartialEq)]
struct Asked {
    handle: String,
    page: u32,
    scale: f32,
    tile: Option<TileRect>,
    is_dark: bool,
    priority: Priority,
    ticket: Ticket,
}

impl Desk {
    /// Draws a page or a tile of it. Blocks until it is drawn or cancelled.
    ///
    /// * `path`, `query` – of the URL.
    ///
    /// Result: 200 with PNG; otherwise JSON `{code, message}` with 400 (not understood), 401 (locked), 404 (not
    /// open, no such page), 410 (cancelled) or 500.
    pub fn page_image(&self, path: &str, query: &str) -> PageAnswer {
        match self.drawn(path, query) {
            Ok(body) => PageAnswer {
                status: 200,
                content_type: "image/png",
                body,
            },
            Err(failure) => PageAnswer {
                status: status(failure.code),
                content_type: "application/json",
                body: serde_json::to_vec(&self.spoken(&failure)).unwrap_or_default(),
            },
        }
    }

    fn drawn(&self, path: &str, query: &str) -> Result<Vec<u8>, Failure> {
        let asked = parse(path, query).ok_or(ErrorCode::BadRequest)?;
        let session = self.session()?;
        let reader = self.reader()?;
        let drawn = session.documents.ask(
            (&session.vault, &reader, self.now_ms()),
            &asked.handle,
            |doc| {
                reader.render(RenderRequest {
                    doc,
                    page: asked.page,
                    scale: asked.scale,
                    tile: asked.tile,
                    is_dark: asked.is_dark,
                    priority: asked.priority,
                    ticket: asked.ticket,
                })
            },
        )?;
        Ok(drawn.png)
    }
}

fn status(code: ErrorCode) -> u16 {
    match code {
        ErrorCode::BadRequest | ErrorCode::DocumentTooLarge => 400,
        ErrorCode::Locked => 401,
        ErrorCode::DocumentClosed | ErrorCode::NotFound | ErrorCode::FileNotHere => 404,
        ErrorCode::Cancelled => 410,
        _ => 500,
    }
}

/// The ticket of requests that nobody means to cancel.
const NO_TICKET: Ticket = Ticket(u64::MAX);

/// The reader's name for a request: tickets are the page's own numbers, counted per document.
pub(crate) fn ticket(handle: &str, number: u32) -> Option<Ticket> {
    let handle: u32 = handle.parse().ok()?;
    Some(Ticket(u64::from(handle) << 32 | u64::from(number)))
}

fn parse(path: &str, query: &str) -> Option<Asked> {
    let mut parts = path.trim_matches('/').split('/');
    let (handle, page, None) = (parts.next()?, parts.next()?, parts.next()) else {
        return None;
    };
    let mut asked = Asked {
        handle: handle.to_owned(),
        page: page.parse().ok()?,
        scale: 1.0,
        tile: None,
        is_dark: false,
        priority: Priority::Visible,
        ticket: NO_TICKET,
    };
    let mut tile = [None; 4];
    let [x, y, w, h] = &mut tile;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=')?;
        match name {
            "s" => asked.scale = value.parse().ok()?,
            "x" => *x = value.parse().ok(),
            "y" => *y = value.parse().ok(),
            "w" => *w = value.parse().ok(),
            "h" => *h = value.parse().ok(),
            "d" => asked.is_dark = value == "1",
            "t" => asked.ticket = ticket(handle, value.parse().ok()?)?,
            "p" => {
                asked.priority = match value {
                    "visible" => Priority::Visible,
                    "near" => Priority::Near,
                    "prefetch" => Priority::Prefetch,
                    _ => return None,
                }
            }
            // A value that only makes the URL new.
            _ => {}
        }
    }
    asked.tile = match tile {
        [None, None, None, None] => None,
        [Some(x), Some(y), Some(w), Some(h)] => Some(TileRect { x, y, w, h }),
        _ => return None,
    };
    Some(asked)
}

/// What a fuzzer gives to the reader of image addresses: path, a question mark, query. What is understood lies within a tile's numbers.
#[cfg(any(test, fuzzing))]
pub fn read_address(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    if let Some(asked) = parse(path, query) {
        assert!(!asked.handle.contains('/'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_or_refused() {
        let seeds = [
            "/3/12?s=2",
            "/3/0?s=1.5&x=512&y=0&w=512&h=256&p=near&t=7&v=2&d=1",
        ];
        let seeds = seeds.map(|address| address.as_bytes().to_vec());
        let fallen = evidence::parsers::damage("page-url", &seeds, read_address).unwrap();
        assert_eq!(fallen, Vec::<String>::new());
    }

    #[test]
    fn a_whole_page_and_a_tile_are_understood() {
        let whole = parse("/3/12", "s=2").unwrap();
        assert_eq!(
            (whole.handle.as_str(), whole.page, whole.scale, whole.tile),
            ("3", 12, 2.0, None)
        );
        let tile = parse("/3/0", "s=1.5&x=512&y=0&w=512&h=256&p=near&t=7&v=2&d=1").unwrap();
        assert_eq!(
            tile.tile,
            Some(TileRect {
                x: 512,
                y: 0,
                w: 512,
                h: 256
            })
        );
        assert!(tile.is_dark && !whole.is_dark);
        assert_eq!(
            (tile.priority, tile.ticket),
            (Priority::Near, Ticket(3 << 32 | 7))
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for (path, query) in [
            ("", ""),
            ("/3", ""),
            ("/3/x", ""),
            ("/3/1/2", ""),
            ("/3/-1", ""),
            ("/3/1", "s=big"),
            ("/3/1", "x=1&y=2"),
            ("/3/1", "x=1&y=2&w=-3&h=4"),
            ("/3/1", "p=soon"),
            ("/3/1", "t=99999999999"),
        ] {
            assert_eq!(parse(path, query), None, "{path}?{query}");
        }
    }
}
