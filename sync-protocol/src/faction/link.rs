//! A link of the roster: one signed step, chained by hash to the one before. The forms only; `roster` says which link may follow.
//! Source: SPEC F4, F5.

use minicbor::{Decode, Encode};

use super::MAX_LINK_LEN;
use super::device::DeviceRecord;
use super::seed::{Epoch, SealedName, SealedSeed};
use crate::cbor::{CborError, from_cbor_exact, to_cbor};
use crate::ids::{FactionDeviceId, FactionId, Hash, UserId};
use crate::primitive::sha256;
use crate::sign::{Domain, Envelope, PublicKey, SignError, SigningKey, signed_bytes};

const HASH_DOMAIN: &[u8] = b"ratsmappe/faction/link-hash/1\0";
/// The one suite of algorithms: Ed25519, X-Wing, HKDF-SHA256, AES-256-GCM.
pub const SUITE: u32 = 1;

/// What a member may do in the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// Reads and writes; brings in and takes out devices of her own.
    #[n(0)]
    Member,
    /// The same; shown as staff.
    #[n(1)]
    Staff,
    /// Also brings in and takes out people, gives roles, dissolves the space.
    #[n(2)]
    Admin,
}

/// Up to where the envelopes of a device that goes still count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cut {
    /// The device.
    #[n(0)]
    pub device: FactionDeviceId,
    /// Number of its last envelope that counts; 0: none.
    #[n(1)]
    pub counter: u64,
    /// Hash of that envelope; zeros if none.
    #[n(2)]
    pub hash: Hash,
}

/// Link 1: the space begins with one person, her device, and the first epoch.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Genesis {
    /// [`SUITE`].
    #[n(0)]
    pub suite: u32,
    /// Name of the space.
    #[n(1)]
    pub name: SealedName,
    /// The founder, an admin.
    #[n(2)]
    pub user: UserId,
    /// Her name.
    #[n(3)]
    pub user_name: SealedName,
    /// Her device, which signs.
    #[n(4)]
    pub device: DeviceRecord,
    /// Commitment of the first seed.
    #[n(5)]
    pub commitment: Hash,
}

/// A person comes in with her first device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AddUser {
    /// The person; a new id.
    #[n(0)]
    pub user: UserId,
    /// Her role.
    #[n(1)]
    pub role: Role,
    /// Her name.
    #[n(2)]
    pub name: SealedName,
    /// Her device.
    #[n(3)]
    pub device: DeviceRecord,
}

/// A further device or a paper key of somebody who is there.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AddDevice {
    /// Whose.
    #[n(0)]
    pub user: UserId,
    /// The device.
    #[n(1)]
    pub device: DeviceRecord,
}

/// A person goes with all her devices, by her own will or an admin's.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RemoveUser {
    /// Who.
    #[n(0)]
    pub user: UserId,
    /// One cut for each of her devices, ascending.
    #[n(1)]
    pub cuts: Vec<Cut>,
}

/// Another role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SetRole {
    /// Whose.
    #[n(0)]
    pub user: UserId,
    /// Which.
    #[n(1)]
    pub role: Role,
}

/// A new seed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Rotate {
    /// The epoch that begins: the last one and one.
    #[n(0)]
    pub epoch: Epoch,
    /// Commitment of its seed.
    #[n(1)]
    pub commitment: Hash,
    /// The seed before, sealed under it.
    #[n(2)]
    pub previous: SealedSeed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Nothing {}

/// What a link does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The beginning.
    Genesis(Box<Genesis>),
    /// Somebody comes in.
    AddUser(Box<AddUser>),
    /// A device comes in.
    AddDevice(Box<AddDevice>),
    /// A device goes; its owner stays.
    RemoveDevice(Cut),
    /// A person is taken out.
    RemoveUser(RemoveUser),
    /// A person gets another role.
    SetRole(SetRole),
    /// A new epoch begins.
    Rotate(Rotate),
    /// The signer herself goes.
    Leave(RemoveUser),
    /// The space ends; nothing may follow.
    Dissolve,
}

impl Change {
    /// The number in the link. Numbers never change and are never used again.
    pub fn kind(&self) -> u32 {
        match self {
            Change::Genesis(_) => 1,
            Change::AddUser(_) => 2,
            Change::AddDevice(_) => 3,
            Change::RemoveDevice(_) => 4,
            Change::RemoveUser(_) => 5,
            Change::SetRole(_) => 6,
            Change::Rotate(_) => 7,
            Change::Leave(_) => 8,
            Change::Dissolve => 9,
        }
    }

    fn to_details(&self) -> Vec<u8> {
        match self {
            Change::Genesis(genesis) => to_cbor(genesis.as_ref()),
            Change::AddUser(add) => to_cbor(add.as_ref()),
            Change::AddDevice(add) => to_cbor(add.as_ref()),
            Change::RemoveDevice(cut) => to_cbor(cut),
            Change::RemoveUser(remove) | Change::Leave(remove) => to_cbor(remove),
            Change::SetRole(set) => to_cbor(set),
            Change::Rotate(rotate) => to_cbor(rotate),
            Change::Dissolve => to_cbor(&Nothing {}),
        }
    }

