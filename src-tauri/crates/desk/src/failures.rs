//! Which code a failure of another crate has at the border. Decisions only; the sentences stand in `messages`.

use std::io;

use ::export::ExportError;
use ::faction::FactionError;
use notes::NotesError;
use reader::ReaderError;
use search::SearchError;
use sync::CouncilError;
use sync::store::StoreError;
use vault::{
    BackupError, BlobError, ChangeError, CreateError, DbError, KeyStoreError, KeyringError,
    ReadError, UnlockError, VaultPart, WeakPassphrase, WeakPin,
};

use crate::error::{ErrorCode, Failure};

/// A failure of another crate keeps itself as the source and gets its code from a match over all its values.
macro_rules! coded {
    ($($error:ty => |$value:ident| $code:expr;)*) => { $(
        impl From<$error> for Failure {
            fn from($value: $error) -> Self {
                let code = $code;
                Self::caused(code, $value)
            }
        }
    )* };
}

coded! {
    io::Error => |error| io_code(&error);
    DbError => |error| db_code(&error);
    StoreError => |error| match &error {
        StoreError::Database(error) => db_code(error),
        StoreError::Council(CouncilError::NotPaired) | StoreError::NotFound => ErrorCode::NotFound,
        StoreError::Council(CouncilError::BadRecord) => ErrorCode::VaultDamaged,
        StoreError::BadRow { .. } => ErrorCode::CacheDamaged,
        StoreError::NoKey => ErrorCode::AccessEnded,
    };
    SearchError => |error| match &error {
        SearchError::BadRow => ErrorCode::CacheDamaged,
        SearchError::TooManyPages => ErrorCode::DocumentTooLarge,
        SearchError::Db(error) => db_code(error),
    };
    KeyringError => |error| match &error {
        KeyringError::CouncilExists => ErrorCode::CouncilKnown,
        KeyringError::NoSuchCouncil => ErrorCode::NotFound,
        KeyringError::Full => ErrorCode::DiskFull,
        KeyringError::Seal => ErrorCode::Internal,
        KeyringError::Io(error) => io_code(error),
    };
    CreateError => |error| match &error {
        CreateError::Weak(_) => ErrorCode::WeakPassphrase,
        CreateError::AlreadyExists => ErrorCode::VaultExists,
        CreateError::InUse => ErrorCode::InUse,
        CreateError::Seal => ErrorCode::Internal,
        CreateError::Full => ErrorCode::DiskFull,
        CreateError::Io(error) => io_code(error),
    };
    UnlockError => |error| match &error {
        UnlockError::WrongSecret => ErrorCode::WrongPassphrase,
        UnlockError::Waiting { .. } => ErrorCode::UnlockWait,
        UnlockError::OnlyRecovery => ErrorCode::UnlockOnlyRecovery,
        UnlockError::Damaged { what: VaultPart::Keyring } => ErrorCode::KeyringDamaged,
        UnlockError::Damaged { what: VaultPart::Slots } => ErrorCode::VaultDamaged,
        UnlockError::PinUnset => ErrorCode::PinUnset,
        UnlockError::PinRefused => ErrorCode::PinRefused,
        UnlockError::PinLost => ErrorCode::PinLost,
        UnlockError::KeyStore(error) => key_store_code(error),
        UnlockError::Missing => ErrorCode::VaultMissing,
        UnlockError::TooNew => ErrorCode::NewerData,
        UnlockError::InUse => ErrorCode::InUse,
        UnlockError::Derive => ErrorCode::Internal,
        UnlockError::Io(error) => io_code(error),
    };
    ChangeError => |error| match &error {
        ChangeError::Weak(_) => ErrorCode::WeakPassphrase,
        ChangeError::WeakPin(_) => ErrorCode::WeakPin,
        ChangeError::KeyStore(error) => key_store_code(error),
        ChangeError::Damaged => ErrorCode::VaultDamaged,
        ChangeError::Seal => ErrorCode::Internal,
        ChangeError::NotKept => ErrorCode::DiskFull,
        ChangeError::Io(error) => io_code(error),
    };
    BackupError => |error| match &error {
        BackupError::NoBackup => ErrorCode::BackupForeign,
        BackupError::WrongCode => ErrorCode::BackupWrongCode,
        BackupError::Damaged => ErrorCode::BackupDamaged,
        BackupError::TooNew => ErrorCode::NewerData,
        BackupError::Full => ErrorCode::DiskFull,
        BackupError::Seal => ErrorCode::Internal,
        BackupError::Db(error) => db_code(error),
        BackupError::Io(error) => io_code(error),
    };
    NotesError => |error| match &error {
        NotesError::NoSuchMark => ErrorCode::NotFound,
        NotesError::NotForThisKind
        | NotesError::AnchorElsewhere
        | NotesError::BadPlace
        | NotesError::TextTooLong
        | NotesError::Ink(_) => ErrorCode::BadRequest,
        NotesError::Quote(_) | NotesError::BadRow => ErrorCode::Internal,
        NotesError::Db(error) => db_code(error),
    };
    FactionError => |error| faction_code(&error);
    WeakPassphrase => |error| ErrorCode::WeakPassphrase;
    WeakPin => |error| ErrorCode::WeakPin;
    KeyStoreError => |error| key_store_code(&error);
    BlobError => |error| match &error {
        BlobError::NotHere => ErrorCode::FileNotHere,
        BlobError::WrongHash => ErrorCode::DocumentDamaged,
        BlobError::Full => ErrorCode::DiskFull,
        BlobError::Read(error) => match error {
            ReadError::Damaged(_) | ReadError::WrongLength | ReadError::WrongKey => ErrorCode::DocumentDamaged,
            ReadError::Io(error) => io_code(error),
        },
        BlobError::Io(error) => io_code(error),
    };
    ExportError => |error| match &error {
        ExportError::Protected => ErrorCode::ExportProtected,
        ExportError::NeedsRepair | ExportError::PageDamaged(_) => ErrorCode::ExportDamaged,
        ExportError::Unreadable(_) => ErrorCode::DocumentDamaged,
        ExportError::NoSuchPage { .. } => ErrorCode::BadRequest,
        ExportError::TooLarge => ErrorCode::TakeawayTooLarge,
        ExportError::Font | ExportError::Write(_) => ErrorCode::Internal,
    };
    ReaderError => |error| match &error {
        ReaderError::Damaged => ErrorCode::DocumentDamaged,
        ReaderError::PasswordProtected => ErrorCode::DocumentPassword,
        ReaderError::TooLarge => ErrorCode::DocumentTooLarge,
        ReaderError::PageOutOfRange => ErrorCode::NotFound,
        ReaderError::UnknownDocument => ErrorCode::DocumentClosed,
        ReaderError::BadRequest => ErrorCode::BadRequest,
        ReaderError::Cancelled => ErrorCode::Cancelled,
        ReaderError::Unresponsive => ErrorCode::DocumentTooSlow,
        ReaderError::HelperEnded | ReaderError::Distrusted => ErrorCode::DocumentBroke,
        ReaderError::LibraryMissing { .. } | ReaderError::HelperMissing { .. } => ErrorCode::ReaderMissing,
        ReaderError::CageOpen(_) => ErrorCode::ReaderUnguarded,
        ReaderError::Stopped | ReaderError::NoThread(_) => ErrorCode::Internal,
    };
}

