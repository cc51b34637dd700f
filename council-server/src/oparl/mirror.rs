//! Keeping what was fetched: compares each piece with what is kept, and stores what is new or changed.
//! Deletions are only noted here; `brake` decides whether they are carried out.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Transaction;
use serde_json::Value;
use sync_protocol::ids::Hash;

use super::address::path_of;
use super::report::ObjectTally;
use super::shape::Kind;
use super::split::{Named, Piece, named_in};
use crate::store::mirror::objects::{self, Going, ObjectRow, Origin, State};
use crate::store::mirror::{Validators, sources};
use crate::store::{Store, StoreError};

/// The mirror of one source.
pub(crate) struct Mirror<'a> {
    pub store: &'a Store,
    pub source: i64,
    /// Host and port of the source.
    pub home: String,
    pub now_at_ms: i64,
    pub tally: BTreeMap<Kind, ObjectTally>,
}

/// An object that was fetched, taken apart.
pub(crate) struct Fetched {
    /// The object first, then what it held.
    pub pieces: Vec<Piece>,
    pub origin: Origin,
    pub validators: Validators,
}

impl Mirror<'_> {
    /// Keeps objects and stand-ins for what they and `named` name, all in one transaction with `also`.
    pub(crate) fn keep(
        &mut self,
        fetched: Vec<Fetched>,
        named: &[Named],
        also: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let store = self.store;
        store.write(|tx| {
            let mut changes = 0;
            for object in fetched {
                let mut origin = object.origin;
                let mut validators = object.validators;
                for piece in object.pieces {
                    changes += usize::from(self.piece(tx, piece, origin, validators)?);
                    (origin, validators) = (Origin::Embedded, Validators::default());
                }
            }
            for named in named {
                self.named(tx, named, None)?;
            }
            if changes > 0 {
                sources::count_changes(tx, self.source, changes)?;
            }
            also(tx)
        })
    }

    /// Keeps one piece. Result: whether anything changed.
    fn piece(
        &mut self,
        tx: &Transaction<'_>,
        piece: Piece,
        origin: Origin,
        validators: Validators,
    ) -> Result<bool, StoreError> {
        let known = objects::get(tx, self.source, &piece.path)?;
        let tally = self.tally.entry(piece.kind).or_default();
        if piece.is_deleted {
            return match known.as_ref().map(|known| known.state) {
                Some(State::Present) => {
                    tally.deleted += 1;
                    objects::set_going(tx, self.source, &piece.path, Going::Said)?;
                    Ok(false)
                }
                Some(State::Deleted) => {
                    tally.unchanged += 1;
                    Ok(false)
                }
                Some(State::StandIn) | None => {
                    tally.deleted += 1;
                    let row = row(&piece, known.as_ref(), origin, validators, None);
                    objects::put(tx, self.source, &row, self.now_at_ms)?;
                    Ok(true)
                }
            };
        }
        if known
            .as_ref()
            .is_some_and(|known| is_stale(known, &piece, origin))
        {
            tally.unchanged += 1;
            return Ok(false);
        }
        let before: Option<Value> = known
            .as_ref()
            .filter(|known| known.state == State::Present)
            .and_then(|known| serde_json::from_slice(known.json.as_deref()?).ok());
        let value = merged(before.as_ref(), known.as_ref(), &piece, origin);
        let row = row(&piece, known.as_ref(), origin, validators, Some(&value));
        let is_same = known.as_ref().is_some_and(|known| {
            known.state == State::Present
                && known.digest == row.digest
                && known.modified == row.modified
                && known.kind == row.kind
                && known.parent == row.parent
        });
        if is_same {
            tally.unchanged += 1;
            let known_row = known.as_ref();
            let is_settled = known_row.is_some_and(|known| {
                known.going == Going::No
                    && known.problem.is_none()
                    && (origin == Origin::Embedded || known.validators == row.validators)
            });
            // What was asked for at its own address is due until it is noted as had.
            if !is_settled || origin == Origin::OwnAddress {
                objects::put(tx, self.source, &row, self.now_at_ms)?;
            }
            return Ok(false);
        }
        if before.is_some() {
            tally.changed += 1;
        } else {
            tally.new += 1;
        }
        objects::put(tx, self.source, &row, self.now_at_ms)?;
        if let Some(before) = &before {
            self.drop_children(tx, &piece, before, &value)?;
        }
        for named in &piece.named {
            self.named(tx, named, Some(&piece.path))?;
        }
        Ok(true)
    }

    /// Makes a stand-in for what is named and not known; what stands at its own address is asked for again.
    fn named(
        &self,
        tx: &Transaction<'_>,
        named: &Named,
        namer: Option<&str>,
    ) -> Result<(), StoreError> {
        let parent = namer.filter(|_| named.is_owned);
        let kind = named.kind.number();
        if !objects::stand_in(tx, self.source, &named.path, kind, &named.url, parent)? {
            objects::set_due(tx, self.source, &named.path)?;
        }
        Ok(())
    }

    /// What an object held and holds no longer is to be deleted. An empty list proves nothing: some portals send one
    /// when something goes wrong.
    fn drop_children(
        &mut self,
        tx: &Transaction<'_>,
        piece: &Piece,
        before: &Value,
        after: &Value,
    ) -> Result<(), StoreError> {
        let paths = |value: &Value, field: &str| -> BTreeSet<String> {
            let urls = named_in(value, field);
            urls.iter().map(|url| path_of(url, &self.home)).collect()
        };
        let places = || piece.kind.places().iter().filter(|place| place.owns);
        let held: BTreeSet<String> = places()
            .flat_map(|place| paths(after, place.field))
            .collect();
        let mut dropped = Vec::new();
        for place in places() {
            let (old, new) = (paths(before, place.field), paths(after, place.field));
            if !new.is_empty() {
                dropped.extend(
                    old.into_iter()
                        .filter(|path| !held.contains(path))
                        .map(|p| (place.kind, p)),
                );
            }
        }
        for (kind, path) in dropped {
            let child = objects::get(tx, self.source, &path)?;
            let is_own = child.is_some_and(|child| {
                child.state != State::Deleted && child.parent.as_deref() == Some(&piece.path)
            });
            if is_own {
                self.tally.entry(kind).or_default().deleted += 1;
                objects::set_going(tx, self.source, &path, Going::Dropped)?;
            }
        }
        Ok(())
    }
}

