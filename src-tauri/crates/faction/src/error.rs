//! Why something about a faction space did not work, with stable codes. No message holds a name or a word of anybody.

use sync_protocol::RandomUnavailable;
use sync_protocol::cbor::CborError;
use sync_protocol::faction::device::DeviceKeyError;
use sync_protocol::faction::envelope::MakeEnvelopeError;
use sync_protocol::faction::join::JoinError;
use sync_protocol::faction::link::LinkError;
use sync_protocol::faction::qr::QrError;
use sync_protocol::faction::roster::RosterError;
use sync_protocol::faction::seed::SealError;
use sync_protocol::faction::seed_box::SeedBoxError;
use sync_protocol::faction::snapshot::SnapshotError;
use sync_protocol::sign::SignError;
use vault::DbError;

/// What can go wrong. Nothing has changed, unless the variant says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum FactionError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A stored row is not what was written; the file is damaged in a way its pages do not show.
    #[error("a stored row is not readable")]
    Stored(#[source] CborError),
    /// The roster.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// A seed box.
    #[error(transparent)]
    SeedBox(#[from] SeedBoxError),
    /// Sealing.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Signing.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A link that this device makes.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Keys of a device.
    #[error(transparent)]
    DeviceKey(#[from] DeviceKeyError),
    /// An envelope that this device makes.
    #[error(transparent)]
    Envelope(#[from] MakeEnvelopeError),
    /// A snapshot.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// Coming in.
    #[error(transparent)]
    Join(#[from] JoinError),
    /// A scanned text.
    #[error(transparent)]
    Qr(#[from] QrError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomUnavailable),
    /// This device has no such space.
    #[error("this device does not know the space")]
    NoSuchSpace,
    /// The seed of this epoch has not come yet.
    #[error("the seed of the newest epoch has not come yet")]
    SeedMissing,
    /// This device was taken out of the space; what it read before stays.
    #[error("this device does not belong to the space any more")]
    Removed,
    /// The invitation is not known, or was forgotten after too many wrong proofs.
    #[error("the invitation is not known")]
    InvitationUnknown,
    /// It was used before.
    #[error("the invitation was used before")]
    InvitationUsed,
    /// It ran out.
    #[error("the invitation has run out")]
    InvitationExpired,
    /// A message of joining that is not readable.
    #[error("the message is not readable")]
    Message(#[source] CborError),
    /// The messages of joining came in another order, or a second newcomer answers.
    #[error("the message does not fit what was exchanged before")]
    OutOfTurn,
    /// There is nothing with this id, or it is of another kind.
    #[error("there is no such thing in the space")]
    NoSuchItem,
    /// Somebody else has shared it.
    #[error("only who has shared it may withdraw it")]
    NotYours,
    /// The text is too long for one edit.
    #[error("the text is too long")]
    TooLong,
    /// The class key of the paper is not held: what is about it cannot be read or written.
    #[error("the paper it is about is locked")]
    ClassLocked,
    /// The document's own format refused an edit.
    #[error("the document could not be edited")]
    Document,
    /// A snapshot can only begin a device that has seen nothing yet.
    #[error("this device has seen envelopes already")]
    NotFresh,
    /// The roster has gone on since the snapshot was begun: what was gathered may have been taken back.
    #[error("the roster has gone on since the snapshot was begun")]
    SnapshotOutdated,
}

impl FactionError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Db(error) => error.code(),
            Self::Stored(_) => "database_damaged",
            Self::Roster(error) => roster_code(error),
            Self::SeedBox(_) => "faction_box_refused",
            Self::Envelope(MakeEnvelopeError::RotationDue) => "faction_rotation_due",
            Self::Envelope(MakeEnvelopeError::Dissolved) => "faction_dissolved",
            Self::Envelope(MakeEnvelopeError::NotInRoster) | Self::Removed => "faction_removed",
            Self::Envelope(MakeEnvelopeError::TooLong) | Self::TooLong => "faction_too_long",
            Self::Snapshot(_) | Self::SnapshotOutdated => "faction_snapshot_refused",
            Self::Join(JoinError::ForeignInviter) => "faction_foreign_inviter",
            Self::Join(_) => "faction_join_refused",
            Self::Qr(_) => "faction_no_invitation",
            Self::NoSuchSpace => "faction_unknown",
            Self::SeedMissing => "faction_seed_missing",
            Self::InvitationUnknown => "faction_invitation_unknown",
            Self::InvitationUsed => "faction_invitation_used",
            Self::InvitationExpired => "faction_invitation_expired",
            Self::Message(_) | Self::OutOfTurn => "faction_join_refused",
            Self::NoSuchItem => "faction_no_such_item",
            Self::NotYours => "faction_not_yours",
            Self::ClassLocked => "no_key",
            Self::NotFresh => "faction_not_fresh",
            Self::Link(_)
            | Self::Seal(_)
            | Self::Sign(_)
            | Self::DeviceKey(_)
            | Self::Envelope(_)
            | Self::Random(_)
            | Self::Document => "internal",
        }
    }
}

fn roster_code(error: &RosterError) -> &'static str {
    match error {
        RosterError::Link(LinkError::UnknownKind(_))
        | RosterError::Link(LinkError::Form(CborError::UnknownVersion(_)))
        | RosterError::UnknownSuite(_) => "newer_data",
        RosterError::InsufficientRole | RosterError::PaperKey => "faction_not_allowed",
        RosterError::LastAdmin => "faction_last_admin",
        RosterError::Dissolved => "faction_dissolved",
        RosterError::Full => "faction_full",
        RosterError::RotationDue => "faction_rotation_due",
        _ => "faction_roster_refused",
    }
}

impl From<rusqlite::Error> for FactionError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Db(error.into())
    }
}
