//! OParl out: the council's public data as OParl 1.1, for citizens and other systems. Off unless the operator turns it on.
//!
//! `shown` reads the public chain, and nothing else is ever read; `stamps` keeps `created` and `modified`; `render`
//! writes JSON; `list` filters and pages; `file` opens bytes; `address` makes and reads addresses. HTTP stands in
//! `http::oparl_out`. The import of other systems' OParl is `oparl`; the two share nothing.

pub(crate) mod address;
pub(crate) mod file;
mod kind;
mod list;
mod location;
mod render;
mod shown;
mod stamps;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use sync_protocol::chain::ChainPosition;
use sync_protocol::ids::ObjectId;
use sync_protocol::model::CouncilObject;

use crate::error::ServerError;
use crate::server::Server;
use crate::store::meta::{self, name};
use crate::store::stamps as stamp_table;
use address::{Addresses, Place, place_of};
use file::PublicFile;
use kind::Kind;
use list::{BadParameter, Wish};
use render::{Render, SYSTEM_ID, Stamp};
use shown::{Shown, public_audience};
pub(crate) use stamps::settle;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Refused {
    NotFound,
    /// A file that was withdrawn.
    Gone,
    BadParameter(&'static str),
    Server(ServerError),
}

impl From<ServerError> for Refused {
    fn from(error: ServerError) -> Self {
        Self::Server(error)
    }
}

impl From<BadParameter> for Refused {
    fn from(bad: BadParameter) -> Self {
        Self::BadParameter(bad.0)
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) enum Answer {
    Json(Value),
    Access(PublicFile),
    Download(PublicFile),
}

/// The open interface of one running server.
#[derive(Debug)]
pub(crate) struct OparlOut {
    addresses: Addresses,
    /// What the public chain amounted to when somebody last asked.
    latest: Mutex<Option<Arc<Snapshot>>>,
}

/// What the public chain amounts to at one position.
#[derive(Debug)]
struct Snapshot {
    position: ChainPosition,
    shown: Shown,
    stamps: BTreeMap<ObjectId, Stamp>,
    /// Every object that was ever shown, the oldest first. `created` and ids never change, so neither does the order.
    order: BTreeMap<Kind, Vec<(ObjectId, Stamp)>>,
}

impl OparlOut {
    pub(crate) fn new(addresses: Addresses) -> Self {
        Self {
            addresses,
            latest: Mutex::new(None),
        }
    }

    /// The address of the system, from which everything is found.
    pub(crate) fn system_url(&self) -> String {
        self.addresses.system()
    }

    /// Answers for a path with its parameters.
    pub(crate) fn answer(
        &self,
        server: &Server,
        path: &str,
        parameters: &[(String, String)],
    ) -> Result<Answer, Refused> {
        let place = place_of(path).ok_or(Refused::NotFound)?;
        let now = self.snapshot(server)?;
        match place {
            Place::System => self.object(&now, Kind::System, SYSTEM_ID),
            Place::Object(kind, id) => self.object(&now, kind, id),
            Place::List(kind) => self.list(&now, kind, &Wish::read(parameters)?),
            Place::Access(id) => Ok(Answer::Access(open(server, &now, id)?)),
            Place::Download(id) => Ok(Answer::Download(open(server, &now, id)?)),
        }
    }

    fn object(&self, now: &Snapshot, kind: Kind, id: ObjectId) -> Result<Answer, Refused> {
        let stamp = now.stamps.get(&id).filter(|stamp| stamp.kind == kind);
        let stamp = stamp.ok_or(Refused::NotFound)?;
        let value = self.value(now, &id, stamp, false);
        value.map(Answer::Json).ok_or(Refused::NotFound)
    }

    fn list(&self, now: &Snapshot, kind: Kind, wish: &Wish) -> Result<Answer, Refused> {
        let order = now.order.get(&kind).into_iter().flatten();
        let page = list::page(wish, order.map(|(id, stamp)| (id, stamp)))?;
        let listed = page.ids.iter().filter_map(|id| {
            let stamp = now.stamps.get(id)?;
            self.value(now, id, stamp, wish.omit_internal)
        });
        let data: Vec<Value> = listed.collect();
        let address = self.addresses.list(kind);
        let link = |after: Option<&ObjectId>| format!("{address}{}", wish.query(after));
        let mut links = json!({
            "first": link(None), "self": link(wish.after.as_ref()), "last": link(page.last.as_ref()),
        });
        if let Some(fields) = links.as_object_mut() {
            if let Some(prev) = &page.prev {
                fields.insert("prev".to_owned(), link(prev.as_ref()).into());
            }
            if let Some(next) = &page.next {
                fields.insert("next".to_owned(), link(Some(next)).into());
            }
        }
        Ok(Answer::Json(json!({
            "data": data,
            "pagination": {
                "totalElements": page.total, "elementsPerPage": page.limit,
                "currentPage": page.number, "totalPages": page.pages,
            },
            "links": links,
        })))
    }

    fn value(
        &self,
        now: &Snapshot,
        id: &ObjectId,
        stamp: &Stamp,
        omit_internal: bool,
    ) -> Option<Value> {
        if stamp.is_withdrawn {
            return Some(render::withdrawn(&self.addresses, id, stamp));
        }
        let render = Render {
            shown: &now.shown,
            addresses: &self.addresses,
            stamps: Some(&now.stamps),
            omit_internal,
        };
        render.object(id).map(Value::Object)
    }

    /// What the public chain amounts to now; read anew only when the chain has moved.
    fn snapshot(&self, server: &Server) -> Result<Arc<Snapshot>, ServerError> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let inner = &*server.inner;
        let (position, is_stamped) = inner.store.read(|c| {
            let position = public_audience(c)?.position;
            let mark = meta::text(c, name::STAMPED_AT)?;
            Ok::<_, ServerError>((position, mark == Some(stamps::mark_of(&position))))
        })?;
        if !is_stamped {
            // A data folder from before there were stamps: everything counts as shown from now on.
            let now_at_ms = inner.clock.now_at_ms();
            inner
                .store
                .write(|tx| settle(tx, &inner.keys, inner.council, now_at_ms))?;
        }
        if let Some(known) = latest
            .as_ref()
            .filter(|s| is_stamped && s.position == position)
        {
            return Ok(known.clone());
        }
        let read = inner.store.read(|c| {
            let audience = public_audience(c)?;
            let shown = Shown::read(c, &inner.keys, inner.council, &audience)?;
            let stamps = stamps::by_object(stamp_table::all(c)?);
            Ok::<_, ServerError>(Snapshot {
                position: audience.position,
                order: in_order(&stamps),
                shown,
                stamps,
            })
        })?;
        let read = Arc::new(read);
        *latest = Some(read.clone());
        Ok(read)
    }
}

fn in_order(stamps: &BTreeMap<ObjectId, Stamp>) -> BTreeMap<Kind, Vec<(ObjectId, Stamp)>> {
    let mut order: BTreeMap<Kind, Vec<(ObjectId, Stamp)>> = BTreeMap::new();
    for (id, stamp) in stamps {
        order.entry(stamp.kind).or_default().push((*id, *stamp));
    }
    for list in order.values_mut() {
        list.sort_by_key(|(id, stamp)| (stamp.created_at_ms, *id));
    }
    order
}

fn open(server: &Server, now: &Snapshot, id: ObjectId) -> Result<PublicFile, Refused> {
    let stamp = now.stamps.get(&id).filter(|stamp| stamp.kind == Kind::File);
    match (stamp, now.shown.objects.get(&id), now.shown.files.get(&id)) {
        (Some(stamp), ..) if stamp.is_withdrawn => Err(Refused::Gone),
        (Some(_), Some(CouncilObject::File(described)), Some(sealed)) => {
            PublicFile::open(server, id, sealed, described)?.ok_or(Refused::Gone)
        }
        _ => Err(Refused::NotFound),
    }
}
