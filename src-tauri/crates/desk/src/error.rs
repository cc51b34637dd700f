//! The errors of the border: a stable code that the page acts on, and a sentence for people.
//!
//! The sentences stand in `messages.rs`. Nothing here holds names, titles, note texts or keys.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::messages::{Speech, message};

/// Writes the enum and the list of all its values from one place.
macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// Stable codes; the page acts on these and never on the message.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode { $($(#[$doc])* $name),* }

        impl ErrorCode {
            /// All codes, for the test that each has its sentences.
            pub const ALL: &[ErrorCode] = &[$(ErrorCode::$name),*];
        }
    };
}

error_codes! {
    /// The vault is locked; the page shows the lock screen.
    Locked,
    WrongPassphrase,
    WrongRecoveryCode,
    /// Too many wrong passphrases: the next try has to wait.
    UnlockWait,
    /// Too many wrong passphrases: only the recovery code opens.
    UnlockOnlyRecovery,
    WeakPassphrase,
    WrongPin,
    /// Not 6 to 12 digits, or too simple.
    WeakPin,
    /// No PIN was chosen.
    PinUnset,
    /// After five wrong PINs the passphrase has to come first.
    PinRefused,
    /// The key store has lost what belongs to the PIN.
    PinLost,
    KeyStoreMissing,
    KeyStoreLocked,
    KeyStoreFailed,
    /// Older keys lie on this device than there were before.
    OlderKeys,
    VaultDamaged,
    /// Device and class keys are damaged, the notes are not. Opening once more goes on without those keys.
    KeyringDamaged,
    VaultMissing,
    VaultExists,
    /// The vault is open already, in another running app.
    InUse,
    /// The pairing code does not fit its own check characters.
    CodeInvalid,
    /// The server does not know the code, or too many wrong tries were made.
    CodeRefused,
    CodeUsed,
    CodeExpired,
    AddressInvalid,
    /// The server's key is not the one that was pinned at pairing.
    PinMismatch,
    /// The server presented an older or contradicting state.
    ServerState,
    /// The server cannot be reached.
    Offline,
    /// The server answered with an error of its own.
    ServerError,
    DeviceRevoked,
    ClockWrong,
    CouncilKnown,
    SyncRunning,
    Cancelled,
    NotFound,
    /// The file is listed but not on this device yet.
    FileNotHere,
    DocumentDamaged,
    /// The file opens only with a password of its own.
    DocumentPassword,
    WrongDocumentPassword,
    DocumentTooLarge,
    /// PDFium has worked on one page for too long.
    DocumentTooSlow,
    /// PDFium ended over one page, or its helper had to be ended.
    DocumentBroke,
    /// The PDF library is missing or does not start.
    ReaderMissing,
    /// The system does not let PDFium be kept from the device, so it was not started.
    ReaderUnguarded,
    /// The handle of a document that is not open any more.
    DocumentClosed,
    /// The device has nothing that opens a web or mail address.
    AddressNotOpened,
    /// Access to it has ended; the key is gone.
    AccessEnded,
    /// The council's cache was damaged and is fetched again.
    CacheDamaged,
    /// The notes database was damaged and moved aside.
    NotesDamaged,
    /// There are notes on this tablet already.
    BackupNotEmpty,
    BackupWrongCode,
    /// The file is no backup of notes.
    BackupForeign,
    /// The backup is cut off or changed.
    BackupDamaged,
    /// Written by a newer version of the app.
    NewerData,
    DiskFull,
    StorageFailed,
    /// The calendar file that other programs follow cannot be written or removed.
    CalendarFolder,
    /// Protected by a password or by rights: nothing can be written into it.
    ExportProtected,
    /// Its inner order is damaged: nothing can be written into it.
    ExportDamaged,
    /// Nothing is left of what was to be taken along.
    NothingToTake,
    TakeawayRunning,
    /// More than one file can hold.
    TakeawayTooLarge,
    /// The database of the spaces was damaged and moved aside.
    FactionDamaged,
    /// The server's order or roster of a space contradicts what is known here.
    FactionServer,
    /// The newest key of a space has not come yet.
    FactionSeedMissing,
    /// The space has ended.
    FactionDissolved,
    /// The member or this device does not belong to the space any more.
    FactionRemoved,
    /// A text is longer than one contribution can be.
    FactionTooLong,
    /// The answer did not come from whom the QR code showed.
    FactionForeignInviter,
    /// The other side does not know the invitation.
    FactionJoinRefused,
    /// What was scanned or typed is no invitation.
    FactionNoInvitation,
    /// The server does not know the invitation any more.
    FactionInvitationOver,
    /// Somebody has used the invitation before.
    FactionInvitationUsed,
    /// The invitation has run out.
    FactionInvitationExpired,
    /// Only who has written it may change or withdraw it.
    FactionNotYours,
    /// The member's role does not allow it.
    FactionNotAllowed,
    /// Nobody would be left to bring people in and out.
    FactionLastAdmin,
    /// More people or devices than a space can hold.
    FactionFull,
    /// The space has used up its room on the server.
    FactionNoRoom,
    /// No space on this server knows the paper key.
    FactionPaperKeyUnknown,
    BadRequest,
    UnknownCommand,
    Internal,
}

/// What a failed command answers: `{code, message}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeskError {
    pub code: ErrorCode,
    /// What happened, what is safe, what to do next, in the set language.
    pub message: String,
}

/// A failure inside desk, before a language is chosen.
///
/// `source` is for the developer's log and never crosses the border.
#[derive(Debug, thiserror::Error)]
#[error("{code:?}")]
pub struct Failure {
    pub code: ErrorCode,
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Failure {
    /// A failure that another crate's error caused.
    pub fn caused(code: ErrorCode, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self {
            code,
            source: Some(Box::new(source)),
        }
    }

    /// The form that crosses the border.
    pub fn speak(&self, speech: Speech) -> DeskError {
        DeskError {
            code: self.code,
            message: message(self.code, speech),
        }
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self { code, source: None }
    }
}
