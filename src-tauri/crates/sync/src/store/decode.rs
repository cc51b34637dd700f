//! From stored CBOR to the objects of the model, and what queries need beside the payload.

use chrono::DateTime;
use sync_protocol::cbor::from_cbor_lenient;
use sync_protocol::ids::ObjectId;
use sync_protocol::model::{
    AgendaItem, Body, Consultation, CouncilObject, File, LegislativeTerm, Meeting, Membership,
    ObjectKind, Organization, Paper, Person,
};

use super::{FileRole, StoreError};

/// A kind of object that can be taken out of a payload.
pub(super) trait FromObject: Sized {
    /// What stands in the column `kind`, by its number.
    const KIND: ObjectKind;

    /// Errors: [`StoreError::BadRow`] if the payload is not an object of this kind.
    fn from_payload(payload: &[u8]) -> Result<Self, StoreError>;
}

macro_rules! kinds {
    ($($kind:ident),+ $(,)?) => {
        $(impl FromObject for $kind {
            const KIND: ObjectKind = ObjectKind::$kind;

            fn from_payload(payload: &[u8]) -> Result<Self, StoreError> {
                from_cbor_lenient(payload).map_err(|_| StoreError::BadRow { what: stringify!($kind) })
            }
        })+
    };
}

kinds!(
    Body,
    Organization,
    Person,
    Membership,
    LegislativeTerm,
    Meeting,
    AgendaItem,
    Paper,
    Consultation,
    File
);

/// What the table `objects` keeps beside the payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) meeting: Option<ObjectId>,
    pub(crate) agenda_item: Option<ObjectId>,
    pub(crate) paper: Option<ObjectId>,
    pub(crate) organization: Option<ObjectId>,
    pub(crate) person: Option<ObjectId>,
    pub(crate) item_order: Option<i64>,
    pub(crate) starts_at_ms: Option<i64>,
    /// Files this object carries, in order.
    pub(crate) files: Vec<(FileRole, u32, ObjectId)>,
}

/// When a meeting starts, ms UTC; `None` if its date does not parse.
pub(super) fn start_ms(meeting: &Meeting) -> Option<i64> {
    DateTime::parse_from_rfc3339(&meeting.start)
        .ok()
        .map(|start| start.timestamp_millis())
}

fn numbered(role: FileRole, files: &[ObjectId]) -> impl Iterator<Item = (FileRole, u32, ObjectId)> {
    (0..)
        .zip(files)
        .map(move |(position, file)| (role, position, *file))
}

/// What queries need of an object.
pub(crate) fn columns_of(object: &CouncilObject) -> Columns {
    let base = Columns::default();
    match object {
        CouncilObject::Membership(membership) => Columns {
            person: Some(membership.person),
            organization: Some(membership.organization),
            ..base
        },
        CouncilObject::Meeting(meeting) => Columns {
            starts_at_ms: start_ms(meeting),
            files: numbered(FileRole::Invitation, meeting.invitation.as_slice())
                .chain(numbered(
                    FileRole::Minutes,
                    meeting.results_protocol.as_slice(),
                ))
                .chain(numbered(FileRole::Auxiliary, &meeting.auxiliary_files))
                .collect(),
            ..base
        },
        CouncilObject::AgendaItem(item) => Columns {
            meeting: Some(item.meeting),
            paper: item.paper,
            item_order: Some(i64::from(item.order)),
            files: numbered(FileRole::AgendaItem, &item.files).collect(),
            ..base
        },
        CouncilObject::Consultation(consultation) => Columns {
            meeting: consultation.meeting,
            agenda_item: consultation.agenda_item,
            paper: Some(consultation.paper),
            organization: consultation.organization,
            ..base
        },
        CouncilObject::Paper(paper) => Columns {
            files: numbered(FileRole::Main, paper.main_file.as_slice())
                .chain(numbered(FileRole::Auxiliary, &paper.auxiliary_files))
                .collect(),
            ..base
        },
        CouncilObject::Body(_)
        | CouncilObject::Organization(_)
        | CouncilObject::Person(_)
        | CouncilObject::LegislativeTerm(_)
        | CouncilObject::File(_) => base,
    }
}
