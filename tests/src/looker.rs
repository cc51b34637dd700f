//! Random words, and the search for them in every byte of a folder. It opens nothing: what it finds lies there readable.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use sync_protocol::ids::ObjectId;

/// Length of each canary, bytes; all ASCII.
pub const LEN: usize = 18;

/// Random words that stand nowhere by chance.
#[must_use]
pub fn canaries(count: usize) -> Vec<String> {
    let random = |_| {
        ObjectId::make()
            .unwrap()
            .to_string()
            .chars()
            .take(LEN - 2)
            .collect::<String>()
    };
    (0..count)
        .map(|number| format!("Zq{}", random(number)))
        .collect()
}

/// Canaries that stand in these files or in their names, as UTF-8 or UTF-16, and where.
#[must_use]
pub fn found(files: &BTreeMap<PathBuf, Vec<u8>>, canaries: &[String]) -> Vec<(String, PathBuf)> {
    let mut needles: HashMap<Vec<u8>, &String> = HashMap::new();
    for canary in canaries {
        needles.insert(canary.clone().into_bytes(), canary);
        needles.insert(
            canary.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            canary,
        );
        needles.insert(
            canary.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            canary,
        );
    }
    let mut hits = Vec::new();
    for (path, bytes) in files {
        for window in [LEN, 2 * LEN] {
            for place in bytes
                .windows(window)
                .filter(|place| place[..2.min(window)].contains(&b'Z'))
            {
                if let Some(canary) = needles.get(place) {
                    hits.push(((*canary).clone(), path.clone()));
                }
            }
        }
        let name = path.to_string_lossy();
        hits.extend(
            canaries
                .iter()
                .filter(|canary| name.contains(*canary))
                .map(|canary| (canary.clone(), path.clone())),
        );
    }
    hits
}
