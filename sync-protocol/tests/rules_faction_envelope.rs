//! Rules F14 to F17: envelopes of a faction space.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::faction::*;
use sync_protocol::cbor::{CborError, to_cbor};
use sync_protocol::faction::content::*;
use sync_protocol::faction::device::DeviceKind;
use sync_protocol::faction::envelope::*;
use sync_protocol::faction::link::*;
use sync_protocol::faction::seed::*;
use sync_protocol::ids::*;
use sync_protocol::sign::{SignError, SigningKey};

const NOTHING: AuthorPosition = AuthorPosition::START;

#[test]
fn rule_f14_envelopes_are_signed_and_chained_for_each_author() {
    let space = Space::of_three();
    let (first, at_1) = space.says(2, &NOTHING, "eins");
    let (second, at_2) = space.says(2, &at_1, "zwei");
    let header = second.header().unwrap();
    assert_eq!((header.counter, header.prev), (2, first.hash().unwrap()));
    assert_eq!(
        (header.head, header.epoch),
        (space.roster.head().hash, Epoch(1))
    );
    assert_eq!(
        at_2,
        AuthorPosition {
            counter: 2,
            hash: second.hash().unwrap(),
            roster_seq: 3
        }
    );
    let bytes = first.as_bytes();
    // {0: 1, 1: body of up to 65,535 bytes, 2: signature}.
    let body = &bytes[7..bytes.len() - 67];
    let mut hashed = b"ratsmappe/faction/envelope-hash/1\0".to_vec();
    hashed.extend(body);
    assert_eq!(first.hash().unwrap(), Hash::of(&hashed));
    let mut newer = bytes.to_vec();
    newer[2] = 2;
    assert!(matches!(
        SignedEnvelope(newer).header(),
        Err(EnvelopeError::Form(CborError::UnknownVersion(2)))
    ));
}

#[test]
fn rule_f15_content_opens_with_the_seed_in_its_place() {
    let space = Space::of_three();
    let (envelope, _) = space.says(2, &NOTHING, "Radweg ablehnen");
    let verified = verify_envelope(&space.roster, &NOTHING, &envelope).unwrap();
    let opened = Content::from_bytes(&verified.open(&seed(1)).unwrap()).unwrap();
    assert_eq!(opened, content("Radweg ablehnen"));
    assert_eq!(verified.open(&seed(2)), Err(SealError::DoesNotOpen));
    let mut moved = verified.clone();
    moved.header.counter = 2;
    assert_eq!(
        moved.open(&seed(1)),
        Err(SealError::DoesNotOpen),
        "the header is bound"
    );
    let text = envelope.as_bytes();
    assert!(!text.windows(6).any(|bytes| bytes == b"Radweg"));
}

#[test]
fn rule_f16_lengths_tell_little() {
    let space = Space::founded();
    let len = |content: usize| {
        let keys = keys(1);
        let content = vec![b'x'; content];
        let made = make_envelope(
            &space.roster,
            &seed(1),
            keys.device,
            &keys.sign,
            &NOTHING,
            &content,
        );
        made.unwrap().0.as_bytes().len()
    };
    let least = len(0);
    assert_eq!(least, len(252), "up to 252 bytes look the same");
    assert_eq!(len(253), least + 16, "272 after 256: steps of a sixteenth");
    assert_eq!(len(301), len(316));
    let sizes: std::collections::BTreeSet<usize> = (0..5_000).step_by(7).map(len).collect();
    assert!(sizes.len() <= 80, "{} sizes for 5,000 lengths", sizes.len());
    for content in [300, 3_000, 30_000, 150_000] {
        assert!(
            len(content) - 300 <= content + content / 8,
            "at most an eighth more"
        );
    }
}

macro_rules! refused {
    ($space:expr, $seen:expr, $envelope:expr, $error:pat) => {{
        let verdict = verify_envelope(&$space.roster, $seen, $envelope);
        assert!(matches!(verdict, Err($error)), "{verdict:?}");
    }};
}

#[test]
fn rule_f17_an_envelope_is_the_next_one_of_its_author() {
    let space = Space::of_three();
    let (one, at_1) = space.says(2, &NOTHING, "eins");
    let (two, at_2) = space.says(2, &at_1, "zwei");
    let (other_one, at_other) = space.says(2, &NOTHING, "anders");
    let (other_two, _) = space.says(2, &at_other, "anders");
    let (three, _) = space.says(2, &at_2, "drei");
    assert!(verify_envelope(&space.roster, &NOTHING, &one).is_ok());
    assert!(verify_envelope(&space.roster, &at_1, &two).is_ok());
    refused!(space, &at_1, &one, EnvelopeError::Replayed);
    refused!(space, &at_2, &one, EnvelopeError::Replayed);
    refused!(space, &at_1, &other_one, EnvelopeError::Equivocation);
    refused!(space, &at_1, &other_two, EnvelopeError::Equivocation);
    refused!(
        space,
        &at_1,
        &three,
        EnvelopeError::Gap {
            expected: 2,
            found: 3
        }
    );
    let other = Space::founded();
    refused!(other, &NOTHING, &one, EnvelopeError::ForeignFaction);
    let keys = keys(2);
    let stranger = SigningKey::from_bytes([9; 32]);
    let forged = make_envelope(
        &space.roster,
        &seed(1),
        keys.device,
        &stranger,
        &NOTHING,
        b"",
    )
    .unwrap()
    .0;
    refused!(
        space,
        &NOTHING,
        &forged,
        EnvelopeError::Sign(SignError::BadSignature)
    );
}

