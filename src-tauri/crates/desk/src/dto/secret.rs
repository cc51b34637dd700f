//! Words that nobody may see: passphrases and codes on their way from the page to the vault.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zeroize::Zeroize;

// Meets: O.Source_3, MASVS-STORAGE-2
/// A string that is wiped when dropped and never shown.
///
/// The copies in the page and in the bridge between page and shell cannot be wiped: SECURITY.md says so.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(type = "string")]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
