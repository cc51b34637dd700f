//! A jump to a far page of the 400-page budget, until its image stands in the page: the app's window against pdf.js in
//! Chromium, which draws the same page of the plain file at the same width. Both have the file open and were at another
//! page; both begin and end within their page's own clock.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use stories::process::Kept;

use super::figures::{Figure, Series, build};
use super::reading::{Place, last_page};
use super::supply::{Demonstration, runtime};

/// Ratio to pdf.js at p95.
const AIM: f64 = 0.5;
const JUMPS: u64 = 40;
/// Between two jumps nothing is drawn any more, ms; nobody jumps twice within.
const REST_MS: u32 = 500;
/// For pdf.js to draw all pages.
const PATIENCE: Duration = Duration::from_secs(180);
const PDF_JS: &str = "pdfjs-dist@6.5.438";

pub fn measure(out: &Path, place: Place) -> Result<Vec<Figure>> {
    let name = place.name("far-page");
    let demonstration = Demonstration::prepare(out, &name)?;
    let folder = out.join(name);
    let (pages, width, ours) =
        runtime()?.block_on(jumps(place, &demonstration.tablet, &folder.join("window")))?;
    let (drawn, on_screen) = in_chromium(&folder, &demonstration.budget, &pages, width)?;
    let words = |series: &Series| {
        format!(
            "p95 {:.0} ms; {}",
            series.quantile(0.95),
            series.words(0, "ms")
        )
    };
    let ratio = ours.decoded.quantile(0.95) / drawn.quantile(0.95);
    let ratio_shown = ours.shown.quantile(0.95) / on_screen.quantile(0.95);
    Ok(vec![
        Figure {
            name: format!(
                "jump to a far page of the budget, {width:.0} px wide, {}, to its decoded image ({})",
                place.words(),
                build()
            ),
            ours: format!(
                "{}; its tiles had come after {}",
                words(&ours.decoded),
                ours.loaded.percentiles(0, "ms")
            ),
            peer: format!("pdf.js in Chromium {}", words(&drawn)),
            ratio: format!("{ratio:.2} at p95"),
            aim: format!("≤ {AIM}"),
            is_met: ratio <= AIM,
        },
        Figure {
            name: "… until a frame has found it".to_owned(),
            ours: words(&ours.shown),
            peer: format!("pdf.js in Chromium {}", words(&on_screen)),
            ratio: format!("{ratio_shown:.2} at p95"),
            aim: String::new(),
            is_met: true,
        },
    ])
}

/// Pages far from each other, none twice in a row.
fn far_pages(count: u64) -> Vec<u64> {
    (1..=JUMPS).map(|at| at * 149 % count).collect()
}

/// From the jump, ms.
#[derive(Default)]
struct Times {
    /// Until the last tile of the page had come.
    loaded: Series,
    /// Until all of them were decoded.
    decoded: Series,
    /// Until a frame found all of them decoded.
    shown: Series,
}

/// Result: the pages, the width of a page on the screen in CSS px, and the times.
async fn jumps(place: Place, tablet: &Path, shots: &Path) -> Result<(Vec<u64>, f64, Times)> {
    let window = place.open(tablet, shots).await?;
    let pages = far_pages(last_page(&window).await?);
    // The page before is there with all that lies beside it, and has been read: links, text.
    let rest = format!(
        "const images = () => [...document.querySelectorAll('[data-testid=pages] img')]; \
        return new Promise((done) => {{ const look = () => images().every((image) => image.classList.contains('here')) ? setTimeout(() => done(true), {REST_MS}) : requestAnimationFrame(look); look(); }});"
    );
    // `loaded` hears of the last tile by itself, `decoded` waits for its picture; `shown` looks once a frame.
    let script = "const page = arguments[0]; const field = document.querySelector('[data-testid=page-number]'); \
        const isHere = () => { const sheet = document.querySelector(`[data-testid=page-${page}]`); \
          const tiles = sheet ? [...sheet.querySelectorAll('[data-testid=tile]')] : []; \
          return tiles.length > 0 && tiles.every((tile) => tile.classList.contains('here')) ? tiles : undefined; }; \
        return new Promise((done) => { const start = performance.now(); let loaded = 0; let decoded = 0; \
          const decode = (tiles) => Promise.all(tiles.map((tile) => tile.decode())); \
          const heard = new MutationObserver(() => { const tiles = loaded ? undefined : isHere(); if (!tiles) return; \
            loaded = performance.now() - start; decode(tiles).then(() => { decoded = performance.now() - start; }, () => { loaded = 0; }); }); \
          heard.observe(document.querySelector('[data-testid=pages]'), { subtree: true, childList: true, attributeFilter: ['class'] }); \
          field.value = String(page + 1); field.dispatchEvent(new Event('change', { bubbles: true })); \
          const look = () => { const tiles = isHere(); \
            if (performance.now() - start > 20000) return done([-1, -1, -1]); \
            if (!tiles || !decoded) return requestAnimationFrame(look); \
            decode(tiles).then(() => { heard.disconnect(); done([loaded, decoded, performance.now() - start]); }, () => requestAnimationFrame(look)); }; \
          requestAnimationFrame(look); });";
    let mut times = Times::default();
    for page in &pages {
        window.run(&rest, vec![]).await?;
        let told = window.run(script, vec![json!(page)]).await?;
        let [Some(loaded), Some(decoded), Some(shown)] = [0, 1, 2].map(|at| told[at].as_f64())
        else {
            bail!("the window tells no time for page {page}");
        };
        ensure!(
            loaded > 0.0 && decoded >= loaded && shown >= decoded,
            "page {page} did not come"
        );
        times.loaded.push(loaded);
        times.decoded.push(decoded);
        times.shown.push(shown);
    }
    let width = window
        .run(
            "return document.querySelector('[data-testid^=page-][data-huge]').getBoundingClientRect().width;",
            vec![],
        )
        .await?;
    window.shot("far").await?;
    window.close().await?;
    Ok((pages, width.as_f64().context("no width")?, times))
}

