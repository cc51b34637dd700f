//! What crosses the border to the page: one request and one result struct per command.
//!
//! Truth lives here; the TypeScript in `ui/src/host/generated` is written from these types by the test
//! `generated_types`. No logic lives here: the structs are filled in `commands/`.
//!
//! Conventions: camelCase keys, ids as hex strings, times as `…AtMs` (ms UTC), an absent value is a missing key.
//! Numbers stay below 2^53, so that they are plain `number`s in the page.

mod app;
mod backup;
mod calendar;
mod deletions;
mod document;
mod faction;
mod flow;
mod lock;
mod marks;
mod meetings;
mod notes;
mod pages;
mod reading;
mod search;
mod secret;
mod sheet;
mod storage;
mod sync;
mod sync_details;
mod takeaway;
mod targets;
mod transfer;

pub use app::*;
pub use backup::*;
pub use calendar::*;
pub use deletions::*;
pub use document::*;
pub use faction::*;
pub use flow::*;
pub use lock::*;
pub use marks::*;
pub use meetings::*;
pub use notes::*;
pub use pages::*;
pub use reading::*;
pub use search::*;
pub use secret::Secret;
pub use sheet::*;
pub use storage::*;
pub use sync::*;
pub use sync_details::*;
pub use takeaway::*;
pub use targets::*;
pub use transfer::*;

/// The derives and attributes that every border type carries. `Debug` tells the type only: the values are names,
/// titles and notes.
macro_rules! border_type {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => { $(
        $(#[$meta])*
        #[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(rename_all = "camelCase")]
        #[ts(optional_fields)]
        pub struct $name { $($body)* }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )* };
}
/// The same for enums without fields: plain strings in the page.
macro_rules! border_choice {
    ($($item:item)*) => { $(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(rename_all = "camelCase")]
        $item
    )* };
}
pub(crate) use {border_choice, border_type};
