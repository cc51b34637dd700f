//! Rows of marks and their versions: from a mark to columns and back, quotations sealed and opened on the way.
//! Not which version counts (see `marks` and `history`).

use crate::anchor::{Anchor, Quote, Rect, Target, TargetKey, TargetKind};
use crate::body_columns::{BodyColumns, body_of};
use crate::error::NotesError;
use crate::ink::InkPoint;
use crate::mark::{Mark, MarkBody, MarkId};
use minicbor::{Decode, Encode};
use rusqlite::{Connection, Row, Transaction, named_params};
use vault::{AudienceId, BlobId, CouncilId, ObjectId, QuoteError, Vault};

const MOST_TEXT_CHARS: usize = 100_000;
const MOST_WIDTH_PT: f32 = 1_000.0;

/// Columns of a mark in the order that [`VersionRow::mark`] reads them, from `marks m`.
macro_rules! head_columns {
    () => {
        "m.mark_id, m.council, m.target_kind, m.target_object, m.created_at_ms, m.updated_at_ms, m.made_at_item, m.imported_from"
    };
}

/// See the macro.
pub(crate) const HEAD_COLUMNS: &str = head_columns!();

/// Columns that [`mark_of`] reads, from `marks m JOIN versions v`.
pub(crate) const MARK_COLUMNS: &str = concat!(
    head_columns!(),
    ", v.kind, v.form, v.blob_id, v.revision, v.page, v.rects, v.color, v.text, v.width_pt, v.strokes, v.stamp, v.quote,
    v.quote_sealed, v.sealed_class"
);

#[derive(Encode, Decode)]
#[cbor(map)]
struct StoredQuote {
    #[n(0)]
    exact: String,
    #[n(1)]
    prefix: String,
    #[n(2)]
    suffix: String,
}

/// Refuses what could be stored but never shown.
pub(crate) fn check(anchor: &Anchor, body: &MarkBody) -> Result<(), NotesError> {
    if !anchor.rects.iter().all(Rect::is_valid) {
        return Err(NotesError::BadPlace);
    }
    let is_file = anchor.target.kind() == TargetKind::File;
    if !is_file && (anchor.page.is_some() || !anchor.rects.is_empty()) {
        return Err(NotesError::BadPlace);
    }
    if body
        .text()
        .is_some_and(|text| text.chars().count() > MOST_TEXT_CHARS)
    {
        return Err(NotesError::TextTooLong);
    }
    let width_is_possible = |width_pt: f32| width_pt > 0.0 && width_pt <= MOST_WIDTH_PT;
    if !body.width_pt().is_none_or(width_is_possible) {
        return Err(NotesError::NotForThisKind);
    }
    if !body.color().is_none_or(|color| color.is_for(body.kind())) {
        return Err(NotesError::NotForThisKind);
    }
    let needs_box = match body {
        MarkBody::Note { .. } => return Ok(()),
        // On an agenda item or a paper it stands for the whole of it.
        MarkBody::Stamp { .. } if !is_file => return Ok(()),
        MarkBody::Stamp { .. } | MarkBody::TextBox { .. } => true,
        _ => false,
    };
    if anchor.page.is_none() || (needs_box && anchor.rects.is_empty()) {
        return Err(NotesError::BadPlace);
    }
    Ok(())
}

/// How the quotation of a version is kept.
enum QuoteColumns {
    Plain(Option<Vec<u8>>),
    Sealed {
        class: AudienceId,
        sealed: Option<Vec<u8>>,
    },
}

fn quote_columns(vault: &Vault, anchor: &Anchor) -> Result<QuoteColumns, NotesError> {
    let plain = anchor
        .quote
        .as_ref()
        .map(|quote| {
            let Quote {
                exact,
                prefix,
                suffix,
            } = quote.clone();
            minicbor::to_vec(StoredQuote {
                exact,
                prefix,
                suffix,
            })
            .map_err(|_| NotesError::BadRow)
        })
        .transpose()?;
    let Some(class) = anchor.sealed_class else {
        return Ok(QuoteColumns::Plain(plain));
    };
    let sealed = match plain.map(|plain| vault.seal_quote(anchor.council, class, &plain)) {
        // Access ended this moment: the member's own words are kept without the quotation.
        None | Some(Err(QuoteError::QuoteLocked)) => None,
        Some(Ok(sealed)) => Some(sealed),
        Some(Err(error)) => return Err(NotesError::Quote(error)),
    };
    Ok(QuoteColumns::Sealed { class, sealed })
}

