//! The walk through an OParl server: system, body, its lists, then what is named and not known yet. What it finds goes
//! to the mirror; it maps nothing.

use serde_json::Value;

use super::address::{absolute, path_of};
use super::body::FoundBody;
use super::client::Link;
use super::mirror::{Fetched, Mirror};
use super::read::values;
use super::report::OparlReport;
use super::shape::Kind;
use super::split::{Found, Named, Piece, split};
use crate::error::ServerError;
use crate::store::mirror::objects::{self, Origin};
use crate::store::mirror::{Validators, sources};

/// The lists of a body. Source: OParl 1.0 and 1.1, Body.
///
/// All of them are read: what stands in one only would be missing otherwise.
const LISTS: [(&str, Kind, &str); 12] = [
    ("legislativeTerm", Kind::LegislativeTerm, "Wahlperioden"),
    ("legislativeTermList", Kind::LegislativeTerm, "Wahlperioden"),
    ("organization", Kind::Organization, "Gremien"),
    ("person", Kind::Person, "Personen"),
    ("membership", Kind::Membership, "Mitgliedschaften"),
    ("meeting", Kind::Meeting, "Sitzungen"),
    ("agendaItem", Kind::AgendaItem, "Tagesordnungspunkte"),
    ("paper", Kind::Paper, "Vorlagen"),
    ("consultation", Kind::Consultation, "Beratungen"),
    ("file", Kind::File, "Dateien"),
    ("locationList", Kind::Location, "Orte"),
    ("location", Kind::Location, "Orte"),
];

/// What the walk works with.
pub(crate) struct Walk<'a> {
    pub link: &'a Link,
    pub mirror: Mirror<'a>,
    pub report: &'a mut OparlReport,
    pub progress: &'a dyn Fn(&str),
    /// Lists are read without a filter.
    pub is_full: bool,
}

impl Walk<'_> {
    /// Reads everything that may be new. What cannot be had is a problem, not an end.
    pub(crate) async fn run(&mut self, body: &FoundBody) -> Result<(), ServerError> {
        let (store, source, now_at_ms) =
            (self.mirror.store, self.mirror.source, self.mirror.now_at_ms);
        store.write(|tx| objects::set_all_due(tx, source, self.is_full))?;
        self.keep_one(body.value.clone(), Kind::Body, &body.url, Origin::List)?;
        let mut is_whole = true;
        for (field, kind, title) in LISTS {
            is_whole &= self
                .lists(&body.value, field, kind, title, &body.url)
                .await?;
        }
        if values(&body.value, "meeting").is_empty() {
            is_whole &= self.meetings_of_organizations().await?;
        }
        self.references().await?;
        if is_whole && self.is_full {
            store.write(|tx| sources::set_full_walk(tx, source, now_at_ms))?;
        }
        Ok(())
    }

    /// A field of the body: the address of a list, or objects given in place. Result: whether all of it was read.
    async fn lists(
        &mut self,
        owner: &Value,
        field: &str,
        kind: Kind,
        title: &str,
        base: &str,
    ) -> Result<bool, ServerError> {
        let mut is_whole = true;
        let is_array = owner.get(field).is_some_and(Value::is_array);
        for value in values(owner, field) {
            match value {
                Value::String(address) if is_array => {
                    let url = absolute(address, base);
                    let named = self.named(&url, kind);
                    self.mirror.keep(Vec::new(), &[named], |_| Ok(()))?;
                }
                // The place of the body, or a list of places: whatever it is, no reason to read all lists again.
                Value::String(address) if field == "location" => {
                    self.list(&absolute(address, base), kind, title).await?;
                }
                Value::String(address) => {
                    is_whole &= self.list(&absolute(address, base), kind, title).await?;
                }
                // The place of the body itself was taken with it.
                _ if field == "location" => {}
                value => self.keep_one(value.clone(), kind, base, Origin::List)?,
            }
        }
        Ok(is_whole)
    }

    /// Some portals list meetings nowhere but in their organizations.
    async fn meetings_of_organizations(&mut self) -> Result<bool, ServerError> {
        let mut organizations = Vec::new();
        self.mirror.store.read(|c| {
            objects::each_present(c, self.mirror.source, Kind::Organization.number(), |row| {
                let json = row.json.unwrap_or_default();
                if let Ok(value) = serde_json::from_slice::<Value>(&json) {
                    organizations.push((value, row.url));
                }
                Ok::<_, ServerError>(())
            })
        })?;
        let mut is_whole = true;
        for (organization, url) in organizations {
            is_whole &= self
                .lists(&organization, "meeting", Kind::Meeting, "Sitzungen", &url)
                .await?;
        }
        Ok(is_whole)
    }

    pub(super) fn named(&self, url: &str, kind: Kind) -> Named {
        Named {
            path: path_of(url, &self.mirror.home),
            url: url.to_owned(),
            kind,
            is_owned: false,
        }
    }

    /// Takes an object apart; one that cannot be taken is a problem.
    pub(super) fn taken(
        &mut self,
        value: Value,
        kind: Kind,
        base: &str,
        origin: Origin,
        validators: Validators,
    ) -> Option<Fetched> {
        let home = self.mirror.home.clone();
        match split(value, kind, Found { base, home: &home }) {
            Ok(pieces) => {
                self.list_odd(&pieces);
                Some(Fetched {
                    pieces,
                    origin,
                    validators,
                })
            }
            Err(refused) => {
                self.report.problem(refused.place, refused.reason);
                None
            }
        }
    }

    /// The object is taken without what cannot be understood in it.
    pub(super) fn list_odd(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            for field in &piece.odd {
                let reason = format!("{field}: weder Objekt noch Adresse");
                self.report.problem(piece.url.clone(), reason);
            }
        }
    }

    pub(super) fn keep_one(
        &mut self,
        value: Value,
        kind: Kind,
        base: &str,
        origin: Origin,
    ) -> Result<(), ServerError> {
        let fetched = self.taken(value, kind, base, origin, Validators::default());
        Ok(self
            .mirror
            .keep(fetched.into_iter().collect(), &[], |_| Ok(()))?)
    }
}
