//! What of the keys is left in this process after locking: all of its memory that can be written is searched, for the keys as bytes and as
//! hexadecimal digits. A planted copy has to be found.

use crate::secret::{Purpose, SecretKey, scrub_stack};
use crate::{
    Door, KdfCost, KeyStoreInMemory, Passphrase, Pin, Vault, make_device_keys, system_moment,
};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use sync_protocol::class_key::{ClassKey, KeyEpoch, derive_database_key};
use sync_protocol::head::HighWater;
use sync_protocol::ids::{AudienceId, CouncilId, DeviceId};
use sync_protocol::root::SignedRoot;
use sync_protocol::sign::PublicKey;
use zeroize::Zeroize;

/// What is looked for, turned over so that the list itself is no copy.
struct Sought {
    name: &'static str,
    turned: Vec<u8>,
}

const TURN: u8 = 0xa5;

impl Sought {
    fn forms(name: &'static str, key: &[u8]) -> Vec<Self> {
        let turn = |bytes: &mut dyn Iterator<Item = u8>| bytes.map(|byte| byte ^ TURN).collect();
        let hex = |digits: &'static [u8; 16]| {
            let each = move |byte: &u8| {
                [
                    digits[usize::from(byte >> 4)],
                    digits[usize::from(byte & 15)],
                ]
            };
            move |key: &[u8]| -> Vec<u8> {
                let mut turned = Vec::with_capacity(2 * key.len());
                for byte in key {
                    turned.extend(each(byte).map(|digit| digit ^ TURN));
                }
                turned
            }
        };
        [
            turn(&mut key.iter().copied()),
            hex(b"0123456789abcdef")(key),
            hex(b"0123456789ABCDEF")(key),
        ]
        .map(|turned| Self { name, turned })
        .into()
    }
}

/// The names of what stands in the memory of this process, once for each place.
fn found(sought: &[Sought]) -> Vec<&'static str> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = File::open("/proc/self/mem").unwrap();
    let mut hits = Vec::new();
    let mut buffer = vec![0; 1 << 20];
    let own = buffer.as_ptr() as u64..buffer.as_ptr() as u64 + buffer.len() as u64;
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let place = |hex| u64::from_str_radix(hex, 16).unwrap();
        let (mut at, to) = (place(from), place(to));
        while at < to {
            // Pieces overlap by the longest form.
            let length = buffer.len().min((to - at) as usize);
            if memory.seek(SeekFrom::Start(at)).is_err()
                || memory.read_exact(&mut buffer[..length]).is_err()
            {
                break;
            }
            for (offset, window) in buffer[..length].windows(64).enumerate() {
                if own.contains(&(at + offset as u64)) {
                    continue;
                }
                for one in sought {
                    let first = one.turned[0] ^ TURN;
                    if window[0] == first
                        && window.iter().zip(&one.turned).all(|(a, b)| *a == b ^ TURN)
                    {
                        hits.push(one.name);
                    }
                }
            }
            if length < buffer.len() {
                break;
            }
            at += (length - 64) as u64;
        }
    }
    buffer.zeroize();
    hits.sort_unstable();
    hits
}

fn record() -> crate::CouncilRecord {
    let device = DeviceId::from_bytes([9; 16]);
    crate::CouncilRecord {
        council: COUNCIL,
        name: "Rat".into(),
        person_name: "Erika Beispiel".into(),
        address: "https://rat.example".into(),
        root_key: PublicKey([3; 32]),
        device,
        signed_root: SignedRoot(vec![1, 2, 3]),
        head_high_water: HighWater::new(COUNCIL, device),
        signed_head: None,
        confirmed: true,
        confirm_words: Vec::new(),
        revoked: false,
        paired_at_ms: 1_000,
        last_sync_at_ms: None,
        ended_audiences: Vec::new(),
        forgetting: crate::Forgetting::default(),
    }
}

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const AUDIENCE: AudienceId = AudienceId::from_bytes([5; 16]);

