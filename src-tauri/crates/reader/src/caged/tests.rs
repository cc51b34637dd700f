//! A helper that lies: a thread at the other end of the socket says what no helper says. The host refuses it by name, and works on
//! with the next one.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::io::{Cursor, Write};
use std::os::unix::fs::FileExt;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::flat::{FlatBlock, FlatFlow};
use super::frame::{Broken, MAX_MESSAGE_BYTES, receive, send};
use super::host::Talk;
use super::picture;
use super::wire::{self, Ask, Fault, Tell, Told};
use crate::document::Nature;
use crate::engine::{Answer, Opened, Task};
use crate::flow::{BlockKind, Span};
use crate::geometry::{DocId, PageGeometry, PageSize, Rect, Rotation, TileRect};
use crate::links::Link;
use crate::outline::{Outline, OutlineEntry};
use crate::paper::Paper;
use crate::target::{Destination, Target};
use crate::text::PageText;

const BYTE_LEN: u64 = 100;
const NATURE: Nature = Nature {
    is_xfa: false,
    attachment_count: 0,
};
const SIZE: PageSize = PageSize {
    width_pt: 100.0,
    height_pt: 50.0,
};
const GEOMETRY: PageGeometry = PageGeometry {
    shown: Rect {
        left: 0.0,
        bottom: 0.0,
        right: 100.0,
        top: 50.0,
    },
    rotation: Rotation::None,
};

fn paper() -> Arc<Paper> {
    let bytes = vec![7; usize::try_from(BYTE_LEN).unwrap()];
    let paper = Paper::new(DocId(1), Box::new(Cursor::new(bytes)), BYTE_LEN, None);
    let opened = Opened {
        sizes: [SIZE, SIZE].into(),
        nature: NATURE,
    };
    assert!(paper.opened.set(opened).is_ok());
    Arc::new(paper)
}

/// What the host makes of a helper that takes its task and then does `lie`.
fn meet(
    task: Task,
    lie: impl FnOnce(&mut UnixStream) + Send + 'static,
) -> Result<Result<Answer, crate::ReaderError>, Broken> {
    let (own, mut its) = UnixStream::pair().unwrap();
    let liar = thread::spawn(move || {
        let asked: Ask = wire::read(&receive(&its, None).unwrap()).unwrap();
        assert!(matches!(asked, Ask::Perform { .. }));
        lie(&mut its);
    });
    let mut talk = Talk::new(own, picture::make().unwrap());
    let until = Instant::now() + Duration::from_millis(500);
    let answer = talk.perform(&paper(), &task, &|| true, until);
    drop(talk);
    liar.join().unwrap();
    answer
}

fn say(tell: &Tell) -> impl FnOnce(&mut UnixStream) + Send + 'static {
    let message = wire::write(tell).unwrap();
    move |stream| send(stream, &message, None).unwrap()
}

/// What the host makes of an answer.
fn answered(task: Task, told: Told) -> Result<(), Broken> {
    meet(task, say(&Tell::Answer(Ok(told)))).map(|answer| assert!(answer.is_ok()))
}

fn is_untrue(answer: Result<(), Broken>) -> bool {
    matches!(answer, Err(Broken::Untrue(_)))
}

const DRAW: Task = Task::Draw {
    page: 0,
    scale: 1.0,
    tile: None,
    is_dark: true,
};

fn drawn(width: u32, height: u32, dark: Option<Vec<TileRect>>) -> Told {
    Told::Drawn {
        width,
        height,
        dark,
        geometry: GEOMETRY,
        load_us: 0,
        draw_us: 0,
    }
}

#[test]
fn an_honest_answer_is_believed() {
    answered(DRAW, drawn(100, 50, Some(Vec::new()))).unwrap();
    answered(Task::Geometry { page: 0 }, Told::Geometry(GEOMETRY)).unwrap();
    let fault = meet(Task::Outline, say(&Tell::Answer(Err(Fault::Damaged)))).unwrap();
    assert_eq!(fault.err().unwrap().code(), "document_damaged");
}

#[test]
fn sizes_and_parts_that_do_not_fit_the_tile_are_refused() {
    for told in [
        drawn(101, 50, Some(Vec::new())),
        drawn(0, 0, Some(Vec::new())),
        drawn(u32::MAX, u32::MAX, Some(Vec::new())),
        drawn(100, 50, None),
        drawn(
            100,
            50,
            Some(vec![TileRect {
                x: 90,
                y: 0,
                w: u32::MAX,
                h: 1,
            }]),
        ),
    ] {
        assert!(is_untrue(answered(DRAW, told.clone())), "{told:?}");
    }
}

