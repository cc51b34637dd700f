//! Who belongs to a space: founding, inviting, coming in, roles, devices.

use crate::dto::{border_choice, border_type};

border_choice! {
    pub enum FactionRole {
        Member,
        Staff,
        /// Brings people in and out.
        Admin,
    }

    /// How the exchange with the server stands.
    pub enum FactionContact {
        /// Everything that is known to the server is here, and the other way round.
        Current,
        /// Being exchanged right now.
        Busy,
        /// No network; what is written waits here.
        Offline,
        /// The seed of the newest epoch has not come yet: what is new cannot be read.
        Awaiting,
        /// Refused, see `trouble`.
        Refused,
    }

    pub enum FactionInviteWay {
        /// Shown to somebody who stands here; 15 minutes.
        Qr,
        /// By letter, with six words to compare; 14 days.
        Letter,
    }

    pub enum FactionInviteState {
        /// Nobody has answered yet.
        Open,
        /// Somebody knows the code; her six words wait to be compared.
        Compare,
        /// She comes in with the next exchange.
        Admitted,
        /// Too late, or too many wrong answers.
        Over,
    }

    pub enum FactionJoinState {
        /// The inviting device has not answered yet.
        Waiting,
        /// The six words are to be compared with the inviter.
        Compare,
        /// The inviter has to let her in.
        Admission,
        Refused,
    }
}

border_type! {
    pub struct FactionRequest {
        pub faction_id: String,
    }

    pub struct FactionOverview {
        /// Spaces of this device, as they came.
        pub spaces: Vec<FactionCard>,
        /// Invitations that are being answered here.
        pub joining: Vec<FactionJoin>,
    }

    pub struct FactionCard {
        pub id: String,
        pub council_id: String,
        pub council_name: String,
        /// Absent until the first seed has come.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Of the owner of this device.
        pub own_user_id: String,
        pub role: FactionRole,
        pub member_count: u32,
        /// Entries of others since the owner has last looked.
        pub new_count: u32,
        /// What waits to be sent.
        pub unsent: u32,
        /// What a newer version of the app has written; it is kept.
        pub newer_count: u32,
        /// The owner was taken out or has left; what was read before stays readable.
        pub removed: bool,
        pub dissolved: bool,
        pub contact: FactionContact,
        /// In words, with the next step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub trouble: Option<String>,
        /// The marks that were shared in it are laid over pages.
        pub layer_shown: bool,
    }

    pub struct FactionLayerRequest {
        pub faction_id: String,
        pub shown: bool,
    }

    pub struct FactionFoundRequest {
        pub council_id: String,
        pub name: String,
        pub own_name: String,
        pub device_name: String,
    }

    pub struct FactionJoinRequest {
        pub council_id: String,
        /// The text of a QR code or the code of a letter.
        pub code: String,
        pub own_name: String,
        pub device_name: String,
    }

    pub struct FactionJoin {
        pub invitation_id: String,
        pub council_id: String,
        pub state: FactionJoinState,
        /// By letter: to be compared with the inviter.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub words: Option<Vec<String>>,
        /// Why it goes no further, with the next step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub trouble: Option<String>,
    }

    pub struct FactionJoinCancelRequest {
        pub invitation_id: String,
    }

    pub struct FactionRecoverRequest {
        pub council_id: String,
        /// The printed paper key.
        pub code: String,
        pub device_name: String,
    }

    /// Who belongs to a space, and what changes there.
    pub struct FactionMembers {
        pub card: FactionCard,
        /// Present ones by name, then those who have gone.
        pub people: Vec<FactionPerson>,
        pub invitations: Vec<FactionInvitation>,
        /// Changes that wait for the server, in words.
        pub pending: Vec<String>,
    }

    pub struct FactionPerson {
        pub user_id: String,
        /// Absent where the seed of its epoch is not here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        pub role: FactionRole,
        pub own: bool,
        pub gone: bool,
        /// 0 to 7: the colour that her marks and words have on every device.
        pub colour: u32,
        pub devices: Vec<FactionDevice>,
    }

    pub struct FactionDevice {
        pub device_id: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// A printed key.
        pub paper: bool,
        pub own: bool,
        pub gone: bool,
        /// 128 bits in groups of four hexadecimal digits, to be compared in a meeting.
        pub fingerprint: String,
    }

    pub struct FactionInvitation {
        pub invitation_id: String,
        pub way: FactionInviteWay,
        /// Absent: a further device of the owner.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub role: Option<FactionRole>,
        pub expires_at_ms: i64,
        pub state: FactionInviteState,
        /// How the newcomer calls herself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub newcomer: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub words: Option<Vec<String>>,
    }

    pub struct FactionInviteRequest {
        pub faction_id: String,
        pub way: FactionInviteWay,
        /// Absent: a further device of the owner.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub role: Option<FactionRole>,
    }

    /// An invitation that has just been made; its secret is shown once.
    pub struct FactionInvited {
        pub invitation_id: String,
        /// Of a QR code its text, of a letter its code in groups.
        pub secret: String,
        /// Dark modules of the QR code, row by row; absent for a letter.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub qr: Option<Vec<Vec<bool>>>,
        pub expires_at_ms: i64,
    }

    pub struct FactionAdmitRequest {
        pub faction_id: String,
        pub invitation_id: String,
        /// False takes the invitation back.
        pub words_match: bool,
    }

    pub struct FactionInvitationRequest {
        pub faction_id: String,
        pub invitation_id: String,
    }

    pub struct FactionRoleRequest {
        pub faction_id: String,
        pub user_id: String,
        pub role: FactionRole,
    }

    pub struct FactionUserRequest {
        pub faction_id: String,
        pub user_id: String,
    }

    pub struct FactionDeviceRequest {
        pub faction_id: String,
        pub device_id: String,
    }

    pub struct FactionPaperKey {
        /// Shown once; whoever has it reads everything.
        pub code: String,
    }
}
