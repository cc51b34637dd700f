//! The routes of faction spaces: each reads its parameters and body, asks `crate::faction`, and answers. All are signed by a paired
//! device of the council; the long bodies are read only of one that the space holds.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use minicbor::Decode;
use sync_protocol::cbor::from_cbor_lenient;
use sync_protocol::faction::envelope::SignedEnvelope;
use sync_protocol::faction::seed::Epoch;
use sync_protocol::faction::wire::{
    Append, Entry, FactionRoute, Founding, JoinBox, JoinStep, Known, MAX_STEP_LEN, MAX_WAIT_S,
    OpenInvitation, PlacedSnapshot,
};
use sync_protocol::faction::{MAX_ENVELOPE_LEN, MAX_LINK_LEN, MAX_SNAPSHOT_LEN};
use sync_protocol::ids::{DeviceId, FactionDeviceId, FactionId, InvitationId};

use super::App;
use super::auth::{Reading, SMALL_BODY, Signed, signed_within};
use super::reply::{Refusal, cbor, cbor_bytes};
use super::routes::{Answer, number, parameter};
use super::wait::wait_for;
use crate::faction::bells::Topic;
use crate::faction::{Step, is_news};

/// Longest founding: one link, one box and one entry.
const FOUNDING_BODY: usize = MAX_LINK_LEN + SMALL_BODY;
/// Longest links with their boxes: for 2,000 devices a removal and a new epoch take about 2.6 MB.
const APPEND_BODY: usize = 4 * 1024 * 1024;
/// Longest snapshot with its place.
const SNAPSHOT_BODY: usize = MAX_SNAPSHOT_LEN + 64;

/// Most bytes of a request's body.
const fn body_limit(route: FactionRoute) -> usize {
    match route {
        FactionRoute::Found => FOUNDING_BODY,
        FactionRoute::Append => APPEND_BODY,
        FactionRoute::Post => MAX_ENVELOPE_LEN,
        FactionRoute::WriteSnapshot => SNAPSHOT_BODY,
        FactionRoute::JoinStep => MAX_STEP_LEN,
        FactionRoute::Enter
        | FactionRoute::Invite
        | FactionRoute::SpacesOf
        | FactionRoute::News
        | FactionRoute::ReadSnapshot
        | FactionRoute::JoinBox => SMALL_BODY,
    }
}

pub(super) async fn respond(app: &App, route: FactionRoute, request: Request) -> Answer {
    let place = Place::of(route, request.uri().path());
    let reading = Reading {
        limit: body_limit(route),
        held_in: place.space,
    };
    let asked = signed_within(app, request, reading).await?;
    let device = asked.device.id;
    if route.is_post() && !app.post_limit.take(&device, Instant::now()) {
        return Err(Refusal::too_many());
    }
    match route {
        FactionRoute::Found => {
            let founding: Founding = read(&asked)?;
            done(
                app.blocking(move |server| server.faction_found(&device, &founding))
                    .await,
            )
        }
        FactionRoute::SpacesOf => {
            let of = parameter(&asked, "device")?.ok_or_else(Refusal::bad_request)?;
            let of: FactionDeviceId = of.parse().map_err(|_| Refusal::bad_request())?;
            let spaces = app
                .blocking(move |server| server.faction_spaces_of(&of))
                .await?;
            Ok(cbor(&spaces))
        }
        FactionRoute::JoinBox => join_box(app, &asked, device, place.invitation()?).await,
        FactionRoute::JoinStep => {
            let id = place.invitation()?;
            let step = place.step.ok_or_else(Refusal::not_found)?;
            let step = Step::read(step, &asked.body).ok_or_else(Refusal::bad_request)?;
            done(
                app.blocking(move |server| server.faction_join_step(&device, &id, &step))
                    .await,
            )
        }
        _ => in_space(app, route, asked, place.space()?).await,
    }
}

