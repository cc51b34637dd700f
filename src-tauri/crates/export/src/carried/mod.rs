//! The annotations that a PDF already carries, made in another program, as kinds of our own. Reads only.

mod color;
mod kind;

use std::collections::{BTreeSet, HashMap};

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::annotation::{AnnotationId, Kind};
use crate::error::Result;
use crate::source::{Source, rect};
use crate::text_string::{at_ms, said};

/// More of them on a page are no notes but an accident.
const MOST_ON_A_PAGE: usize = 2_000;
/// Letters of one annotation that are taken.
const MOST_LETTERS: usize = 100_000;
const HIDDEN: i64 = 1 << 1;
const NO_VIEW: i64 = 1 << 5;

/// One annotation of another program.
#[derive(Clone, PartialEq)]
pub struct Carried {
    /// The same for the same annotation whenever the file is read: its own name, or where and what it is.
    pub key: String,
    /// Counted from 0.
    pub page: u32,
    /// Its number among the annotations of its page, from 0, and those of the answers to it.
    pub numbers: Vec<u32>,
    /// Who made it, if it says.
    pub author: Option<String>,
    /// When it was made or last changed, ms UTC, if it says.
    pub at_ms: Option<i64>,
    /// Its words; answers to it come after them.
    pub contents: Option<String>,
    /// What it is, in the nearest kind and colour.
    pub kind: Kind,
}

impl std::fmt::Debug for Carried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Carried({:?}, page {})", self.kind, self.page)
    }
}

/// What a PDF carries.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CarriedAll {
    /// In the order of the pages.
    pub annotations: Vec<Carried>,
    /// How many are of this program already.
    pub own_count: u32,
    /// How many have no kind here: pictures, attached files, sounds.
    pub other_count: u32,
}

/// Reads what a PDF carries. Links and form fields do not count.
///
/// Errors: `Protected` where even reading needs a password, `Unreadable`.
pub fn carried(original: &[u8]) -> Result<CarriedAll> {
    let source = Source::read_annotations(original)?;
    let mut all = CarriedAll::default();
    let mut seen = BTreeSet::new();
    for (page, number) in source.pages().iter().zip(0..) {
        // One page object may stand in several places; what is on it shows in each and counts once.
        let is_first = u32::from(seen.insert(*page));
        let entries = entries(&source, *page);
        let mut answers = answers(&source.document, &entries);
        for (at, id, dict) in entries {
            match reading(&source.document, number, dict) {
                Reading::Nothing => {}
                Reading::Own => all.own_count += is_first,
                Reading::Other => all.other_count += is_first,
                Reading::Carried(mut one) => {
                    one.numbers.push(at);
                    let answers = id.and_then(|id| answers.remove(&id)).unwrap_or_default();
                    let (numbers, said): (Vec<u32>, Vec<Option<String>>) =
                        answers.into_iter().unzip();
                    one.numbers.extend(numbers);
                    let said: Vec<String> = said.into_iter().flatten().collect();
                    if !said.is_empty() {
                        let own = one.contents.into_iter();
                        one.contents = Some(own.chain(said).collect::<Vec<_>>().join("\n"));
                    }
                    all.annotations.push(*one);
                }
            }
        }
    }
    Ok(all)
}

/// Number in the page's list, name in the file, content.
type Entry<'a> = (u32, Option<ObjectId>, &'a Dictionary);

fn entries(source: &Source, page: ObjectId) -> Vec<Entry<'_>> {
    let document = &source.document;
    let annots = document
        .get_dictionary(page)
        .and_then(|dict| dict.get_deref(b"Annots", document))
        .and_then(Object::as_array);
    let entries = annots.into_iter().flatten().take(MOST_ON_A_PAGE);
    entries
        .zip(0..)
        .filter_map(|(entry, at)| {
            let (id, dict) = document.dereference(entry).ok()?;
            Some((at, id, dict.as_dict().ok()?))
        })
        .collect()
}

/// What was answered to which annotation: the number of each answer and what it says, if it says something.
fn answers(
    document: &Document,
    entries: &[Entry],
) -> HashMap<ObjectId, Vec<(u32, Option<String>)>> {
    let mut answers: HashMap<ObjectId, Vec<(u32, Option<String>)>> = HashMap::new();
    for (at, _, dict) in entries {
        let Ok(to) = dict.get(b"IRT").and_then(Object::as_reference) else {
            continue;
        };
        // A state is a tick in a list, not words.
        let said = words(document, dict, b"Contents").filter(|_| !dict.has(b"State"));
        let said = said.map(|said| match words(document, dict, b"T") {
            Some(author) => format!("{author}: {said}"),
            None => said,
        });
        answers.entry(to).or_default().push((*at, said));
    }
    answers
}

enum Reading {
    /// Not made by a person as a note.
    Nothing,
    /// Of this program.
    Own,
    /// Without a kind here.
    Other,
    Carried(Box<Carried>),
}

fn reading(document: &Document, page: u32, dict: &Dictionary) -> Reading {
    let subtype = dict
        .get_deref(b"Subtype", document)
        .and_then(Object::as_name);
    let Ok(subtype) = subtype else {
        return Reading::Nothing;
    };
    let flags = dict.get_deref(b"F", document).and_then(Object::as_i64);
    let is_hidden = flags.is_ok_and(|flags| flags & (HIDDEN | NO_VIEW) != 0);
    if is_hidden || dict.has(b"IRT") {
        return Reading::Nothing;
    }
    let name = words(document, dict, b"NM");
    if name
        .as_ref()
        .is_some_and(|name| name.starts_with(AnnotationId::PREFIX))
    {
        return Reading::Own;
    }
    let kind = match subtype {
        b"Link" | b"Widget" | b"Popup" | b"PrinterMark" | b"TrapNet" | b"Watermark" => {
            return Reading::Nothing;
        }
        _ => kind::kind(document, subtype, dict),
    };
    let Some(kind) = kind else {
        return Reading::Other;
    };
    let contents = match &kind {
        Kind::TextBox { .. } => None,
        _ => words(document, dict, b"Contents"),
    };
    let place = dict
        .get(b"Rect")
        .ok()
        .and_then(|value| rect(document, value));
    let key = name.unwrap_or_else(|| {
        let edges = place.unwrap_or_default().edges();
        let edges: Vec<String> = edges.iter().map(|edge| format!("{edge:.1}")).collect();
        format!(
            "{page} {} {}",
            String::from_utf8_lossy(subtype),
            edges.join(" ")
        )
    });
    let time = |key: &[u8]| at_ms(dict.get_deref(key, document).ok()?);
    Reading::Carried(Box::new(Carried {
        key,
        page,
        numbers: Vec::new(),
        author: words(document, dict, b"T"),
        at_ms: time(b"CreationDate").or_else(|| time(b"M")),
        contents,
        kind,
    }))
}

/// Words that say something.
fn words(document: &Document, dict: &Dictionary, key: &[u8]) -> Option<String> {
    let words = said(dict.get_deref(key, document).ok()?)?;
    let words: String = words.replace("\r\n", "\n").replace('\r', "\n");
    let words: String = words.trim().chars().take(MOST_LETTERS).collect();
    (!words.is_empty()).then_some(words)
}
