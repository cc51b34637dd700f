//! What is named and not known yet, and what may have changed at its own address: asked for object by object.

use std::collections::BTreeSet;

use futures_util::{StreamExt, stream};
use serde_json::Value;

use super::client::Answer;
use super::mirror::Fetched;
use super::read::values;
use super::shape::Kind;
use super::split::{Found, Piece, split};
use super::walk::Walk;
use crate::error::ServerError;
use crate::store::mirror::Validators;
use crate::store::mirror::objects::{self, Origin, State};

/// Objects fetched at the same time.
const SIDE_BY_SIDE: usize = 4;
/// How many objects are fetched before they are stored.
const BATCH: u32 = 100;
/// Most objects asked for singly in one import: seven hours of requests. A portal that names new ones without end
/// does not keep the others waiting for ever; the rest comes with the next import.
const MAX_SINGLE: usize = 500_000;

impl Walk<'_> {
    /// Fetches what is named and not known, and what may have changed at its own address, until nothing is due.
    pub(super) async fn references(&mut self) -> Result<(), ServerError> {
        let (store, source) = (self.mirror.store, self.mirror.source);
        let mut asked = BTreeSet::new();
        loop {
            let mut due = store.read(|c| objects::due(c, source, BATCH))?;
            if due.is_empty() {
                return Ok(());
            }
            if asked.len() >= MAX_SINGLE {
                let home = self.mirror.home.clone();
                self.report
                    .problem(home, "mehr einzelne Objekte, als eine Übernahme abfragt");
                return Ok(());
            }
            // Objects that name each other and change with every answer would be asked for without end.
            let again: Vec<_> = due
                .extract_if(.., |row| !asked.insert(row.path.clone()))
                .collect();
            store.write(|tx| {
                again
                    .iter()
                    .try_for_each(|row| objects::clear_due(tx, source, &row.path))
            })?;
            let link = self.link;
            let jobs = due.into_iter().map(|row| async move {
                let answer = link.json(&row.url, &row.validators).await;
                (row, answer)
            });
            let answers: Vec<_> = stream::iter(jobs)
                .buffer_unordered(SIDE_BY_SIDE)
                .collect()
                .await;
            let mut fetched = Vec::new();
            let mut tried: Vec<(String, Option<String>)> = Vec::new();
            for (row, answer) in answers {
                let problem = match answer {
                    Ok(Answer::Unchanged) => None,
                    Ok(Answer::New(value, validators)) => {
                        self.answered(&row, value, validators, &mut fetched)?
                    }
                    Err(failure) if failure.status == Some(410) && row.state == State::Present => {
                        store.write(|tx| {
                            objects::set_going(tx, source, &row.path, objects::Going::Said)
                        })?;
                        None
                    }
                    Err(failure) => Some(failure.reason),
                };
                tried.push((row.path, problem));
            }
            // Before the objects are kept: keeping one may make another due.
            store.write(|tx| {
                let note = |(path, problem): &(String, Option<String>)| {
                    objects::set_tried(tx, source, path, problem.as_deref())
                };
                tried.iter().try_for_each(note)
            })?;
            self.mirror.keep(fetched, &[], |_| Ok(()))?;
            (self.progress)(&format!("Einzelne Objekte: {}", asked.len()));
        }
    }

    /// What an address answered. Result: why it cannot be used.
    fn answered(
        &mut self,
        row: &objects::ObjectRow,
        value: Value,
        validators: Validators,
        fetched: &mut Vec<Fetched>,
    ) -> Result<Option<String>, ServerError> {
        let kind = Kind::of_number(row.kind).unwrap_or(Kind::Location);
        let home = self.mirror.home.clone();
        let found = Found {
            base: &row.url,
            home: &home,
        };
        let mut pieces = match split(value, kind, found) {
            Ok(pieces) => pieces,
            Err(refused) => return Ok(Some(refused.reason.to_owned())),
        };
        match pieces.first_mut() {
            Some(piece) if piece.path == row.path => self.add_way_back(row, kind, piece)?,
            _ => {
                return Ok(Some(
                    "unter dieser Adresse steht ein anderes Objekt".to_owned(),
                ));
            }
        }
        self.list_odd(&pieces);
        fetched.push(Fetched {
            pieces,
            origin: Origin::OwnAddress,
            validators,
        });
        Ok(None)
    }

    /// Some vendors leave out the way back also where an object is not embedded: then who named it is known.
    fn add_way_back(
        &self,
        row: &objects::ObjectRow,
        kind: Kind,
        piece: &mut Piece,
    ) -> Result<(), ServerError> {
        let Some(parent) = &row.parent else {
            return Ok(());
        };
        let source = self.mirror.source;
        let Some(parent) = self
            .mirror
            .store
            .read(|c| objects::get(c, source, parent))?
        else {
            return Ok(());
        };
        let places = Kind::of_number(parent.kind).map_or(&[][..], Kind::places);
        let back = places.iter().find(|p| p.kind == kind).and_then(|p| p.back);
        if let Some(back) = back
            && values(&piece.value, back).is_empty()
            && let Some(fields) = piece.value.as_object_mut()
        {
            fields.insert(back.to_owned(), Value::String(parent.url));
        }
        Ok(())
    }
}
