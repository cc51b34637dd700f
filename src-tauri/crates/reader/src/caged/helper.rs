//! The helper's side: the whole of the program `ratsmappe-pdf`. It is given a socket as its standard input and the picture's memory
//! as its standard output, and knows of a document what it is told.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::door;
use super::flat::FlatFlow;
use super::frame::{Broken, receive, send};
use super::wire::{self, Ask, Fault, MAX_READ_BYTES, Opening, Tell, Told};
pub use super::wire::{Refusal, Rule};
use crate::engine::{Answer, Engine, Task};
use crate::geometry::DocId;
use crate::hidden::AnnotationPlace;
use crate::in_process::InProcess;
use crate::library;
use crate::paper::Paper;
use crate::pdfium::Bindings;

/// How often the host is asked whether the work is still wanted.
const ASKED_EVERY: Duration = Duration::from_millis(10);

/// Runs the helper until the host is gone.
///
/// Arguments: the path of the PDFium library.
pub fn run(library: &Path) -> ExitCode {
    close_inherited();
    let Ok((stream, memory)) = connection() else {
        return ExitCode::FAILURE;
    };
    let stream = Arc::new(stream);
    let (bindings, has_file_rules) = match enter(library) {
        Ok(entered) => entered,
        Err(refusal) => {
            // Nothing else is left to do than to say so.
            let _ = say(&stream, &Tell::NotReady(refusal));
            return ExitCode::FAILURE;
        }
    };
    let version = wire::VERSION;
    let ready = Tell::Ready {
        version,
        has_file_rules,
    };
    let served = say(&stream, &ready).and_then(|()| serve(&stream, &memory, bindings));
    match served {
        Ok(()) | Err(Broken::Gone) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Loads PDFium and closes the cage around this process, as [`run`] does; for tests of what the cage holds back.
///
/// Result: whether file rules hold.
/// Errors: why the helper must not work.
pub fn enter_only(library: &Path) -> Result<bool, Refusal> {
    enter(library).map(|(_, has_file_rules)| has_file_rules)
}

fn enter(library: &Path) -> Result<(Bindings, bool), Refusal> {
    door::end_with_parent().map_err(Refusal::Open)?;
    let loaded = library::load(library).map_err(|error| {
        let said = std::error::Error::source(&error).map(ToString::to_string);
        Refusal::Library(said.unwrap_or_else(|| error.to_string()))
    });
    let bindings = loaded?;
    let has_file_rules = door::close().map_err(Refusal::Open)?;
    Ok((bindings, has_file_rules))
}

/// Closes what the host's libraries may have left open for programs that it starts; the standard three stay. Kernels before 5.9
/// cannot; there the rules of the cage alone hold.
#[allow(unsafe_code, reason = "no safe crate closes a range of descriptors")]
fn close_inherited() {
    // SAFETY: called first thing in `main`: this process has opened nothing yet.
    unsafe {
        libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0);
    }
}

/// The socket and the memory, from where the host has put them.
fn connection() -> io::Result<(UnixStream, File)> {
    let stream = io::stdin().as_fd().try_clone_to_owned()?;
    let memory = io::stdout().as_fd().try_clone_to_owned()?;
    Ok((stream.into(), memory.into()))
}

/// Does what is asked until the host is gone.
fn serve(stream: &Arc<UnixStream>, memory: &File, bindings: Bindings) -> Result<(), Broken> {
    let mut engine = InProcess::new(bindings);
    let mut papers: Vec<Arc<Paper>> = Vec::new();
    loop {
        match wire::read(&receive(stream, None)?)? {
            Ask::Perform {
                doc,
                opening,
                hidden,
                task,
            } => {
                let doc = DocId(doc);
                if let Some(opening) = opening
                    && !papers.iter().any(|paper| paper.id == doc)
                {
                    papers.push(Arc::new(paper(stream, doc, opening)));
                }
                let paper = papers.iter().find(|paper| paper.id == doc);
                let paper = paper.ok_or(Broken::Untrue("an unknown document"))?;
                let answer = perform(&mut engine, paper, hidden, &task, (stream, memory));
                let is_kept = answer.is_ok() || engine.open().contains(&doc);
                say_answer(stream, answer)?;
                if !is_kept {
                    papers.retain(|paper| paper.id != doc);
                }
            }
            Ask::Close { doc } => {
                engine.close(DocId(doc));
                papers.retain(|paper| paper.id != DocId(doc));
            }
            Ask::Bytes(_) | Ask::Wanted(_) => {
                return Err(Broken::Untrue("an answer to nothing"));
            }
        }
    }
}

fn paper(stream: &Arc<UnixStream>, doc: DocId, opening: Opening) -> Paper {
    let source = Asked {
        stream: Arc::clone(stream),
        doc: doc.0,
        position: 0,
    };
    Paper::new(doc, Box::new(source), opening.byte_len, opening.password)
}

fn perform(
    engine: &mut InProcess,
    paper: &Arc<Paper>,
    hidden: Option<Vec<AnnotationPlace>>,
    task: &Task,
    (stream, memory): (&UnixStream, &File),
) -> Result<Told, Fault> {
    if let Some(places) = hidden {
        paper.hide(&places);
    }
    let asked = Cell::new(Instant::now());
    let is_wanted = Cell::new(true);
    let wanted = || {
        if is_wanted.get() && asked.get().elapsed() >= ASKED_EVERY {
            is_wanted.set(ask_whether_wanted(stream).unwrap_or(false));
            asked.set(Instant::now());
        }
        is_wanted.get()
    };
    let answer = engine.perform(paper, task, &wanted);
    told(answer.map_err(|error| Fault::from(&error))?, memory)
}

fn told(answer: Answer, memory: &File) -> Result<Told, Fault> {
    Ok(match answer {
        Answer::Opened(opened) => Told::Opened {
            sizes: opened.sizes.to_vec(),
            nature: opened.nature,
        },
        Answer::Geometry(geometry) => Told::Geometry(geometry),
        Answer::Text(text) => Told::Text(text),
        Answer::Flow(flow) => Told::Flow(FlatFlow::of(flow).map_err(|_| Fault::TooLarge)?),
        Answer::Outline(outline) => Told::Outline(outline),
        Answer::Links(links) => Told::Links(links),
        Answer::Drawn(drawn) => {
            let put = memory.write_all_at(&drawn.rgbx, 0);
            put.map_err(|_| Fault::TooLarge)?;
            let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
            Told::Drawn {
                width: drawn.width,
                height: drawn.height,
                dark: drawn.dark,
                geometry: drawn.geometry,
                load_us: micros(drawn.timing.load),
                draw_us: micros(drawn.timing.draw),
            }
        }
    })
}

/// An answer too long for a message is a document that is too large.
fn say_answer(stream: &UnixStream, answer: Result<Told, Fault>) -> Result<(), Broken> {
    match say(stream, &Tell::Answer(answer)) {
        Err(Broken::TooLong) => say(stream, &Tell::Answer(Err(Fault::TooLarge))),
        said => said,
    }
}

fn say(stream: &UnixStream, tell: &Tell) -> Result<(), Broken> {
    send(stream, &wire::write(tell)?, None)
}

fn ask_whether_wanted(stream: &UnixStream) -> Result<bool, Broken> {
    say(stream, &Tell::IsWanted)?;
    match wire::read(&receive(stream, None)?)? {
        Ask::Wanted(is_wanted) => Ok(is_wanted),
        _ => Err(Broken::Untrue("an answer to something else")),
    }
}

/// A document's bytes, asked for part by part.
struct Asked {
    stream: Arc<UnixStream>,
    doc: u64,
    position: u64,
}

impl Read for Asked {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let longest = usize::try_from(MAX_READ_BYTES).unwrap_or(usize::MAX);
        let wanted = out.len().min(longest);
        let tell = Tell::Read {
            doc: self.doc,
            position: self.position,
            byte_len: u32::try_from(wanted).unwrap_or(MAX_READ_BYTES),
        };
        let asked = say(&self.stream, &tell).and_then(|()| receive(&self.stream, None));
        let bytes = match asked.and_then(|message| wire::read(&message)) {
            Ok(Ask::Bytes(Some(bytes))) if bytes.len() == wanted => bytes,
            Ok(Ask::Bytes(_)) => return Err(io::Error::other("the host cannot read it")),
            _ => return Err(io::Error::other("the host says something else")),
        };
        for (to, from) in out.iter_mut().zip(&bytes) {
            *to = *from;
        }
        self.position += bytes.len() as u64;
        Ok(bytes.len())
    }
}

impl Seek for Asked {
    /// From the start; nobody here asks otherwise.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Start(position) = to else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        self.position = position;
        Ok(position)
    }
}
