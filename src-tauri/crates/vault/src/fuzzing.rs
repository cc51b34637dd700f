//! What a fuzzer gives to the parsers of this crate: whatever comes, each answers. What it accepts, it writes the same again.
#![allow(clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

use std::io::{self, Read};

use sync_protocol::encrypted_file::{FileKey, HEADER_LEN};

use crate::EncryptedReader;
use crate::backup::read_header;
use crate::keyring_file::KeyringContent;
use crate::secret::SecretKey;
use crate::slots::Slots;
use crate::tries::Used;

/// The slots file, and what a key opens in keyring and tries.
pub fn slots(bytes: &[u8]) {
    if let Ok(slots) = Slots::decode(bytes) {
        let again = slots.encode().expect("read slots are written");
        assert_eq!(Slots::decode(&again).ok(), Some(slots));
    }
    // The checksum keeps a fuzzer out; past it stands the same CBOR.
    drop(minicbor::decode::<Slots>(bytes));
    drop(minicbor::decode::<KeyringContent>(bytes));
    drop(KeyringContent::open(
        &SecretKey::from_bytes(&[7; 32]),
        bytes,
    ));
    if let Some(used) = Used::decode(bytes) {
        let again = used.encode().expect("read tries are written");
        assert_eq!(Used::decode(&again), Some(used));
    }
    drop(minicbor::decode::<Used>(bytes));
}

/// The start of a backup behind its seal.
pub fn backup(bytes: &[u8]) {
    drop(read_header(&mut &*bytes));
}

/// An encrypted file on the disk, through the reader that PDFium is given; the file lies in memory.
pub fn blob(bytes: &[u8]) {
    let key = FileKey::from_bytes([7; 32]);
    if let Ok(mut reader) = EncryptedReader::open(io::Cursor::new(bytes), &key) {
        let plain_len = reader.byte_len();
        let mut plain = Vec::new();
        if reader.read_to_end(&mut plain).is_ok() {
            assert_eq!(plain.len() as u64, plain_len);
        }
        assert!(bytes.len() >= HEADER_LEN);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use sync_protocol::encrypted_file;

    use super::*;
    use crate::stopwatch::Moment;
    use crate::{KdfCost, Passphrase, RecoveryCode};
    use evidence::parsers::damage;

    fn bare(sealed: &[u8], before: usize) -> Vec<u8> {
        sealed.iter().skip(before).copied().collect()
    }

    #[test]
    fn slots_keyring_and_tries_are_read_or_refused() {
        let root = SecretKey::from_bytes(&[1; 32]);
        let slots_file = Slots::new([2; 16])
            .with_passphrase(
                &Passphrase::new("fünf Wörter für den Rat"),
                KdfCost::for_tests(),
                &root,
            )
            .unwrap()
            .with_recovery_code(&RecoveryCode::make().unwrap(), &root)
            .unwrap()
            .encode()
            .unwrap();
        let keyring = KeyringContent::new();
        let moment = Moment {
            run: [3; 16],
            elapsed_ms: 5_000,
        };
        let tries = Used::new(6, moment).encode().unwrap();
        let seeds = [
            bare(&slots_file, 40),
            slots_file,
            minicbor::to_vec(&keyring).unwrap(),
            keyring.seal(&SecretKey::from_bytes(&[7; 32])).unwrap(),
            tries,
        ];
        assert_eq!(
            damage("slots", &seeds, super::slots).unwrap(),
            Vec::<String>::new()
        );
    }

    #[test]
    fn the_start_of_a_backup_is_read_or_refused() {
        let header = [0xa5, 0, 0x1a, 1, 2, 3, 4, 1, 0x18, 40, 2, 6, 3, 0x58, 32]
            .iter()
            .copied();
        let header: Vec<u8> = header.chain([9; 32]).chain([4, 0x19, 0x10, 0]).collect();
        let mut seed = b"RMBACKUP\x01\0\0\0".to_vec();
        seed.push(u8::try_from(header.len()).unwrap());
        seed.extend(header);
        assert!(read_header(&mut seed.as_slice()).is_ok());
        assert_eq!(
            damage("backup", &[seed], super::backup).unwrap(),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_encrypted_file_is_read_or_refused() {
        let sealed = |len: usize| {
            let mut out = Vec::new();
            let plain = vec![0x25; len];
            encrypted_file::seal(
                &FileKey::from_bytes([7; 32]),
                [1; 16],
                plain.as_slice(),
                len as u64,
                &mut out,
            )
            .unwrap();
            out
        };
        let seeds = [
            sealed(0),
            sealed(300),
            sealed(encrypted_file::CHUNK_LEN + 10),
        ];
        assert_eq!(damage("blob", &seeds, blob).unwrap(), Vec::<String>::new());
    }
}
