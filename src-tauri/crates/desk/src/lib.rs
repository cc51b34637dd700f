//! desk: what the app can do. The commands of the page, and the queries over all stores behind them.
//!
//! It knows no window: the shell hands requests to [`Desk::call`], page images come from
//! [`Desk::page_image`], and [`Desk::events`] tells what happens meanwhile. All calls block; desk keeps its own
//! runtime for the network, so nothing here needs an async caller.
//!
//! What is not here: formats and keys (`vault`), the network (`sync`), the member's own database (`notes`),
//! PDF (`reader`). The settings lie outside the vault in `settings.json`, because the lock screen needs them; they
//! tell nothing about a person or a council.

mod border_marks;
mod calendar;
mod commands;
mod desk;
mod documents;
mod dto;
mod error;
mod event;
mod export;
mod faction;
mod faction_pdf;
mod faction_text;
mod failures;
mod idle;
mod indexing;
mod messages;
mod news;
#[cfg(not(fuzzing))]
mod page_image;
#[cfg(fuzzing)]
pub mod page_image;
mod page_texts;
mod query;
mod session;
mod settings;
mod sheet_pdf;
mod subscription;
mod sync_log;
mod sync_run;
mod takeaway;
mod times;
mod transfer;
mod wishes;
mod words;

pub use commands::COMMANDS;
pub use desk::{AddressOpener, Clock, Desk, DeskConfig, opens_nothing};
pub use dto::*;
pub use error::{DeskError, ErrorCode, Failure};
pub use event::DeskEvent;
pub use messages::{Speech, Told, message, told};
pub use page_image::PageAnswer;
pub use reader::WebAddress;
pub use vault::{Moment, Stopwatch};
