//! What must hold in every world after every step of a tablet, and what at rest. Judged by what the world knows, never by what the
//! tablet says of itself.

use sync_protocol::ids::ObjectId;

use super::office::{CHAINS, State};
use super::seals::Seals;
use super::world::World;
use crate::store;

type Verdict = Result<(), String>;

/// After every step that may have reached the disk.
pub(super) fn tablet(world: &mut World, tablet: usize) -> Verdict {
    for number in 0..CHAINS {
        is_a_prefix(world, tablet, number)?;
    }
    keys_were_meant(world, tablet)?;
    head_has_its_content(world, tablet)?;
    marks_never_go_back(world, tablet)?;
    nothing_told_is_lost(world, tablet)
}

/// Each database is exactly what its chain amounted to at one position.
fn is_a_prefix(world: &mut World, tablet: usize, number: usize) -> Verdict {
    let dump = world.tablets[tablet].disk.dump(number);
    let Some(at) = dump.at else {
        let is_empty = dump.objects.is_empty() && dump.sealed.is_empty();
        return said(is_empty, "content without a position");
    };
    let place = (number, *at.hash.as_bytes());
    let Some(state) = world.office.truth.states.get(&place) else {
        return said(false, "a position that the chain never had");
    };
    let truth = &world.office.truth;
    for (id, content) in state.iter() {
        let is_there = match (dump.objects.get(id), dump.sealed.get(id)) {
            (Some((revision, epoch, payload)), None) => {
                (*revision, *epoch, payload)
                    == (content.revision, content.epoch.0, &*content.payload)
            }
            (None, Some(epoch)) => *epoch == content.epoch.0,
            (None, None) => truth.erased.contains(id),
            (Some(_), Some(_)) => false,
        };
        said(is_there, "an object is another than in the chain")?;
    }
    let known = |id: &_| state.contains_key(id);
    let is_nothing_more = dump.objects.keys().chain(dump.sealed.keys()).all(known);
    said(is_nothing_more, "an object that the chain does not have")?;
    let device = world.office.kept.devices[tablet].id;
    let meant = |epoch: u32| {
        let epoch = sync_protocol::class_key::KeyEpoch(epoch);
        number == 0 || truth.meant.contains(&(device, number, epoch))
    };
    let is_meant = dump.objects.values().all(|(_, epoch, _)| meant(*epoch));
    said(is_meant, "content without entitlement")
}

fn keys_were_meant(world: &World, tablet: usize) -> Verdict {
    let device = world.office.kept.devices[tablet].id;
    let meant = &world.office.truth.meant;
    let keys = &world.tablets[tablet].disk.keys;
    let is_meant = keys
        .iter()
        .all(|(number, epoch, _)| *number == 0 || meant.contains(&(device, *number, *epoch)));
    said(is_meant, "a key without entitlement")
}

/// Never a head whose entries are missing.
fn head_has_its_content(world: &mut World, tablet: usize) -> Verdict {
    let Some(head) = world.tablets[tablet].known().head else {
        return Ok(());
    };
    if head.generation != world.office.kept.generation {
        return Ok(());
    }
    let now_ms = world.clock(tablet);
    let readable = store::readable(&world.tablets[tablet].known(), now_ms);
    for listed in &head.audiences {
        let number = Seals::number(&listed.id);
        let disk = &mut world.tablets[tablet].disk;
        let is_locked = number > 0 && !readable.contains(&listed.id);
        if is_locked || (number > 0 && disk.held(number).next().is_none()) {
            // Forgotten since, or locked: after a lapsed lease new keys may be there before the new entries.
            continue;
        }
        let at = disk.dump(number).at.map_or(0, |at| at.seq);
        said(at >= listed.seq, "a head whose entries are missing")?;
    }
    Ok(())
}

fn marks_never_go_back(world: &mut World, tablet: usize) -> Verdict {
    let mark = &world.tablets[tablet].disk.record.head_high_water;
    let mark = (mark.generation, mark.counter);
    said(mark >= world.marks[tablet], "the high-water mark went back")?;
    world.marks[tablet] = mark;
    Ok(())
}

