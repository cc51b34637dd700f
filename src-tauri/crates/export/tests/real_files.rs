//! Real council papers and files that broke other readers take annotations, or say why not: no panic, no endless work, nothing
//! that was sound becomes unsound. They lie beside the checkout and are no part of it: `RATSMAPPE_SHARED`, or `shared` beside
//! the repository. Without them this says so in one line.
//!
//! `RATSMAPPE_PAPERS` sets how many of each folder are tried; `cargo xtask evidence` tries all.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests"
)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use export::{Annotation, Kind, Point, Rect, annotate, carried, flatten};
use lopdf::{Document, Object};
use support::image::Picture;
use support::marks::every_kind;
use support::tools::*;

/// Files of each folder that are tried each time.
const EACH_TIME: usize = 60;
/// Longer than this is endless.
const PATIENCE: Duration = Duration::from_secs(10);

fn papers(folder: &str) -> Vec<PathBuf> {
    let shared = std::env::var_os("RATSMAPPE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared"),
        PathBuf::from,
    );
    let mut found = Vec::new();
    let mut folders = vec![shared.join("data/pdf").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|end| end.eq_ignore_ascii_case("pdf"))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    if found.is_empty() {
        eprintln!("no shared data for {folder}: nothing was tried");
    }
    let most = std::env::var("RATSMAPPE_PAPERS").map_or(EACH_TIME, |most| most.parse().unwrap());
    // Evenly over the whole folder.
    let step = found.len().div_ceil(most.max(1)).max(1);
    found.into_iter().step_by(step).collect()
}

/// The part of the first page that is shown, and its turn; `None` where the file does not say.
fn first_page(bytes: &[u8]) -> Option<([f32; 4], i64)> {
    let document = Document::load_mem(bytes).ok()?;
    let page = document.page_iter().next()?;
    let found = |key: &[u8]| {
        let mut node = document.get_dictionary(page).ok()?;
        for _ in 0..20 {
            if let Ok(value) = node.get_deref(key, &document) {
                return Some(value);
            }
            node = document
                .get_dictionary(node.get(b"Parent").ok()?.as_reference().ok()?)
                .ok()?;
        }
        None
    };
    let edges = |key: &[u8]| -> Option<[f32; 4]> {
        let numbers = found(key)?.as_array().ok()?.iter();
        let numbers: Vec<f32> = numbers
            .filter_map(|number| number.as_float().ok())
            .collect();
        let [a, b, c, d] = numbers.try_into().ok()?;
        Some([a.min(c), b.min(d), a.max(c), b.max(d)])
    };
    let media = edges(b"MediaBox")?;
    let crop = edges(b"CropBox").unwrap_or(media);
    let shown = [
        media[0].max(crop[0]),
        media[1].max(crop[1]),
        media[2].min(crop[2]),
        media[3].min(crop[3]),
    ];
    let rotate = found(b"Rotate").and_then(|value: &Object| value.as_i64().ok());
    Some((shown, rotate.unwrap_or(0)))
}

/// One mark of each kind, in the middle of what is shown.
fn marks([left, bottom, right, top]: [f32; 4]) -> (Vec<Annotation>, Rect) {
    let (across, along) = ((right - left) / 4.0, (top - bottom) / 4.0);
    let area = Rect {
        left: left + across,
        bottom: bottom + along,
        right: right - across,
        top: top - along,
    };
    let marks = every_kind((0.0, 0.0))
        .into_iter()
        .map(|mark| within(mark, &area))
        .collect();
    (marks, area)
}

/// Room that all marks of [`every_kind`] take, with some to spare for signs of a fixed size, points.
const ROOM: (f32, f32) = (400.0, 510.0);

/// The mark brought into an area from the room it was made for.
fn within(mut mark: Annotation, area: &Rect) -> Annotation {
    let (across, along) = (area.width() / ROOM.0, area.height() / ROOM.1);
    let point = |point: &mut Point| {
        point.x = area.left + point.x * across;
        point.y = area.bottom + point.y * along;
    };
    let rect = |rect: &mut Rect| {
        rect.left = area.left + rect.left * across;
        rect.right = area.left + rect.right * across;
        rect.bottom = area.bottom + rect.bottom * along;
        rect.top = area.bottom + rect.top * along;
    };
    match &mut mark.kind {
        Kind::Note { at } => at.iter_mut().for_each(point),
        Kind::Text { lines, .. } => lines.iter_mut().for_each(rect),
        Kind::Ink { strokes, .. } | Kind::Brush { strokes, .. } => {
            let points = strokes.iter_mut().flatten();
            points.for_each(|ink| point(&mut ink.at));
        }
        Kind::TextBox { rect: own, .. }
        | Kind::Shape { rect: own, .. }
        | Kind::Stamp { rect: own, .. } => rect(own),
        Kind::Line { from, to, .. } => [from, to].into_iter().for_each(point),
    }
    mark
}