/// An embedded object that its source has said to be deleted stays deleted, unless it changed since. A file that an
/// object dropped stays dropped, though the list of all files still holds it, unless it says where else it belongs:
/// whoever could read it there would keep it for ever.
fn is_stale(known: &ObjectRow, piece: &Piece, origin: Origin) -> bool {
    let is_dropped =
        known.going == Going::Dropped || (known.state == State::Deleted && known.json.is_some());
    if piece.kind == Kind::File && origin == Origin::List && is_dropped {
        let owners = ["paper", "meeting", "agendaItem"];
        return owners
            .iter()
            .all(|name| named_in(&piece.value, name).is_empty());
    }
    let is_gone = known.state == State::Deleted || known.going == Going::Said;
    is_gone
        && origin == Origin::Embedded
        && known.modified.is_some()
        && piece.modified <= known.modified
}

/// What is kept of an object that comes again: the new one, with the ways back that were known. Embedded objects may
/// be shortened, so they only add to one that was had in full, unless they are newer.
fn merged(
    before: Option<&Value>,
    known: Option<&ObjectRow>,
    piece: &Piece,
    origin: Origin,
) -> Value {
    let mut value = piece.value.clone();
    let (Some(before), Some(known)) = (before, known) else {
        return value;
    };
    let is_newer = piece.is_dated && piece.modified > known.modified;
    let is_of_other = known.parent.is_some() && known.parent != piece.parent;
    let knows_less = known.origin > Origin::Embedded || is_of_other;
    if origin == Origin::Embedded && knows_less && !is_newer {
        let mut whole = before.clone();
        fill(&mut whole, &value, |_| true);
        return whole;
    }
    let back = piece.kind.back_references();
    fill(&mut value, before, |name| back.contains(&name));
    value
}

/// Fills fields that are missing or say nothing.
fn fill(value: &mut Value, from: &Value, may_fill: impl Fn(&str) -> bool) {
    let (Some(fields), Some(from)) = (value.as_object_mut(), from.as_object()) else {
        return;
    };
    for (name, content) in from {
        let says_nothing = match fields.get(name) {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(_) => false,
        };
        if says_nothing && may_fill(name) {
            fields.insert(name.clone(), content.clone());
        }
    }
}

/// The row of a piece; `value`: `None` for one that is deleted.
fn row(
    piece: &Piece,
    known: Option<&ObjectRow>,
    origin: Origin,
    validators: Validators,
    value: Option<&Value>,
) -> ObjectRow {
    let json = value.map(|value| value.to_string().into_bytes());
    let digest = json
        .as_deref()
        .map(|json| Hash::of(json).as_bytes().to_vec());
    let living = known.filter(|known| known.state != State::Deleted);
    let known_origin = living
        .filter(|k| k.state == State::Present)
        .map(|k| k.origin);
    // What several objects hold belongs to the first of them; the others change neither it nor its date.
    let first_holder = living.and_then(|known| known.parent.clone());
    let is_of_other =
        piece.parent.is_some() && first_holder.is_some() && first_holder != piece.parent;
    let is_own = known_origin.is_some_and(|origin| origin > Origin::Embedded);
    let borrows_date = origin == Origin::Embedded && !piece.is_dated && (is_of_other || is_own);
    let modified = match known {
        Some(known) if borrows_date => known.modified.clone(),
        _ => piece.modified.clone(),
    };
    ObjectRow {
        path: piece.path.clone(),
        kind: piece.kind.number(),
        url: piece.url.clone(),
        parent: first_holder.or_else(|| piece.parent.clone()),
        origin: match origin {
            Origin::Embedded => known_origin.unwrap_or(origin),
            _ => origin,
        },
        state: if value.is_some() {
            State::Present
        } else {
            State::Deleted
        },
        going: Going::No,
        modified,
        digest,
        json,
        validators: match (origin, known) {
            (Origin::Embedded, Some(known)) => known.validators.clone(),
            _ => validators,
        },
        problem: None,
    }
}
