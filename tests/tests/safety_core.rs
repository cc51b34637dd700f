//! What a faction says to each other stands in no byte of the server's memory either: all that its process can write in is read, as a
//! core dump has it, while a tablet waits for news, and searched, as are its files and what it has said.
#![cfg(target_os = "linux")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use council_server::draft::{BodyDraft, CouncilDraft, PersonDraft};
use council_server::{MasterKey, Server};
use faction::{Anchor, Copy, Edit, Readers, Shareable, TextPart};
use stories::faction_writer::{Paired, Writer, store_in_memory};
use stories::process::{Kept, sibling};
use stories::tablet::{bytes_below, make_vault};
use sync::{PairRequest, SyncConfig};
use sync_protocol::ids::{CouncilId, ItemId, ObjectId, to_hex};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use vault::Vault;

const NOW_MS: i64 = 1_796_115_600_000;

fn canary() -> String {
    let random = ItemId::make().unwrap().to_string();
    format!("Zq{}", random.chars().take(18).collect::<String>())
}

/// All forms in which a word could stand somewhere.
fn forms(word: &str) -> Vec<Vec<u8>> {
    let bytes = word.as_bytes();
    let hex = to_hex(bytes);
    let mut forms = vec![
        bytes.to_vec(),
        word.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        word.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    for skip in 0..3 {
        // Whole groups of three bytes look the same wherever the word begins.
        let whole = (bytes.len() - skip) / 3 * 3;
        forms.push(base64(&bytes[skip..skip + whole]));
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

/// The words that stand in these bytes, in any form. One pass: a dump has hundreds of megabytes.
fn found(bytes: &[u8], words: &[String]) -> Vec<String> {
    let mut by_start: HashMap<[u8; 4], Vec<(Vec<u8>, &String)>> = HashMap::new();
    let mut is_first = [false; 256];
    for word in words {
        for form in forms(word) {
            let start = *form.first_chunk().unwrap();
            is_first[usize::from(start[0])] = true;
            by_start.entry(start).or_default().push((form, word));
        }
    }
    let mut hits = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        if !is_first[usize::from(*byte)] {
            continue;
        }
        let rest = &bytes[at..];
        let candidates = rest.first_chunk().and_then(|start| by_start.get(start));
        for (form, word) in candidates.into_iter().flatten() {
            if rest.starts_with(form) {
                hits.push((*word).clone());
            }
        }
    }
    hits.sort();
    hits.dedup();
    hits
}

/// A council with one person for each tablet. Result: a letter's code for each.
fn council(folder: &Path, people: usize) -> Vec<String> {
    let data = folder.join("data");
    let master = MasterKey::load_or_make(&folder.join("master.key"), &data).unwrap();
    let server = Server::open(&data, &master).unwrap();
    let draft = CouncilDraft {
        source: "story".to_owned(),
        complete: true,
        body: Some(BodyDraft {
            name: "Beispielhausen".to_owned(),
            contact: None,
        }),
        persons: (0..people)
            .map(|at| PersonDraft {
                key: format!("p{at}"),
                name: format!("Person {at}"),
                form_of_address: None,
                title: None,
            })
            .collect(),
        ..CouncilDraft::default()
    };
    server.publish(&draft).unwrap();
    (0..people)
        .map(|at| {
            let invitation = server.invite(&format!("p{at}"), true).unwrap();
            invitation.code.to_display().to_string()
        })
        .collect()
}

/// The server's program over that folder. Result: the process, its address, and where its standard error goes.
fn serve(folder: &Path, planted: &str) -> (Kept, String) {
    use std::io::{BufRead, BufReader};
    let errors = fs::File::create(folder.join("errors.log")).unwrap();
    let mut command = Command::new(sibling("council-server").unwrap());
    command
        .arg("--data")
        .arg(folder.join("data"))
        .arg("--master-key")
        .arg(folder.join("master.key"))
        .args(["--json", "serve", "--listen", "127.0.0.1:0"])
        // It lies in the process's memory, and nobody asks for it.
        .env("RATSMAPPE_NOBODY_ASKS", planted)
        .stdout(Stdio::piped())
        .stderr(errors);
    let mut process = Kept::start(&mut command).unwrap();
    let mut line = String::new();
    let pipe = process.child().stdout.take().unwrap();
    BufReader::new(pipe).read_line(&mut line).unwrap();
    let said: serde_json::Value = serde_json::from_str(line.trim()).unwrap();
    (process, said["address"].as_str().unwrap().to_owned())
}

struct Tablet {
    _folder: TempDir,
    vault: Arc<Vault>,
    council: CouncilId,
}

impl Tablet {
    fn paired(runtime: &Runtime, address: &str, code: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let vault = Arc::new(make_vault(folder.path()));
        let request = PairRequest {
            address: address.to_owned(),
            code: code.to_owned(),
        };
        let paired = runtime.block_on(sync::pair(&vault, &request, &SyncConfig::default()));
        Self {
            _folder: folder,
            vault,
            council: paired.unwrap().council,
        }
    }

    fn as_paired(&self) -> Paired<'_> {
        Paired {
            vault: &self.vault,
            council: self.council,
        }
    }
}

#[test]
fn safety_no_word_of_a_faction_stands_in_a_dump_of_the_server() {
    let folder = TempDir::new().unwrap();
    let words: Vec<String> = (0..10).map(|_| canary()).collect();
    let [
        space,
        name,
        device,
        joining,
        joining_device,
        said,
        shared,
        quoted,
        recommended,
        answered,
    ] = &words[..]
    else {
        panic!("ten words")
    };
    let planted = canary();
    let codes = council(folder.path(), 2);
    let (mut server, address) = serve(folder.path(), &planted);
    let runtime = Runtime::new().unwrap();
    let tablets: Vec<Tablet> = codes
        .iter()
        .map(|code| Tablet::paired(&runtime, &address, code))
        .collect();

    // A day of a faction: founded, somebody let in, said, shared, recommended, answered, a snapshot.
    let names = (space.as_str(), name.as_str(), device.as_str());
    let store = store_in_memory().unwrap();
    let mut chair = Writer::found(&runtime, tablets[0].as_paired(), &store, names).unwrap();
    let store = store_in_memory().unwrap();
    let newcomer = tablets[1].as_paired();
    let names = (joining.as_str(), joining_device.as_str());
    let mut member = chair.lets_in(&runtime, newcomer, &store, names).unwrap();
    let anchor = Anchor {
        council: tablets[0].council,
        kind: 7,
        object: ObjectId::from_bytes([7; 16]),
    };
    let everybody = &Readers::Everybody;
    let message = chair
        .space
        .begin_message(Some(anchor), None, &[], said, everybody, NOW_MS)
        .unwrap();
    let copy = Copy {
        anchor,
        text: format!("{shared} {quoted}"),
        mark: None,
        at_ms: NOW_MS,
    };
    let shareable = Shareable::copy(copy, Readers::Everybody).unwrap();
    chair.space.share(&shareable, NOW_MS).unwrap();
    let edit = [Edit::Text(TextPart::Recommendation, recommended.clone())];
    let no_keys = |_, _, _| None;
    chair
        .space
        .edit_position(anchor, &edit, everybody, &no_keys, NOW_MS)
        .unwrap();
    chair.exchange(&runtime).unwrap();
    member.exchange(&runtime).unwrap();
    member
        .space
        .begin_message(
            Some(anchor),
            Some(message),
            &[],
            answered,
            everybody,
            NOW_MS,
        )
        .unwrap();
    member.exchange(&runtime).unwrap();
    member.keeps_snapshot(&runtime).unwrap();
    chair.exchange(&runtime).unwrap();
    let read = chair.space.document(message, &no_keys).unwrap();
    assert_eq!(
        read.texts[&TextPart::Body],
        *said,
        "the tablets can read it"
    );

    // Dumped while somebody waits for news.
    let known = chair.space.known().unwrap();
    let faction = chair.space.faction();
    let core = runtime.block_on(async {
        let waiting = chair.client.news(&faction, known, 20);
        let pid = server.child().id();
        let dump = tokio::task::spawn_blocking(move || dumped(pid));
        tokio::select! {
            _ = waiting => panic!("nothing new was said"),
            core = dump => core.unwrap(),
        }
    });
    assert!(core.len() > 1024 * 1024, "a whole process");
    assert_eq!(found(&core, &words), Vec::<String>::new(), "in its memory");
    let device = chair.space.device();
    let device = device.as_bytes();
    let mut places = core.iter().enumerate();
    assert!(
        places.any(|(at, byte)| *byte == device[0] && core[at..].starts_with(device)),
        "the space is in that memory"
    );
    assert_eq!(
        found(&core, std::slice::from_ref(&planted)),
        std::slice::from_ref(&planted),
        "the search sees what lies in that memory"
    );
    for (path, bytes) in bytes_below(folder.path()) {
        assert_eq!(found(&bytes, &words), Vec::<String>::new(), "{path:?}");
    }
    println!(
        "{} words, none in a dump of {:.0} MB",
        words.len(),
        core.len() as f64 / 1e6
    );
    server.end().unwrap();

    // In every form, at every place of a piece of memory.
    for form in forms(said) {
        let mut memory = vec![b'Z'; 4096];
        memory[1000..1000 + form.len()].copy_from_slice(&form);
        assert_eq!(found(&memory, &words), std::slice::from_ref(said));
    }
}

/// All memory that a process can write in, as a core dump has it: a child may be read without special rights.
fn dumped(pid: u32) -> Vec<u8> {
    use std::io::{Read, Seek, SeekFrom};
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut memory = fs::File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut bytes = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let place = |hex| u64::from_str_radix(hex, 16).unwrap();
        memory.seek(SeekFrom::Start(place(from))).unwrap();
        // What is unmapped meanwhile cannot be read, and is no memory any more.
        let _ = (&memory)
            .take(place(to) - place(from))
            .read_to_end(&mut bytes);
    }
    bytes
}
