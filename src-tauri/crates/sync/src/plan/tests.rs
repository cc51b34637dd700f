//! The planner against every relation of head and device.

use super::*;
use sync_protocol::ids::{CouncilId, DeviceId, Hash};

fn audience(n: u8) -> AudienceId {
    AudienceId::from_bytes([n; 16])
}

fn at(seq: u64, hash: u8) -> ChainPosition {
    ChainPosition {
        seq,
        hash: Hash::from_bytes([hash; 32]),
    }
}

fn listed(n: u8, kind: AudienceKind, position: ChainPosition) -> AudienceHead {
    let (seq, hash) = (position.seq, position.hash);
    AudienceHead {
        id: audience(n),
        kind,
        seq,
        hash,
        key_epoch: KeyEpoch(1),
        readable_until_ms: None,
    }
}

fn head(audiences: Vec<AudienceHead>) -> DeviceHead {
    DeviceHead {
        council: CouncilId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([2; 16]),
        generation: 1,
        counter: 5,
        issued_at_ms: 1_000,
        expires_at_ms: 2_000,
        audiences,
        confirmed_at_ms: None,
    }
}

/// A device that has everything a head lists.
fn settled(head: &DeviceHead) -> LocalState {
    LocalState {
        generation: Some(head.generation),
        positions: head
            .audiences
            .iter()
            .map(|one| (one.id, one.position()))
            .collect(),
        epochs: head
            .audiences
            .iter()
            .map(|one| (one.id, BTreeSet::from([one.key_epoch])))
            .collect(),
        sealed: BTreeMap::new(),
        known: head
            .audiences
            .iter()
            .map(|one| AudienceRow {
                audience: one.id,
                kind: Some(one.kind),
                readable_until_ms: one.readable_until_ms,
                locked_at_ms: None,
            })
            .collect(),
        time_ms: 1_000,
    }
}

fn two() -> DeviceHead {
    head(vec![
        listed(1, AudienceKind::Organization, at(9, 9)),
        listed(2, AudienceKind::Public, at(5, 5)),
    ])
}

#[test]
fn the_same_head_again_is_nothing_to_do() {
    assert!(plan(&settled(&two()), &two()).unwrap().is_nothing_new());
}

#[test]
fn a_new_device_takes_everything_public_first() {
    let planned = plan(&LocalState::default(), &two()).unwrap();
    let order: Vec<AudienceId> = planned.chains.iter().map(|fetch| fetch.audience).collect();
    assert_eq!(
        order,
        [audience(2), audience(1)],
        "what becomes public must never be missing in between"
    );
    assert_eq!(planned.keys, [audience(1), audience(2)]);
    assert!(
        planned
            .chains
            .iter()
            .all(|fetch| fetch.route == Route::Pages),
        "short chains need no snapshot"
    );
}

#[test]
fn a_long_chain_begins_with_a_snapshot_but_goes_on_with_pages() {
    let long = head(vec![listed(2, AudienceKind::Public, at(5_000, 5))]);
    assert_eq!(
        plan(&LocalState::default(), &long).unwrap().chains[0].route,
        Route::Snapshot
    );
    let mut local = settled(&long);
    local.positions.insert(audience(2), at(10, 1));
    let planned = plan(&local, &long).unwrap();
    assert_eq!(
        (planned.chains[0].route, planned.chains[0].from),
        (Route::Pages, at(10, 1))
    );
}

#[test]
fn a_chain_that_became_shorter_or_another_is_refused_by_name() {
    let mut local = settled(&two());
    local.positions.insert(audience(2), at(6, 6));
    assert_eq!(plan(&local, &two()), Err(PlanError::SeqTooLow));
    local.positions.insert(audience(2), at(5, 6));
    assert_eq!(plan(&local, &two()), Err(PlanError::Fork));
}

#[test]
fn a_restored_server_is_fetched_anew_where_it_differs() {
    let mut restored = two();
    restored.generation = 2;
    let mut local = settled(&two());
    local.positions.insert(audience(2), at(6, 6));
    let planned = plan(&local, &restored).unwrap();
    assert_eq!(
        planned.chains.len(),
        1,
        "the chain that stands where it stood stays"
    );
    assert_eq!(
        (planned.chains[0].from, planned.chains[0].route),
        (ChainPosition::START, Route::Snapshot)
    );
}

#[test]
fn an_audience_no_longer_listed_has_ended_once() {
    let mut local = settled(&two());
    let only_public = head(vec![listed(2, AudienceKind::Public, at(5, 5))]);
    assert_eq!(plan(&local, &only_public).unwrap().ended, [audience(1)]);
    local.known[0].locked_at_ms = Some(7);
    local.known[0].kind = None;
    assert!(
        plan(&local, &only_public).unwrap().is_nothing_new(),
        "locked already"
    );
}

#[test]
fn an_audience_listed_again_is_open_again() {
    let mut local = settled(&two());
    local.known[0].locked_at_ms = Some(7);
    local.known[0].kind = None;
    let planned = plan(&local, &two()).unwrap();
    assert!(planned.is_nothing_new(), "everything is still there");
}

/// It may come from before a restore that happened while it was not listed.
#[test]
fn an_audience_listed_again_behind_what_lies_here_is_fetched_anew() {
    let mut local = settled(&two());
    local.known[0].locked_at_ms = Some(7);
    local.known[0].kind = None;
    let mut behind = two();
    behind.audiences[0].seq -= 1;
    let planned = plan(&local, &behind).unwrap();
    assert_eq!(planned.chains.len(), 1);
    assert_eq!(
        (planned.chains[0].from, planned.chains[0].route),
        (ChainPosition::START, Route::Snapshot)
    );
}

#[test]
fn a_new_key_epoch_is_fetched_without_new_entries() {
    let mut next = two();
    next.audiences[0].key_epoch = KeyEpoch(2);
    let planned = plan(&settled(&two()), &next).unwrap();
    assert_eq!(
        (planned.keys.as_slice(), planned.chains.len()),
        ([audience(1)].as_slice(), 0)
    );
}

#[test]
fn nothing_is_fetched_for_a_lease_that_is_over() {
    let mut lapsed = two();
    lapsed.audiences[0].readable_until_ms = Some(999);
    let planned = plan(&LocalState::default(), &lapsed).unwrap();
    assert!(
        planned
            .chains
            .iter()
            .all(|fetch| fetch.audience != audience(1))
    );
    assert_eq!(planned.keys, [audience(2)]);
}

#[test]
fn what_was_kept_sealed_is_opened_as_soon_as_its_key_is_here_and_not_before() {
    let head = two();
    let mut local = settled(&head);
    local.sealed = BTreeMap::from([(audience(2), BTreeSet::from([KeyEpoch(9)]))]);
    let waiting = plan(&local, &head).unwrap();
    assert!(waiting.is_nothing_new(), "its key may never come");
    local.sealed = BTreeMap::from([(audience(2), BTreeSet::from([KeyEpoch(1), KeyEpoch(9)]))]);
    let planned = plan(&local, &head).unwrap();
    assert_eq!(planned.unseal, [audience(2)]);
    assert!(!planned.is_nothing_new());
}