// Shows: O.Source_1, O.TrdP_7, MASVS-CODE-4
#[test]
fn pages_words_and_places_that_cannot_be_are_refused() {
    let nan = Rect {
        left: f32::NAN,
        ..GEOMETRY.shown
    };
    let text = |boxes: usize, rect| {
        Told::Text(PageText {
            text: "abc".to_owned(),
            boxes: vec![rect; boxes],
            lines: Vec::new(),
            geometry: GEOMETRY,
        })
    };
    let task = Task::Text { page: 0 };
    answered(task, text(3, GEOMETRY.shown)).unwrap();
    assert!(is_untrue(answered(task, text(2, GEOMETRY.shown))));
    assert!(is_untrue(answered(task, text(3, nan))));

    let opened = |sizes: Vec<PageSize>| Told::Opened {
        sizes,
        nature: NATURE,
    };
    answered(Task::Open, opened(vec![SIZE])).unwrap();
    assert!(is_untrue(answered(Task::Open, opened(Vec::new()))));
    let endless = PageSize {
        width_pt: f32::INFINITY,
        ..SIZE
    };
    assert!(is_untrue(answered(Task::Open, opened(vec![endless]))));

    let to = |page| {
        Target::Page(Destination {
            page,
            left: None,
            top: None,
        })
    };
    let outline = |page, level| {
        Told::Outline(Outline {
            entries: vec![OutlineEntry {
                title: String::new(),
                level,
                is_open: false,
                target: to(page),
            }],
            is_cut: false,
        })
    };
    answered(Task::Outline, outline(1, 0)).unwrap();
    assert!(is_untrue(answered(Task::Outline, outline(2, 0))));
    assert!(is_untrue(answered(Task::Outline, outline(0, 4_000_000))));

    let links = |rects: Vec<Rect>| {
        Told::Links(vec![Link {
            rects,
            words: String::new(),
            target: to(0),
        }])
    };
    let task = Task::Links { page: 0 };
    answered(task, links(vec![GEOMETRY.shown])).unwrap();
    assert!(is_untrue(answered(task, links(Vec::new()))));
    assert!(is_untrue(answered(task, links(vec![nan]))));
    // An answer of the wrong kind.
    assert!(is_untrue(answered(task, Told::Geometry(GEOMETRY))));
}

fn flow(depths: &[u16]) -> Told {
    let block = |depth: &u16| FlatBlock {
        depth: *depth,
        kind: BlockKind::List,
        level: 0,
        label: String::new(),
        alt: String::new(),
        spans: vec![Span {
            text: "x".to_owned(),
            is_bold: false,
            is_italic: false,
            link: None,
        }],
        columns: 1,
        rows: 1,
        top_pt: 0.0,
    };
    Told::Flow(FlatFlow {
        blocks: depths.iter().map(block).collect(),
        running: Vec::new(),
        is_tagged: false,
        is_picture: false,
        geometry: GEOMETRY,
    })
}

#[test]
fn a_tree_of_blocks_has_levels_one_by_one_and_not_endlessly() {
    let task = Task::Flow { page: 0 };
    let answer = meet(task, say(&Tell::Answer(Ok(flow(&[0, 1, 2, 1, 0])))));
    let Ok(Ok(Answer::Flow(tree))) = answer else {
        panic!("an honest tree is refused");
    };
    let children: Vec<usize> = tree
        .blocks
        .iter()
        .map(|block| block.children.len())
        .collect();
    assert_eq!(children, [2, 0]);
    assert_eq!(
        FlatFlow::of(tree).map(Told::Flow),
        Ok(flow(&[0, 1, 2, 1, 0]))
    );
    assert!(is_untrue(answered(task, flow(&[1]))));
    assert!(is_untrue(answered(task, flow(&[0, 2]))));
    let endless: Vec<u16> = (0..10_000).collect();
    assert!(is_untrue(answered(task, flow(&endless))));
}

#[test]
fn a_web_address_is_read_anew() {
    let address = b"https://bank.example@evil.example";
    // As a helper would write the enum's second value and the text.
    let mut message = vec![1, u8::try_from(address.len()).unwrap()];
    message.extend_from_slice(address);
    assert_eq!(wire::read::<Target>(&message), Err(Broken::Garbled));
    let honest =
        Target::Web(crate::WebAddress::read("mailto:rat@stadt.example?subject=A+B").unwrap());
    let message = wire::write(&honest).unwrap();
    assert_eq!(wire::read::<Target>(&message), Ok(honest));
}

