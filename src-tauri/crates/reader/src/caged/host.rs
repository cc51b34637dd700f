//! The host's side: gives a helper its tasks and the bytes it asks for, within the time a job may take. A helper that breaks a rule
//! of the conversation is ended; the next task starts a new one, which opens its document again.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::believe::{Believed, Known, believe};
use super::frame::{Broken, receive, send};
use super::picture;
use super::process::{HelperPlan, Process};
use super::wire::{self, Ask, MAX_READ_BYTES, Opening, Tell, Told};
use crate::encode::Drawn;
use crate::engine::{Answer, Engine, Task};
use crate::error::{ReaderError, Result};
use crate::geometry::{DocId, TilePlan, plan_tile};
use crate::paper::Paper;

/// Working time after which a helper is replaced between two jobs. Its processor time, which the system limits, can be no more.
const RENEWED_AFTER: Duration = Duration::from_secs(super::door::CPU_LIMIT_S / 2);

/// One lane's helper, and how to get another one.
pub(crate) struct Caged {
    plan: HelperPlan,
    helper: Option<Helper>,
}

struct Helper {
    talk: Talk,
    process: Process,
    worked: Duration,
}

impl Caged {
    /// Starts nothing.
    pub(crate) fn new(plan: HelperPlan) -> Self {
        Self { plan, helper: None }
    }

    /// Starts the helper unless it is there.
    ///
    /// Errors: `HelperMissing`, `LibraryMissing`, `CageOpen`, `HelperEnded`, `Distrusted`.
    pub(crate) fn start(&mut self) -> Result<()> {
        self.helper().map(|_| ())
    }

    /// The helper; a new one if the last has died between two jobs, or has worked for long.
    fn helper(&mut self) -> Result<&mut Helper> {
        let usable = self.helper.take().and_then(|mut helper| {
            let is_usable = helper.worked < RENEWED_AFTER && helper.process.is_alive();
            is_usable.then_some(helper)
        });
        let helper = match usable {
            Some(helper) => helper,
            None => {
                let (process, stream, memory) = Process::start(&self.plan)?;
                Helper {
                    talk: Talk::new(stream, memory),
                    process,
                    worked: Duration::ZERO,
                }
            }
        };
        Ok(self.helper.insert(helper))
    }
}

impl Engine for Caged {
    fn perform(
        &mut self,
        paper: &Arc<Paper>,
        task: &Task,
        wanted: &dyn Fn() -> bool,
    ) -> Result<Answer> {
        let since = Instant::now();
        let until = since + self.plan.job_limit;
        let helper = self.helper()?;
        let answer = helper.talk.perform(paper, task, wanted, until);
        helper.worked += since.elapsed();
        answer.unwrap_or_else(|broken| {
            self.helper = None;
            Err(match broken {
                Broken::Gone => ReaderError::HelperEnded,
                Broken::TooSlow => ReaderError::Unresponsive,
                Broken::TooLong | Broken::Garbled | Broken::Untrue(_) => ReaderError::Distrusted,
            })
        })
    }

    fn close(&mut self, doc: DocId) {
        if let Some(helper) = &mut self.helper
            && helper.talk.close(doc).is_err()
        {
            self.helper = None;
        }
    }

    fn open(&self) -> Vec<DocId> {
        let open = self.helper.iter().flat_map(|helper| &helper.talk.told_of);
        open.copied().collect()
    }

    /// Ends the helper.
    fn rest(&mut self) {
        self.helper = None;
    }
}

/// The conversation with a helper.
pub(super) struct Talk {
    stream: UnixStream,
    memory: File,
    /// Documents that it certainly has open, with what it was told last of what is hidden.
    open: HashMap<DocId, u64>,
    /// Documents that it may have open.
    told_of: HashSet<DocId>,
}

impl Talk {
    pub(super) fn new(stream: UnixStream, memory: File) -> Self {
        Self {
            stream,
            memory,
            open: HashMap::new(),
            told_of: HashSet::new(),
        }
    }

