//! From the command to the encoded image of the first page: the 400-page budget, encrypted on the tablet's disk, against
//! `mutool draw` as a whole process on the plain file. Both files lie in the system's file cache.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;
use reader::{DocId, Encoded, Priority, Reader, RenderRequest, Ticket};
use serde_json::json;
use sync::store::CouncilStore;
use sync_protocol::ids::{CouncilId, ObjectId};
use vault::{Passphrase, Vault};

use super::app::{self, caged};
use super::figures::{Figure, Series, build, ms_since};
use super::supply::{Demonstration, PASSPHRASE};

/// 144 dpi in pixels per point.
const SCALE: f32 = 2.0;
const DPI: &str = "144";
/// Ratio to mutool's time.
const AIM: f64 = 1.0;
const WARM_ROUNDS: usize = 40;
const COLD_ROUNDS: usize = 15;
/// Shorter, and it is not the budget that was found.
const LEAST_PAGES: u32 = 300;

/// Which document on which tablet.
#[derive(Args, Clone)]
pub struct ColdPage {
    #[arg(long)]
    tablet: PathBuf,
    #[arg(long)]
    council: CouncilId,
    #[arg(long)]
    file: ObjectId,
}

impl ColdPage {
    /// PDFium is loaded and everything opened within the measured time; the vault was unlocked before.
    pub fn run(&self) -> Result<()> {
        let vault = unlock(&self.tablet)?;
        let start = Instant::now();
        let reader = Reader::start(caged()?)?;
        let (_, page) = first_page(&vault, &reader, self.council, self.file)?;
        let took_ms = ms_since(start);
        ensure!(!page.png.is_empty(), "no image");
        println!("{took_ms}");
        Ok(())
    }

    fn in_fresh_process(&self) -> Result<f64> {
        let output = Command::new(std::env::current_exe()?)
            .arg("cold-page")
            .arg("--tablet")
            .arg(&self.tablet)
            .args(["--council", &self.council.to_string()])
            .args(["--file", &self.file.to_string()])
            .stderr(Stdio::inherit())
            .output()
            .context("this program does not start again; was it replaced meanwhile?")?;
        ensure!(output.status.success(), "cold-page: {}", output.status);
        let text = String::from_utf8(output.stdout)?;
        text.trim()
            .parse()
            .with_context(|| format!("cold-page printed {text}"))
    }
}

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let demonstration = Demonstration::prepare(out, "first-page")?;
    let page = ColdPage {
        file: budget(&demonstration)?,
        council: demonstration.council,
        tablet: demonstration.tablet.clone(),
    };
    let mutool = Mutool {
        plain: demonstration.budget,
        image: out.join("first-page").join("mutool.png"),
    };
    println!("measuring the first page ({}) …", build());
    let mut figures = vec![warm(&page, &mutool)?];
    figures.extend([by_commands(&page, &mutool)?, cold(&page, &mutool)?]);
    Ok(figures)
}

/// The library path in a process that already runs: store, key, decrypting reader, PDFium, PNG.
fn warm(page: &ColdPage, mutool: &Mutool) -> Result<Figure> {
    let vault = unlock(&page.tablet)?;
    let reader = Reader::start(caged()?)?;
    pairs("first page, app running", WARM_ROUNDS, mutool, || {
        let start = Instant::now();
        let (doc, image) = first_page(&vault, &reader, page.council, page.file)?;
        let took_ms = ms_since(start);
        ensure!(!image.png.is_empty(), "no image");
        reader.close(doc)?;
        Ok(took_ms)
    })
}

/// The same by the commands the window gives, with marks and place of the document looked up and the visit written.
fn by_commands(page: &ColdPage, mutool: &Mutool) -> Result<Figure> {
    let desk = app::desk(&page.tablet)?;
    let call = |name: &str, request| app::ask(&desk, name, request);
    call("vault_unlock", json!({"passphrase": PASSPHRASE}))?;
    let one = || {
        let start = Instant::now();
        let opened = call("document_open", json!({"fileId": page.file.to_string()}))?;
        let doc = opened["doc"].as_str().context("no handle")?.to_owned();
        let image = desk.page_image(&format!("/{doc}/0"), &format!("s={SCALE}&p=visible"));
        let took_ms = ms_since(start);
        ensure!(image.status == 200, "the image answered {}", image.status);
        call("document_close", json!({"doc": doc}))?;
        Ok(took_ms)
    };
    // The first document of a process loads PDFium; that is measured as cold.
    one()?;
    pairs(
        "first page, app running, by the window's commands",
        WARM_ROUNDS,
        mutool,
        one,
    )
}

