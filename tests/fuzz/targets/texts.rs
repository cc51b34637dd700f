#![no_main]
#![allow(clippy::unwrap_used)]

// The readers and the small council of the protocol's own tests.
#[path = "../../../sync-protocol/tests/common/mod.rs"]
mod common;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| common::readers::read_as_text(bytes));
