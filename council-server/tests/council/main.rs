//! The server as tablets and the council office meet it: real files, real TLS, nothing mocked.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test may fail where it stands, and says what it found"
)]

mod at_rest;
mod audit;
mod authorisation;
mod backups;
mod commands;
mod entitlement;
mod faction;
mod feed;
mod intake;
mod oparl;
mod oparl_out;
mod pairing;
mod publishing;
mod rights;
mod slow;
mod support;
