//! Whether every page of an SQLCipher file carries its right authentication code, reckoned here on all cores: SQLCipher's own check
//! takes two to four times as long, and a member waits for it at every unlocking. What does not fit here is no verdict: SQLCipher is
//! asked then, and it alone says what is damaged.
//! Source: the file format of SQLCipher 4 (HMAC-SHA512, pages of 4,096 bytes, key of the codes by PBKDF2 in two rounds).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::num::NonZeroU32;
use std::path::Path;

use ring::{hmac, pbkdf2};
use zeroize::Zeroizing;

use crate::secret::SecretKey;

const PAGE_LEN: usize = 4096;
/// The code ends a page; it is over everything before it, and the page's number.
const CODE_LEN: usize = 64;
/// The first page begins with the salt, which the code does not cover.
const SALT_LEN: usize = 16;
/// What each byte of the salt is mixed with for the key of the codes.
const SALT_MASK: u8 = 0x3a;
const ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);
/// Pages read at once.
const AT_ONCE: usize = 64;
/// Pages for which another core is not worth waking.
const LEAST_FOR_A_CORE: u64 = 512;

/// Whether every page of the file carries its code. Also `false`: the file is empty, or no whole number of pages.
///
/// Errors: the file cannot be read.
pub(crate) fn all_fit(path: &Path, key: &SecretKey) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let byte_len = file.metadata()?.len();
    let page_len = PAGE_LEN as u64;
    let count = byte_len / page_len;
    if count == 0 || byte_len % page_len != 0 || u32::try_from(count).is_err() {
        return Ok(false);
    }
    let mut salt = [0u8; SALT_LEN];
    file.read_exact(&mut salt)?;
    let code_key = code_key(key, salt);
    let cores = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let each = count.div_ceil(cores).max(LEAST_FOR_A_CORE);
    std::thread::scope(|scope| {
        let parts = (0..count).step_by(usize::try_from(each).unwrap_or(usize::MAX));
        let started: Vec<_> = parts
            .map(|from| {
                let (upto, code_key) = (from.saturating_add(each).min(count), &code_key);
                scope.spawn(move || part_fits(path, code_key, from, upto))
            })
            .collect();
        let mut do_all_fit = true;
        for part in started {
            let stopped = |_| io::Error::other("a part of the check has stopped");
            do_all_fit &= part.join().map_err(stopped)??;
        }
        Ok(do_all_fit)
    })
}

fn code_key(key: &SecretKey, mut salt: [u8; SALT_LEN]) -> hmac::Key {
    salt.iter_mut().for_each(|byte| *byte ^= SALT_MASK);
    let mut derived = Zeroizing::new([0u8; 32]);
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA512,
        ROUNDS,
        &salt,
        key.bytes(),
        derived.as_mut_slice(),
    );
    hmac::Key::new(hmac::HMAC_SHA512, derived.as_slice())
}

/// Pages from `from`, counted from 0, before `upto`.
fn part_fits(path: &Path, code_key: &hmac::Key, from: u64, upto: u64) -> io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from.saturating_mul(PAGE_LEN as u64)))?;
    let mut buffer = vec![0u8; PAGE_LEN * AT_ONCE];
    let mut at = from;
    while at < upto {
        let left = usize::try_from(upto - at).unwrap_or(usize::MAX);
        let wanted = PAGE_LEN * left.min(AT_ONCE);
        let Some(pages) = buffer.get_mut(..wanted) else {
            return Ok(false);
        };
        file.read_exact(pages)?;
        for page in pages.chunks_exact(PAGE_LEN) {
            if !fits(page, at, code_key) {
                return Ok(false);
            }
            at += 1;
        }
    }
    Ok(true)
}

fn fits(page: &[u8], at: u64, code_key: &hmac::Key) -> bool {
    let covered_from = if at == 0 { SALT_LEN } else { 0 };
    let Some((body, code)) = page.split_at_checked(PAGE_LEN - CODE_LEN) else {
        return false;
    };
    let (Some(body), Ok(number)) = (body.get(covered_from..), u32::try_from(at + 1)) else {
        return false;
    };
    let mut context = hmac::Context::with_key(code_key);
    context.update(body);
    context.update(&number.to_le_bytes());
    context.sign().as_ref() == code
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::database::{Check, open};

    /// A database of about 1,300 pages, so that several cores have a part in it.
    fn filled(path: &Path, key: &SecretKey) -> Vec<u8> {
        let connection = open(path, key, Check::Key).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE t(a BLOB NOT NULL) STRICT;
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1300)
                 INSERT INTO t SELECT randomblob(3500) FROM n;
                 PRAGMA wal_checkpoint(TRUNCATE);",
            )
            .unwrap();
        drop(connection);
        fs::read(path).unwrap()
    }

    #[test]
    fn every_page_of_a_database_fits_and_no_changed_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let key = SecretKey::make().unwrap();
        let whole = filled(&path, &key);
        let count = whole.len() / PAGE_LEN;
        assert!(count > 1_200);
        assert!(all_fit(&path, &key).unwrap(), "as SQLCipher has written it");
        let other = SecretKey::make().unwrap();
        assert!(!all_fit(&path, &other).unwrap(), "another key");
        let refused = |bytes: &[u8], what: &str| {
            let damaged = folder.path().join("damaged.db");
            fs::write(&damaged, bytes).unwrap();
            assert!(!all_fit(&damaged, &key).unwrap(), "{what}");
        };
        // Salt, content, initialisation vector, code; of the first, some, and the last page.
        for page in [0, 1, 511, 512, 700, count - 1] {
            for at in [0, 15, 16, 2_000, 4_015, 4_016, 4_031, 4_032, 4_095] {
                let mut bytes = whole.clone();
                bytes[page * PAGE_LEN + at] ^= 0x10;
                refused(&bytes, &format!("page {page}, byte {at}"));
            }
        }
        let mut swapped = whole.clone();
        swapped[3 * PAGE_LEN..5 * PAGE_LEN].rotate_left(PAGE_LEN);
        refused(&swapped, "two pages in each other's place");
        refused(&whole[..whole.len() - 1], "cut within a page");
        refused(&[], "empty");
        let mut longer = whole.clone();
        longer.extend_from_slice(&[0; PAGE_LEN]);
        refused(&longer, "a page of zeros");
    }
}
