//! The helper's process: starting it with nothing but a socket and the picture's memory, hearing that its cage is closed, ending it.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::frame::receive;
use super::picture;
use super::wire::{self, Refusal, Tell};
use crate::error::{ReaderError, Result};
use crate::guard::{Guard, KnownGuard};

/// How long a helper may take to be ready. It takes some 10 ms; a device that has just been started may be busy.
const START_LIMIT: Duration = Duration::from_secs(20);

/// How to start a helper.
#[derive(Debug, Clone)]
pub(crate) struct HelperPlan {
    pub(crate) program: PathBuf,
    pub(crate) library: PathBuf,
    pub(crate) job_limit: Duration,
    /// Told what the helper found.
    pub(crate) guard: KnownGuard,
}

/// A running helper, ended when it is dropped.
pub(super) struct Process(Child);

impl Process {
    /// Starts a helper and waits until its cage is closed. It ends with the thread that starts it.
    ///
    /// Errors: `HelperMissing`, `LibraryMissing`, `CageOpen`, `HelperEnded`, `Distrusted`, `Unresponsive`.
    pub(super) fn start(plan: &HelperPlan) -> Result<(Self, UnixStream, File)> {
        let missing = |error: io::Error| ReaderError::HelperMissing {
            path: plan.program.clone(),
            source: Arc::new(error),
        };
        let (own, its) = UnixStream::pair().map_err(missing)?;
        let memory = picture::make().map_err(missing)?;
        let its_memory = memory.try_clone().map_err(missing)?;
        let child = Command::new(&plan.program)
            .arg(&plan.library)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(OwnedFd::from(its)))
            .stdout(Stdio::from(its_memory))
            .stderr(Stdio::null())
            .spawn()
            .map_err(missing)?;
        let process = Self(child);
        let first = receive(&own, Some(Instant::now() + START_LIMIT));
        let first = first.map_err(|_| ReaderError::HelperEnded)?;
        match wire::read(&first).map_err(|_| ReaderError::Distrusted)? {
            Tell::Ready {
                version: wire::VERSION,
                has_file_rules,
            } => {
                plan.guard.set(match has_file_rules {
                    true => Guard::Full,
                    false => Guard::WithoutFileRules,
                });
                Ok((process, own, memory))
            }
            Tell::NotReady(Refusal::Library(said)) => Err(ReaderError::LibraryMissing {
                path: plan.library.clone(),
                source: Arc::new(io::Error::other(said)),
            }),
            Tell::NotReady(Refusal::Open(rule)) => Err(ReaderError::CageOpen(rule.name())),
            _ => Err(ReaderError::Distrusted),
        }
    }

    /// Whether it has not ended by itself.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already, or ends now: nothing else can go wrong here.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
