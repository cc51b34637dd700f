//! Border types of the app as a whole: status, settings, vault, councils, storage.

use super::{FlowSettings, Secret, border_choice, border_type};
use crate::error::DeskError;

border_choice! {
    /// What the vault folder holds and whether it is open.
    pub enum VaultState {
        /// No vault yet: the greeting is shown.
        Empty,
        /// A vault that waits for its passphrase.
        Locked,
        /// Open: every command works.
        Open,
    }

    /// Language of the surface; `System` follows the device.
    pub enum Language {
        De,
        En,
        System,
    }

    /// Light or dark; `System` follows the device.
    pub enum Appearance {
        Light,
        Dark,
        System,
    }

    /// How the meetings are shown.
    #[derive(Default)]
    pub enum MeetingsView {
        #[default]
        List,
        Month,
    }

    /// What a favourite pen is.
    pub enum PenTool {
        Pen,
        Marker,
    }

    /// What keeps PDFium, which reads files that others have made, from the device.
    pub enum PdfGuard {
        /// Helper processes without files, network and other programs.
        Full,
        /// The same on a kernel without Landlock: the system's fonts are out of reach, too.
        WithoutFileRules,
        /// Nothing but the app's own limits: PDFium runs in its process.
        InProcess,
    }

    /// Why a passphrase is refused.
    pub enum PassphraseProblem {
        /// Nothing was typed.
        Empty,
        /// Words, but fewer than five different ones that count.
        TooFewWords,
        /// One word or two, with fewer than 20 characters.
        TooShort,
        /// Long enough, but of few different characters.
        TooUniform,
    }
}

border_type! {
    /// A request or a result without content.
    pub struct Empty {}

    /// Everything the first screen needs.
    pub struct AppStatus {
        pub vault: VaultState,
        /// Empty while locked.
        pub councils: Vec<CouncilInfo>,
        pub settings: Settings,
        pub version: String,
        /// Known once the first document was opened.
        pub pdf_guard: Option<PdfGuard>,
        /// Older keys lie here than the key store has seen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub older: Option<DeskError>,
    }

    /// One paired council.
    pub struct CouncilInfo {
        pub id: String,
        pub name: String,
        pub person_name: String,
        /// The office has confirmed the four words (or paired in person).
        pub confirmed: bool,
        /// The office has withdrawn this device.
        pub revoked: bool,
        /// The four words to read to the office, while not confirmed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub confirm_words: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub last_sync_at_ms: Option<i64>,
        /// "14:05" of today, else the date; "–" before the first sync.
        pub stand_text: String,
        /// The last run did not reach the server.
        pub offline: bool,
        /// How the last run ended, unless well; also what keeps the council's papers from being shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub problem: Option<DeskError>,
    }

    /// How the surface looks and speaks. Kept outside the vault: the lock screen needs it.
    pub struct Settings {
        pub language: Language,
        pub appearance: Appearance,
        /// Factor on the text size, 0.8 to 2.5.
        pub text_scale: f64,
        pub left_handed: bool,
        /// After so many minutes without anything being done the portfolio locks: 1, 5, 15 or 30.
        #[serde(default = "usual_auto_lock_min")]
        pub auto_lock_min: u32,
        #[serde(default)]
        pub meetings_view: MeetingsView,
        /// How the reading mode is set.
        #[serde(default)]
        pub flow: FlowSettings,
        /// The member's own pens, in their order; none chosen yet: those of the tray.
        #[serde(default)]
        pub pens: Vec<FavouritePen>,
    }

    /// A pen or marker as it lies in the tray.
    pub struct FavouritePen {
        pub tool: PenTool,
        /// As in a mark: of a highlighter for markers, of a pen for pens.
        pub color: String,
        /// PDF points.
        pub width_pt: f32,
    }

    pub struct VaultCreateRequest {
        pub passphrase: Secret,
    }

    pub struct VaultCreated {
        /// Shown once, to be written down; groups separated by dashes.
        pub recovery_code: Secret,
    }

    pub struct VaultUnlockRequest {
        pub passphrase: Secret,
    }

    pub struct VaultUnlockRecoveryRequest {
        pub code: Secret,
    }

    pub struct PassphraseCheckRequest {
        pub passphrase: Secret,
    }

    pub struct PassphraseVerdict {
        pub ok: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub problem: Option<PassphraseProblem>,
        /// How many words were counted.
        pub words: u32,
    }

    pub struct PassphraseSuggestion {
        pub passphrase: Secret,
    }

    pub struct CouncilPairRequest {
        /// Address of the letter: host, host:port or https URL.
        pub address: String,
        /// The 26-character code of the letter.
        pub code: Secret,
    }

    pub struct CouncilPaired {
        pub council: String,
        pub council_name: String,
        pub person_name: String,
        /// The four words to read to the office.
        pub confirm_words: Vec<String>,
    }

    pub struct CouncilForgetRequest {
        pub council: String,
    }

    pub struct StorageOverview {
        pub councils: Vec<CouncilStorage>,
    }

    pub struct CouncilStorage {
        pub id: String,
        pub name: String,
        pub file_count: u32,
        /// Ciphertext of the council's files on this device.
        pub bytes: u64,
        /// The member's own notes and marks (one database for all councils).
        pub private_bytes: u64,
        pub objects: u32,
    }
}

/// Long enough to listen, short enough for a tablet left on a table.
fn usual_auto_lock_min() -> u32 {
    5
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::System,
            appearance: Appearance::System,
            text_scale: 1.0,
            left_handed: false,
            auto_lock_min: usual_auto_lock_min(),
            meetings_view: MeetingsView::List,
            pens: Vec::new(),
            flow: FlowSettings::default(),
        }
    }
}
