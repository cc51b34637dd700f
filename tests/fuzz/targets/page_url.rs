#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| desk::page_image::read_address(bytes));
