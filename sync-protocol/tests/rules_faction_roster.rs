//! Rules F6 to F10: the roster of a faction space.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::NOW_MS;
use common::faction::*;
use proptest::prelude::*;
use sync_protocol::faction::device::*;
use sync_protocol::faction::envelope::AuthorPosition;
use sync_protocol::faction::link::*;
use sync_protocol::faction::relay::*;
use sync_protocol::faction::roster::*;
use sync_protocol::faction::seed::Epoch;
use sync_protocol::ids::*;
use sync_protocol::sign::*;

const NOTHING: AuthorPosition = AuthorPosition::START;

#[test]
fn rule_f6_a_roster_begins_with_its_genesis() {
    let space = Space::founded();
    let founder = space.roster.user(&user(1)).unwrap();
    assert_eq!(
        (founder.role, space.roster.epoch()),
        (Role::Admin, Epoch(1))
    );
    let begin = |link: Link| Roster::begin(&link.sign(&keys(1).sign).unwrap(), None);
    let with = |edit: fn(&mut Genesis)| {
        let mut changed = genesis();
        edit(&mut changed);
        genesis_link(Change::Genesis(Box::new(changed)))
    };
    assert!(matches!(
        begin(with(|g| g.suite = 2)),
        Err(RosterError::UnknownSuite(2))
    ));
    let stranger = Link {
        author: keys(2).device,
        ..with(|_| ())
    };
    assert!(matches!(begin(stranger), Err(RosterError::UnknownSigner)));
    let paper = with(|g| g.device = record(None, user(1), &keys(1), DeviceKind::Paper, &seed(1)));
    assert!(matches!(begin(paper), Err(RosterError::UnknownSigner)));
    let forged = with(|_| ()).sign(&keys(2).sign).unwrap();
    assert!(matches!(
        Roster::begin(&forged, None),
        Err(RosterError::Link(LinkError::Sign(SignError::BadSignature)))
    ));
    for link in [
        Link {
            seq: 2,
            ..with(|_| ())
        },
        Link {
            prev: Hash::of(b"x"),
            ..with(|_| ())
        },
        Link {
            faction: Some(space.id()),
            ..with(|_| ())
        },
        genesis_link(Change::Dissolve),
    ] {
        assert!(matches!(begin(link), Err(RosterError::NoGenesis)));
    }
    let other = FactionId::from_bytes([1; 32]);
    assert!(matches!(
        Roster::verify(&space.links, Some(&other)),
        Err(RosterError::ForeignFaction)
    ));
    assert!(matches!(Roster::verify(&[], None), Err(RosterError::Empty)));
    link_refused!(
        space,
        1,
        Change::Genesis(Box::new(genesis())),
        RosterError::NoGenesis
    );
}

#[test]
fn rule_f7_gaps_forks_and_foreign_links_change_nothing() {
    let space = Space::of_three();
    let sign = |link: Link| link.sign(&keys(1).sign).unwrap();
    let next = || space.next(1, space.add_user(4, Role::Member));
    assert!(space.refusal(&sign(next())).is_none());
    for (seq, found) in [(1, 1), (3, 3), (5, 5), (u64::MAX, u64::MAX)] {
        let refusal = space.refusal(&sign(Link { seq, ..next() }));
        assert!(
            matches!(refusal, Some(RosterError::Gap { expected: 4, found: f }) if f == found),
            "{refusal:?}"
        );
    }
    let fork = sign(Link {
        prev: space.links[1].hash().unwrap(),
        ..next()
    });
    assert!(matches!(space.refusal(&fork), Some(RosterError::Fork)));
    for faction in [None, Some(FactionId::from_bytes([3; 32]))] {
        let foreign = sign(Link { faction, ..next() });
        assert!(matches!(
            space.refusal(&foreign),
            Some(RosterError::ForeignFaction)
        ));
    }
    let mut dropped = space.links.clone();
    dropped.remove(1);
    assert!(matches!(
        Roster::verify(&dropped, Some(&space.id())),
        Err(RosterError::Gap {
            expected: 2,
            found: 3
        })
    ));
    assert_eq!(
        Roster::verify(&space.links, Some(&space.id())).unwrap(),
        space.roster
    );
}

#[test]
fn rule_f8_only_devices_of_the_roster_sign() {
    let mut space = Space::of_three();
    link_refused!(space, 9, Change::Dissolve, RosterError::UnknownSigner);
    let forged = space.next(1, Change::Dissolve).sign(&keys(2).sign).unwrap();
    assert!(matches!(
        space.refusal(&forged),
        Some(RosterError::Link(LinkError::Sign(SignError::BadSignature)))
    ));
    space.remove(2, NOTHING);
    link_refused!(space, 2, space.rotation(), RosterError::RemovedSigner);
}

