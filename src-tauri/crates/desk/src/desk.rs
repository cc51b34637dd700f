//! The one object behind all commands.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::broadcast;

use crate::error::{DeskError, Failure};
use crate::event::DeskEvent;
use crate::messages::Speech;

/// Where the time comes from: ms UTC. A test fixes it.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What desk needs to know at start.
pub struct DeskConfig {
    pub data_dir: PathBuf,
    /// Path of libpdfium.
    pub pdfium: PathBuf,
    pub clock: Clock,
}

/// The app without its window.
pub struct Desk {
    #[allow(dead_code)]
    config: DeskConfig,
    events: broadcast::Sender<DeskEvent>,
}

impl Desk {
    pub fn new(config: DeskConfig) -> Result<Self, Failure> {
        Ok(Self { config, events: broadcast::channel(256).0 })
    }

    /// A stream of what happens from now on.
    pub fn events(&self) -> broadcast::Receiver<DeskEvent> {
        self.events.subscribe()
    }

    pub(crate) fn spoken(&self, failure: &Failure) -> DeskError {
        failure.speak(Speech::De)
    }
}