    /// One task from beginning to end.
    ///
    /// Result: the answer, or what the document is at fault for.
    /// Errors: what the helper is at fault for; it is not to be used again.
    pub(super) fn perform(
        &mut self,
        paper: &Arc<Paper>,
        task: &Task,
        wanted: &dyn Fn() -> bool,
        until: Instant,
    ) -> std::result::Result<Result<Answer>, Broken> {
        let plan = match plan(paper, task) {
            Ok(plan) => plan,
            Err(error) => return Ok(Err(error)),
        };
        let hiding = paper.hiding();
        let known_hiding = self.open.get(&paper.id).copied();
        let is_new = hiding.times_said != known_hiding.unwrap_or(0);
        self.told_of.insert(paper.id);
        self.say(
            &Ask::Perform {
                doc: paper.id.0,
                opening: known_hiding.is_none().then(|| Opening {
                    byte_len: paper.byte_len,
                    password: paper.password.clone(),
                }),
                hidden: is_new.then(|| hiding.places.to_vec()),
                task: *task,
            },
            until,
        )?;
        let told = match self.listen(paper, wanted, until)? {
            Ok(told) => told,
            Err(fault) => return Ok(Err(fault.into())),
        };
        self.open.insert(paper.id, hiding.times_said);
        let known = Known {
            task,
            page_count: paper.opened.get().map_or(0, |opened| opened.sizes.len()),
            plan,
        };
        Ok(Ok(match believe(told, &known)? {
            Believed::Whole(answer) => answer,
            Believed::Drawing {
                dark,
                geometry,
                timing,
            } => {
                let (width, height) = plan.map_or((0, 0), |plan| (plan.tile.w, plan.tile.h));
                let rgbx = picture::read(&self.memory, width, height)
                    .map_err(|_| Broken::Untrue("pixels"))?;
                Answer::Drawn(Drawn {
                    width,
                    height,
                    rgbx,
                    dark,
                    geometry,
                    timing,
                })
            }
        }))
    }

    /// Serves the helper until its answer comes.
    fn listen(
        &self,
        paper: &Paper,
        wanted: &dyn Fn() -> bool,
        until: Instant,
    ) -> std::result::Result<std::result::Result<Told, wire::Fault>, Broken> {
        loop {
            match wire::read(&receive(&self.stream, Some(until))?)? {
                Tell::Answer(answer) => return Ok(answer),
                Tell::IsWanted => self.say(&Ask::Wanted(wanted()), until)?,
                Tell::Read {
                    doc,
                    position,
                    byte_len,
                } => {
                    let is_within = position
                        .checked_add(u64::from(byte_len))
                        .is_some_and(|end| end <= paper.byte_len);
                    if doc != paper.id.0 || byte_len > MAX_READ_BYTES || !is_within {
                        return Err(Broken::Untrue("a part of the file"));
                    }
                    let byte_len = usize::try_from(byte_len).unwrap_or(0);
                    let mut bytes = vec![0; byte_len];
                    let read = paper.read_at(position, &mut bytes);
                    self.say(&Ask::Bytes(read.is_ok().then_some(bytes)), until)?;
                }
                Tell::Ready { .. } | Tell::NotReady(_) => {
                    return Err(Broken::Untrue("an answer to something else"));
                }
            }
        }
    }

    /// Tells the helper to close a document.
    ///
    /// Errors: the helper is not to be used again.
    fn close(&mut self, doc: DocId) -> std::result::Result<(), Broken> {
        self.open.remove(&doc);
        if !self.told_of.remove(&doc) {
            return Ok(());
        }
        // A helper that does not take so little at once hangs.
        let until = Instant::now() + Duration::from_secs(1);
        self.say(&Ask::Close { doc: doc.0 }, until)
    }

    fn say(&self, ask: &Ask, until: Instant) -> std::result::Result<(), Broken> {
        send(&self.stream, &wire::write(ask)?, Some(until))
    }
}

/// What a drawing will be. The host's own arithmetic: what the helper says is held against it.
///
/// Errors: `PageOutOfRange`, `BadRequest`, `TooLarge`.
fn plan(paper: &Paper, task: &Task) -> Result<Option<TilePlan>> {
    let Task::Draw {
        page, scale, tile, ..
    } = *task
    else {
        return Ok(None);
    };
    let sizes = paper.opened.get().map(|opened| &opened.sizes);
    let size = usize::try_from(page)
        .ok()
        .and_then(|page| sizes?.get(page))
        .ok_or(ReaderError::PageOutOfRange)?;
    plan_tile(*size, scale, tile).map(Some)
}