#[test]
fn rule_f9_roles_decide_who_may_do_what() {
    let mut space = Space::of_three();
    space.push(2, space.add_device(2, 12, DeviceKind::Tablet));
    space.push(2, space.add_device(2, 13, DeviceKind::Paper));
    for author in [2, 3] {
        link_refused!(
            space,
            author,
            space.add_user(5, Role::Member),
            RosterError::InsufficientRole
        );
        link_refused!(
            space,
            author,
            removal(1, NOTHING),
            RosterError::InsufficientRole
        );
        let set = SetRole {
            user: user(author),
            role: Role::Admin,
        };
        link_refused!(
            space,
            author,
            Change::SetRole(set),
            RosterError::InsufficientRole
        );
        link_refused!(
            space,
            author,
            Change::Dissolve,
            RosterError::InsufficientRole
        );
        link_refused!(
            space,
            author,
            space.rotation(),
            RosterError::InsufficientRole
        );
        let other = NOTHING.cut(keys(1).device);
        link_refused!(
            space,
            author,
            Change::RemoveDevice(other),
            RosterError::InsufficientRole
        );
    }
    // Nobody, not even an admin, brings in a device that speaks in another's name.
    link_refused!(
        space,
        1,
        space.add_device(2, 14, DeviceKind::Tablet),
        RosterError::InsufficientRole
    );
    let leave_for = |n: u8| {
        Change::Leave(RemoveUser {
            user: user(n),
            cuts: vec![NOTHING.cut(keys(n).device)],
        })
    };
    link_refused!(space, 2, leave_for(3), RosterError::InsufficientRole);
    // The paper key: devices of its owner and rotation, nothing else.
    link_refused!(space, 13, leave_for(2), RosterError::PaperKey);
    link_refused!(
        space,
        13,
        space.add_device(3, 14, DeviceKind::Tablet),
        RosterError::PaperKey
    );
    let other = NOTHING.cut(keys(3).device);
    link_refused!(
        space,
        13,
        Change::RemoveDevice(other),
        RosterError::PaperKey
    );
    space.push(13, space.add_device(2, 14, DeviceKind::Tablet));
    space.push(13, Change::RemoveDevice(NOTHING.cut(keys(12).device)));
    space.push(13, space.rotation());
    // An admin takes out a single device and gives roles; a new admin may do the same.
    space.push(1, Change::RemoveDevice(NOTHING.cut(keys(14).device)));
    space.push(3, space.rotation());
    space.push(
        1,
        Change::SetRole(SetRole {
            user: user(3),
            role: Role::Admin,
        }),
    );
    space.push(3, space.add_user(5, Role::Member));
    space.push(5, leave_for(5));
    assert!(space.roster.is_rotation_due());
}

#[test]
fn rule_f10_whoever_goes_makes_a_new_epoch_due() {
    let mut space = Space::of_three();
    link_refused!(space, 1, removal(1, NOTHING), RosterError::LastAdmin);
    let demoted = SetRole {
        user: user(1),
        role: Role::Member,
    };
    link_refused!(space, 1, Change::SetRole(demoted), RosterError::LastAdmin);
    let own = NOTHING.cut(keys(1).device);
    link_refused!(space, 1, Change::RemoveDevice(own), RosterError::LastAdmin);
    let cut = |n: u8, counter, hash| Cut {
        device: keys(n).device,
        counter,
        hash,
    };
    let out = |cuts| {
        Change::RemoveUser(RemoveUser {
            user: user(2),
            cuts,
        })
    };
    let whole = cut(2, 0, Hash::ZERO);
    let wrong = [
        vec![],
        vec![cut(3, 0, Hash::ZERO)],
        vec![whole, cut(3, 0, Hash::ZERO)],
        vec![whole, whole],
        vec![cut(2, 0, Hash::of(b""))],
        vec![cut(2, 1, Hash::ZERO)],
    ];
    for cuts in wrong {
        link_refused!(space, 1, out(cuts), RosterError::WrongCut);
    }
    link_refused!(space, 1, removal(7, NOTHING), RosterError::WrongUser);
    let unknown = NOTHING.cut(keys(9).device);
    link_refused!(
        space,
        1,
        Change::RemoveDevice(unknown),
        RosterError::WrongDevice
    );
    space.push(1, out(vec![whole]));
    assert!(space.roster.is_rotation_due());
    link_refused!(
        space,
        1,
        space.add_user(4, Role::Member),
        RosterError::RotationDue
    );
    link_refused!(
        space,
        3,
        space.add_device(3, 12, DeviceKind::Tablet),
        RosterError::RotationDue
    );
    link_refused!(space, 1, removal(2, NOTHING), RosterError::WrongUser);
    let skipping = match space.rotation() {
        Change::Rotate(rotate) => Change::Rotate(Rotate {
            epoch: Epoch(3),
            ..rotate
        }),
        other => panic!("{other:?}"),
    };
    link_refused!(space, 3, skipping, RosterError::WrongEpoch);
    space.push(3, space.rotation());
    assert!(!space.roster.is_rotation_due());
    assert_eq!(space.roster.epoch(), Epoch(2));
    space.push(1, Change::Dissolve);
    link_refused!(
        space,
        1,
        space.add_user(4, Role::Member),
        RosterError::Dissolved
    );
}

