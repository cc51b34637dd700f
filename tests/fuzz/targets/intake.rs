#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| council_server::intake::fuzzing::intake(bytes));
