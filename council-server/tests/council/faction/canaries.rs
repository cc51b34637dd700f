//! Random words go wherever a faction's words can go. After a day none of them stands in any byte of the server's folder, nor in what
//! it says of its own trouble and its audit.

use std::sync::{Arc, Mutex};

use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::device::FactionKeys;
use sync_protocol::faction::join::{
    JoinKey, JoinNames, JoinOffer, LetterCode, QR_LIFETIME_MS, check_hello, make_finish,
    make_hello, make_start,
};
use sync_protocol::faction::link::Role;
use sync_protocol::faction::wire::{self, JoinStep, OpenInvitation};
use sync_protocol::ids::{ItemId, UserId, to_hex};
use sync_protocol::pairing::PairNonce;

use super::{assert_ok, tablet};
use crate::support::member::Member;
use crate::support::{START_AT_MS, TestCouncil, bytes_below, write_in_the_clear};
use council_server::{ServeOptions, ServerError};

pub(crate) fn canary() -> String {
    let random = ItemId::make().unwrap().to_string();
    format!("Zq{}", random.chars().take(18).collect::<String>())
}

/// All forms in which a word could stand somewhere.
pub(crate) fn forms(word: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = word.as_bytes();
    let hex = to_hex(bytes);
    let mut forms = vec![
        ("text", bytes.to_vec()),
        (
            "UTF-16",
            word.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        (
            "UTF-16, big-endian",
            word.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ),
        ("hex", hex.to_uppercase().into_bytes()),
        ("hex", hex.into_bytes()),
    ];
    for skip in 0..3 {
        // Whole groups of three bytes look the same wherever the word begins.
        let whole = (bytes.len() - skip) / 3 * 3;
        forms.push(("base64", base64(&bytes[skip..skip + whole])));
    }
    forms
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = bytes.chunks_exact(3).flat_map(|group| {
        let number = group
            .iter()
            .fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
        [18, 12, 6, 0].map(|shift| DIGITS[(number >> shift & 63) as usize])
    });
    groups.collect()
}

/// The words that stand in `bytes` in some form.
pub(crate) fn found(bytes: &[u8], words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for word in words {
        for (form, needle) in forms(word) {
            if bytes.windows(needle.len()).any(|place| place == needle) {
                found.push(format!("{word} as {form}"));
            }
        }
    }
    found
}

// Shows: O.Source_3
#[test]
fn no_word_of_a_faction_stands_readable_at_the_server() {
    let council = TestCouncil::with_folder();
    let trouble = Arc::new(Mutex::new(String::new()));
    let told = Arc::clone(&trouble);
    let options = ServeOptions {
        on_trouble: Some(Arc::new(move |error: &ServerError| {
            told.lock().unwrap().push_str(&format!("{error:?} {error}"));
        })),
        ..ServeOptions::default()
    };
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let handle = council.server.serve_with(listen, options).unwrap();
    let words: Vec<String> = (0..8).map(|_| canary()).collect();
    let [space, name, device, said, answered, joining, kept, late] = &words[..] else {
        panic!("eight words")
    };

    let own = tablet(&council, &handle, "ada");
    let (mut chair, founding) = Member::founding_named(own, space);
    assert_ok(&chair.tells(wire::PATH_SPACES, to_cbor(&founding)));
    let newcomer = tablet(&council, &handle, "bruno");
    let (keys, user) = comes_in(&mut chair, &newcomer, name, device, joining);
    chair.says(said);
    let mut second = Member::enters(newcomer, keys, user, chair.space());
    second.says(answered);
    second.fetch();
    second.heard.push(kept.clone());
    assert_ok(&second.keeps(&second.snapshot()));
    chair.takes_out(&second);
    chair.says(late);
    chair.tells(
        &wire::path_envelopes(&chair.space()),
        said.clone().into_bytes(),
    );

    let folder = council.root.path().join("data");
    assert_eq!(found(&bytes_below(&folder), &words), Vec::<String>::new());
    let audit = format!("{:?}", council.server.audit().unwrap());
    assert_eq!(found(audit.as_bytes(), &words), Vec::<String>::new());
    assert_eq!(trouble.lock().unwrap().as_str(), "", "there was no trouble");
    // The server has the key of its tables, so it is no answer that they are encrypted: the words are not in what it can read either.
    let clear = council.root.path().join("clear.db");
    write_in_the_clear(&council.tables(), &clear);
    let clear = std::fs::read(clear).unwrap();
    assert_eq!(found(&clear, &words), Vec::<String>::new());
    assert!(
        clear
            .windows(16)
            .any(|place| place == chair.keys.device.as_bytes()),
        "the search looks where the space is"
    );

    // The search sees what is there to be seen.
    for (form, bytes) in forms(said) {
        let planted = [b"..", bytes.as_slice(), b".."].concat();
        std::fs::write(folder.join("planted"), planted).unwrap();
        let seen = found(&bytes_below(&folder), std::slice::from_ref(said));
        assert!(!seen.is_empty(), "{form}");
    }
}

/// The whole way in over the mailbox, and the link that lets her in.
fn comes_in(
    chair: &mut Member,
    newcomer: &crate::support::tablet::Tablet,
    name: &str,
    device: &str,
    joining: &str,
) -> (FactionKeys, UserId) {
    let key = JoinKey::of_letter(&LetterCode::make().unwrap());
    let id = key.invitation_id();
    let open = OpenInvitation {
        invitation: id,
        expires_at_ms: START_AT_MS + QR_LIFETIME_MS,
    };
    assert_ok(&chair.tells(&wire::path_invitations(&chair.space()), to_cbor(&open)));
    let keys = FactionKeys::make().unwrap();
    let start = make_start(&key, &keys).unwrap();
    let offer = JoinOffer {
        faction: chair.space(),
        inviter: chair.keys.device,
        fingerprint: chair
            .roster
            .devices()
            .next()
            .unwrap()
            .record
            .claim
            .fingerprint(),
        user: UserId::make().unwrap(),
        role: Some(Role::Member),
        nonce: PairNonce::make().unwrap(),
    };
    let (hello, _) = make_hello(&key, &start, offer);
    let transcript = check_hello(&key, None, &start, &hello).unwrap();
    let names = JoinNames {
        user: joining.to_owned(),
        device: device.to_owned(),
    };
    let finish = make_finish(&key, &transcript, &offer, &keys, &names).unwrap();
    let puts = |step, body| {
        let path = wire::path_join_step(&id, step);
        newcomer.request(reqwest::Method::POST, &path, body, None)
    };
    assert_ok(&puts(JoinStep::Start, to_cbor(&start)));
    let path = wire::path_join_step(&id, JoinStep::Hello);
    assert_ok(&chair.tells(&path, to_cbor(&hello)));
    assert_ok(&puts(JoinStep::Finish, to_cbor(&finish)));
    let append = chair.admission(&keys, offer.user, name);
    chair.carries_out(&append);
    (keys, offer.user)
}