fn key_store_code(error: &KeyStoreError) -> ErrorCode {
    match error {
        KeyStoreError::Missing => ErrorCode::KeyStoreMissing,
        KeyStoreError::Locked => ErrorCode::KeyStoreLocked,
        KeyStoreError::Failed(_) => ErrorCode::KeyStoreFailed,
    }
}

fn io_code(error: &io::Error) -> ErrorCode {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorCode::DiskFull,
        _ => ErrorCode::StorageFailed,
    }
}

/// Codes of a database that can be fetched again; the notes have their own.
fn db_code(error: &DbError) -> ErrorCode {
    match error {
        DbError::Damaged => ErrorCode::CacheDamaged,
        DbError::DamagedMovedAside { .. } => ErrorCode::NotesDamaged,
        DbError::TooNew { .. } => ErrorCode::NewerData,
        DbError::NoKey => ErrorCode::AccessEnded,
        DbError::Full => ErrorCode::DiskFull,
        DbError::Io(error) => io_code(error),
        DbError::Sql(_) => ErrorCode::StorageFailed,
    }
}

fn faction_code(error: &FactionError) -> ErrorCode {
    if let FactionError::Db(error) = error {
        return db_code(error);
    }
    match error.code() {
        "faction_roster_refused" | "faction_box_refused" | "faction_snapshot_refused" => {
            ErrorCode::FactionServer
        }
        "faction_seed_missing" | "faction_rotation_due" => ErrorCode::FactionSeedMissing,
        "faction_dissolved" => ErrorCode::FactionDissolved,
        "faction_removed" => ErrorCode::FactionRemoved,
        "faction_too_long" => ErrorCode::FactionTooLong,
        "faction_foreign_inviter" => ErrorCode::FactionForeignInviter,
        "faction_join_refused" => ErrorCode::FactionJoinRefused,
        "faction_no_invitation" => ErrorCode::FactionNoInvitation,
        "faction_invitation_unknown" => ErrorCode::FactionInvitationOver,
        "faction_invitation_used" => ErrorCode::FactionInvitationUsed,
        "faction_invitation_expired" => ErrorCode::FactionInvitationExpired,
        "faction_unknown" | "faction_no_such_item" => ErrorCode::NotFound,
        "faction_not_yours" => ErrorCode::FactionNotYours,
        "faction_not_allowed" => ErrorCode::FactionNotAllowed,
        "faction_last_admin" => ErrorCode::FactionLastAdmin,
        "faction_full" => ErrorCode::FactionFull,
        "no_key" => ErrorCode::AccessEnded,
        "newer_data" => ErrorCode::NewerData,
        "database_damaged" => ErrorCode::StorageFailed,
        _ => ErrorCode::Internal,
    }
}
