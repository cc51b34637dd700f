//! Random words, and the search for them in every byte of a folder. It opens nothing: what it finds lies there readable.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use miniz_oxide::inflate::{
    DecompressError, decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit,
};
use sync_protocol::ids::ObjectId;

use evidence::looking::Looker;

/// Of what is unpacked, bytes; what is longer is searched as far as that.
const UNPACKED: usize = 64 << 10;
/// Beginnings of packed data that name themselves: zlib with its four levels (RFC 1950), gzip (RFC 1952).
const PACKED: [[u8; 2]; 5] = [
    [0x78, 0x01],
    [0x78, 0x5e],
    [0x78, 0x9c],
    [0x78, 0xda],
    [0x1f, 0x8b],
];
/// Of gzip without a name.
const GZIP_HEAD: usize = 10;

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

/// Canaries that stand in these files or in their names, in any of the ways of [`evidence::looking::ways`], also packed, and where.
#[must_use]
pub fn found(files: &BTreeMap<PathBuf, Vec<u8>>, canaries: &[String]) -> Vec<(String, PathBuf)> {
    let looker = Looker::new(canaries);
    let mut hits = Vec::new();
    for (path, bytes) in files {
        let mut words: BTreeSet<String> = looker.found(bytes);
        words.extend(unpacked(bytes).iter().flat_map(|plain| looker.found(plain)));
        let name = path.to_string_lossy();
        words.extend(
            canaries
                .iter()
                .filter(|canary| name.contains(*canary))
                .cloned(),
        );
        hits.extend(words.into_iter().map(|word| (word, path.clone())));
    }
    hits
}

/// What unpacks in these bytes, from each place where packed data may begin.
fn unpacked(bytes: &[u8]) -> Vec<Vec<u8>> {
    // Most bytes are none of the two first ones.
    let is_start = |at: &usize| {
        matches!(bytes[*at], 0x78 | 0x1f)
            && PACKED.iter().any(|start| bytes[*at..].starts_with(start))
    };
    (0..bytes.len())
        .filter(is_start)
        .map(|at| {
            let packed = &bytes[at..];
            let plain = match packed[0] {
                0x78 => decompress_to_vec_zlib_with_limit(packed, UNPACKED),
                _ => decompress_to_vec_with_limit(
                    packed.get(GZIP_HEAD..).unwrap_or_default(),
                    UNPACKED,
                ),
            };
            plain.unwrap_or_else(|DecompressError { output, .. }| output)
        })
        .filter(|plain| plain.len() >= LEN)
        .collect()
}
