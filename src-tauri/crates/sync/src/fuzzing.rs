//! What a fuzzer gives to the readers of the council's feed: whatever a server sends, each answers. Keys are known to nobody
//! here, so signatures are left out: what stands behind them must hold as well.

use std::collections::{BTreeMap, BTreeSet};

use sync_protocol::cbor::from_cbor_lenient;
use sync_protocol::chain::{ChainPage, ChainPosition, verify_page};
use sync_protocol::head::DeviceHead;
use sync_protocol::ids::AudienceId;
use sync_protocol::snapshot::Snapshot;

use crate::plan::{LocalState, plan};

/// A head that is planned against an empty tablet and against one that follows it; a page of a chain; a snapshot.
pub fn feed(bytes: &[u8]) {
    if let Ok(head) = from_cbor_lenient::<DeviceHead>(bytes) {
        if let Ok(planned) = plan(&LocalState::default(), &head) {
            assert!(planned.chains.len() <= head.audiences.len());
        }
        let followed = LocalState {
            generation: Some(head.generation),
            positions: head
                .audiences
                .iter()
                .map(|listed| (listed.id, listed.position()))
                .collect(),
            epochs: head
                .audiences
                .iter()
                .map(|listed| (listed.id, BTreeSet::from([listed.key_epoch])))
                .collect::<BTreeMap<_, _>>(),
            ..LocalState::default()
        };
        let _ = plan(&followed, &head);
    }
    if let Ok(page) = ChainPage::from_bytes(bytes) {
        let _ = verify_page(
            AudienceId::from_bytes([2; 16]),
            &ChainPosition::START,
            page.entries,
        );
    }
    let _ = from_cbor_lenient::<Snapshot>(bytes);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use sync_protocol::cbor::to_cbor;
    use sync_protocol::class_key::KeyEpoch;
    use sync_protocol::head::{AudienceHead, AudienceKind};
    use sync_protocol::ids::{CouncilId, DeviceId, Hash};

    use super::*;
    use evidence::parsers::damage;

    fn head() -> DeviceHead {
        let listed = |n: u8, kind, readable_until_ms| AudienceHead {
            id: AudienceId::from_bytes([n; 16]),
            kind,
            seq: 7,
            hash: Hash::from_bytes([n; 32]),
            key_epoch: KeyEpoch(1),
            readable_until_ms,
        };
        DeviceHead {
            council: CouncilId::from_bytes([1; 16]),
            device: DeviceId::from_bytes([2; 16]),
            generation: 1,
            counter: 5,
            issued_at_ms: 1_000,
            expires_at_ms: 2_000,
            audiences: vec![
                listed(3, AudienceKind::Public, None),
                listed(4, AudienceKind::Organization, Some(9_000)),
            ],
            confirmed_at_ms: None,
        }
    }

    /// A field of a committed vector.
    fn vector(json: &str, field: &str) -> Vec<u8> {
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        let text = json[field].as_str().unwrap();
        let pairs = text.as_bytes().chunks(2);
        let digits = pairs.map(|pair| std::str::from_utf8(pair).unwrap());
        digits
            .map(|two| u8::from_str_radix(two, 16).unwrap())
            .collect()
    }

    #[test]
    fn a_feed_is_followed_or_refused() {
        let page = vector(
            include_str!("../../../../sync-protocol/vectors/chain_1.json"),
            "page",
        );
        assert!(ChainPage::from_bytes(&page).is_ok());
        let snapshot = include_str!("../../../../sync-protocol/vectors/snapshot_1.json");
        let seeds = [to_cbor(&head()), page, vector(snapshot, "signed")];
        assert_eq!(damage("feed", &seeds, feed).unwrap(), Vec::<String>::new());
    }
}
