//! Rule N6: whatever comes, every reader gives an answer. Random bytes, random texts, and good bytes with random damage.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::readers::*;
use common::{DEVICE, NOW_MS, device_key};
use proptest::prelude::*;
use sync_protocol::request::{RequestNonce, sign_request};

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rule_n6_no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_everywhere(&bytes);
    }

    // Shows: O.Source_1, MASVS-CODE-4
    #[test]
    fn rule_n6_no_damage_panics(which in 0usize..17, place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = specimens()[which].clone();
        let at = place.index(bytes.len());
        bytes[at] = byte;
        read_everywhere(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        read_everywhere(&bytes);
    }

    #[test]
    fn rule_n6_no_text_panics(text in "\\PC{0,60}") {
        read_text_everywhere(&text);
        let nonce = RequestNonce([0; 16]);
        let signed = sign_request(&device_key(), DEVICE, "GET", &text, b"", NOW_MS, nonce);
        prop_assert!(signed.is_ok());
    }
}

#[test]
fn rule_n6_hostile_sizes_are_answered_at_once() {
    // Announce 2^64 - 1 elements and deep nesting in a few bytes.
    let huge_array = [
        0xa1, 0x00, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    ];
    let huge_bytes = [
        0xa1, 0x00, 0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    ];
    let mut deep = vec![0xa1, 0x18, 0x63];
    deep.extend(std::iter::repeat_n(0x81, 200_000));
    deep.push(0x00);
    for bytes in [&huge_array[..], &huge_bytes, &deep] {
        read_everywhere(bytes);
    }
}

#[test]
fn rule_n6_the_same_damage_each_time() {
    let fallen = evidence::parsers::damage("protocol", specimens(), read_everywhere).unwrap();
    assert_eq!(fallen, Vec::<String>::new());
}

#[test]
fn rule_n6_the_same_damage_to_texts_each_time() {
    let fallen = evidence::parsers::damage("texts", &text_specimens(), read_as_text).unwrap();
    assert_eq!(fallen, Vec::<String>::new());
}
