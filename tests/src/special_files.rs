//! Files that are not like others, in the window: one with a password, a form of Adobe's kind, one with files in it, and one that
//! another program has written notes into. Each says what it is and what one can do.

use anyhow::Result;
use serde_json::{Value, json};

use crate::barriers;
use crate::intake::Matter;
use crate::pdf::{pdf, written};
use crate::window::Window;

#[allow(dead_code, reason = "one of its two files is used here")]
#[path = "../../src-tauri/crates/reader/tests/common/locked.rs"]
mod locked;

const PROTECTED: &str = "Gutachten mit Kennwort";
const FORM: &str = "Antrag als Formular";
const PORTFOLIO: &str = "Unterlagen zum Haushalt";
const ANNOTATED: &str = "Entwurf mit Anmerkungen";

const SIZES: [(&str, u32, u32); 3] = [
    ("portrait", 1024, 1366),
    ("small", 800, 1280),
    ("landscape", 1366, 1024),
];

/// What the county council has on its agenda for this.
pub fn matters() -> Vec<Matter> {
    let files = [
        (
            "2026/301",
            PROTECTED,
            locked::bytes(locked::WITH_USER_PASSWORD),
        ),
        ("2026/302", FORM, form()),
        ("2026/303", PORTFOLIO, portfolio()),
        ("2026/304", ANNOTATED, annotated()),
    ];
    let matter = |(reference, name, file): (&str, &str, Vec<u8>)| Matter {
        public: true,
        file: Some(file),
        ..Matter::new("rat-18", reference, name, "")
    };
    files.into_iter().map(matter).collect()
}

/// Begins in any view of the open folder, ends in the meeting.
pub async fn tell(window: &Window) -> Result<()> {
    window.tap("nav-today").await?;
    window
        .tap_css("[data-testid=next-meeting] [data-testid=open-agenda]")
        .await?;
    // The county's meeting is named where the town's clashes with it.
    window
        .tap_css("[data-testid=meeting] header [data-testid=clash] button")
        .await?;
    password(window).await?;
    notices(window).await?;
    carried(window).await
}

async fn password(window: &Window) -> Result<()> {
    open(window, PROTECTED).await?;
    window.find("password").await?;
    in_all_sizes(window, "37-password").await?;
    window.fill("password-text", "falsch").await?;
    window.tap("password-open").await?;
    window
        .find_css("[data-testid=password] [data-testid=message]")
        .await?;
    in_all_sizes(window, "37-wrong-password").await?;
    window.fill("password-text", "user").await?;
    window.tap("password-open").await?;
    window.until_sharp().await?;
    back(window).await?;
    // Once is enough.
    open(window, PROTECTED).await?;
    window.until_sharp().await?;
    back(window).await
}

async fn notices(window: &Window) -> Result<()> {
    for (name, shot) in [(FORM, "38-form"), (PORTFOLIO, "38-files-inside")] {
        open(window, name).await?;
        window.until_sharp().await?;
        window.find("nature").await?;
        in_all_sizes(window, shot).await?;
        window.tap("nature-close").await?;
        window
            .until(
                "the notice is read",
                "return !document.querySelector('[data-testid=nature]');",
                Value::Null,
            )
            .await?;
        back(window).await?;
    }
    Ok(())
}

async fn carried(window: &Window) -> Result<()> {
    open(window, ANNOTATED).await?;
    window.until_sharp().await?;
    for (size, width, height) in SIZES {
        window.size(width, height).await?;
        // It closes where it would cover the page.
        if !window.has_css("[data-testid=panel]").await? {
            window.tap("toggle-panel").await?;
        }
        window.tap("panel-tab-marks").await?;
        window.find("carried").await?;
        window.shot(&format!("39-carried-{size}")).await?;
        barriers::none_in(window, "annotations of another program").await?;
    }
    window.tap("carried-take").await?;
    for kind in ["highlight", "rectangle", "note"] {
        window.find(&format!("mark-{kind}")).await?;
    }
    window
        .until(
            "the question is answered",
            "return !document.querySelector('[data-testid=carried]');",
            Value::Null,
        )
        .await?;
    window.until_sharp().await?;
    in_all_sizes(window, "39-taken-over").await?;
    back(window).await
}