/// Result: until the page was drawn, and until the next frame, ms.
fn in_chromium(
    folder: &Path,
    budget: &Path,
    pages: &[u64],
    width: f64,
) -> Result<(Series, Series)> {
    let library = pdf_js(folder)?;
    let script = "import * as pdfjs from '/pdf.mjs'; \
        pdfjs.GlobalWorkerOptions.workerSrc = '/pdf.worker.mjs'; \
        const tell = (words) => fetch('/done', { method: 'POST', body: words }); \
        try { const file = await pdfjs.getDocument({ url: '/budget.pdf' }).promise; await (await file.getPage(1)).getTextContent(); \
          const canvas = document.querySelector('canvas'); const times = []; \
          for (const number of PAGES) { const start = performance.now(); \
            const page = await file.getPage(number + 1); \
            const viewport = page.getViewport({ scale: WIDTH / page.getViewport({ scale: 1 }).width }); \
            canvas.width = viewport.width; canvas.height = viewport.height; \
            await page.render({ canvas, canvasContext: canvas.getContext('2d'), viewport }).promise; \
            const drawn = performance.now() - start; await new Promise(requestAnimationFrame); times.push([drawn, performance.now() - start]); } \
          await tell(JSON.stringify(times)); } catch (error) { await tell(JSON.stringify(String(error))); }"
        .replace("PAGES", &json!(pages).to_string())
        .replace("WIDTH", &width.to_string());
    let page = format!(
        "<!doctype html><title>pdf.js</title><canvas></canvas><script type=\"module\">{script}</script>"
    );
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}/", listener.local_addr()?);
    let profile = folder.join("chromium");
    let _browser = Kept::start(
        Command::new("chromium")
            .args([
                "--no-sandbox",
                "--no-first-run",
                "--disable-sync",
                "--window-size=1366,1024",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(address)
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    )?;
    let files: Files = [
        ("/", "text/html", page.into_bytes()),
        (
            "/pdf.mjs",
            "text/javascript",
            std::fs::read(library.join("pdf.mjs"))?,
        ),
        (
            "/pdf.worker.mjs",
            "text/javascript",
            std::fs::read(library.join("pdf.worker.mjs"))?,
        ),
        ("/budget.pdf", "application/pdf", std::fs::read(budget)?),
    ];
    let files = Arc::new(files);
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (files, tell) = (Arc::clone(&files), tell.clone());
            // Browsers open connections that they never use, and leave others half way.
            std::thread::spawn(move || {
                if let Ok(Some(words)) = answer(stream, &files) {
                    tell.send(words).unwrap_or_default();
                }
            });
        }
    });
    let told = told
        .recv_timeout(PATIENCE)
        .context("Chromium told nothing")?;
    let times: Vec<(f64, f64)> =
        serde_json::from_str(&told).with_context(|| format!("pdf.js: {told}"))?;
    ensure!(
        times.len() == pages.len(),
        "pdf.js drew {} pages",
        times.len()
    );
    let (mut drawn, mut on_screen) = (Series::default(), Series::default());
    for (drawn_ms, shown_ms) in times {
        drawn.push(drawn_ms);
        on_screen.push(shown_ms);
    }
    Ok((drawn, on_screen))
}

/// Path, type and content.
type Files = [(&'static str, &'static str, Vec<u8>); 4];

/// Answers one request. Result: what was posted.
fn answer(mut stream: TcpStream, files: &Files) -> Result<Option<String>> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    let mut words = first.split_whitespace();
    let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let known = files.iter().find(|(known, ..)| *known == path);
    let (kind, bytes) = known.map_or(("text/plain", [].as_slice()), |(_, kind, bytes)| {
        (kind, bytes)
    });
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        bytes.len()
    )?;
    stream.write_all(bytes)?;
    Ok((method == "POST").then(|| String::from_utf8_lossy(&body).into_owned()))
}

/// The folder of pdf.js, fetched from the package registry the first time.
fn pdf_js(folder: &Path) -> Result<PathBuf> {
    let unpacked = folder.join("pdfjs");
    let library = unpacked.join("node_modules/pdfjs-dist/build");
    if !library.join("pdf.mjs").is_file() {
        std::fs::create_dir_all(&unpacked)?;
        let status = Command::new("npm")
            .args([
                "install",
                "--no-save",
                "--no-audit",
                "--no-fund",
                "--prefix",
            ])
            .arg(&unpacked)
            .arg(PDF_JS)
            .stdout(Stdio::null())
            .status()
            .context("npm does not start")?;
        ensure!(status.success(), "npm: {status}");
    }
    Ok(library)
}