#[test]
fn rule_f28_the_server_orders_what_is_made_for_its_last_state() {
    let space = Space::of_three();
    let (one, at_1) = space.says(2, &NOTHING, "eins");
    let (two, _) = space.says(2, &at_1, "zwei");
    assert_eq!(
        check_post(&space.roster, &NOTHING, &one).unwrap(),
        PostVerdict::New(at_1)
    );
    assert_eq!(
        check_post(&space.roster, &at_1, &one).unwrap(),
        PostVerdict::Known
    );
    let gap = check_post(&space.roster, &NOTHING, &two);
    assert!(matches!(gap, Err(PostRefused::Envelope(_))));
    let after = space.roster.head().hash;
    let last = |at: AuthorPosition| {
        move |device: &FactionDeviceId| {
            if *device == keys(2).device {
                at
            } else {
                NOTHING
            }
        }
    };
    let append = |at, after: &Hash, links: &[SignedLink]| {
        check_append(&space.roster, last(at), after, links)
    };
    let unseen = space.signed(1, removal(2, NOTHING));
    assert!(append(NOTHING, &after, std::slice::from_ref(&unseen)).is_ok());
    let behind = append(at_1, &after, &[unseen]);
    assert!(
        matches!(behind, Err(AppendRefused::Conflict)),
        "she has said more"
    );
    let mut next = space.clone();
    next.push(1, removal(2, at_1));
    let out = next.links.last().unwrap().clone();
    next.push(1, next.rotation());
    let rotated = next.links.last().unwrap().clone();
    let both = append(at_1, &after, &[out.clone(), rotated.clone()]).unwrap();
    assert_eq!(both, next.roster);
    for wrong in [Hash::ZERO, space.links[1].hash().unwrap()] {
        let verdict = append(at_1, &wrong, &[out.clone(), rotated.clone()]);
        assert!(matches!(verdict, Err(AppendRefused::Conflict)));
    }
    let alone = append(at_1, &after, &[rotated]);
    assert!(matches!(alone, Err(AppendRefused::Roster(_))));
    assert!(matches!(
        append(at_1, &after, &[]),
        Err(AppendRefused::Count)
    ));
    let late = check_post(&next.roster, &at_1, &two);
    assert!(
        matches!(late, Err(PostRefused::Conflict)),
        "it names an older head"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a link is about and whoever signs it: it is taken, or refused with the state unchanged.
    #[test]
    fn any_link_is_taken_or_changes_nothing(author in 1u8..6, what in 0u8..8, whom in 1u8..6, seq in 0u64..7) {
        let mut space = Space::of_three();
        space.push(3, Change::Leave(RemoveUser { user: user(3), cuts: vec![NOTHING.cut(keys(3).device)] }));
        if what % 2 == 0 {
            space.push(2, space.rotation());
        }
        let change = match what {
            0 | 1 => space.add_user(whom, Role::Admin),
            2 => removal(whom, NOTHING),
            3 => Change::RemoveDevice(NOTHING.cut(keys(whom).device)),
            4 => space.rotation(),
            5 => Change::Dissolve,
            6 => Change::SetRole(SetRole { user: user(whom), role: Role::Member }),
            _ => space.add_device(whom, whom + 8, DeviceKind::Tablet),
        };
        let link = Link { seq, at_ms: NOW_MS, ..space.next(author, change) };
        let link = link.sign(&keys(author).sign).unwrap();
        let _ = space.refusal(&link);
    }
}
