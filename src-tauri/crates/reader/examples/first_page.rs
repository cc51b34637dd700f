//! Prints how many milliseconds each step to the first page takes: `first_page PDFIUM FILE [SCALE] [PAGES]`.
//! For benches; the product does not contain it.
#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;
use reader::{Home, Priority, Reader, ReaderConfig, RenderRequest, Ticket};

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let library = args.first().context("PDFIUM is missing")?;
    let file = args.get(1).context("FILE is missing")?;
    let scale: f32 = args.get(2).map_or(Ok(2.0), |text| text.parse())?;
    let pages: u32 = args.get(3).map_or(Ok(1), |text| text.parse())?;

    let start = Instant::now();
    let reader = Reader::start(ReaderConfig::new(PathBuf::from(library), Home::InProcess))?;
    let started = start.elapsed();

    let since = Instant::now();
    let source = File::open(file)?;
    let byte_len = source.metadata()?.len();
    let doc = reader.open(Box::new(source), byte_len)?;
    let opened = since.elapsed();
    let page_count = u32::try_from(reader.page_sizes(doc)?.len())?;

    for page in 0..pages.min(page_count) {
        let since = Instant::now();
        let image = reader.render(RenderRequest {
            doc,
            page,
            scale,
            tile: None,
            is_dark: false,
            priority: Priority::Visible,
            ticket: Ticket(u64::from(page)),
        })?;
        let rendered = since.elapsed();
        let total = if page == 0 { start.elapsed() } else { rendered };
        let since = Instant::now();
        let text = reader.text(doc, page)?;
        println!(
            "page {page} of {page_count}: start_ms={} open_ms={} load_ms={} draw_ms={} encode_ms={} total_ms={} \
             width_px={} height_px={} png_bytes={} text_ms={} chars={}",
            ms(started),
            ms(opened),
            ms(image.timing.load),
            ms(image.timing.draw),
            ms(image.timing.encode),
            ms(total),
            image.width,
            image.height,
            image.png.len(),
            ms(since.elapsed()),
            text.boxes.len(),
        );
    }
    Ok(())
}

fn ms(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}