/// Stores a state of a mark.
///
/// `kept_quote`: the version whose quotation is taken over as it is stored, because it could not be opened.
/// Result: the number of the new version.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    vault: &Vault,
    mark_id: MarkId,
    anchor: &Anchor,
    body: &MarkBody,
    kept_quote: Option<i64>,
) -> Result<i64, NotesError> {
    check(anchor, body)?;
    let (blob_id, revision) = match &anchor.target {
        Target::File {
            blob_id, revision, ..
        } => (Some(*blob_id.as_bytes()), Some(*revision)),
        _ => (None, None),
    };
    let columns = BodyColumns::of(body)?;
    let (quote, quote_sealed, sealed_class) = match quote_columns(vault, anchor)? {
        QuoteColumns::Plain(quote) => (quote, None, None),
        QuoteColumns::Sealed { class, sealed } => (None, sealed, Some(*class.as_bytes())),
    };
    transaction
        .prepare_cached(
            "INSERT INTO versions (mark_id, kind, form, blob_id, revision, page, rects, color, text, width_pt, strokes,
                 stamp, quote, quote_sealed, sealed_class)
             VALUES (:mark_id, :kind, :form, :blob_id, :revision, :page, :rects, :color, :text, :width_pt, :strokes,
                 :stamp, :quote, :quote_sealed, :sealed_class)",
        )?
        .execute(named_params! {
            ":mark_id": mark_id.0,
            ":kind": columns.kind,
            ":form": columns.form,
            ":blob_id": blob_id,
            ":revision": revision,
            ":page": anchor.page,
            ":rects": rects_to_bytes(&anchor.rects),
            ":color": columns.color,
            ":text": body.text(),
            ":width_pt": columns.width_pt,
            ":strokes": columns.strokes,
            ":stamp": columns.stamp,
            ":quote": quote,
            ":quote_sealed": quote_sealed,
            ":sealed_class": sealed_class,
        })?;
    let version = transaction.last_insert_rowid();
    if let Some(kept) = kept_quote {
        transaction
            .prepare_cached(
                "UPDATE versions SET (quote, quote_sealed, sealed_class) =
                     (SELECT quote, quote_sealed, sealed_class FROM versions WHERE version = :kept)
                 WHERE version = :version",
            )?
            .execute(named_params! { ":kept": kept, ":version": version })?;
    }
    Ok(version)
}

/// The mark in a row of [`MARK_COLUMNS`].
pub(crate) fn mark_of(vault: &Vault, row: &Row<'_>) -> Result<Mark, NotesError> {
    VersionRow::of(row)?.mark(vault, row)
}

/// What a version says, as it is stored: versions never change, so it may be kept. Its quotation stays sealed.
pub(crate) struct VersionRow {
    body: MarkBody,
    blob_id: Option<BlobId>,
    revision: Option<u32>,
    page: Option<u32>,
    rects: Vec<Rect>,
    quote: Option<Vec<u8>>,
    quote_sealed: Option<Vec<u8>>,
    sealed_class: Option<AudienceId>,
}

impl VersionRow {
    /// From a row of the columns of `versions`.
    pub(crate) fn of(row: &Row<'_>) -> Result<Self, NotesError> {
        Ok(Self {
            body: body_of(row)?,
            blob_id: row
                .get::<_, Option<[u8; 32]>>("blob_id")?
                .map(BlobId::from_bytes),
            revision: row.get("revision")?,
            page: row.get("page")?,
            rects: rects_from_bytes(&row.get::<_, Vec<u8>>("rects")?),
            quote: row.get("quote")?,
            quote_sealed: row.get("quote_sealed")?,
            sealed_class: row
                .get::<_, Option<[u8; 16]>>("sealed_class")?
                .map(AudienceId::from_bytes),
        })
    }

    /// The mark of this version.
    ///
    /// `row`: begins with [`HEAD_COLUMNS`].
    pub(crate) fn mark(&self, vault: &Vault, row: &Row<'_>) -> Result<Mark, NotesError> {
        // By number: looking up the names takes longer than reading.
        let council = CouncilId::from_bytes(row.get(1)?);
        let object = ObjectId::from_bytes(row.get(3)?);
        let kind = row.get_ref(2)?.as_str().map_err(|_| NotesError::BadRow)?;
        let target = match TargetKind::from_name(kind).ok_or(NotesError::BadRow)? {
            TargetKind::Meeting => Target::Meeting(object),
            TargetKind::AgendaItem => Target::AgendaItem(object),
            TargetKind::Paper => Target::Paper(object),
            TargetKind::File => Target::File {
                file: object,
                blob_id: self.blob_id.ok_or(NotesError::BadRow)?,
                revision: self.revision.ok_or(NotesError::BadRow)?,
            },
        };
        let (quote, is_quote_locked) = self.quote(vault, council)?;
        Ok(Mark {
            id: MarkId(row.get(0)?),
            anchor: Anchor {
                council,
                target,
                page: self.page,
                rects: self.rects.clone(),
                quote,
                sealed_class: self.sealed_class,
            },
            body: self.body.clone(),
            is_quote_locked,
            created_at_ms: row.get(4)?,
            updated_at_ms: row.get(5)?,
            made_at_item: row.get::<_, Option<[u8; 16]>>(6)?.map(ObjectId::from_bytes),
            imported_from: row.get(7)?,
        })
    }