/// A picture of each size, and no barrier in any of them.
async fn in_all_sizes(window: &Window, name: &str) -> Result<()> {
    for (size, width, height) in SIZES {
        window.size(width, height).await?;
        window.shot(&format!("{name}-{size}")).await?;
        barriers::none_in(window, name).await?;
    }
    Ok(())
}

/// From the meeting to the paper of an agenda item.
async fn open(window: &Window, name: &str) -> Result<()> {
    click(window, "[data-testid=agenda-row]", name).await?;
    window.until_text(name).await?;
    window
        .tap_css("[data-testid=item] [data-testid=file-row]")
        .await
}

async fn back(window: &Window) -> Result<()> {
    window.tap("reader-back").await?;
    window.find("agenda-row").await?;
    Ok(())
}

/// Clicks what says some words.
async fn click(window: &Window, css: &str, words: &str) -> Result<()> {
    window
        .until(
            &format!("something says “{words}”"),
            "const [css, words] = arguments[0]; const found = [...document.querySelectorAll(css)].find((each) => each.textContent.replaceAll('\\u00ad', '').includes(words)); \
             found?.click(); return !!found;",
            json!([css, words]),
        )
        .await
}

/// One page with a line of text: objects of a catalog and a page with something more in them, and further objects from
/// number 6 on.
fn one_page(catalog: &str, page: &str, text: &str, further: &[String]) -> Vec<u8> {
    let content = format!("BT /F1 16 Tf 72 720 Td ({text}) Tj ET");
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"),
        "<< /Type /Pages /Kids [5 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << /Font << /F1 3 0 R >> >> {page} >>"
        ),
    ];
    objects.extend_from_slice(further);
    written(&objects)
}

fn stream(words: &str) -> String {
    format!("<< /Length {} >>\nstream\n{words}\nendstream", words.len())
}

fn form() -> Vec<u8> {
    let catalog = "/NeedsRendering true /AcroForm << /Fields [] /XFA 6 0 R >>";
    let text = "Please wait... If this message is not eventually replaced";
    one_page(catalog, "", text, &[stream("<xdp/>")])
}

fn portfolio() -> Vec<u8> {
    let names = "(a.pdf) 6 0 R (b.xlsx) 6 0 R (c.docx) 6 0 R";
    let catalog = format!("/Collection << >> /Names << /EmbeddedFiles << /Names [{names}] >> >>");
    let file = "<< /Type /Filespec /F (a.pdf) /EF << /F 7 0 R >> >>".to_owned();
    let inside = String::from_utf8_lossy(&pdf("innen", 1, 0)).into_owned();
    one_page(
        &catalog,
        "",
        "Diese Datei ist ein Portfolio",
        &[file, stream(&inside)],
    )
}

/// A highlight, a frame and a note of somebody else.
fn annotated() -> Vec<u8> {
    let by = "/T (Dr. Birgit Brehmer) /M (D:20261101120000Z) /F 4";
    let further = [
        format!(
            "<< /Type /Annot /Subtype /Highlight /Rect [72 714 300 736] /QuadPoints [72 736 300 736 72 714 300 714] \
             /C [1 0.9 0.3] /Contents (Bitte pruefen) {by} >>"
        ),
        format!(
            "<< /Type /Annot /Subtype /Square /Rect [120 400 400 560] /C [0.8 0.1 0.1] /BS << /W 4 >> {by} >>"
        ),
        format!(
            "<< /Type /Annot /Subtype /Text /Rect [420 600 440 620] /Contents (Wer zahlt das?) {by} >>"
        ),
    ];
    one_page(
        "",
        "/Annots [6 0 R 7 0 R 8 0 R]",
        "Entwurf der Satzung ueber Stellplaetze",
        &further,
    )
}
