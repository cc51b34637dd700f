//! Order, cancellation and the time limit. PDFium is held up by a source that waits for the test, so nothing
//! here depends on how fast the machine is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use common::{config, halves, home, open, request, start};
use reader::{DocId, Priority, Reader, ReaderConfig, ReaderError, RenderRequest, Ticket, TileRect};

/// Tells when it is first read, and then waits to be let go.
struct Held {
    inner: Cursor<Vec<u8>>,
    reached: Option<Sender<()>>,
    release: Receiver<()>,
}

impl Read for Held {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if let Some(reached) = self.reached.take() {
            reached.send(()).unwrap();
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

/// Keeps a lane busy until it is dropped.
struct Hold {
    _release: Sender<()>,
    opening: Option<thread::JoinHandle<Result<DocId, ReaderError>>>,
}

impl Hold {
    fn of(reader: &Reader) -> Self {
        let bytes = sample();
        let byte_len = bytes.len() as u64;
        let (reached, is_reached) = channel();
        let (release, released) = channel();
        let source = Held {
            inner: Cursor::new(bytes),
            reached: Some(reached),
            release: released,
        };
        let reader = reader.clone();
        let opening = thread::spawn(move || reader.open(Box::new(source), byte_len));
        is_reached.recv().unwrap();
        Self {
            _release: release,
            opening: Some(opening),
        }
    }

    fn let_go(mut self) -> Result<DocId, ReaderError> {
        let opening = self.opening.take().unwrap();
        drop(self);
        opening.join().unwrap()
    }
}

/// A reader in which one job holds up all others.
fn one_lane() -> Reader {
    Reader::start(ReaderConfig {
        home: home(Some(1)),
        ..config()
    })
    .unwrap()
}

fn sample() -> Vec<u8> {
    halves("/MediaBox[0 0 200 300]", 200.0, 300.0)
}

fn ask(doc: DocId, priority: Priority, ticket: u64) -> RenderRequest {
    RenderRequest {
        priority,
        ticket: Ticket(ticket),
        ..request(doc, 0, 1.0, None)
    }
}

#[test]
fn a_cancelled_request_returns_at_once_and_the_others_are_drawn() {
    let reader = one_lane();
    let doc = open(&reader, sample()).unwrap();
    let hold = Hold::of(&reader);
    let answers: Vec<_> = [1, 2, 1]
        .into_iter()
        .map(|ticket| {
            let reader = reader.clone();
            thread::spawn(move || reader.render(ask(doc, Priority::Visible, ticket)))
        })
        .collect();
    let mut answers = answers.into_iter();
    let (first, second, third) = (
        answers.next().unwrap(),
        answers.next().unwrap(),
        answers.next().unwrap(),
    );
    // A request that has not arrived yet cannot be cancelled: cancel until both are back. PDFium is held all
    // the while, so a drawn page cannot be what they come back with.
    while !(first.is_finished() && third.is_finished()) {
        reader.cancel(Ticket(1));
        thread::yield_now();
    }
    for cancelled in [first, third] {
        let error = cancelled.join().unwrap().unwrap_err();
        assert!(matches!(error, ReaderError::Cancelled), "{error:?}");
    }
    hold.let_go().unwrap();
    second.join().unwrap().unwrap();
    reader
        .render(ask(doc, Priority::Near, 1))
        .expect("a ticket can be used again");
}

#[cfg(target_os = "linux")]
#[test]
fn a_second_helper_draws_while_the_first_is_busy() {
    let reader = Reader::start(ReaderConfig {
        home: home(Some(2)),
        ..config()
    });
    let reader = reader.unwrap();
    let doc = open(&reader, sample()).unwrap();
    let hold = Hold::of(&reader);
    // The first lane is held all the while, and the document is open there: the second one opens it for itself.
    for _ in 0..3 {
        reader.render(ask(doc, Priority::Visible, 1)).unwrap();
    }
    let third = hold.let_go().unwrap();
    reader.render(ask(third, Priority::Visible, 1)).unwrap();
}

#[test]
fn a_stuck_document_lets_its_caller_and_those_behind_it_go() {
    let limit = Duration::from_millis(100);
    let reader = Reader::start(ReaderConfig {
        job_limit: limit,
        home: home(Some(1)),
        ..config()
    })
    .unwrap();
    let doc = open(&reader, sample()).unwrap();
    let mut hold = Hold::of(&reader);
    let behind = reader.render(ask(doc, Priority::Visible, 1)).unwrap_err();
    assert!(matches!(behind, ReaderError::Unresponsive), "{behind:?}");
    // Sizes need no PDFium, so they are still there.
    assert_eq!(reader.page_sizes(doc).unwrap().len(), 1);
    let stuck = hold.opening.take().unwrap().join().unwrap().unwrap_err();
    assert!(matches!(stuck, ReaderError::Unresponsive), "{stuck:?}");
    // PDFium comes back: its reads fail now, the document is given up, and everything else works again.
    drop(hold);
    reader.render(ask(doc, Priority::Visible, 2)).unwrap();
}

#[test]
fn when_the_reader_goes_nobody_waits_for_ever() {
    let reader = start();
    let doc = open(&reader, sample()).unwrap();
    let hold = Hold::of(&reader);
    assert!(reader.page_sizes(doc).is_ok());
    drop(reader);
    // The opening thread holds the last handle; it gets its answer, then the reader ends.
    hold.let_go().unwrap();
}

#[test]
fn many_threads_at_once_get_their_own_tiles() {
    let reader = start();
    let doc = open(&reader, sample()).unwrap();
    let threads: Vec<_> = (0..8_u32)
        .map(|row| {
            let reader = reader.clone();
            thread::spawn(move || {
                for column in 0..8_u32 {
                    let tile = TileRect {
                        x: column * 50,
                        y: row * 75,
                        w: 10 + row,
                        h: 10 + column,
                    };
                    let priority =
                        [Priority::Visible, Priority::Near, Priority::Prefetch][(row % 3) as usize];
                    let image = reader
                        .render(RenderRequest {
                            scale: 2.0,
                            tile: Some(tile),
                            is_dark: false,
                            ..ask(doc, priority, u64::from(row))
                        })
                        .unwrap();
                    assert_eq!((image.width, image.height), (tile.w, tile.h));
                    if column == 0 {
                        reader.text(doc, 0).unwrap();
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}
