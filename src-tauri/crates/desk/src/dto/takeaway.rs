//! Border types of what the member takes along, and of the annotations that a file already carries.

use super::{border_choice, border_type};
use crate::error::DeskError;

border_choice! {
    /// What is taken along.
    pub enum TakeawayScope {
        File,
        AgendaItem,
        Meeting,
        /// All own notes, and the papers they stand on.
        All,
    }

    /// As what.
    pub enum TakeawayForm {
        /// PDF with standard annotations; the paper's own bytes stay as they are.
        Annotated,
        /// PDF with the marks drawn in.
        Flattened,
        /// PDF as it came.
        Original,
        Xfdf,
        WebAnnotations,
        Markdown,
    }
}

border_type! {
    pub struct TakeawayRequest {
        pub scope: TakeawayScope,
        /// Of the file, agenda item or meeting; absent for all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        pub form: TakeawayForm,
        /// One PDF of everything, with a cover sheet; of an agenda item or meeting.
        #[serde(default)]
        pub bound: bool,
        /// Nonpublic papers, titles and notes go too: the member has been warned and said yes.
        #[serde(default)]
        pub nonpublic: bool,
        /// Only these of the files; absent: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub files: Option<Vec<String>>,
    }

    pub struct TakeawayPreviewRequest {
        pub scope: TakeawayScope,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
    }

    /// What could leave; nothing has been written yet.
    pub struct TakeawayPreview {
        pub name: String,
        /// The folder that it would go into.
        pub folder: String,
        /// Whom the annotations will name as their author.
        pub author: String,
        pub sections: Vec<TakeawaySection>,
    }

    /// An agenda item, or what else belongs together.
    pub struct TakeawaySection {
        pub title: String,
        pub public: bool,
        pub files: Vec<TakeawayFile>,
        /// Own notes that stand on no page.
        pub note_count: u32,
    }

    pub struct TakeawayFile {
        pub id: String,
        pub title: String,
        pub public: bool,
        /// It lies on this device; what does not cannot be taken along.
        pub present: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page_count: Option<u32>,
        pub byte_len: u64,
        pub mark_count: u32,
    }

    pub struct TakeawaySaved {
        /// Of the file or folder.
        pub path: String,
        pub file_count: u32,
        pub mark_count: u32,
        /// What could not be taken along as wished.
        pub left_out: Vec<TakeawayLeftOut>,
    }

    pub struct TakeawayLeftOut {
        pub title: String,
        pub error: DeskError,
    }

    pub struct CarriedRequest {
        pub file_id: String,
    }

    /// The annotations of other programs in a file.
    pub struct CarriedSummary {
        /// Not taken over yet.
        pub new_count: u32,
        /// Taken over before, and still there.
        pub taken_count: u32,
        /// Pictures, attached files and other things that have no kind here.
        pub other_count: u32,
        /// Who made the new ones, as far as they say.
        pub authors: Vec<String>,
    }

    pub struct CarriedTaken {
        pub count: u32,
    }

    pub struct DocumentCarriedRequest {
        pub doc: String,
    }

    pub struct DocumentCarried {
        /// Annotations of the file that its pages do not draw, as they are own marks.
        pub hidden_count: u32,
        /// They are others than before: pages look different now.
        pub changed: bool,
    }
}
