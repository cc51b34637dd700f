//! A file full of handwriting: 50,000 strokes, 5,000 of them on its first page. Opening it, against the same file without
//! a stroke; and what one page costs that has them.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use notes::{Anchor, Color, Deed, InkPoint, MarkBody, MarkDraft, NoteStore, Target};
use serde_json::json;
use std::sync::Arc;
use sync::store::CouncilStore;
use vault::{Passphrase, Vault};

use super::app;
use super::figures::{Figure, Series, build, ms_since};
use super::first_page::budget;
use super::supply::{Demonstration, PASSPHRASE};

const STROKES: usize = 50_000;
const ON_FIRST_PAGE: usize = 5_000;
/// Points of a stroke: a letter or two.
const POINTS: usize = 24;
const AT_ONCE: usize = 2_000;
const ROUNDS: usize = 30;
/// Of the time without strokes.
const AIM: f64 = 1.2;

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let bare = Demonstration::prepare(out, "annotated-bare")?;
    let full = Demonstration::prepare(out, "annotated-full")?;
    let (bare_file, full_file) = (budget(&bare)?, budget(&full)?);
    eprintln!("writing {STROKES} strokes …");
    write_strokes(&full)?;
    let (bare, full) = (app::desk(&bare.tablet)?, app::desk(&full.tablet)?);
    for desk in [&bare, &full] {
        app::ask(desk, "vault_unlock", json!({"passphrase": PASSPHRASE}))?;
    }
    let opened = |desk: &desk::Desk, file: &str| -> Result<f64> {
        let start = Instant::now();
        let opened = app::ask(desk, "document_open", json!({"fileId": file}))?;
        let doc = opened["doc"].as_str().context("no handle")?.to_owned();
        let image = desk.page_image(&format!("/{doc}/0"), "s=2&p=visible");
        let took_ms = ms_since(start);
        anyhow::ensure!(image.status == 200, "the image answered {}", image.status);
        app::ask(desk, "document_close", json!({"doc": doc}))?;
        Ok(took_ms)
    };
    let (bare_file, full_file) = (bare_file.to_string(), full_file.to_string());
    let (mut with, mut without) = (Series::default(), Series::default());
    // The first of each loads PDFium and the database.
    opened(&full, &full_file)?;
    opened(&bare, &bare_file)?;
    for _ in 0..ROUNDS {
        with.push(opened(&full, &full_file)?);
        without.push(opened(&bare, &bare_file)?);
    }
    let ratio = with.median() / without.median();
    let mut page = Series::default();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        full.call_text("marks_page", json!({"fileId": full_file, "pages": [0]}))
            .map_err(|error| anyhow::anyhow!("marks_page: {}", error.message))?;
        page.push(ms_since(start));
    }
    Ok(vec![
        Figure {
            name: format!(
                "opening a file with {STROKES} strokes, to its first page ({})",
                build()
            ),
            ours: with.words(1, "ms"),
            peer: format!("the same file without a stroke {}", without.words(1, "ms")),
            ratio: format!("{ratio:.2}"),
            aim: format!("≤ {AIM}"),
            is_met: ratio <= AIM,
        },
        Figure {
            name: format!("the {ON_FIRST_PAGE} strokes of one page (`marks_page`)"),
            ours: page.words(1, "ms"),
            peer: "none".to_owned(),
            ratio: String::new(),
            aim: String::new(),
            is_met: true,
        },
    ])
}

fn write_strokes(demonstration: &Demonstration) -> Result<()> {
    // Looked up first: a vault is open once at a time.
    let file = budget(demonstration)?;
    let vault = Arc::new(Vault::unlock(
        &demonstration.tablet,
        &Passphrase::new(PASSPHRASE),
    )?);
    let now_ms = chrono::Utc::now().timestamp_millis();
    let row = CouncilStore::open(&vault, demonstration.council, now_ms)?
        .file(file)?
        .context("the budget is not on the tablet")?;
    let pages = row.page_count.context("the budget has no pages")?;
    let store = NoteStore::open(vault)?;
    let draft = |at: usize| {
        let page = if at < ON_FIRST_PAGE {
            0
        } else {
            1 + u32::try_from(at).unwrap_or_default() % (pages - 1)
        };
        let (column, line) = (at % 100, at / 100 % 50);
        let points = (0..POINTS).map(|step| InkPoint {
            x: 40.0 + column as f32 * 5.0 + step as f32 * 0.18,
            y: 800.0 - line as f32 * 15.0 + (step % 7) as f32 * 1.3,
            pressure: 0.4,
        });
        Deed::Create(MarkDraft::new(
            Anchor {
                council: demonstration.council,
                target: Target::File {
                    file,
                    blob_id: row.blob_id,
                    revision: row.file.revision,
                },
                page: Some(page),
                rects: Vec::new(),
                quote: None,
                sealed_class: None,
            },
            MarkBody::Ink {
                color: Color::Blue,
                width_pt: 1.7,
                strokes: vec![points.collect()],
            },
        ))
    };
    for from in (0..STROKES).step_by(AT_ONCE) {
        let deeds: Vec<Deed> = (from..STROKES.min(from + AT_ONCE)).map(draft).collect();
        store.change(&deeds, now_ms)?;
    }
    Ok(())
}
