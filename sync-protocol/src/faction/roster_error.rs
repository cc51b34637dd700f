//! Why a link of a roster is refused, each by its name.

use super::device::DeviceKeyError;
use super::link::LinkError;

/// Why a link is refused. The roster stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The bytes are no link, or not signed by their author.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// There is no link at all.
    #[error("the roster is empty")]
    Empty,
    /// The first link is no genesis, or a later one is.
    #[error("the roster does not begin with its one genesis")]
    NoGenesis,
    /// Another space than the one that is meant.
    #[error("the link belongs to another space")]
    ForeignFaction,
    /// The space uses algorithms that this program does not know.
    #[error("suite {0} is unknown")]
    UnknownSuite(u32),
    /// A link is missing, or came before.
    #[error("link {expected} was expected and {found} came")]
    Gap {
        /// Place that was expected.
        expected: u64,
        /// Place that the link names.
        found: u64,
    },
    /// A link that follows another one than the last: two histories.
    #[error("the link follows another history")]
    Fork,
    /// The roster has never held the signer.
    #[error("the signer was never in the roster")]
    UnknownSigner,
    /// The signer was taken out before.
    #[error("the signer was taken out of the roster")]
    RemovedSigner,
    /// The signer may not do this.
    #[error("the signer's role does not allow this")]
    InsufficientRole,
    /// A printed key may not do this.
    #[error("a paper key may not do this")]
    PaperKey,
    /// Keys of the device that comes in are refused.
    #[error("the keys of the device are refused")]
    DeviceKey(#[from] DeviceKeyError),
    /// The user was there before, or there is no such user.
    #[error("the person is not one that this link can be about")]
    WrongUser,
    /// The device, or its key, was there before, or there is no such device.
    #[error("the device is not one that this link can be about")]
    WrongDevice,
    /// Cuts do not name exactly the devices that go, or go back, or contradict themselves.
    #[error("the cuts do not fit the devices that go")]
    WrongCut,
    /// Not the next epoch.
    #[error("the epoch is not the next one")]
    WrongEpoch,
    /// Nobody would be left who may bring people in and out.
    #[error("the last admin must stay, hand over, or dissolve the space")]
    LastAdmin,
    /// A rotation is due, so nobody can be let in with the seed of those who went.
    #[error("a new seed must come first")]
    RotationDue,
    /// The space has ended.
    #[error("the space was dissolved")]
    Dissolved,
    /// More people or devices than a space may have.
    #[error("the space is full")]
    Full,
}
