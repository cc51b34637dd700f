//! The documents of an index in memory: what hits are filtered, grouped and ordered by. No text.

use crate::document::{Fields, Id, Kind, State};
use crate::error::SearchError;
use rusqlite::{Connection, Row};
use std::collections::HashMap;

/// A document without its text.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) owner_no: i64,
    pub(crate) id: Id,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) fields: Fields,
    pub(crate) first_row: i64,
    pub(crate) page_count: i64,
}

impl Owner {
    fn end_row(&self) -> i64 {
        self.first_row + self.page_count
    }
}

/// All documents of an index, about 150 bytes each.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    /// Those with pages first, by ascending rows; then the others.
    owners: Vec<Owner>,
    with_pages: usize,
    by_no: HashMap<i64, usize>,
}

impl Catalog {
    pub(crate) fn load(connection: &Connection) -> Result<Self, SearchError> {
        let mut owners = Vec::new();
        let mut statement = connection.prepare_cached(
            "SELECT owner_no, owner, kind, state, date_ms, meeting, paper, organizations, first_row, page_count
             FROM owners",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            owners.push(owner(row)?);
        }
        owners.sort_by_key(|owner| (owner.page_count == 0, owner.first_row));
        Ok(Self {
            with_pages: owners.partition_point(|owner| owner.page_count > 0),
            by_no: owners
                .iter()
                .enumerate()
                .map(|(at, owner)| (owner.owner_no, at))
                .collect(),
            owners,
        })
    }

    pub(crate) fn get(&self, at: usize) -> Option<&Owner> {
        self.owners.get(at)
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Owner> {
        self.owners.iter()
    }

    /// The document with this number.
    pub(crate) fn of_head(&self, owner_no: i64) -> Option<usize> {
        self.by_no.get(&owner_no).copied()
    }

    /// The document that this page belongs to.
    pub(crate) fn of_page(&self, row: i64) -> Option<usize> {
        let with_pages = self.owners.get(..self.with_pages)?;
        let at = with_pages
            .partition_point(|owner| owner.first_row <= row)
            .checked_sub(1)?;
        (row < with_pages.get(at)?.end_row()).then_some(at)
    }

    pub(crate) fn by_id(&self, id: Id) -> Option<&Owner> {
        self.owners.iter().find(|owner| owner.id == id)
    }
}

fn owner(row: &Row<'_>) -> Result<Owner, SearchError> {
    let kind: u8 = row.get(2)?;
    let state: u8 = row.get(3)?;
    let organizations: Vec<u8> = row.get(7)?;
    Ok(Owner {
        owner_no: row.get(0)?,
        id: Id(row.get(1)?),
        kind: Kind::from_number(kind).ok_or(SearchError::BadRow)?,
        state: State::from_number(state).ok_or(SearchError::BadRow)?,
        fields: Fields {
            date_ms: row.get(4)?,
            meeting: row.get::<_, Option<[u8; 16]>>(5)?.map(Id),
            paper: row.get::<_, Option<[u8; 16]>>(6)?.map(Id),
            organizations: organizations
                .chunks_exact(16)
                .filter_map(|bytes| bytes.try_into().ok().map(Id))
                .collect(),
        },
        first_row: row.get(8)?,
        page_count: row.get(9)?,
    })
}
