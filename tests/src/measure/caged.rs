//! What the cage costs: tiles of the budget by one helper process, against PDFium in this process. In turns, tile by tile, each
//! drawn for the first time by both.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use reader::{DocId, Home, Priority, Reader, ReaderConfig, RenderRequest, Ticket, TileRect};

use super::app::{caged, pdfium};
use super::figures::{Figure, Series, build, ms_since};
use super::first_page::{budget, open, unlock};
use super::supply::Demonstration;

/// Of the time in process.
const AIM: f64 = 1.3;
const PAGES: u32 = 60;
/// 144 dpi in pixels per point.
const SCALE: f32 = 2.0;
/// The side of the app's tiles in pixels.
const SIDE_PX: u32 = 512;

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let demonstration = Demonstration::prepare(out, "caged")?;
    let file = budget(&demonstration)?;
    let vault = unlock(&demonstration.tablet)?;
    let readers = [
        Reader::start(caged()?)?,
        Reader::start(ReaderConfig::new(pdfium()?, Home::InProcess))?,
    ];
    let mut docs = Vec::new();
    for reader in &readers {
        docs.push((
            reader,
            open(&vault, reader, demonstration.council, file)?,
            Series::default(),
            Series::default(),
        ));
    }
    println!("measuring what the cage costs ({}) …", build());
    for page in 0..PAGES {
        // Whoever is first warms the file cache for the other: by turns.
        let is_odd = page % 2 == 1;
        if is_odd {
            docs.reverse();
        }
        for (reader, doc, fresh, again) in &mut docs {
            fresh.push(tile_ms(reader, *doc, page, 0)?);
            again.push(tile_ms(reader, *doc, page, SIDE_PX)?);
        }
        if is_odd {
            docs.reverse();
        }
    }
    let [(_, _, fresh, again), (_, _, free_fresh, free_again)] = docs.as_slice() else {
        anyhow::bail!("two readers are compared");
    };
    Ok(vec![
        figure("a tile of a new page, caged", fresh, free_fresh),
        figure("another tile of the page, caged", again, free_again),
    ])
}

fn figure(name: &str, ours: &Series, free: &Series) -> Figure {
    let ratio = ours.median() / free.median();
    Figure {
        name: format!("{name} ({})", build()),
        ours: ours.words(1, "ms"),
        peer: format!("PDFium in process {}", free.words(1, "ms")),
        ratio: format!("{ratio:.2}"),
        aim: format!("≤ {AIM:.1}"),
        is_met: ratio <= AIM,
    }
}

fn tile_ms(reader: &Reader, doc: DocId, page: u32, y: u32) -> Result<f64> {
    let start = Instant::now();
    let tile = Some(TileRect {
        x: 0,
        y,
        w: SIDE_PX,
        h: SIDE_PX,
    });
    let image = reader.render(RenderRequest {
        doc,
        page,
        scale: SCALE,
        tile,
        is_dark: false,
        priority: Priority::Visible,
        ticket: Ticket(1),
    })?;
    let took_ms = ms_since(start);
    ensure!(image.width == SIDE_PX, "the tile has {} px", image.width);
    Ok(took_ms)
}