/// A fresh process each time, PDFium loaded within the measured time.
fn cold(page: &ColdPage, mutool: &Mutool) -> Result<Figure> {
    pairs(
        "first page, PDFium loaded anew",
        COLD_ROUNDS,
        mutool,
        || page.in_fresh_process(),
    )
}

fn pairs(
    name: &str,
    rounds: usize,
    mutool: &Mutool,
    mut ours_ms: impl FnMut() -> Result<f64>,
) -> Result<Figure> {
    let (mut ours, mut peer) = (Series::default(), Series::default());
    // The first pair fills the file cache and is not counted.
    ours_ms()?;
    mutool.draw_ms()?;
    for _ in 0..rounds {
        ours.push(ours_ms()?);
        peer.push(mutool.draw_ms()?);
    }
    let ratio = ours.median() / peer.median();
    Ok(Figure {
        name: format!("{name} ({})", build()),
        ours: ours.words(1, "ms"),
        peer: format!("`mutool draw -r {DPI}` {}", peer.words(1, "ms")),
        ratio: format!("{ratio:.2}"),
        aim: format!("≤ {AIM:.1}"),
        is_met: ratio <= AIM,
    })
}

fn first_page(
    vault: &Vault,
    reader: &Reader,
    council: CouncilId,
    file: ObjectId,
) -> Result<(DocId, Encoded)> {
    let doc = open(vault, reader, council, file)?;
    let image = reader.render(RenderRequest {
        doc,
        page: 0,
        scale: SCALE,
        tile: None,
        is_dark: false,
        priority: Priority::Visible,
        ticket: Ticket(1),
    })?;
    Ok((doc, image))
}

/// Opens a file as the desk does: key, decrypting reader, PDFium.
pub fn open(vault: &Vault, reader: &Reader, council: CouncilId, file: ObjectId) -> Result<DocId> {
    let store = CouncilStore::open(vault, council, chrono::Utc::now().timestamp_millis())?;
    let row = store
        .file(file)?
        .context("the budget is not on the tablet")?;
    let key = store.file_key(vault, &row)?;
    let source = vault.blobs(council).open(row.blob_id, &key)?;
    let byte_len = source.byte_len();
    Ok(reader.open(Box::new(source), byte_len)?)
}

/// The id of the longest file on the tablet.
pub fn budget(demonstration: &Demonstration) -> Result<ObjectId> {
    let vault = unlock(&demonstration.tablet)?;
    let now_ms = chrono::Utc::now().timestamp_millis();
    let files = CouncilStore::open(&vault, demonstration.council, now_ms)?.files()?;
    let longest = files
        .values()
        .max_by_key(|row| row.page_count)
        .context("the tablet has no files")?;
    let pages = longest.page_count.unwrap_or_default();
    ensure!(
        longest.present && pages >= LEAST_PAGES,
        "the budget has {pages} pages here"
    );
    println!("budget: {pages} pages, {} bytes", longest.byte_len);
    Ok(longest.id())
}

pub fn unlock(tablet: &Path) -> Result<Vault> {
    Ok(Vault::unlock(tablet, &Passphrase::new(PASSPHRASE))?)
}

/// The peer: one page of the plain file into a PNG.
struct Mutool {
    plain: PathBuf,
    image: PathBuf,
}

impl Mutool {
    fn draw_ms(&self) -> Result<f64> {
        let start = Instant::now();
        let status = Command::new("mutool")
            .args(["draw", "-q", "-r", DPI, "-o"])
            .arg(&self.image)
            .arg(&self.plain)
            .arg("1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("mutool does not start")?;
        let took_ms = ms_since(start);
        ensure!(status.success(), "mutool: {status}");
        Ok(took_ms)
    }
}
