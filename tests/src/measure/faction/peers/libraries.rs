//! What the three libraries are asked for, each in its own words: one text in one document.

use anyhow::{Context, Result};

/// A document with one text. Places and lengths are characters; none of the words used has one beyond 16 bits.
pub trait Library: Sized {
    fn new(writer: u64) -> Result<Self>;
    /// As far as the text reaches. Result: what others must import.
    fn splice(&mut self, at: usize, delete: usize, insert: &str) -> Result<Vec<u8>>;
    fn import(&mut self, edit: &[u8]) -> Result<()>;
    fn snapshot(&mut self) -> Result<Vec<u8>>;
    fn load(snapshot: &[u8]) -> Result<Self>;
    fn text(&self) -> String;
}

/// Where the splice is, in a text of this length.
fn clamped(at: usize, delete: usize, len: usize) -> (usize, usize) {
    let at = at.min(len);
    (at, delete.min(len - at))
}

pub struct Loro(loro::LoroDoc);

impl Library for Loro {
    fn new(writer: u64) -> Result<Self> {
        let document = loro::LoroDoc::new();
        document.set_peer_id(writer)?;
        Ok(Self(document))
    }

    fn splice(&mut self, at: usize, delete: usize, insert: &str) -> Result<Vec<u8>> {
        let before = self.0.oplog_vv();
        let text = self.0.get_text("text");
        let (at, delete) = clamped(at, delete, text.len_unicode());
        text.delete(at, delete)?;
        text.insert(at, insert)?;
        self.0.commit();
        Ok(self.0.export(loro::ExportMode::updates(&before))?)
    }

    fn import(&mut self, edit: &[u8]) -> Result<()> {
        self.0.import(edit)?;
        Ok(())
    }

    fn snapshot(&mut self) -> Result<Vec<u8>> {
        Ok(self.0.export(loro::ExportMode::Snapshot)?)
    }

    fn load(snapshot: &[u8]) -> Result<Self> {
        let document = loro::LoroDoc::new();
        document.import(snapshot)?;
        Ok(Self(document))
    }

    fn text(&self) -> String {
        self.0.get_text("text").to_string()
    }
}

pub struct Automerge(automerge::AutoCommit);

impl Automerge {
    /// The text; whoever writes first makes it.
    fn object(&self) -> Result<Option<automerge::ObjId>> {
        use automerge::ReadDoc;
        Ok(self.0.get(automerge::ROOT, "text")?.map(|(_, id)| id))
    }
}

impl Library for Automerge {
    fn new(writer: u64) -> Result<Self> {
        let mut document = automerge::AutoCommit::new();
        document.set_actor(automerge::ActorId::from(writer.to_be_bytes().as_slice()));
        Ok(Self(document))
    }

    fn splice(&mut self, at: usize, delete: usize, insert: &str) -> Result<Vec<u8>> {
        use automerge::ReadDoc;
        use automerge::transaction::Transactable;
        let before = self.0.get_heads();
        let object = match self.object()? {
            Some(object) => object,
            None => self
                .0
                .put_object(automerge::ROOT, "text", automerge::ObjType::Text)?,
        };
        let (at, delete) = clamped(at, delete, self.0.length(&object));
        self.0
            .splice_text(&object, at, isize::try_from(delete)?, insert)?;
        self.0.commit();
        Ok(self.0.save_after(&before))
    }

    fn import(&mut self, edit: &[u8]) -> Result<()> {
        self.0.load_incremental(edit)?;
        Ok(())
    }

    fn snapshot(&mut self) -> Result<Vec<u8>> {
        Ok(self.0.save())
    }

    fn load(snapshot: &[u8]) -> Result<Self> {
        Ok(Self(automerge::AutoCommit::load(snapshot)?))
    }

    fn text(&self) -> String {
        use automerge::ReadDoc;
        let object = self.object().ok().flatten();
        let text = object.and_then(|object| self.0.text(object).ok());
        text.unwrap_or_default()
    }
}

pub struct Yrs(yrs::Doc);

impl Library for Yrs {
    fn new(writer: u64) -> Result<Self> {
        let options = yrs::Options {
            client_id: yrs::ClientID::new(writer),
            offset_kind: yrs::OffsetKind::Utf16,
            ..yrs::Options::default()
        };
        Ok(Self(yrs::Doc::with_options(options)))
    }

    fn splice(&mut self, at: usize, delete: usize, insert: &str) -> Result<Vec<u8>> {
        use yrs::{Text, Transact};
        let text = self.0.get_or_insert_text("text");
        let mut transaction = self.0.transact_mut();
        let len = usize::try_from(text.len(&transaction))?;
        let (at, delete) = clamped(at, delete, len);
        let place = u32::try_from(at)?;
        if delete > 0 {
            text.remove_range(&mut transaction, place, u32::try_from(delete)?);
        }
        text.insert(&mut transaction, place, insert);
        Ok(transaction.encode_update_v1())
    }

    fn import(&mut self, edit: &[u8]) -> Result<()> {
        use yrs::Transact;
        use yrs::updates::decoder::Decode;
        let update = yrs::Update::decode_v1(edit).context("no update")?;
        self.0.transact_mut().apply_update(update)?;
        Ok(())
    }

    fn snapshot(&mut self) -> Result<Vec<u8>> {
        use yrs::{ReadTxn, Transact};
        let all = yrs::StateVector::default();
        Ok(self.0.transact().encode_state_as_update_v2(&all))
    }

    fn load(snapshot: &[u8]) -> Result<Self> {
        use yrs::Transact;
        use yrs::updates::decoder::Decode;
        let document = Self::new(4)?;
        let update = yrs::Update::decode_v2(snapshot).context("no snapshot")?;
        document.0.transact_mut().apply_update(update)?;
        Ok(document)
    }

    fn text(&self) -> String {
        use yrs::{GetString, Transact};
        let text = self.0.get_or_insert_text("text");
        text.get_string(&self.0.transact())
    }
}
