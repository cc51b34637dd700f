//! Ids and audiences for an intake's own keys: found, or made and kept aside until they are stored.
//! Keys may name nonpublic things, so only their keyed digests are stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, Transaction};
use sync_protocol::chain::ChainPosition;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::ids::{AudienceId, Hash, ObjectId};
use sync_protocol::model::ObjectKind;

use crate::draft::CouncilDraft;
use crate::error::ServerError;
use crate::keys::{Digester, Keys};
use crate::store::audiences::{AudienceFor, AudienceRow};
use crate::store::{audiences, council, files, people};

/// The source of the one object that all intakes share: the body.
pub(crate) const COUNCIL_SOURCE: &str = "council";
const FIRST_EPOCH: KeyEpoch = KeyEpoch(1);

/// Ids and audiences of one publishing.
pub(crate) struct Book {
    digester: Digester,
    source: String,
    fresh_ids: HashMap<Hash, (ObjectId, ObjectKind, String)>,
    audiences: BTreeMap<AudienceFor, AudienceRow>,
    fresh_audiences: BTreeSet<AudienceId>,
    own_organizations: BTreeSet<String>,
    own_persons: BTreeSet<String>,
    foreign_organizations: BTreeMap<String, ObjectId>,
    foreign_persons: BTreeMap<String, ObjectId>,
}

impl Book {
    pub(crate) fn open(
        c: &Connection,
        keys: &Keys,
        draft: &CouncilDraft,
    ) -> Result<Self, ServerError> {
        let audiences = audiences::all(c)?
            .into_iter()
            .map(|row| (row.is_for.clone(), row))
            .collect();
        Ok(Self {
            digester: keys.digest(c)?,
            source: draft.source.clone(),
            fresh_ids: HashMap::new(),
            audiences,
            fresh_audiences: BTreeSet::new(),
            own_organizations: draft.organizations.iter().map(|o| o.key.clone()).collect(),
            own_persons: draft.persons.iter().map(|p| p.key.clone()).collect(),
            foreign_organizations: people::organizations(c)?
                .into_iter()
                .map(|o| (o.key, o.id))
                .collect(),
            foreign_persons: people::persons(c)?
                .into_iter()
                .map(|p| (p.key, p.id))
                .collect(),
        })
    }

    /// The id of one of the source's own objects.
    pub(crate) fn id(
        &mut self,
        c: &Connection,
        kind: ObjectKind,
        key: &str,
    ) -> Result<ObjectId, ServerError> {
        let source = if kind == ObjectKind::Body {
            COUNCIL_SOURCE.to_owned()
        } else {
            self.source.clone()
        };
        let digest = self.key_digest(kind, &source, key);
        if let Some((id, ..)) = self.fresh_ids.get(&digest) {
            return Ok(*id);
        }
        if let Some(id) = council::id_of_key(c, &digest)? {
            return Ok(id);
        }
        let id = ObjectId::make()?;
        self.fresh_ids.insert(digest, (id, kind, source));
        Ok(id)
    }

    /// An organization by its key: the source's own, or one that another source brought.
    pub(crate) fn organization(
        &mut self,
        c: &Connection,
        key: &str,
    ) -> Result<Option<ObjectId>, ServerError> {
        if self.own_organizations.contains(key) {
            return self.id(c, ObjectKind::Organization, key).map(Some);
        }
        Ok(self.foreign_organizations.get(key).copied())
    }

    /// A person by her key: the source's own, or one that another source brought.
    pub(crate) fn person(
        &mut self,
        c: &Connection,
        key: &str,
    ) -> Result<Option<ObjectId>, ServerError> {
        if self.own_persons.contains(key) {
            return self.id(c, ObjectKind::Person, key).map(Some);
        }
        Ok(self.foreign_persons.get(key).copied())
    }

    /// The audience for someone.
    pub(crate) fn audience(&mut self, is_for: AudienceFor) -> Result<AudienceId, ServerError> {
        if let Some(row) = self.audiences.get(&is_for) {
            return Ok(row.id);
        }
        let id = AudienceId::make()?;
        let row = AudienceRow {
            id,
            is_for: is_for.clone(),
            position: ChainPosition::START,
            key_epoch: FIRST_EPOCH,
        };
        self.audiences.insert(is_for, row);
        self.fresh_audiences.insert(id);
        Ok(id)
    }

    /// The objects that the source says are deleted, of whatever kind they are.
    pub(crate) fn deleted(
        &self,
        c: &Connection,
        draft: &CouncilDraft,
    ) -> Result<BTreeSet<ObjectId>, ServerError> {
        let mut found = BTreeSet::new();
        for key in &draft.deleted {
            for kind in ObjectKind::ALL
                .iter()
                .filter(|kind| **kind != ObjectKind::Body)
            {
                let digest = self.key_digest(*kind, &self.source, key);
                found.extend(council::id_of_key(c, &digest)?);
            }
        }
        Ok(found)
    }

    /// What the source said about its files' versions when they were last published.
    pub(crate) fn origin_stamps<'k>(
        c: &Connection,
        keys: &Keys,
        source: &str,
        file_keys: impl Iterator<Item = &'k String>,
    ) -> Result<HashMap<String, String>, ServerError> {
        let purpose = format!("{}\u{1f}{source}", ObjectKind::File.name());
        let digester = keys.digest(c)?;
        let mut stamps = HashMap::new();
        for key in file_keys {
            let Some(id) = council::id_of_key(c, &digester.of(&purpose, key.as_bytes()))? else {
                continue;
            };
            if let Some(stamp) = files::state(c, &id)?.and_then(|state| state.origin_stamp) {
                stamps.insert(key.clone(), stamp);
            }
        }
        Ok(stamps)
    }

    fn key_digest(&self, kind: ObjectKind, source: &str, key: &str) -> Hash {
        self.digester
            .of(&format!("{}\u{1f}{source}", kind.name()), key.as_bytes())
    }

    /// Stores what was made.
    pub(crate) fn store(
        &mut self,
        tx: &Transaction<'_>,
        keys: &Keys,
        now_at_ms: i64,
    ) -> Result<(), ServerError> {
        for (digest, (id, kind, source)) in self.fresh_ids.drain() {
            council::put_id(tx, &digest, &id, kind.number(), &source)?;
        }
        for row in self.audiences.values() {
            if self.fresh_audiences.remove(&row.id) {
                audiences::insert(tx, row)?;
                keys.make_class_key(tx, &row.id, row.key_epoch, now_at_ms)?;
            }
        }
        Ok(())
    }
}
