//! What stands on a page and where: letters as the reader gives them, words as they are kept. Not how they are stored.

use crate::anchor::Rect;
use minicbor::{Decode, Encode};
use std::fmt;
use std::ops::Range;

/// Words of a page that are kept; a page has about 400, a plan or a table up to some thousands.
const MOST_WORDS: usize = 5_000;
/// Steps per point in which places are kept.
const STEPS_PER_PT: f32 = 20.0;

/// The letters of a page, as the reader gives them.
#[derive(Clone, Default, PartialEq)]
pub struct PageLetters {
    /// The letters; `\n` ends a line.
    pub letters: Vec<char>,
    /// One box for each letter, in PDF points of the unrotated page; empty ones for line breaks and the like.
    pub boxes: Vec<Rect>,
    /// The lines as ranges of letters.
    pub lines: Vec<Range<usize>>,
    /// The part of the page that is shown, points.
    pub shown: Option<Rect>,
}

impl fmt::Debug for PageLetters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageLetters(hidden)")
    }
}

impl PageLetters {
    /// One box for each line that some letters touch.
    pub(crate) fn rects(&self, letters: &Range<usize>) -> Vec<Rect> {
        let lines = self.lines.iter();
        lines
            .filter_map(|line| {
                let (from, to) = (line.start.max(letters.start), line.end.min(letters.end));
                union(self.boxes.get(from..to)?.iter().copied())
            })
            .collect()
    }

    /// Letters as one line of text; a range beyond the page is cut off.
    pub(crate) fn said(&self, letters: Range<usize>) -> String {
        let end = letters.end.min(self.letters.len());
        let letters = self.letters.get(letters.start.min(end)..end);
        let mut said = String::new();
        for letter in letters.unwrap_or_default() {
            match letter.is_whitespace() {
                true if said.ends_with(' ') => {}
                true => said.push(' '),
                false => said.push(*letter),
            }
        }
        said
    }
}

/// A word and its place on the page.
#[derive(Clone, PartialEq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) rect: Rect,
}

/// The words of a page in the order of its letters.
#[derive(Clone, Default, PartialEq)]
pub struct PageWords {
    pub(crate) words: Vec<Word>,
    pub(crate) shown: Option<Rect>,
}

impl fmt::Debug for PageWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageWords(hidden)")
    }
}

impl PageWords {
    /// The words of some letters. Places are as exact as they are kept: 1/20 point.
    pub fn of(page: &PageLetters) -> Self {
        let mut words = Vec::new();
        let mut text = String::new();
        let mut boxes: Vec<Rect> = Vec::new();
        let letters = page.letters.iter().zip(&page.boxes);
        for (letter, rect) in letters
            .map(|(l, r)| (Some(l), Some(r)))
            .chain([(None, None)])
        {
            match (letter, rect) {
                (Some(letter), Some(rect)) if !letter.is_whitespace() => {
                    text.push(*letter);
                    boxes.push(*rect);
                }
                _ => {
                    let text = std::mem::take(&mut text);
                    if let (false, Some(rect)) = (text.is_empty(), union(boxes.drain(..)))
                        && words.len() < MOST_WORDS
                    {
                        let rect = rounded(rect);
                        words.push(Word { text, rect });
                    }
                    boxes.clear();
                }
            }
        }
        Self {
            words,
            shown: page.shown.map(rounded),
        }
    }

    /// As it is kept.
    pub(crate) fn to_bytes(&self) -> Option<Vec<u8>> {
        let places = self.words.iter().flat_map(|word| steps(word.rect));
        minicbor::to_vec(Stored {
            shown: self.shown.map(steps),
            text: join(self.words.iter().map(|word| word.text.as_str())),
            places: places.collect(),
        })
        .ok()
    }

    /// The reverse of [`PageWords::to_bytes`]; `None` for bytes that say nothing.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let stored: Stored = minicbor::decode(bytes).ok()?;
        let (places, _) = stored.places.as_chunks::<4>();
        let texts = stored.text.split(' ').filter(|text| !text.is_empty());
        let words = texts.zip(places).map(|(text, place)| Word {
            text: text.to_owned(),
            rect: rect_of(place),
        });
        Some(Self {
            words: words.collect(),
            shown: stored.shown.as_ref().map(rect_of),
        })
    }
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Stored {
    #[n(0)]
    shown: Option<[i32; 4]>,
    /// The words, apart by spaces.
    #[n(1)]
    text: String,
    /// Left, bottom, right, top of each word, in steps.
    #[n(2)]
    places: Vec<i32>,
}

/// Words as one line.
pub(crate) fn join<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

/// The rectangle around all that are not empty; `None` if all are.
pub(crate) fn union(rects: impl Iterator<Item = Rect>) -> Option<Rect> {
    rects
        .filter(|rect| rect.is_valid() && rect.right > rect.left && rect.top > rect.bottom)
        .reduce(|a, b| Rect {
            left: a.left.min(b.left),
            bottom: a.bottom.min(b.bottom),
            right: a.right.max(b.right),
            top: a.top.max(b.top),
        })
}

fn steps(rect: Rect) -> [i32; 4] {
    // Casting cuts off at the ends of the range.
    [rect.left, rect.bottom, rect.right, rect.top].map(|edge| (edge * STEPS_PER_PT).round() as i32)
}

fn rect_of(steps: &[i32; 4]) -> Rect {
    let [left, bottom, right, top] = steps.map(|edge| edge as f32 / STEPS_PER_PT);
    Rect {
        left,
        bottom,
        right,
        top,
    }
}

fn rounded(rect: Rect) -> Rect {
    rect_of(&steps(rect))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_with_their_places() {
        let letters: Vec<char> = "Zwei  Worte\nund".chars().collect();
        let boxes = (0..letters.len()).map(|at| Rect {
            left: at as f32 * 5.013,
            bottom: 700.0,
            right: at as f32 * 5.013 + 5.0,
            top: 710.0,
        });
        let page = PageLetters {
            boxes: boxes.collect(),
            lines: vec![0..11, 12..15],
            letters,
            shown: None,
        };
        let words = PageWords::of(&page);
        assert_eq!(words.words.len(), 3);
        assert_eq!(words.words[1].text, "Worte");
        assert!((words.words[1].rect.left - 30.078).abs() < 0.03);
        let kept = PageWords::from_bytes(&words.to_bytes().unwrap()).unwrap();
        assert!(
            kept == words,
            "what is kept compares with what is read anew"
        );
    }

    #[test]
    fn bytes_that_say_nothing_are_no_words() {
        assert!(PageWords::from_bytes(&[1, 2, 3]).is_none());
        assert!(PageWords::from_bytes(&[]).is_none());
    }
}
