//! Starting the lanes of a reader: how many, with which engine, and that the first of them works.

use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

#[cfg(target_os = "linux")]
use crate::caged::{Caged, HelperPlan};
use crate::encode::start_pool;
use crate::engine::Engine;
use crate::error::{ReaderError, Result};
use crate::guard::{Guard, KnownGuard};
use crate::in_process::InProcess;
use crate::lane::{Lane, StopOnExit};
use crate::library;
use crate::limits::MAX_HELPERS;
use crate::reader::{Home, ReaderConfig};
use crate::shared::{Shared, State};

/// Stack of a thread that PDFium runs on, in bytes. PDFium's own depth limits suppose the 8 MiB of a main thread.
const STACK_BYTES: usize = 16 << 20;

/// How many lanes, how many encoders, how long callers wait.
struct Size {
    lanes: usize,
    encoders: usize,
    patience: Duration,
}

/// Starts everything; returns once the first lane's engine works.
///
/// Errors: `LibraryMissing`, `HelperMissing`, `CageOpen`, `NoThread`.
pub(crate) fn start_lanes(config: ReaderConfig) -> Result<(Arc<Shared>, KnownGuard)> {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    let size = match &config.home {
        #[cfg(target_os = "linux")]
        Home::Caged { helpers, .. } => {
            let lanes = helpers.unwrap_or(cores).clamp(1, MAX_HELPERS);
            Size {
                lanes,
                encoders: lanes,
                // A lane ends a helper that takes too long by itself; only a source can hold it up beyond that.
                patience: config.job_limit + config.job_limit / 2,
            }
        }
        Home::InProcess => Size {
            lanes: 1,
            // One core stays for PDFium; beyond three encoders PDFium is the slower part.
            encoders: cores.saturating_sub(1).clamp(1, MAX_HELPERS - 1),
            patience: config.job_limit,
        },
    };
    let guard = KnownGuard::new(Guard::InProcess);
    let shared = Arc::new(Shared {
        state: Mutex::new(State::with_lanes(size.lanes)),
        wake: Condvar::new(),
        rested: Condvar::new(),
        patience: size.patience,
    });
    let no_thread = |error| ReaderError::NoThread(Arc::new(error));
    let encoder = start_pool(size.encoders).map_err(no_thread)?;
    let (first, has_started) = channel();
    for number in 0..size.lanes {
        let (config, guard) = (config.clone(), guard.clone());
        let (encoder, first) = (encoder.clone(), first.clone());
        let of_lane = Arc::clone(&shared);
        let started = thread::Builder::new()
            .name("reader-lane".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || {
                let _stopped = StopOnExit(Arc::clone(&of_lane));
                let engine = make_engine(&config, &guard, number == 0);
                let (engine, told) = match engine {
                    Ok(engine) => (Some(engine), Ok(())),
                    Err(error) => (None, Err(error)),
                };
                if number == 0 {
                    // Whoever starts the reader waits for this.
                    let _ = first.send(told);
                }
                drop(first);
                if let Some(engine) = engine {
                    let lane = Lane {
                        shared: &of_lane,
                        number,
                        engine,
                        encoder,
                        is_rested: false,
                    };
                    lane.run();
                }
            });
        if let Err(error) = started {
            shared.stop();
            return Err(no_thread(error));
        }
    }
    drop(first);
    match has_started.recv() {
        Ok(Ok(())) => Ok((shared, guard)),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(ReaderError::Stopped),
    }
}

fn make_engine(
    config: &ReaderConfig,
    guard: &KnownGuard,
    is_first: bool,
) -> Result<Box<dyn Engine>> {
    match &config.home {
        #[cfg(target_os = "linux")]
        Home::Caged { program, .. } => {
            let mut caged = Caged::new(HelperPlan {
                program: program.clone(),
                library: config.library.clone(),
                job_limit: config.job_limit,
                guard: guard.clone(),
            });
            if is_first {
                caged.start()?;
            }
            Ok(Box::new(caged))
        }
        Home::InProcess => Ok(Box::new(InProcess::new(library::load(&config.library)?))),
    }
}
