//! Somebody is taken out of a space of 120 devices: the links, the new seed boxed for all others, and what the server is sent. No
//! network in it, and no peer: nothing else here seals for so many with a key exchange that holds against quantum computers.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use faction::{Intent, Space};
use stories::faction_writer::store_in_memory;
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::device::{DeviceKind, FactionKeys};
use sync_protocol::faction::join::JoinNames;
use sync_protocol::faction::link::Role;
use sync_protocol::faction::wire::Append;
use sync_protocol::ids::{CouncilId, UserId};

use super::super::figures::{Figure, Series, build, ms_since};

const DEVICES: usize = 120;
const ROUNDS: usize = 30;
const AIM_MS: f64 = 300.0;
/// Bytes that go to the server.
const AIM_KB: f64 = 200.0;
const COUNCIL: CouncilId = CouncilId::from_bytes([0xc0; 16]);

pub fn measure(_: &Path) -> Result<Vec<Figure>> {
    eprintln!(
        "measuring a rotation with {DEVICES} devices ({}) …",
        build()
    );
    let series = Series::default;
    let (mut make, mut take, mut bytes) = (series(), series(), series());
    let (mut space, mut other) = two()?;
    let mut members = Vec::new();
    for _ in 0..DEVICES - 2 {
        members.push(lets_in(&mut space)?);
    }
    for round in 0..=ROUNDS {
        let links = space.links()?;
        other.take_links(&links)?;
        let present = space.roster().present_devices().count();
        ensure!(present == DEVICES, "{present} devices are there");
        let gone = members.pop().context("nobody is left")?;
        let start = Instant::now();
        space.intend(&Intent::RemoveUser(gone))?;
        let (upload, _) = space.next_roster_upload(now_ms())?;
        let upload = upload.context("nothing was made")?;
        let append = to_cbor(&Append {
            after: upload.after.hash,
            links: upload.links.clone(),
            boxes: upload.boxes.clone(),
        });
        space.roster_uploaded(&upload)?;
        let made_ms = ms_since(start);
        let boxes = upload.boxes.len();
        ensure!(boxes == DEVICES - 1, "{boxes} boxes were made");
        let start = Instant::now();
        other.take_links(&upload.links)?;
        let taken = other.take_boxes(&upload.boxes)?;
        let taken_ms = ms_since(start);
        ensure!(taken >= 1, "the others do not get the seed");
        // The first round fills caches and is not counted.
        if round > 0 {
            make.push(made_ms);
            take.push(taken_ms);
            bytes.push(append.len() as f64 / 1e3);
        }
        members.insert(0, lets_in(&mut space)?);
    }
    let line = |name: String, ours: String, aim: String, is_met| Figure {
        name,
        ours,
        peer: "none".to_owned(),
        ratio: String::new(),
        aim,
        is_met,
    };
    Ok(vec![
        line(
            format!(
                "faction, one of {DEVICES} devices is taken out: links and {} boxes made and kept ({})",
                DEVICES - 1,
                build()
            ),
            make.words(1, "ms"),
            format!("≤ {AIM_MS:.0} ms"),
            make.quantile(1.0) <= AIM_MS,
        ),
        line(
            "faction, one of 120 devices is taken out: body of the request".to_owned(),
            bytes.words(1, "KB"),
            format!("≤ {AIM_KB:.0} KB"),
            bytes.quantile(1.0) <= AIM_KB,
        ),
        line(
            format!(
                "faction, one of 120 devices is taken out: taken in by another one ({})",
                build()
            ),
            take.words(1, "ms"),
            String::new(),
            true,
        ),
    ])
}

fn now_ms() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

/// The founder, and somebody who has come in by a QR code.
fn two() -> Result<(Space, Space)> {
    let founded =
        store_in_memory()?.found(COUNCIL, "Fraktion", "Mitglied 0", "Tablet", now_ms())?;
    let mut space = founded.space;
    space.created()?;
    let invited = space.invite_by_qr(Some(Role::Member), now_ms())?;
    let names = JoinNames {
        user: "Mitglied 1".to_owned(),
        device: "Tablet".to_owned(),
    };
    let store = store_in_memory()?;
    let join = store.join_by_qr(COUNCIL, &invited.secret.to_text(), &names, now_ms())?;
    let hello = space.invitation_start(join.id, &to_cbor(&join.start), now_ms())?;
    let finish = to_cbor(&store.join_hello(join.id, &hello)?);
    space.invitation_finish(join.id, &finish, now_ms())?;
    carry_out(&mut space)?;
    let other = store.join_roster(join.id, &space.links()?)?;
    Ok((space, other))
}

/// Somebody comes in of whom no more than the keys is needed.
fn lets_in(space: &mut Space) -> Result<UserId> {
    let (user, keys) = (UserId::make()?, FactionKeys::make()?);
    let faction = space.faction();
    space.intend(&Intent::AddUser {
        user,
        role: Role::Member,
        claim: keys.claim(Some(faction), user, DeviceKind::Tablet)?,
        user_name: "Mitglied mit gewöhnlich langem Namen".to_owned(),
        device_name: "Tablet".to_owned(),
    })?;
    carry_out(space)?;
    Ok(user)
}

fn carry_out(space: &mut Space) -> Result<()> {
    let (upload, lost) = space.next_roster_upload(now_ms())?;
    ensure!(lost.is_empty(), "a wish has lost its meaning");
    let upload = upload.context("nothing was made")?;
    Ok(space.roster_uploaded(&upload)?)
}