    /// The quotation, and whether there is one that does not open now.
    fn quote(
        &self,
        vault: &Vault,
        council: CouncilId,
    ) -> Result<(Option<Quote>, bool), NotesError> {
        let Some(class) = self.sealed_class else {
            let plain = self.quote.as_deref();
            return Ok((plain.map(decode_quote).transpose()?, false));
        };
        let Some(sealed) = &self.quote_sealed else {
            return Ok((None, false));
        };
        // A damaged quotation must not hide the member's own words, so it counts as locked.
        match vault.open_quote(council, class, sealed) {
            Ok(plain) => Ok((Some(decode_quote(&plain)?), false)),
            Err(_) => Ok((None, true)),
        }
    }

    /// Bytes that it takes in memory, about.
    pub(crate) fn weight(&self) -> usize {
        let points: usize = self.body.strokes().iter().map(Vec::len).sum();
        let quote = self.quote.as_ref().or(self.quote_sealed.as_ref());
        size_of::<Self>()
            + points * size_of::<InkPoint>()
            + self.body.text().map_or(0, str::len)
            + self.rects.len() * size_of::<Rect>()
            + quote.map_or(0, Vec::len)
    }
}

fn decode_quote(bytes: &[u8]) -> Result<Quote, NotesError> {
    let StoredQuote {
        exact,
        prefix,
        suffix,
    } = minicbor::decode(bytes).map_err(|_| NotesError::BadRow)?;
    Ok(Quote {
        exact,
        prefix,
        suffix,
    })
}

/// A mark that has not been deleted, with the number of its version.
pub(crate) fn current(
    connection: &Connection,
    vault: &Vault,
    mark_id: MarkId,
) -> Result<(Mark, i64), NotesError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {MARK_COLUMNS}, m.version FROM marks m JOIN versions v USING (version)
         WHERE m.mark_id = :mark_id AND m.deleted_at_ms IS NULL"
    ))?;
    let mut rows = statement.query(named_params! { ":mark_id": mark_id.0 })?;
    let row = rows.next()?.ok_or(NotesError::NoSuchMark)?;
    Ok((mark_of(vault, row)?, row.get("version")?))
}

/// Of a mark: its target, the number of its version, and whether it is deleted.
pub(crate) fn position(
    connection: &Connection,
    mark_id: MarkId,
) -> Result<(TargetKey, i64, bool), NotesError> {
    let mut statement = connection.prepare_cached(
        "SELECT council, target_kind, target_object, version, deleted_at_ms IS NOT NULL AS is_deleted
         FROM marks WHERE mark_id = :mark_id",
    )?;
    let mut rows = statement.query(named_params! { ":mark_id": mark_id.0 })?;
    let row = rows.next()?.ok_or(NotesError::NoSuchMark)?;
    Ok((key_of(row)?, row.get("version")?, row.get("is_deleted")?))
}

/// The target in a row with `council`, `target_kind`, `target_object`.
pub(crate) fn key_of(row: &Row<'_>) -> Result<TargetKey, NotesError> {
    Ok(TargetKey {
        council: CouncilId::from_bytes(row.get("council")?),
        kind: TargetKind::from_name(&row.get::<_, String>("target_kind")?)
            .ok_or(NotesError::BadRow)?,
        object: ObjectId::from_bytes(row.get("target_object")?),
    })
}

fn rects_to_bytes(rects: &[Rect]) -> Vec<u8> {
    let edges = rects
        .iter()
        .flat_map(|rect| [rect.left, rect.bottom, rect.right, rect.top]);
    edges.flat_map(f32::to_le_bytes).collect()
}

fn rects_from_bytes(bytes: &[u8]) -> Vec<Rect> {
    let (quads, _) = bytes.as_chunks::<16>();
    quads
        .iter()
        .map(|quad| {
            let (edges, _) = quad.as_chunks::<4>();
            let mut edges = edges.iter().map(|edge| f32::from_le_bytes(*edge));
            let mut next = || edges.next().unwrap_or_default();
            Rect {
                left: next(),
                bottom: next(),
                right: next(),
                top: next(),
            }
        })
        .collect()
}
