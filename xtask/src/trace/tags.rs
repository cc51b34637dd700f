//! The tags in the code: `Meets: O.Cryp_1, MASVS-CRYPTO-1` in a comment of its own over what fulfils a requirement, and
//! `Shows: …` over the test that would fail. Rust, TypeScript, Kotlin, Svelte, TOML, XML, HTML and Markdown.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Says {
    Meets,
    Shows,
}

#[derive(Debug)]
pub(crate) struct Tag {
    pub says: Says,
    pub ids: Vec<String>,
    /// From the top folder, with `/`.
    pub path: String,
    /// Counted from 1.
    pub line: usize,
    /// What the tag stands over, where it has a name.
    pub item: Option<String>,
    pub at_a_test: bool,
}

const ENDINGS: [&str; 9] = [
    "rs", "ts", "svelte", "kt", "kts", "toml", "xml", "html", "md",
];
/// Made, fetched, or about tags themselves.
const PASSED_OVER: [&str; 6] = [
    "target",
    "node_modules",
    "dist",
    "trace",
    "trace.rs",
    "REQUIREMENTS.md",
];
const COMMENTS: [&str; 3] = ["// ", "# ", "<!-- "];
/// Words before the name of what a tag stands over.
const NAMING: [&str; 9] = [
    "fn ",
    "struct ",
    "enum ",
    "const ",
    "mod ",
    "function ",
    "class ",
    "fun ",
    "## ",
];
/// Folders and files whose code is run by the tests as a whole: stories in the window, checks of the crate graph and manifest.
const RUN_BY_TESTS: [&str; 3] = [
    "tests/src/",
    "xtask/src/arrows.rs",
    "xtask/src/android_rules.rs",
];

/// Every tag below `root`, in the order of paths and lines.
pub(crate) fn all(root: &Path) -> Result<Vec<Tag>> {
    let mut tags = Vec::new();
    walk(root, root, &mut tags)?;
    Ok(tags)
}

fn walk(root: &Path, folder: &Path, tags: &mut Vec<Tag>) -> Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if name.starts_with('.') || PASSED_OVER.contains(&name.as_ref()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            walk(root, &path, tags)?;
        } else if ENDINGS
            .iter()
            .any(|end| path.extension().is_some_and(|own| own == *end))
        {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let own: Vec<_> = path
                .strip_prefix(root)?
                .iter()
                .map(|part| part.to_string_lossy())
                .collect();
            tags.extend(in_text(&own.join("/"), &text));
        }
    }
    Ok(())
}

/// The tags of one file. `path`: from the top folder, with `/`.
pub(crate) fn in_text(path: &str, text: &str) -> Vec<Tag> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| {
            let (says, ids) = tag_of(line)?;
            let below = lines.get(index + 1..).unwrap_or_default();
            Some(Tag {
                says,
                ids: ids.split(',').map(|id| id.trim().to_owned()).collect(),
                path: path.to_owned(),
                line: index + 1,
                item: item(below),
                at_a_test: is_test(path, below),
            })
        })
        .collect()
}

fn tag_of(line: &str) -> Option<(Says, &str)> {
    let words = COMMENTS.iter().find_map(|start| line.strip_prefix(start))?;
    let words = words.strip_suffix("-->").unwrap_or(words);
    let meets = words.strip_prefix("Meets:").map(|ids| (Says::Meets, ids));
    meets.or_else(|| words.strip_prefix("Shows:").map(|ids| (Says::Shows, ids)))
}

/// The name of the first thing below that is neither comment nor attribute.
fn item(below: &[&str]) -> Option<String> {
    let line = below.iter().find(|line| !is_above_an_item(line))?;
    for start in ["test(\"", "it(\""] {
        if let Some(title) = line.strip_prefix(start) {
            return title.split('"').next().map(str::to_owned);
        }
    }
    let rest = NAMING
        .iter()
        .find_map(|word| line.split_once(word).map(|(_, rest)| (word, rest)))?;
    let name: String = match rest {
        (&"## ", heading) => heading.to_owned(),
        (_, rest) => rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect(),
    };
    Some(name).filter(|name| !name.is_empty())
}

fn is_above_an_item(line: &str) -> bool {
    line.is_empty()
        || line.starts_with("//")
        || line.starts_with("#[")
        || line.starts_with("<!--")
        || line.starts_with("/*")
        || line.starts_with("* ")
}

/// True where what stands below is run by a test.
fn is_test(path: &str, below: &[&str]) -> bool {
    if path.ends_with(".test.ts") || RUN_BY_TESTS.iter().any(|start| path.starts_with(start)) {
        return true;
    }
    let attributes = below.iter().take_while(|line| is_above_an_item(line));
    attributes
        .into_iter()
        .any(|line| line.starts_with("#[test") || line.starts_with("#[tokio::test"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(path: &str, text: &str) -> Tag {
        let mut tags = in_text(path, text);
        assert_eq!(tags.len(), 1, "{text}");
        tags.remove(0)
    }

    #[test]
    fn tags_are_read_in_every_language_of_the_project() {
        let cases = [
            (
                "a.rs",
                "//! A file.\n\n// Meets: A, B\n/// Words.\n#[must_use]\npub(crate) fn seal<T>() {}",
                Some("seal"),
            ),
            (
                "a.rs",
                "    // Meets: A, B\n    pub const WAITS: [u8; 1] = [1];",
                Some("WAITS"),
            ),
            (
                "a.test.ts",
                "// Meets: A, B\ntest(\"says what leaves\", () => {});",
                Some("says what leaves"),
            ),
            (
                "a.ts",
                "// Meets: A, B\nexport function claim() {}",
                Some("claim"),
            ),
            (
                "a.kt",
                "// Meets: A, B\nclass Guard : Plugin() {",
                Some("Guard"),
            ),
            ("a.toml", "# Meets: A, B\n[bans]", None),
            ("a.xml", "<!-- Meets: A, B -->\n<application />", None),
            (
                "a.md",
                "<!-- Meets: A, B -->\n## Reporting",
                Some("Reporting"),
            ),
        ];
        for (path, text, item) in cases {
            let tag = one(path, text);
            assert_eq!(tag.ids, ["A", "B"], "{text}");
            assert_eq!(
                (tag.says, tag.item.as_deref()),
                (Says::Meets, item),
                "{text}"
            );
        }
    }

    #[test]
    fn a_test_is_told_from_other_code() {
        let shows = |path, text| one(path, text).at_a_test;
        assert!(shows("a.rs", "// Shows: A\n#[test]\nfn a() {}"));
        assert!(shows(
            "a.rs",
            "// Shows: A\n#[tokio::test(flavor = \"multi_thread\")]\nasync fn a() {}"
        ));
        assert!(shows("ui/a.test.ts", "// Shows: A\ntest(\"a\", () => {});"));
        assert!(shows("tests/src/a.rs", "// Shows: A\nfn step() {}"));
        assert!(!shows("a.rs", "// Shows: A\nfn a() {}\n#[test]\nfn b() {}"));
        assert!(!shows("ui/a.ts", "// Shows: A\nfunction a() {}"));
    }

    #[test]
    fn words_in_the_middle_of_a_line_are_no_tag() {
        assert!(
            in_text(
                "a.rs",
                "let words = \"// Meets: A\";\n/// Meets: A\n// It Meets: A"
            )
            .is_empty()
        );
    }
}
