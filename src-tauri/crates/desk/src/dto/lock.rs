//! Border types of the lock: tries at the passphrase, changing what opens the portfolio, what is written when it locks.

use super::{Secret, border_choice, border_type};

border_choice! {
    /// Whether the system's key store, without which no PIN works, answers.
    pub enum KeyStoreState {
        Ready,
        /// This device has none.
        Missing,
        Locked,
        Failed,
    }
}

border_type! {
    /// How things stand with tries at the passphrase.
    pub struct UnlockState {
        /// Tries that are left; with none only the recovery code opens.
        pub tries_left: u32,
        /// Tries in a row that need no wait, at the beginning.
        pub free_tries: u32,
        /// All tries, at the beginning.
        pub most_tries: u32,
        /// Until the next try, ms.
        pub wait_ms: u64,
        pub pin: PinInfo,
    }

    /// What there is of a PIN.
    pub struct PinInfo {
        pub is_set: bool,
        /// Wrong PINs that are left until the passphrase has to come.
        pub tries_left: u32,
        pub key_store: KeyStoreState,
        pub least_digits: u32,
        pub most_digits: u32,
    }

    pub struct PinSetRequest {
        /// The passphrase that holds now.
        pub passphrase: Secret,
        pub pin: Secret,
    }

    pub struct VaultUnlockPinRequest {
        pub pin: Secret,
    }

    pub struct PassphraseChangeRequest {
        pub passphrase: Secret,
        /// The one that holds now. Not needed once after the recovery code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub old: Option<Secret>,
    }

    pub struct RecoveryRenewRequest {
        /// The passphrase that holds now.
        pub passphrase: Secret,
    }

    pub struct RecoveryRenewed {
        /// Shown once, to be written down; groups separated by dashes.
        pub recovery_code: Secret,
    }

    /// A text that was being written when the portfolio locked.
    pub struct TextDraft {
        /// The place it belongs to, in the page's own words.
        pub key: String,
        pub text: String,
    }

    pub struct DraftsKeepRequest {
        /// All of them; those kept before are forgotten.
        pub drafts: Vec<TextDraft>,
    }

    pub struct DraftsKept {
        pub drafts: Vec<TextDraft>,
    }
}
