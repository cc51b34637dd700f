#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| council_server::oparl::fuzzing::oparl(bytes));
