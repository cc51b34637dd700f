//! What the cage holds back, tried from inside; and helpers that die or hang over a page. Linux only.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::fs;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use common::{Page, config, halves, home, open, pdf, pdfium_library, request};
use reader::{DocId, Guard, Home, Reader, ReaderConfig, ReaderError};

/// The tests here look for their helpers among all children of this process, so one at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Cargo builds examples with the tests of a package and puts them beside.
fn attempts() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let path = tests.parent().unwrap().parent().unwrap();
    let path = path.join("examples/attempts");
    assert!(
        path.is_file(),
        "build it with cargo build -p reader --examples"
    );
    path
}

fn attempt(home: &str, what: &str, path: &str) -> ExitStatus {
    let mut command = Command::new(attempts());
    command.args([home, what]).arg(pdfium_library()).arg(path);
    command.status().unwrap()
}

// Shows: O.Arch_7, O.TrdP_6
#[test]
fn safety_six_ways_out_are_closed_and_open_without_the_cage() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile_folder("ways-out");
    let secret = folder.join("notes.txt");
    fs::write(&secret, "private").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let ways = [
        ("open", secret.to_str().unwrap().to_owned()),
        ("write", folder.join("out").to_str().unwrap().to_owned()),
        ("connect", address),
        ("exec", String::new()),
        ("fork", String::new()),
        ("ptrace", String::new()),
    ];
    assert!(attempt("caged", "live", "").success(), "the cage closes");
    let mut blocked = 0;
    for (what, path) in &ways {
        assert!(attempt("free", what, path).success(), "{what} works");
        assert!(!attempt("caged", what, path).success(), "{what} gets out");
        blocked += 1;
    }
    assert_eq!(blocked, ways.len());
    let counts = evidence::Counts {
        tried: blocked as u64,
        refused: blocked as u64,
        lost: 0,
    };
    evidence::record("cage.ways-out", counts).unwrap();
    println!("ways out of the cage: {blocked} of {} closed", ways.len());
    fs::remove_dir_all(folder).unwrap();
}

/// A folder of this run, which the test removes.
fn tempfile_folder(name: &str) -> PathBuf {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn safety_a_missing_helper_and_one_that_is_none_are_named() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    for (program, code) in [
        ("/nowhere/ratsmappe-pdf", "helper_missing"),
        ("/bin/true", "helper_ended"),
    ] {
        let home = Home::Caged {
            program: program.into(),
            helpers: None,
        };
        let error = Reader::start(ReaderConfig::new(pdfium_library(), home)).unwrap_err();
        assert_eq!(error.code(), code);
    }
}

/// Helpers of this process.
fn helpers() -> Vec<u32> {
    let own = std::process::id();
    let children = |task: &fs::DirEntry| fs::read_to_string(task.path().join("children")).ok();
    let tasks = fs::read_dir(format!("/proc/{own}/task")).unwrap();
    tasks
        .filter_map(|task| children(&task.unwrap()))
        .flat_map(|words| {
            let numbers = words.split_whitespace().map(|word| word.parse().unwrap());
            numbers.collect::<Vec<u32>>()
        })
        .filter(|child| {
            fs::read_to_string(format!("/proc/{child}/comm"))
                .is_ok_and(|name| name.trim() == "ratsmappe-pdf")
        })
        .collect()
}

/// Once armed, tells when it is read, and waits to be let go: whoever draws is in the middle of it.
struct Held {
    inner: Cursor<Vec<u8>>,
    is_armed: Arc<AtomicBool>,
    reached: Sender<()>,
    release: Receiver<()>,
}

impl Read for Held {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.is_armed.swap(false, Ordering::AcqRel) {
            self.reached.send(()).unwrap();
            let _let_go = self.release.recv();
        }
        self.inner.read(out)
    }
}

