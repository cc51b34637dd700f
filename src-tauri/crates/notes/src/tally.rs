//! How the member noted to have voted on an agenda item. Private; no vote is cast by it.

use crate::error::NotesError;
use crate::store::NoteStore;
use rusqlite::named_params;
use std::collections::HashMap;
use vault::{CouncilId, ObjectId};

/// A vote as the member noted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tally {
    /// In favour.
    Yes,
    /// Against.
    No,
    /// Abstained.
    Abstain,
}

impl Tally {
    /// The name in the database and towards the page.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Abstain => "abstain",
        }
    }

    /// The reverse of [`Tally::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Yes, Self::No, Self::Abstain]
            .into_iter()
            .find(|tally| tally.as_str() == name)
    }
}

impl NoteStore {
    /// Notes a vote; `None` takes it back.
    pub fn tally_set(
        &self,
        council: CouncilId,
        agenda_item: ObjectId,
        tally: Option<Tally>,
        now_ms: i64,
    ) -> Result<(), NotesError> {
        self.write(|transaction| {
            match tally {
                Some(tally) => transaction
                    .prepare_cached(
                        "INSERT INTO tallies (council, agenda_item, tally, at_ms)
                         VALUES (:council, :agenda_item, :tally, :now_ms)
                         ON CONFLICT DO UPDATE SET tally = excluded.tally, at_ms = excluded.at_ms",
                    )?
                    .execute(named_params! {
                        ":council": council.as_bytes(),
                        ":agenda_item": agenda_item.as_bytes(),
                        ":tally": tally.as_str(),
                        ":now_ms": now_ms,
                    })?,
                None => transaction
                    .prepare_cached("DELETE FROM tallies WHERE council = :council AND agenda_item = :agenda_item")?
                    .execute(named_params! {
                        ":council": council.as_bytes(),
                        ":agenda_item": agenda_item.as_bytes(),
                    })?,
            };
            Ok(())
        })
    }

    /// The noted vote on an agenda item.
    pub fn tally(
        &self,
        council: CouncilId,
        agenda_item: ObjectId,
    ) -> Result<Option<Tally>, NotesError> {
        Ok(self.tallies(council)?.remove(&agenda_item))
    }

    /// All noted votes of a council.
    pub fn tallies(&self, council: CouncilId) -> Result<HashMap<ObjectId, Tally>, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT agenda_item, tally FROM tallies WHERE council = :council",
            )?;
            let mut rows = statement.query(named_params! { ":council": council.as_bytes() })?;
            let mut tallies = HashMap::new();
            while let Some(row) = rows.next()? {
                let tally =
                    Tally::from_name(&row.get::<_, String>("tally")?).ok_or(NotesError::BadRow)?;
                tallies.insert(ObjectId::from_bytes(row.get("agenda_item")?), tally);
            }
            Ok(tallies)
        })
    }
}
