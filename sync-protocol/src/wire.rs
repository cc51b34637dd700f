//! What goes over HTTP around the formats: paths, content type, the body of an error. Source: SPEC N3, W1.

use minicbor::{Decode, Encode};

use crate::ids::{AudienceId, BlobId};

/// Content type of every body but blobs.
pub const CONTENT_TYPE: &str = "application/cbor";
/// Content type of a blob.
pub const BLOB_CONTENT_TYPE: &str = "application/octet-stream";

/// `GET`, unsigned: the signed root document's envelope as the whole body.
pub const PATH_ROOT: &str = "/v1/root";
/// `POST`, unsigned: `PairStart` → `PairHello`.
pub const PATH_PAIR_START: &str = "/v1/pair/start";
/// `POST`, unsigned: `PairFinish` → `PairDone`.
pub const PATH_PAIR_FINISH: &str = "/v1/pair/finish";
/// `GET`: the signed head's envelope as the whole body.
pub const PATH_HEAD: &str = "/v1/head";
/// `GET`: `KeyBoxes`.
pub const PATH_KEYS: &str = "/v1/keys";
/// `POST` `ReceiptBatch` → `ReceiptTimes`; `GET` → `ReceiptList`.
pub const PATH_RECEIPTS: &str = "/v1/receipts";

/// `GET`: `ChainPage` of the entries after position `after`.
pub fn path_chain(audience: &AudienceId, after: u64, limit: usize) -> String {
    format!("/v1/chain/{audience}?after={after}&limit={limit}")
}

/// `GET`: `SignedSnapshot`.
pub fn path_snapshot(audience: &AudienceId) -> String {
    format!("/v1/snapshot/{audience}")
}

/// `GET` with `Range`: ciphertext.
pub fn path_blob(blob_id: &BlobId) -> String {
    format!("/v1/blob/{blob_id}")
}

/// All requests of the council's side but those of faction spaces. Whatever is added here needs a handler at the server and a row in its
/// table of who is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CouncilRoute {
    /// [`PATH_ROOT`].
    Root,
    /// [`PATH_PAIR_START`].
    PairStart,
    /// [`PATH_PAIR_FINISH`].
    PairFinish,
    /// [`PATH_HEAD`].
    Head,
    /// [`path_chain`].
    Chain,
    /// [`path_snapshot`].
    Snapshot,
    /// [`PATH_KEYS`].
    Keys,
    /// [`path_blob`].
    Blob,
    /// [`PATH_RECEIPTS`], read.
    ReadReceipts,
    /// [`PATH_RECEIPTS`], sent.
    SendReceipts,
}

impl CouncilRoute {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Root,
        Self::PairStart,
        Self::PairFinish,
        Self::Head,
        Self::Chain,
        Self::Snapshot,
        Self::Keys,
        Self::Blob,
        Self::ReadReceipts,
        Self::SendReceipts,
    ];

    /// Whether it writes: `POST`; else `GET`.
    pub const fn is_post(self) -> bool {
        matches!(
            self,
            Self::PairStart | Self::PairFinish | Self::SendReceipts
        )
    }

    /// Its path, with names in braces where ids stand.
    pub const fn template(self) -> &'static str {
        match self {
            Self::Root => PATH_ROOT,
            Self::PairStart => PATH_PAIR_START,
            Self::PairFinish => PATH_PAIR_FINISH,
            Self::Head => PATH_HEAD,
            Self::Chain => "/v1/chain/{audience}",
            Self::Snapshot => "/v1/snapshot/{audience}",
            Self::Keys => PATH_KEYS,
            Self::Blob => "/v1/blob/{blob}",
            Self::ReadReceipts | Self::SendReceipts => PATH_RECEIPTS,
        }
    }
}

/// Stable codes of [`WireError`].
pub mod error_code {
    /// 401: no, unreadable or wrong signature, or an unknown device.
    pub const UNAUTHENTICATED: &str = "unauthenticated";
    /// 401: the clocks differ too much; `server_at_ms` tells by how much.
    pub const CLOCK_SKEW: &str = "clock_skew";
    /// 401: the request came before.
    pub const REPLAYED: &str = "replayed";
    /// 403: the device may not read this any more. What it never could read is told as [`NOT_FOUND`].
    pub const NOT_ENTITLED: &str = "not_entitled";
    /// 404: there is no such thing, or it was never this device's.
    pub const NOT_FOUND: &str = "not_found";
    /// 410: the office revoked this device.
    pub const DEVICE_REVOKED: &str = "device_revoked";
    /// 429: later, please.
    pub const TOO_MANY_REQUESTS: &str = "too_many_requests";
    /// 400: the body or a parameter is not readable.
    pub const BAD_REQUEST: &str = "bad_request";
    /// 404: no invitation with this id, or the proof was wrong.
    pub const CODE_INVALID: &str = "code_invalid";
    /// 410: the invitation was used.
    pub const CODE_USED: &str = "code_used";
    /// 410: the invitation ran out.
    pub const CODE_EXPIRED: &str = "code_expired";
    /// 409: the roster or what was said has gone on; fetch, and make it anew.
    pub const FACTION_CONFLICT: &str = "faction_conflict";
    /// 403: the device does not belong to the space, or not any more.
    pub const FACTION_NOT_MEMBER: &str = "faction_not_member";
    /// 422: links, an envelope or a snapshot that may not be taken.
    pub const FACTION_REFUSED: &str = "faction_refused";
    /// 507: the space or the device has used up its room.
    pub const FACTION_NO_ROOM: &str = "faction_no_room";
    /// 500: the server's own trouble.
    pub const INTERNAL: &str = "internal";
}

/// The body of every answer that is not a success.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct WireError {
    /// Stable code, one of [`error_code`].
    #[n(0)]
    pub code: String,
    /// For people; names no content.
    #[n(1)]
    pub message: String,
    /// The server's time; ms UTC.
    #[n(2)]
    pub server_at_ms: i64,
}

impl std::fmt::Debug for WireError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WireError({})", self.code)
    }
}