    fn read(kind: u32, details: &[u8]) -> Result<Self, LinkError> {
        Ok(match kind {
            1 => Change::Genesis(Box::new(from_cbor_exact(details)?)),
            2 => Change::AddUser(Box::new(from_cbor_exact(details)?)),
            3 => Change::AddDevice(Box::new(from_cbor_exact(details)?)),
            4 => Change::RemoveDevice(from_cbor_exact(details)?),
            5 => Change::RemoveUser(from_cbor_exact(details)?),
            6 => Change::SetRole(from_cbor_exact(details)?),
            7 => Change::Rotate(from_cbor_exact(details)?),
            8 => Change::Leave(from_cbor_exact(details)?),
            9 => {
                from_cbor_exact::<Nothing>(details)?;
                Change::Dissolve
            }
            other => return Err(LinkError::UnknownKind(other)),
        })
    }
}

/// The signed part of a link.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct LinkBody {
    #[n(0)]
    faction: Option<FactionId>,
    #[n(1)]
    seq: u64,
    #[n(2)]
    prev: Hash,
    #[n(3)]
    author: FactionDeviceId,
    #[n(4)]
    at_ms: i64,
    #[n(5)]
    kind: u32,
    #[cbor(n(6), with = "minicbor::bytes")]
    details: Vec<u8>,
}

/// A link that was read. Nothing says yet that it is signed by whom it names, or may follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Which space; `None` in its genesis.
    pub faction: Option<FactionId>,
    /// Place in the roster, from 1.
    pub seq: u64,
    /// Hash of the link before; zeros in the genesis.
    pub prev: Hash,
    /// The device that signs.
    pub author: FactionDeviceId,
    /// The author's clock, ms UTC; shown, never relied on.
    pub at_ms: i64,
    /// What it does.
    pub change: Change,
}

/// Why bytes are not a link.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Longer than a link may be.
    #[error("the link is too long")]
    TooLong,
    /// Not this structure, or of a version that this program does not know.
    #[error("the link is not readable")]
    Form(#[from] CborError),
    /// A step that this program does not know: a newer one has written it.
    #[error("the link is of kind {0}, which this version does not know")]
    UnknownKind(u32),
    /// Not signed by the device that it names.
    #[error("the link is not signed by its author")]
    Sign(#[from] SignError),
}

signed_bytes!(
    /// A signed [`Link`].
    SignedLink
);

impl Link {
    /// Signs with the author's key.
    ///
    /// Errors: `TooLong`, or the key is not usable.
    pub fn sign(&self, key: &SigningKey) -> Result<SignedLink, LinkError> {
        let body = LinkBody {
            faction: self.faction,
            seq: self.seq,
            prev: self.prev,
            author: self.author,
            at_ms: self.at_ms,
            kind: self.change.kind(),
            details: self.change.to_details(),
        };
        let bytes = Envelope::seal(key, Domain::FactionLink, to_cbor(&body))?;
        if bytes.len() > MAX_LINK_LEN {
            return Err(LinkError::TooLong);
        }
        Ok(SignedLink(bytes))
    }
}

impl SignedLink {
    /// Reads a link; its signature is not looked at.
    ///
    /// Errors: `TooLong`, `Form`, `UnknownKind`. Source: SPEC F4, F5.
    pub fn read(&self) -> Result<Link, LinkError> {
        let body = self.body()?;
        Ok(Link {
            faction: body.faction,
            seq: body.seq,
            prev: body.prev,
            author: body.author,
            at_ms: body.at_ms,
            change: Change::read(body.kind, &body.details)?,
        })
    }

    fn body(&self) -> Result<LinkBody, LinkError> {
        if self.0.len() > MAX_LINK_LEN {
            return Err(LinkError::TooLong);
        }
        Ok(from_cbor_exact(&Envelope::parse(&self.0)?.body)?)
    }

    /// Place and predecessor of a link of any kind, also one this program does not know: what a server orders by.
    ///
    /// Errors: `TooLong`, `Form`.
    pub fn place(&self) -> Result<LinkPlace, LinkError> {
        let body = self.body()?;
        Ok(LinkPlace {
            faction: body.faction,
            seq: body.seq,
            prev: body.prev,
            author: body.author,
        })
    }

    /// SHA-256 over domain and signed bytes; in a genesis it is the space's id.
    ///
    /// Errors: `Form`.
    pub fn hash(&self) -> Result<Hash, LinkError> {
        let body = Envelope::parse(&self.0)?.body;
        Ok(Hash::from_bytes(sha256(&[HASH_DOMAIN, &body])))
    }

    /// Checks the signature.
    ///
    /// Errors: `Form`, `Sign`.
    pub fn check_signature(&self, key: &PublicKey) -> Result<(), LinkError> {
        Envelope::parse(&self.0)?.verify(key, Domain::FactionLink)?;
        Ok(())
    }
}

/// Where a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkPlace {
    /// Which space; `None` in its genesis.
    pub faction: Option<FactionId>,
    /// Place, from 1.
    pub seq: u64,
    /// Hash of the link before.
    pub prev: Hash,
    /// The device that signs.
    pub author: FactionDeviceId,
}
