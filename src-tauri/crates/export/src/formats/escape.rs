//! Words inside markup.

// Meets: O.Source_2
/// Words as text or a quoted attribute of XML or HTML. What XML 1.0 has no place for (most control characters) is left out.
pub(super) fn xml(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(letter),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// An address within a folder, as a reference: each part percent-encoded, slashes kept.
pub(super) fn href(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: O.Source_2
    #[test]
    fn words_are_words_and_no_markup() {
        assert_eq!(
            xml("a<b> & \"c\"\u{0}\u{8}\n"),
            "a&lt;b&gt; &amp; &quot;c&quot;\n"
        );
        assert_eq!(href("Anlage 1/ä#?.pdf"), "Anlage%201/%C3%A4%23%3F.pdf");
    }
}
