//! The faction space: what its devices say to each other through a server that can read none of it.
//!
//! ```text
//! link      one signed step of the roster: who belongs to the space, who may do what, which epoch of the seed counts
//! roster    the state after a run of links, verified from the genesis
//! seed      the secret of an epoch: sealed to every device (seed_box), and each one under the next
//! envelope  what a device says: signed, numbered, sealed under the seed (content inside; inner for what is nonpublic)
//! snapshot  what all envelopes up to some position amount to, for new devices
//! join      how somebody comes in: a QR code (qr) in the room, or a letter and six words
//! wire      the bodies of the requests that carry all this
//! paper     a printed key that stands in the roster like a device
//! ```
//! Not here: storage, network, and what the things shared look like. Source: SPEC F1–F32.

pub mod content;
pub mod device;
pub mod envelope;
mod follow;
pub mod inner;
pub mod join;
pub mod link;
mod pad;
pub mod paper;
mod permit;
pub mod qr;
pub mod relay;
pub mod roster;
mod roster_error;
pub mod seed;
pub mod seed_box;
pub mod snapshot;
mod weak_keys;
pub mod wire;

/// Most people at one time.
pub const MAX_USERS: usize = 250;
/// Most devices and paper keys that ever belonged to a space.
pub const MAX_DEVICES: usize = 2_000;
/// Longest link in bytes, signature included.
pub const MAX_LINK_LEN: usize = 48 * 1024;
/// Longest envelope in bytes, signature included.
pub const MAX_ENVELOPE_LEN: usize = 192 * 1024;
/// Longest content of an envelope in bytes, before it is padded and sealed.
pub const MAX_CONTENT_LEN: usize = 160 * 1024;
/// Longest snapshot in bytes, signature included.
pub const MAX_SNAPSHOT_LEN: usize = 64 * 1024 * 1024;
/// Longest name of a space, person or device in bytes of UTF-8.
pub const MAX_NAME_LEN: usize = 200;