/// A day of a vault, on a thread of its own and as the commands of the app are, with its stack scrubbed after it: opened by passphrase and by PIN, read, written, locked.
#[inline(never)]
fn day() -> Vec<Sought> {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new(folder.path(), Some(Arc::<KeyStoreInMemory>::default()));
    let passphrase = Passphrase::new("apfel birne kirsche traube melone");
    let (vault, _) = door.create_with(&passphrase, KdfCost::for_tests()).unwrap();
    let mut sought = Vec::new();
    let mut look_for = |name, key: &[u8]| sought.extend(Sought::forms(name, key));
    look_for("root key", vault.root.bytes());
    for (name, purpose, context) in [
        ("keyring key", Purpose::Keyring, &b""[..]),
        ("key of private.db", Purpose::PrivateDb, b""),
        ("key of faction.db", Purpose::FactionDb, b""),
        ("key of council.db", Purpose::CouncilDb, COUNCIL.as_bytes()),
    ] {
        look_for(name, vault.root.derive(purpose, context).unwrap().bytes());
    }
    let keys = make_device_keys().unwrap();
    look_for("device signing key", keys.signing_key.expose());
    look_for("device box key", keys.box_key.expose());
    let class_key = ClassKey::from_bytes(*SecretKey::make().unwrap().bytes());
    look_for("class key", class_key.expose());
    let storage = derive_database_key(&class_key, &COUNCIL, &AUDIENCE);
    look_for("key of a closed database", storage.as_slice());
    vault.keyring().add_council(record(), &keys).unwrap();
    let epoch = KeyEpoch(1);
    vault
        .keyring()
        .put_class_keys(COUNCIL, &[(AUDIENCE, epoch, class_key)])
        .unwrap();
    vault.set_pin(&Pin::new("731904")).unwrap();
    let read = |vault: &Vault| {
        for database in [
            vault.open_private_db().unwrap(),
            vault.open_faction_db().unwrap(),
            vault.open_council_db(COUNCIL).unwrap(),
            vault.open_closed_db(COUNCIL, AUDIENCE).unwrap(),
        ] {
            database
                .execute_batch("CREATE TABLE IF NOT EXISTS t(a); INSERT INTO t VALUES (1)")
                .unwrap();
        }
        drop(vault.keyring().device_signing_key(COUNCIL).unwrap());
        drop(vault.keyring().device_box_key(COUNCIL).unwrap());
        drop(vault.keyring().newest_class_key(COUNCIL, AUDIENCE).unwrap());
        let sealed = vault.seal_quote(COUNCIL, AUDIENCE, b"quotation").unwrap();
        vault.open_quote(COUNCIL, AUDIENCE, &sealed).unwrap();
    };
    read(&vault);
    vault.lock();
    for by_pin in [true, false] {
        let vault = if by_pin {
            door.unlock_with_pin(&Pin::new("731904"), system_moment())
        } else {
            door.unlock(&passphrase, system_moment())
        };
        let vault = vault.unwrap();
        read(&vault);
        vault.lock();
    }
    sought
}

#[test]
fn safety_no_key_is_left_in_memory_after_locking() {
    let sought = std::thread::spawn(|| {
        let sought = day();
        scrub_stack();
        sought
    });
    let sought = sought.join().unwrap();
    assert_eq!(found(&sought), Vec::<&str>::new(), "after locking");
    // The search itself: a copy of the last one lies there now, as bytes and as digits.
    let planted: Vec<Vec<u8>> = sought
        .iter()
        .map(|one| one.turned.iter().map(|byte| byte ^ TURN).collect())
        .collect();
    let names: Vec<&str> = found(&sought);
    assert!(
        sought.iter().all(|one| names.contains(&one.name)) && names.len() >= planted.len(),
        "planted copies are found"
    );
    let counts = evidence::Counts {
        tried: sought.len() as u64,
        refused: planted.len() as u64,
        lost: 0,
    };
    evidence::record("memory", counts).unwrap();
}
