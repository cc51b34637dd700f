//! One exchange of a space with its server: what came is verified and taken first, then changes of the roster are made, then what
//! was written is sealed and sent. After a conflict all of it begins again on top of what others have done.

use std::sync::Arc;

use faction::{FactionError, FactionStore, Recovery, Space, TakenEnvelopes};
use sync::faction::{FactionClient, Sent};
use sync_protocol::faction::paper::PaperKey;
use sync_protocol::faction::wire::{Append, Known, News};
use sync_protocol::ids::{CouncilId, FactionId};

use super::{Contact, Factions, HeldSpace};
use crate::error::{ErrorCode, Failure};

/// Steps after which an exchange gives up until the next one: two that always undo each other must not run for ever.
const MOST_STEPS: usize = 500;

/// What taking the news has led to.
struct Taken {
    envelopes: TakenEnvelopes,
    is_changed: bool,
    is_over: bool,
    /// Place in the server's order that its snapshot reaches.
    snapshot_upto: u64,
}

/// Takes what has come, in the order in which it can be understood.
fn take(space: &mut Space, news: &News) -> Result<Taken, FactionError> {
    let links = space.take_links(&news.links)?;
    if !news.boxes.is_empty() && !space.holds_newest_seed()? {
        space.take_boxes(&news.boxes)?;
    }
    let envelopes = space.take_envelopes(&news.envelopes, news.upto)?;
    Ok(Taken {
        is_changed: links.taken > 0 || envelopes.taken > 0,
        envelopes,
        is_over: space.is_removed() || space.roster().is_dissolved(),
        snapshot_upto: news.snapshot_upto,
    })
}

impl Factions {
    /// Exchanges everything; the contact says how it ended.
    ///
    /// Result: whether the space goes on. Errors: those of the network, refusals, the database.
    pub(super) async fn exchange(
        self: &Arc<Self>,
        held: &Arc<HeldSpace>,
        client: &FactionClient,
    ) -> Result<bool, Failure> {
        self.set_contact(held, Contact::Busy);
        self.remember_roster(held).await?;
        self.introduce(held, client).await?;
        let mut is_awaiting = false;
        let mut snapshot_upto = None;
        for _ in 0..MOST_STEPS {
            let taken = self.fetch(held, client).await?;
            if taken.is_over {
                self.set_contact(held, Contact::Current);
                return Ok(false);
            }
            is_awaiting = taken.envelopes.is_waiting;
            snapshot_upto = Some(taken.snapshot_upto);
            let now_ms = self.now_ms();
            let upload = self.on(held, move |space| space.next_roster_upload(now_ms));
            let upload = match upload.await {
                Ok((upload, lost)) => {
                    if !lost.is_empty() {
                        self.tell(Some(held.faction));
                    }
                    upload
                }
                Err(failure) if failure.code == ErrorCode::FactionSeedMissing => {
                    is_awaiting = true;
                    break;
                }
                Err(failure) => return Err(failure),
            };
            if let Some(upload) = upload {
                let append = Append {
                    after: upload.after.hash,
                    links: upload.links.clone(),
                    boxes: upload.boxes.clone(),
                };
                if client.append(&held.faction, &append).await? == Sent::Taken {
                    self.on(held, move |space| space.roster_uploaded(&upload))
                        .await?;
                    self.tell(Some(held.faction));
                }
                continue;
            }
            if is_awaiting || !self.send_next(held, client).await? {
                break;
            }
        }
        self.remember_roster(held).await?;
        self.on(held, |space| space.begin_counting_news()).await?;
        let contact = if is_awaiting {
            Contact::Awaiting
        } else {
            Contact::Current
        };
        self.set_contact(held, contact);
        if let (Some(upto), Contact::Current) = (snapshot_upto, contact) {
            self.offer_snapshot(held, upto);
        }
        Ok(true)
    }

    /// Tells the key store how far the roster has come. One that does not answer is told with the next exchange.
    async fn remember_roster(&self, held: &Arc<HeldSpace>) -> Result<(), Failure> {
        let known: Known = self.on(held, |space| space.known()).await?;
        let _ = self.vault.keep_roster(held.faction, known.links);
        Ok(())
    }

    /// Gives the server a new space, or says which device of a known one this is.
    async fn introduce(
        &self,
        held: &Arc<HeldSpace>,
        client: &FactionClient,
    ) -> Result<(), Failure> {
        let device = client.device();
        let founding = self.on(held, move |space| space.founding(device)).await?;
        if let Some(founding) = founding {
            client.found(&founding).await?;
            return self.on(held, |space| space.created()).await;
        }
        let entry = self.on(held, move |space| space.entry(device)).await?;
        Ok(client.enter(&held.faction, &entry).await?)
    }