type Tried = (
    Vec<Annotation>,
    Rect,
    Result<(Vec<u8>, Vec<u8>), &'static str>,
);

fn tried(bytes: &[u8]) -> Tried {
    let (shown, _) = first_page(bytes).unwrap_or(([0.0, 0.0, 595.0, 842.0], 0));
    let (marks, area) = marks(shown);
    let done = annotate(bytes, &marks).and_then(|annotated| {
        let had = carried(bytes)?.own_count;
        let has = carried(&annotated)?.own_count;
        assert_eq!(has as usize, had as usize + marks.len(), "marks read again");
        Ok((annotated, flatten(bytes, &marks, &|_| None, None)?))
    });
    (marks, area, done.map_err(|error| error.code()))
}

/// The same with a limit to what it may take.
fn tried_in_time(path: &Path, bytes: &[u8]) -> Tried {
    let (sender, receiver) = mpsc::channel();
    let bytes = bytes.to_vec();
    std::thread::spawn(move || sender.send(tried(&bytes)));
    receiver
        .recv_timeout(PATIENCE)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn try_folder(folder: &str) -> (usize, BTreeMap<&'static str, usize>) {
    let (mut count, mut outcomes, mut slowest) = (0, BTreeMap::new(), Duration::ZERO);
    for path in papers(folder) {
        count += 1;
        let bytes = std::fs::read(&path).unwrap();
        let begun = Instant::now();
        let (_, area, done) = tried_in_time(&path, &bytes);
        slowest = slowest.max(begun.elapsed());
        let outcome = match done {
            Err(code) => code,
            Ok((annotated, flat)) => check(&path, &bytes, &area, &annotated, &flat),
        };
        *outcomes.entry(outcome).or_default() += 1;
    }
    eprintln!("{folder}: {count} files, {outcomes:?}, the slowest took {slowest:?}");
    (count, outcomes)
}

fn check(path: &Path, bytes: &[u8], area: &Rect, annotated: &[u8], flat: &[u8]) -> &'static str {
    let name = path.display();
    for after in [annotated, flat] {
        assert!(after.starts_with(bytes), "{name}: the original changed");
        let complaints = qpdf_complaints(after);
        if !complaints.is_empty() && qpdf_complaints(bytes).is_empty() {
            panic!("{name} was sound and is not: {complaints}");
        }
    }
    let (Some(before), Some(after), Some(flat)) =
        (try_drawn(bytes), try_drawn(annotated), try_drawn(flat))
    else {
        return "annotated, cannot be drawn";
    };
    let (before, after, flat) = (
        Picture::of(&before),
        Picture::of(&after),
        Picture::of(&flat),
    );
    let Some((shown, rotate)) = first_page(bytes) else {
        return "annotated, without a size";
    };
    let [left, top, right, bottom] = after.place_on(shown, rotate, area);
    for (what, after) in [("annotated", &after), ("drawn in", &flat)] {
        let differing = before.differing(after);
        if differing.is_empty() {
            eprintln!("{name}, {what}: nothing is to be seen");
            return "nothing is to be seen";
        }
        let stray = differing.iter().find(|(x, y)| {
            let (x, y) = (*x as f32 + 0.5, *y as f32 + 0.5);
            !(left - 3.0..right + 3.0).contains(&x) || !(top - 3.0..bottom + 3.0).contains(&y)
        });
        if stray.is_some() {
            eprintln!("{name}, {what}: shows elsewhere");
            return "shows elsewhere";
        }
    }
    "annotated"
}

#[test]
fn safety_council_papers_take_annotations() {
    let (count, outcomes) = try_folder("erlangen");
    assert_eq!(outcomes.values().sum::<usize>(), count);
    let annotated = outcomes.get("annotated").copied().unwrap_or_default();
    assert_eq!(annotated, count, "each of them: {outcomes:?}");
}

#[test]
fn safety_hard_files_take_annotations_or_say_why_not() {
    let (count, outcomes) = try_folder("robustness");
    let annotated = outcomes.get("annotated").copied().unwrap_or_default();
    assert!(
        annotated * 2 >= count,
        "at least half of them: {outcomes:?}"
    );
}
