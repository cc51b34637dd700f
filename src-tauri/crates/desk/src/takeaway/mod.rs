//! Taking along: papers with the member's annotations and own notes leave the portfolio as files in open formats, because the
//! member wants it, after a dialog has said what leaves. Here is what belongs to a wish (`bundle`), how marks become annotations
//! (`annotations`), and making and writing the files (`making`, `folder`). How the formats look is in the crate `export`.

mod annotations;
mod binding;
mod bundle;
mod making;
mod notes_text;
mod term;
mod words;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

pub(crate) use annotations::{annotation, body_of};
pub(crate) use bundle::{Bundle, Section, bundle};
pub(crate) use making::{Making, paper_bytes};

use crate::desk::lock;
use crate::error::{ErrorCode, Failure};

/// The one making that may be under way in a session.
#[derive(Default)]
pub(crate) struct TakeawayRun(Mutex<Option<Arc<AtomicBool>>>);

impl TakeawayRun {
    /// Begins; the flag is set when the making shall stop.
    ///
    /// Errors: `takeaway_running`.
    pub(crate) fn begin(&self) -> Result<RunningTakeaway<'_>, Failure> {
        let mut running = lock(&self.0);
        if running.is_some() {
            return Err(ErrorCode::TakeawayRunning.into());
        }
        let stop = Arc::new(AtomicBool::new(false));
        *running = Some(Arc::clone(&stop));
        Ok(RunningTakeaway { run: self, stop })
    }

    /// Asks the making to stop at its next step.
    pub(crate) fn cancel(&self) {
        if let Some(stop) = lock(&self.0).as_ref() {
            stop.store(true, Ordering::Relaxed);
        }
    }
}

/// A making that ends when this goes.
pub(crate) struct RunningTakeaway<'r> {
    run: &'r TakeawayRun,
    stop: Arc<AtomicBool>,
}

impl RunningTakeaway<'_> {
    /// Errors: `cancelled`.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match self.stop.load(Ordering::Relaxed) {
            true => Err(ErrorCode::Cancelled.into()),
            false => Ok(()),
        }
    }
}

impl Drop for RunningTakeaway<'_> {
    fn drop(&mut self) {
        *lock(&self.run.0) = None;
    }
}