#[test]
fn rule_f17_an_envelope_fits_the_roster_that_it_names() {
    let mut space = Space::of_three();
    let before = space.clone();
    let (_, at_1) = before.says(2, &NOTHING, "eins");
    let (two, at_2) = before.says(2, &at_1, "zwei");
    let (three, _) = before.says(2, &at_2, "rückdatiert");
    let (other_two, _) = before.says(2, &at_1, "anders");
    space.remove(2, at_2);
    let due = space.clone();
    assert!(
        verify_envelope(&space.roster, &at_1, &two).is_ok(),
        "up to the cut it counts"
    );
    refused!(space, &at_2, &three, EnvelopeError::AfterCut);
    refused!(space, &at_1, &other_two, EnvelopeError::Equivocation);
    let (left, _) = before.says(3, &NOTHING, "von vorher");
    assert!(verify_envelope(&space.roster, &NOTHING, &left).is_ok());
    let keys_3 = keys(3);
    let make = |space: &Space, seed: &EpochSeed, last: &AuthorPosition| {
        make_envelope(&space.roster, seed, keys_3.device, &keys_3.sign, last, b"")
    };
    assert!(matches!(
        make(&due, &seed(1), &NOTHING),
        Err(MakeEnvelopeError::RotationDue)
    ));
    space.push(3, space.rotation());
    let (late, at_late) = space.says(3, &NOTHING, "neu");
    refused!(due, &NOTHING, &late, EnvelopeError::UnknownHead);
    let (back, _) = before.says(3, &at_late, "zurück");
    refused!(space, &at_late, &back, EnvelopeError::HeadWentBack);
    let keys_2 = keys(2);
    let gone = make_envelope(
        &space.roster,
        &seed(2),
        keys_2.device,
        &keys_2.sign,
        &at_2,
        b"",
    );
    assert!(matches!(gone, Err(MakeEnvelopeError::NotInRoster)));

    // Envelopes that no honest device makes: another head or epoch under a good signature.
    let lie = |author: u8, head: Hash, epoch: u32, last: &AuthorPosition| {
        forged_envelope(&space, author, head, Epoch(epoch), last)
    };
    let hash_of = |seq: usize| space.links[seq - 1].hash().unwrap();
    refused!(
        space,
        &NOTHING,
        &lie(3, hash_of(4), 1, &NOTHING),
        EnvelopeError::RotationDue
    );
    refused!(
        space,
        &NOTHING,
        &lie(3, hash_of(5), 1, &NOTHING),
        EnvelopeError::WrongEpoch
    );
    refused!(
        space,
        &NOTHING,
        &lie(3, hash_of(2), 1, &NOTHING),
        EnvelopeError::NotMemberThen
    );
    let low = AuthorPosition { counter: 1, ..at_1 };
    refused!(
        due,
        &low,
        &lie(2, hash_of(4), 1, &low),
        EnvelopeError::Equivocation
    );
    let mut ended = before.clone();
    ended.push(1, Change::Dissolve);
    let after = forged_envelope(&ended, 3, ended.roster.head().hash, Epoch(1), &NOTHING);
    refused!(ended, &NOTHING, &after, EnvelopeError::Dissolved);
    assert!(matches!(
        make(&ended, &seed(1), &NOTHING),
        Err(MakeEnvelopeError::Dissolved)
    ));

    let mut with_paper = before;
    with_paper.push(2, with_paper.add_device(2, 13, DeviceKind::Paper));
    let spoken = with_paper.says(13, &NOTHING, "Papier");
    refused!(with_paper, &NOTHING, &spoken.0, EnvelopeError::PaperKey);
}

/// Signed by the author, whatever it names.
fn forged_envelope(
    space: &Space,
    author: u8,
    head: Hash,
    epoch: Epoch,
    last: &AuthorPosition,
) -> SignedEnvelope {
    let header = EnvelopeHeader {
        faction: space.id(),
        device: keys(author).device,
        counter: last.counter + 1,
        prev: last.hash,
        head,
        epoch,
    };
    // {0: header, 1: sealed bytes}, N5's envelope around it.
    let mut body = vec![0xa2, 0x00];
    body.extend(to_cbor(&header));
    body.extend([0x01, 0x41, 0x00]);
    let domain = sync_protocol::sign::Domain::FactionEnvelope;
    let signature = keys(author).sign.sign(domain, &body).unwrap();
    let mut envelope = vec![0xa3, 0x00, 0x01, 0x01, 0x58, body.len() as u8];
    envelope.extend(&body);
    envelope.extend([0x02, 0x58, 0x40]);
    envelope.extend(signature.0);
    SignedEnvelope(envelope)
}