/// The requests of one space.
async fn in_space(app: &App, route: FactionRoute, asked: Signed, space: FactionId) -> Answer {
    let device = asked.device.id;
    let room = app.faction_room();
    match route {
        FactionRoute::Enter => {
            let entry: Entry = read(&asked)?;
            done(
                app.blocking(move |server| server.faction_enter(&device, &space, &entry))
                    .await,
            )
        }
        FactionRoute::Append => {
            let append: Append = read(&asked)?;
            done(
                app.blocking(move |server| server.faction_append(&device, &space, &append, room))
                    .await,
            )
        }
        FactionRoute::Post => {
            let envelope = SignedEnvelope(asked.body.to_vec());
            let ordered = app
                .blocking(move |server| server.faction_post(&device, &space, &envelope, room))
                .await?;
            Ok(cbor(&ordered))
        }
        FactionRoute::News => news(app, &asked, space).await,
        FactionRoute::ReadSnapshot => {
            let kept = app
                .blocking(move |server| server.faction_snapshot(&device, &space))
                .await?;
            kept.map(cbor_bytes).ok_or_else(Refusal::not_found)
        }
        FactionRoute::WriteSnapshot => {
            let kept = app.blocking(move |server| {
                let placed: PlacedSnapshot = read(&asked)?;
                Ok::<_, Refusal>(server.faction_keep_snapshot(&device, &space, &placed, room)?)
            });
            done(kept.await)
        }
        FactionRoute::Invite => {
            let open: OpenInvitation = read(&asked)?;
            done(
                app.blocking(move |server| server.faction_invite(&device, &space, &open))
                    .await,
            )
        }
        FactionRoute::Found
        | FactionRoute::SpacesOf
        | FactionRoute::JoinBox
        | FactionRoute::JoinStep => Err(Refusal::not_found()),
    }
}

async fn news(app: &App, asked: &Signed, space: FactionId) -> Answer {
    let device = asked.device.id;
    let epoch = number(asked, "epoch")?.unwrap_or(0);
    let epoch = u32::try_from(epoch).map_err(|_| Refusal::bad_request())?;
    let known = Known {
        links: number(asked, "links")?.unwrap_or(0),
        epoch: (epoch > 0).then_some(Epoch(epoch)),
        envelopes: number(asked, "envelopes")?.unwrap_or(0),
    };
    let ask = || app.blocking(move |server| server.faction_news(&device, &space, known));
    let is_there = |news: &_| is_news(known, news);
    let news = wait_for(app, Topic::Space(space), wait(asked)?, ask, is_there).await?;
    Ok(cbor(&news))
}

async fn join_box(app: &App, asked: &Signed, device: DeviceId, id: InvitationId) -> Answer {
    let seen = number(asked, "seen")?.unwrap_or(0);
    let mut first = None;
    let ask = || app.blocking(move |server| server.faction_join_box(&device, &id));
    let is_there = |steps: &JoinBox| {
        let is_other = first.get_or_insert_with(|| steps.clone()) != steps;
        is_other || u64::from(steps.step_count()) != seen
    };
    let steps = wait_for(app, Topic::Invitation(id), wait(asked)?, ask, is_there).await?;
    Ok(cbor(&steps))
}

/// How long the answer may wait.
fn wait(asked: &Signed) -> Result<Duration, Refusal> {
    let wait_s = number(asked, "wait")?.unwrap_or(0);
    Ok(Duration::from_secs(wait_s.min(MAX_WAIT_S)))
}

/// What a path names. Ids that are none name nothing.
#[derive(Debug, Default)]
struct Place {
    space: Option<FactionId>,
    invitation: Option<InvitationId>,
    step: Option<JoinStep>,
}

impl Place {
    fn of(route: FactionRoute, path: &str) -> Self {
        let mut place = Self::default();
        for (name, segment) in route.template().split('/').zip(path.split('/')) {
            match name {
                "{space}" => place.space = segment.parse().ok(),
                "{invitation}" => place.invitation = segment.parse().ok(),
                "{step}" => {
                    let mut steps = JoinStep::ALL.into_iter();
                    place.step = steps.find(|step| step.name() == segment);
                }
                _ => {}
            }
        }
        place
    }

    fn space(&self) -> Result<FactionId, Refusal> {
        self.space.ok_or_else(Refusal::not_found)
    }

    fn invitation(&self) -> Result<InvitationId, Refusal> {
        self.invitation.ok_or_else(Refusal::not_found)
    }
}

fn read<T: for<'b> Decode<'b, ()>>(asked: &Signed) -> Result<T, Refusal> {
    from_cbor_lenient(&asked.body).map_err(|_| Refusal::bad_request())
}

/// An answer that says nothing but yes.
fn done(answer: Result<(), Refusal>) -> Answer {
    answer.map(|()| (StatusCode::OK, Body::empty()).into_response())
}
