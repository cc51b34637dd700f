//! A few words of a page around its best hit. Knows no index.

use crate::fold::tokens;
use crate::matching::chars_of;
use crate::query::Query;
use std::fmt;
use std::ops::Range;

/// Length of a snippet, characters.
const MOST_CHARS: usize = 200;
/// Characters before the first hit of a snippet.
const LEAD_CHARS: usize = 60;

/// A piece of a text with the words in it that were found.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// One line; "…" where the text goes on.
    pub text: String,
    /// Characters of `text` to mark, ascending and apart.
    pub marks: Vec<Range<usize>>,
}

impl fmt::Debug for Snippet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snippet({} marks, hidden)", self.marks.len())
    }
}

/// The piece of `text` that holds the most hits; its beginning if there is none.
pub(crate) fn cut(text: &str, query: &Query) -> Snippet {
    let tokens = tokens(text);
    let marks = chars_of(query.mark_tokens(&tokens), &tokens);
    let reach = MOST_CHARS - LEAD_CHARS;
    let best = marks
        .iter()
        .enumerate()
        .max_by_key(|(at, mark)| {
            let within = marks
                .iter()
                .skip(*at)
                .take_while(|later| later.end <= mark.start + reach)
                .count();
            // Of equal pieces the first.
            (within, usize::MAX - at)
        })
        .map_or(0, |(_, mark)| mark.start);
    // Begins with a whole word.
    let start = tokens
        .iter()
        .map(|token| token.chars.start)
        .find(|start| *start + LEAD_CHARS >= best && *start <= best)
        .unwrap_or(0);
    let start = if start <= LEAD_CHARS / 4 { 0 } else { start };
    line(text, start, &marks)
}

/// A whole text, such as a title, in one line.
pub(crate) fn whole(text: &str, query: &Query) -> Snippet {
    line(text, 0, &query.marks(text))
}

/// At most `MOST_CHARS` characters from `start` on; runs of white space become one space, hyphenations are joined by what
/// stands there.
fn line(text: &str, start: usize, marks: &[Range<usize>]) -> Snippet {
    let mut snippet = Snippet::default();
    let mut len = 0;
    if start > 0 {
        snippet.text.push('…');
        len = 1;
    }
    let mut marks = marks.iter().filter(|mark| mark.start >= start).peekable();
    let mut open: Option<usize> = None;
    let mut is_space = true;
    let mut is_cut = false;
    for (at, char) in text.chars().enumerate().skip(start) {
        if let (Some(begin), Some(mark)) = (open, marks.peek())
            && at >= mark.end
        {
            snippet.marks.push(begin..len);
            open = None;
            marks.next();
        }
        if open.is_none() && len >= MOST_CHARS {
            is_cut = true;
            break;
        }
        if open.is_none() && marks.peek().is_some_and(|mark| mark.start == at) {
            open = Some(len);
        }
        if char.is_whitespace() || char.is_control() {
            if !is_space {
                snippet.text.push(' ');
                len += 1;
            }
            is_space = true;
        } else if char != '\u{ad}' {
            snippet.text.push(char);
            len += 1;
            is_space = false;
        }
    }
    if let Some(begin) = open {
        snippet.marks.push(begin..len);
    }
    if is_cut {
        snippet.text.push('…');
    }
    snippet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Typing;

    fn marked(snippet: &Snippet) -> Vec<String> {
        let chars: Vec<char> = snippet.text.chars().collect();
        snippet
            .marks
            .iter()
            .map(|mark| chars[mark.clone()].iter().collect())
            .collect()
    }

    #[test]
    fn a_snippet_surrounds_the_densest_hits() {
        let query = Query::parse("Haushalt Kita", Typing::No);
        let text = format!(
            "Haushalt. {}Der Haushalt der\nKita «Sonne»: Haus-\nhalt und Neubau.{}",
            "Füllwörter ohne Belang. ".repeat(30),
            " Ende der Seite.".repeat(30)
        );
        let snippet = cut(&text, &query);
        assert_eq!(marked(&snippet), ["Haushalt", "Kita", "Haus- halt"]);
        assert!(snippet.text.starts_with('…') && snippet.text.ends_with('…'));
        assert!(snippet.text.chars().count() <= MOST_CHARS + 2);
        assert!(!snippet.text.contains('\n'));
    }

    #[test]
    fn short_texts_stay_whole() {
        let query = Query::parse("satzung", Typing::No);
        let snippet = cut("Die Satzung", &query);
        assert_eq!(snippet.text, "Die Satzung");
        assert_eq!(marked(&snippet), ["Satzung"]);
        assert_eq!(cut("", &query), Snippet::default());
        assert_eq!(whole("Haushalt", &query).marks, []);
    }
}
