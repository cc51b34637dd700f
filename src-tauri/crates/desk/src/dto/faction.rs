//! Border types of faction spaces: who belongs to one, what is shared and written there, and what of it is new.

use super::{MarkKind, StampName, Target, border_choice, border_type};

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
        Joined,
        Refused,
    }

    pub enum FactionStatus {
        Draft,
        Agreed,
        Done,
    }

    pub enum FactionEntryKind {
        Share,
        Message,
        Position,
        Task,
        /// About something nonpublic that this device may not read.
        Closed,
    }

    /// What can be shared at once.
    pub enum FactionSourceKind {
        /// Notes or marks by their ids.
        Marks,
        /// All marks of a file.
        File,
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
        /// Where it has led.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub faction_id: Option<String>,
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

    /// All that spaces hold about one thing of the council.
    pub struct FactionAboutRequest {
        /// Absent: what is about nothing of the council.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub target: Option<Target>,
        /// Only this space; absent: all of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub faction_id: Option<String>,
    }

    pub struct FactionAbout {
        /// One for each space that has that thing.
        pub spaces: Vec<FactionTopic>,
    }

    pub struct FactionTopic {
        pub card: FactionCard,
        pub people: Vec<FactionPerson>,
        /// Only for agenda items.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub position: Option<FactionPosition>,
        /// First messages with their answers, oldest first.
        pub threads: Vec<FactionMessage>,
        pub shares: Vec<FactionShare>,
        pub tasks: Vec<FactionTask>,
    }

    pub struct FactionPosition {
        /// Absent: nobody has begun it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub item_id: Option<String>,
        pub recommendation: String,
        pub arguments: String,
        pub status: FactionStatus,
        /// Ids of those who speak.
        pub speakers: Vec<String>,
        /// Something of it could not be read here.
        pub incomplete: bool,
    }

    /// What is absent stays as it is.
    pub struct FactionPositionRequest {
        pub faction_id: String,
        pub target: Target,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub recommendation: Option<String>,
        /// What it grew from; absent: what stands there now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub recommendation_before: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub arguments: Option<String>,
        /// What they grew from; absent: what stands there now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub arguments_before: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<FactionStatus>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub speaker: Option<FactionSpeaker>,
    }

    pub struct FactionSpeaker {
        pub user_id: String,
        pub speaks: bool,
    }

    pub struct FactionMessage {
        pub item_id: String,
        /// What it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent_id: Option<String>,
        pub author_id: String,
        pub at_ms: i64,
        pub text: String,
        pub mentions: Vec<String>,
        /// Only on this device yet.
        pub unsent: bool,
        /// Who wants it to be known that she has read it.
        pub readers: Vec<String>,
        /// All answers to it, oldest first; empty in an answer.
        pub answers: Vec<FactionMessage>,
    }

    pub struct FactionMessageRequest {
        pub faction_id: String,
        /// Absent: a message to the whole space.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub target: Option<Target>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent_id: Option<String>,
        pub mentions: Vec<String>,
        pub text: String,
    }

    pub struct FactionMessageEditRequest {
        pub faction_id: String,
        pub item_id: String,
        pub text: String,
    }

    pub struct FactionReadRequest {
        pub faction_id: String,
        pub item_id: String,
        /// False takes it back.
        pub shown: bool,
    }

    pub struct FactionTask {
        pub item_id: String,
        pub author_id: String,
        pub at_ms: i64,
        pub text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub owner_id: Option<String>,
        /// 2026-09-30.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub due: Option<String>,
        pub status: FactionStatus,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub target: Option<Target>,
        /// What it is about: "TOP 5 · 2026/184".
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
        pub unsent: bool,
    }

    pub struct FactionTaskRequest {
        pub faction_id: String,
        /// Absent: a new one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub item_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub target: Option<Target>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub text: Option<String>,
        /// Empty: nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub owner_id: Option<String>,
        /// Empty: none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub due: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<FactionStatus>,
    }

    pub struct FactionWritten {
        pub item_id: String,
    }

    pub struct FactionShare {
        /// The space that it was shared in.
        pub faction_id: String,
        pub item_id: String,
        pub author_id: String,
        pub own: bool,
        pub at_ms: i64,
        pub text: String,
        /// Absent for a note.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub mark: Option<FactionMark>,
        pub target: Target,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
        pub unsent: bool,
    }

    /// A shared mark as the reader draws it.
    pub struct FactionMark {
        pub kind: MarkKind,
        pub file_id: String,
        /// 0-based.
        pub page: u32,
        /// Left, bottom, right, top in PDF points of the unrotated page.
        pub rects: Vec<[f32; 4]>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub width_pt: Option<f32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub stamp: Option<StampName>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub strokes: Option<Vec<Vec<[f32; 3]>>>,
        /// The words it stands on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub quote: Option<String>,
        /// It was made on another version of the file than the one that is here.
        pub other_version: bool,
    }

    pub struct FactionMarksRequest {
        pub file_id: String,
    }

    /// The layer of a file: what was shared on its pages.
    pub struct FactionMarks {
        pub shares: Vec<FactionShare>,
        pub people: Vec<FactionPerson>,
    }

    pub struct FactionSource {
        pub kind: FactionSourceKind,
        /// Ids of the marks, or the one of the file.
        pub ids: Vec<String>,
    }

    pub struct FactionShareRequest {
        pub faction_id: String,
        pub source: FactionSource,
    }

    /// Exactly what would leave the tablet, and for whom.
    pub struct FactionPreview {
        pub parts: Vec<FactionPreviewPart>,
        /// Names of those who will be able to read it.
        pub readers: Vec<String>,
        /// Something of it stands on a nonpublic paper: of the readers only those who are entitled to it can open that part.
        pub nonpublic: bool,
        /// Were shared before; they are not shared again.
        pub shared_before: u32,
        /// Cannot be shared, as what it stands on is not open here any more.
        pub left_out: u32,
    }

    pub struct FactionPreviewPart {
        pub kind: MarkKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
        /// 0-based.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page: Option<u32>,
        pub text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub quote: Option<String>,
        pub nonpublic: bool,
    }

    pub struct FactionShared {
        pub count: u32,
        pub item_ids: Vec<String>,
    }

    pub struct FactionItemRequest {
        pub faction_id: String,
        pub item_id: String,
    }

    pub struct FactionNewsRequest {
        pub faction_id: String,
        /// Only what is new since the owner has last looked.
        pub new_only: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub user_id: Option<String>,
        /// A word with # in the text, without the sign.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tag: Option<String>,
    }

    pub struct FactionNews {
        /// Latest first.
        pub entries: Vec<FactionEntry>,
        pub people: Vec<FactionPerson>,
        /// Meetings that entries belong to.
        pub meetings: Vec<FactionMeeting>,
        /// All tags, by name.
        pub tags: Vec<String>,
    }

    pub struct FactionMeeting {
        pub id: String,
        pub name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start_at_ms: Option<i64>,
    }

    pub struct FactionEntry {
        pub kind: FactionEntryKind,
        pub item_id: String,
        pub author_id: String,
        pub at_ms: i64,
        /// Its beginning.
        pub text: String,
        pub new: bool,
        /// The owner is mentioned.
        pub mentions_me: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub target: Option<Target>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub file_id: Option<String>,
        /// 0-based.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page: Option<u32>,
    }

    pub struct FactionTasks {
        /// Open ones by day, then done ones.
        pub tasks: Vec<FactionTask>,
        pub people: Vec<FactionPerson>,
    }

    pub struct FactionSheetRequest {
        pub faction_id: String,
        pub meeting_id: String,
        /// Without it nothing nonpublic is in the answer, not even the name of an item.
        pub include_nonpublic: bool,
    }

    /// The faction's agenda: positions, who speaks, what is to be done.
    pub struct FactionSheet {
        pub faction_name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start_at_ms: Option<i64>,
        pub public: bool,
        pub items: Vec<FactionSheetItem>,
        /// Open tasks of the meeting itself.
        pub tasks: Vec<FactionTask>,
        pub people: Vec<FactionPerson>,
        pub left_out: u32,
    }

    pub struct FactionSheetItem {
        pub id: String,
        pub number: String,
        pub name: String,
        pub public: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub position: Option<FactionPosition>,
        pub tasks: Vec<FactionTask>,
        pub message_count: u32,
    }

    /// Something was put into the folder for downloads.
    pub struct FactionSaved {
        pub path: String,
    }
}