impl Seek for Held {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Two pages; the content of the second one is longer than what is kept of a file.
fn long_second_page() -> Vec<u8> {
    let content = format!("{}0 g 0 0 50 50 re f", " ".repeat(3_000_000));
    let page = |content| Page {
        entries: "/MediaBox[0 0 100 100]",
        content,
    };
    pdf(&[page("1 0 0 rg 0 0 50 50 re f"), page(&content)])
}

/// A reader with one helper, and two documents.
struct Scene {
    reader: Reader,
    other: DocId,
    doc: DocId,
    is_armed: Arc<AtomicBool>,
    is_reached: Receiver<()>,
    release: Sender<()>,
}

impl Scene {
    fn set(job_limit: Duration) -> Self {
        let home = home(Some(1));
        let reader = Reader::start(ReaderConfig {
            job_limit,
            home,
            ..config()
        });
        let reader = reader.unwrap();
        let other = open(&reader, halves("/MediaBox[0 0 200 300]", 200.0, 300.0)).unwrap();
        let bytes = long_second_page();
        let byte_len = bytes.len() as u64;
        let (reached, is_reached) = channel();
        let (release, released) = channel();
        let is_armed = Arc::new(AtomicBool::new(false));
        let source = Held {
            inner: Cursor::new(bytes),
            is_armed: Arc::clone(&is_armed),
            reached,
            release: released,
        };
        let doc = reader.open(Box::new(source), byte_len).unwrap();
        Self {
            reader,
            other,
            doc,
            is_armed,
            is_reached,
            release,
        }
    }

    /// The one helper.
    fn helper(&self) -> u32 {
        let helpers = helpers();
        assert_eq!(helpers.len(), 1, "{helpers:?}");
        helpers[0]
    }

    /// Draws the second page and harms the helper in the middle of it.
    fn harmed(&self, signal: &str) -> ReaderError {
        self.is_armed.store(true, Ordering::Release);
        let drawing = {
            let (reader, doc) = (self.reader.clone(), self.doc);
            thread::spawn(move || reader.render(request(doc, 1, 1.0, None)))
        };
        self.is_reached.recv().unwrap();
        let helper = self.helper();
        // Rust's own handler takes the first SEGV that no instruction brought about, and lets go of the next.
        while !matches!(state_of(helper), 'Z' | 'T') {
            send_signal(helper, signal);
        }
        self.release.send(()).unwrap();
        drawing.join().unwrap().unwrap_err()
    }

    /// All pages of all documents come, and nobody had to open one again.
    fn goes_on(&self) {
        for (doc, page) in [(self.doc, 1), (self.other, 0), (self.doc, 0)] {
            let image = self.reader.render(request(doc, page, 1.0, None));
            assert!(image.unwrap().width >= 100);
        }
    }
}

impl Drop for Scene {
    /// The next test looks for helpers, too.
    fn drop(&mut self) {
        assert!(self.reader.close_all().is_ok() || thread::panicking());
    }
}

/// The letter that the system has for what a process does: Z has ended, T is stopped.
fn state_of(process: u32) -> char {
    let words = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, after_name) = words.rsplit_once(") ").unwrap();
    after_name.chars().next().unwrap()
}

fn send_signal(process: u32, signal: &str) {
    let number = process.to_string();
    let sent = Command::new("kill").args(["-s", signal, &number]).status();
    assert!(sent.unwrap().success());
}

#[test]
fn safety_a_helper_that_is_killed_costs_one_page() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    for signal in ["KILL", "SEGV"] {
        let scene = Scene::set(Duration::from_secs(60));
        let before = scene.helper();
        let error = scene.harmed(signal);
        assert!(matches!(error, ReaderError::HelperEnded), "{error:?}");
        scene.goes_on();
        assert_ne!(scene.helper(), before, "a new helper");
    }
}

#[test]
fn safety_a_helper_that_hangs_costs_one_page_and_the_time_limit() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let scene = Scene::set(Duration::from_secs(3));
    let before = scene.helper();
    let error = scene.harmed("STOP");
    assert!(matches!(error, ReaderError::Unresponsive), "{error:?}");
    scene.goes_on();
    assert_ne!(scene.helper(), before, "a new helper");
}

#[test]
fn safety_a_helper_that_dies_between_two_pages_costs_nothing() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let scene = Scene::set(Duration::from_secs(60));
    let before = scene.helper();
    send_signal(before, "KILL");
    while state_of(before) != 'Z' {
        thread::yield_now();
    }
    scene.goes_on();
}

#[test]
fn safety_locking_ends_every_helper_and_what_is_opened_next_gets_a_new_one() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let scene = Scene::set(Duration::from_secs(60));
    assert_eq!(helpers().len(), 1);
    scene.reader.close_all().unwrap();
    assert_eq!(helpers(), [0_u32; 0], "nothing of a document is left");
    let doc = open(&scene.reader, long_second_page()).unwrap();
    scene.reader.render(request(doc, 0, 1.0, None)).unwrap();
}

#[test]
fn safety_the_kernel_of_this_machine_is_named() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let reader = Reader::start(config()).unwrap();
    assert!(matches!(
        reader.guard(),
        Guard::Full | Guard::WithoutFileRules
    ));
    reader.close_all().unwrap();
}
