//! What is asked: kinds of queries as members type them, each drawn from the pages.

use super::pages::Pages;

/// One search, before it is put into anybody's language.
#[derive(Clone, Debug)]
pub enum Ask {
    /// The first letters of a word, the word still being typed.
    Typing(String),
    Word(String),
    /// Both must be there.
    Two(String, String),
    /// Both must be there, the second still being typed.
    TwoTyping(String, String),
    /// Letters out of the middle of a long word.
    Part(String),
    /// Words in a row.
    Phrase(String),
    /// A word with two neighbours swapped.
    Slip(String),
    /// A word in the papers of one organization and one year.
    Filtered(String),
}

/// Makes a query.
type Draw = fn(&mut Pages) -> Ask;

/// All kinds by their names.
pub const KINDS: [(&str, Draw); 10] = [
    ("one to three letters, typing", |pages| {
        let len = 1 + pages.random().below(3);
        Ask::Typing(pages.word(6).chars().take(len).collect())
    }),
    ("beginning of a word, typing", |pages| {
        let len = 4 + pages.random().below(5);
        Ask::Typing(pages.word(8).chars().take(len).collect())
    }),
    ("one word", |pages| Ask::Word(pages.word(6))),
    ("one of the 200 most frequent words", |pages| {
        Ask::Word(pages.frequent_word())
    }),
    ("two words", |pages| {
        Ask::Two(pages.frequent_word(), pages.word(6))
    }),
    ("two words, typing", |pages| {
        let len = 4 + pages.random().below(5);
        let typed = pages.word(8).chars().take(len).collect();
        Ask::TwoTyping(pages.frequent_word(), typed)
    }),
    ("part of a compound", |pages| {
        let word = pages.word(12);
        let middle = word.chars().count() / 2;
        Ask::Part(word.chars().skip(middle).take(7).collect())
    }),
    ("phrase of three words", |pages| Ask::Phrase(pages.phrase())),
    ("slip", |pages| {
        let mut chars: Vec<char> = pages.word(8).chars().collect();
        let at = 2 + pages.random().below(chars.len() - 4);
        chars.swap(at, at + 1);
        Ask::Slip(chars.into_iter().collect())
    }),
    ("frequent word, one organization, one year", |pages| {
        Ask::Filtered(pages.frequent_word())
    }),
];

impl Ask {
    /// As it stands in the search field; a space at the end says that the word is whole.
    pub fn typed(&self) -> String {
        match self {
            Self::Typing(word) => word.clone(),
            Self::TwoTyping(one, other) => format!("{one} {other}"),
            Self::Two(one, other) => format!("{one} {other} "),
            Self::Phrase(words) => format!("\"{words}\""),
            Self::Word(word) | Self::Part(word) | Self::Slip(word) | Self::Filtered(word) => {
                format!("{word} ")
            }
        }
    }
}