    /// Fetches and takes until nothing is left.
    async fn fetch(&self, held: &Arc<HeldSpace>, client: &FactionClient) -> Result<Taken, Failure> {
        let mut begin = None;
        loop {
            let known: Known = match begin.take() {
                Some(known) => known,
                None => self.on(held, |space| space.known()).await?,
            };
            let news = client.news(&held.faction, known, 0).await?;
            let has_more = news.has_more;
            let is_fresh = known.envelopes == 0 && news.snapshot_upto > 0;
            if is_fresh && self.begin_from_snapshot(held, client, &news).await? {
                continue;
            }
            let taken = self.on(held, move |space| take(space, &news)).await?;
            if taken.is_changed {
                self.tell(Some(held.faction));
            }
            if !taken.envelopes.refused.is_empty() && !taken.envelopes.has_gap {
                return Err(ErrorCode::FactionServer.into());
            }
            if taken.envelopes.has_gap && known.envelopes > 0 {
                // The server's order is another one than before: what is missing lies further back.
                begin = Some(Known {
                    envelopes: 0,
                    ..known
                });
                continue;
            }
            if has_more && !taken.is_over && !taken.envelopes.is_waiting {
                continue;
            }
            return Ok(taken);
        }
    }

    /// A device that has seen nothing yet begins with what all of it amounts to; a snapshot that is refused is left alone.
    async fn begin_from_snapshot(
        &self,
        held: &Arc<HeldSpace>,
        client: &FactionClient,
        news: &News,
    ) -> Result<bool, Failure> {
        let (links, boxes) = (news.links.clone(), news.boxes.clone());
        let is_fresh = self.on(held, move |space| {
            space.take_links(&links)?;
            if !space.is_removed() && !space.holds_newest_seed()? {
                space.take_boxes(&boxes)?;
            }
            Ok(space.positions()?.is_empty() && space.holds_newest_seed()?)
        });
        if !is_fresh.await? {
            return Ok(false);
        }
        let Some(placed) = client.snapshot(&held.faction).await? else {
            return Ok(false);
        };
        let begun = self.on(held, move |space| {
            match space.begin_from(placed.snapshot, placed.upto) {
                Ok(_) => Ok(true),
                Err(FactionError::Snapshot(_) | FactionError::NotFresh) => Ok(false),
                Err(error) => Err(error),
            }
        });
        begun.await
    }

    /// Sends the next envelope. Result: whether there was one.
    async fn send_next(
        &self,
        held: &Arc<HeldSpace>,
        client: &FactionClient,
    ) -> Result<bool, Failure> {
        let Some(upload) = self.on(held, |space| space.next_upload()).await? else {
            return Ok(false);
        };
        match client.post(&held.faction, &upload.envelope).await? {
            Sent::Taken => self.on(held, |space| space.uploaded()).await?,
            Sent::Conflict => self.on(held, |space| space.was_refused()).await?,
        }
        self.tell(Some(held.faction));
        Ok(true)
    }
}

/// Comes back into a space with a paper key.
///
/// Errors: `faction_paper_key_unknown` if no space on this server knows the key; those of the network and the database.
pub(crate) async fn recover(
    factions: &Arc<Factions>,
    council: CouncilId,
    paper: PaperKey,
    device_name: String,
) -> Result<FactionId, Failure> {
    let client = factions.client(council)?;
    let device = paper.derive_keys().device;
    let spaces = client.spaces_of(&device).await?;
    let known = factions.store.spaces()?;
    let faction = spaces
        .into_iter()
        .find(|id| known.iter().all(|one| one.faction != *id))
        .ok_or(ErrorCode::FactionPaperKeyUnknown)?;
    let entry = FactionStore::paper_entry(&paper, faction, client.device())?;
    client.enter(&faction, &entry).await?;
    for _ in 0..MOST_STEPS {
        let news = whole_roster(&client, faction).await?;
        let recovery: Recovery = factions.store.recover(
            &paper,
            faction,
            &news.links,
            &news.boxes,
            &device_name,
            factions.now_ms(),
        )?;
        let last = news.links.last().map(|link| link.hash()).transpose();
        let after = last
            .map_err(FactionError::from)?
            .ok_or(ErrorCode::FactionServer)?;
        let append = Append {
            after,
            links: vec![recovery.link.clone()],
            boxes: vec![recovery.seed_box.clone()],
        };
        if client.append(&faction, &append).await? == Sent::Conflict {
            continue;
        }
        let mut links = news.links;
        links.push(recovery.link.clone());
        let space = factions.store.recovered(council, &recovery, &links)?;
        factions.hold(space);
        return Ok(faction);
    }
    Err(ErrorCode::ServerError.into())
}

/// All links, and the boxes for the device that has entered; no envelopes.
pub(super) async fn whole_roster(
    client: &FactionClient,
    faction: FactionId,
) -> Result<News, Failure> {
    let mut known = Known {
        envelopes: u64::MAX / 2,
        ..Known::default()
    };
    let mut whole = client.news(&faction, known, 0).await?;
    let mut has_more = whole.has_more;
    while has_more {
        known.links = whole.links.len() as u64;
        let next = client.news(&faction, known, 0).await?;
        if next.links.is_empty() {
            break;
        }
        has_more = next.has_more;
        whole.links.extend(next.links);
    }
    Ok(whole)
}
