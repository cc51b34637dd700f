//! Notes as Markdown (CommonMark): headings, the words they stand at as quotations, the member's own words.

use std::fmt::Write;

/// A heading and what stands below it.
pub struct MarkdownSection {
    /// 1 to 6.
    pub level: u8,
    /// The heading.
    pub title: String,
    /// Said of it, one line each.
    pub lines: Vec<String>,
    /// In their order.
    pub notes: Vec<MarkdownNote>,
}

/// One note.
pub struct MarkdownNote {
    /// Where it stands and what it is, as "Seite 3, Markierung".
    pub place: String,
    /// The words of the paper.
    pub quote: Option<String>,
    /// The member's words; their lines stay lines.
    pub text: Option<String>,
}

/// Sections as one text.
pub fn markdown(sections: &[MarkdownSection]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    for section in sections {
        let marks = "#".repeat(usize::from(section.level.clamp(1, 6)));
        let _ = write!(out, "{marks} {}\n\n", inline(&section.title));
        for line in &section.lines {
            let _ = write!(out, "{}\n\n", inline(line));
        }
        for note in &section.notes {
            let _ = write!(out, "**{}**\n\n", inline(&note.place));
            if let Some(quote) = &note.quote {
                let _ = write!(out, "> {}\n\n", inline(quote));
            }
            for paragraph in note.text.iter().flat_map(|text| text.lines()) {
                match inline(paragraph) {
                    empty if empty.is_empty() => {}
                    paragraph => {
                        let _ = write!(out, "{paragraph}\n\n");
                    }
                }
            }
        }
    }
    let kept = out.trim_end().len();
    out.truncate(kept);
    out.push('\n');
    out
}

/// Words on one line that are nothing but words.
fn inline(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    let words = words.join(" ");
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        // CommonMark 0.31, 2.4: any of these may stand after a backslash.
        if letter.is_ascii_punctuation()
            && !matches!(letter, ',' | '.' | ':' | ';' | '?' | '/' | '%' | '"' | '\'')
        {
            out.push('\\');
        }
        out.push(letter);
    }
    // "12. Mai" at the beginning of a line would count as a list.
    let digits = out.chars().take_while(char::is_ascii_digit).count();
    if digits > 0 && out.chars().nth(digits) == Some('.') {
        out.insert(digits, '\\');
    }
    out
}