#[test]
fn more_than_the_file_is_not_given() {
    let read = |doc, position, byte_len| Tell::Read {
        doc,
        position,
        byte_len,
    };
    for tell in [
        read(1, BYTE_LEN, 1),
        read(1, 0, 101),
        read(1, u64::MAX, 10),
        read(1, 0, u32::MAX),
        read(2, 0, 10),
    ] {
        let answer = meet(Task::Outline, say(&tell));
        assert!(matches!(answer, Err(Broken::Untrue(_))), "{tell:?}");
    }
}

#[test]
fn garbage_silence_and_floods_end_the_conversation() {
    let meet = |lie: Box<dyn FnOnce(&mut UnixStream) + Send>| meet(Task::Outline, lie).err();
    let too_long = u32::try_from(MAX_MESSAGE_BYTES + 1).unwrap().to_le_bytes();
    assert_eq!(
        meet(Box::new(move |stream| stream.write_all(&too_long).unwrap())),
        Some(Broken::TooLong)
    );
    let garbage = Box::new(|stream: &mut UnixStream| send(stream, &[0xff; 99], None).unwrap());
    assert_eq!(meet(garbage), Some(Broken::Garbled));
    // A true message with something behind it.
    let more = Box::new(|stream: &mut UnixStream| {
        let mut message = wire::write(&Tell::IsWanted).unwrap();
        message.push(0);
        send(stream, &message, None).unwrap();
    });
    assert_eq!(meet(more), Some(Broken::Garbled));
    let half = Box::new(|stream: &mut UnixStream| stream.write_all(&[9, 0, 0, 0, 1]).unwrap());
    assert_eq!(meet(half), Some(Broken::Gone));
    assert_eq!(meet(Box::new(|_| {})), Some(Broken::Gone));
    // Says nothing until the host has gone.
    let silent = Box::new(|stream: &mut UnixStream| {
        assert!(receive(stream, None).is_err());
    });
    assert_eq!(meet(silent), Some(Broken::TooSlow));
    // Asks whether it is wanted for ever.
    let endless = Box::new(|stream: &mut UnixStream| {
        let ask = wire::write(&Tell::IsWanted).unwrap();
        while send(stream, &ask, None).is_ok() && receive(stream, None).is_ok() {}
    });
    assert_eq!(meet(endless), Some(Broken::TooSlow));
    let ready = Tell::Ready {
        version: wire::VERSION,
        has_file_rules: true,
    };
    assert!(matches!(
        meet(Box::new(say(&ready))),
        Some(Broken::Untrue(_))
    ));
}

#[test]
fn the_pictures_memory_keeps_its_size() {
    let memory = picture::make().unwrap();
    assert!(
        memory.set_len(10).is_err(),
        "a host that reads on would end"
    );
    assert!(memory.set_len(picture::PICTURE_BYTES * 2).is_err());
    assert!(memory.write_all_at(&[1], picture::PICTURE_BYTES).is_err());
    assert!(picture::read(&memory, u32::MAX, u32::MAX).is_err());
    assert_eq!(picture::read(&memory, 3, 2).unwrap(), [0; 24]);
}

#[test]
fn messages_of_the_cage_are_read_or_refused() {
    let told = [
        drawn(100, 50, Some(vec![])),
        Told::Geometry(GEOMETRY),
        Told::Text(PageText {
            text: "abc".to_owned(),
            boxes: vec![GEOMETRY.shown; 3],
            lines: Vec::new(),
            geometry: GEOMETRY,
        }),
        Told::Opened {
            sizes: vec![SIZE, SIZE],
            nature: NATURE,
        },
    ];
    let mut seeds: Vec<Vec<u8>> = told
        .map(|told| wire::write(&Tell::Answer(Ok(told))).unwrap().to_vec())
        .into();
    let asked = Ask::Perform {
        doc: 1,
        opening: None,
        hidden: None,
        task: DRAW,
    };
    seeds.push(wire::write(&asked).unwrap().to_vec());
    let fallen = evidence::parsers::damage("cage", &seeds, super::fuzzing::messages).unwrap();
    assert_eq!(fallen, Vec::<String>::new());
}
