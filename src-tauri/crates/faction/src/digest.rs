//! One hash over everything that a space shows, for the question whether two devices show the same. Not a format.

use sync_protocol::ids::Hash;

use crate::error::FactionError;
use crate::space::Space;
use crate::view::ClassKeys;

impl Space {
    /// SHA-256 over roster, positions, shares, documents and read state, in an order that no device chooses.
    ///
    /// Errors: the database.
    pub fn digest(&self, class_keys: &ClassKeys<'_>) -> Result<Hash, FactionError> {
        let mut told = format!("{:?} {}\n", self.roster.head().seq, self.roster.head().hash);
        for (device, position) in self.positions()? {
            told += &format!("{device} {} {}\n", position.counter, position.hash);
        }
        for shown in self.shares(class_keys)? {
            match shown {
                crate::view::Shown::Open(said) => {
                    let copy = sync_protocol::cbor::to_cbor(&said.copy);
                    told += &format!("{} {} {}\n", said.item, said.author, Hash::of(&copy));
                    for reader in self.readers(said.item)? {
                        told += &format!("read by {reader}\n");
                    }
                }
                crate::view::Shown::Closed(closed) => {
                    told += &format!("{} {} closed\n", closed.item, closed.author);
                }
            }
        }
        for item in self.documents()? {
            match self.document(item, class_keys) {
                Ok(document) => {
                    let texts = (&document.texts, &document.values, &document.speakers);
                    told += &format!(
                        "{item} {} {:?} {texts:?} {}\n",
                        document.author, document.kind, document.unmerged
                    );
                }
                Err(FactionError::NoSuchItem) => told += &format!("{item} closed\n"),
                Err(error) => return Err(error),
            }
        }
        Ok(Hash::of(told.as_bytes()))
    }
}