fn nothing_told_is_lost(world: &World, tablet: usize) -> Verdict {
    let device = &world.office.kept.devices[tablet];
    let told = &world.tablets[tablet].told;
    let is_kept = told
        .iter()
        .all(|(receipt, at_ms)| device.receipts.get(receipt) == Some(at_ms));
    said(is_kept, "a receipt that the server had taken is lost")?;
    let is_once = device.receipts_kept == device.receipts.len();
    said(is_once, "a receipt counts twice")
}

/// Every entitled tablet shows what the server has, byte for byte; a revoked one has nothing that is not public.
pub(super) fn at_rest(world: &mut World, tablet: usize) -> Verdict {
    let device = &world.office.kept.devices[tablet];
    if device.is_revoked {
        let disk = &world.tablets[tablet].disk;
        let is_bare = disk.keys.iter().all(|(number, _, _)| *number == 0)
            && (1..CHAINS).all(|number| !disk.has_file(number));
        return said(is_bare, "a revoked device keeps something nonpublic");
    }
    let granted: Vec<_> = device.grants.clone().into_iter().collect();
    let now_ms = world.clock(tablet);
    let known = world.tablets[tablet].known();
    let readable = store::readable(&known, now_ms);
    for number in 0..CHAINS {
        let mut chain = world.office.kept.chains[number].clone();
        let from = granted.iter().find(|(of, _)| *of == number);
        let is_entitled = number == 0 || from.is_some();
        if !is_entitled || chain.at.seq == 0 {
            let is_locked = number == 0 || !readable.contains(&chain.audience);
            said(is_locked, "an ended audience can be read")?;
            continue;
        }
        let is_open = number == 0 || readable.contains(&chain.audience);
        said(is_open, "an entitled tablet cannot read")?;
        let dump = world.tablets[tablet].disk.dump(number);
        said(dump.at == Some(chain.at), "a tablet is behind after quiet")?;
        // What was erased and came back with a backup may be missing here until it is published again.
        let erased = &world.office.truth.erased;
        let came_back = |id: &ObjectId| world.office.kept.generation > 1 && erased.contains(id);
        let has = |id: &ObjectId| dump.objects.contains_key(id) || dump.sealed.contains_key(id);
        chain.state.retain(|id, _| has(id) || !came_back(id));
        let disk = &world.tablets[tablet].disk;
        let holds = |epoch| disk.key(chain.audience, epoch).is_some();
        is_the_same(&chain.state, &dump, holds)?;
        let first = from.map_or(sync_protocol::class_key::KeyEpoch(1), |(_, from)| *from);
        let all_open = chain
            .state
            .values()
            .filter(|content| content.epoch >= first)
            .all(|content| holds(content.epoch));
        said(all_open, "a key is missing after quiet")?;
    }
    Ok(())
}

/// What can be opened is open, the rest is sealed, and there is nothing else.
fn is_the_same(
    state: &State,
    dump: &super::disk::Dump,
    holds: impl Fn(sync_protocol::class_key::KeyEpoch) -> bool,
) -> Verdict {
    let is_open = |content: &super::office::Content| holds(content.epoch);
    let open = state.iter().filter(|(_, content)| is_open(content));
    let is_shown = open.clone().count() == dump.objects.len()
        && open
            .into_iter()
            .all(|(id, content)| match dump.objects.get(id) {
                Some((revision, _, payload)) => {
                    (*revision, payload) == (content.revision, &*content.payload)
                }
                None => false,
            });
    said(
        is_shown,
        "a tablet shows something else than the server has",
    )?;
    let sealed = state.iter().filter(|(_, content)| !is_open(content));
    let is_sealed = sealed.count() == dump.sealed.len();
    said(
        is_sealed,
        "what cannot be opened is not what is kept sealed",
    )
}

/// After the days of grace: of what has ended nothing is left.
pub(super) fn forgotten(world: &mut World, tablet: usize) -> Verdict {
    at_rest(world, tablet)?;
    let device = &world.office.kept.devices[tablet];
    for number in 1..CHAINS {
        let is_empty = world.office.kept.chains[number].at.seq == 0;
        if device.is_revoked || is_empty || device.grants.contains_key(&number) {
            continue;
        }
        let disk = &world.tablets[tablet].disk;
        let is_gone = disk.held(number).next().is_none() && !disk.has_file(number);
        said(is_gone, "an ended audience is not forgotten")?;
    }
    Ok(())
}

fn said(holds: bool, wrong: &str) -> Verdict {
    if holds { Ok(()) } else { Err(wrong.to_owned()) }
}
