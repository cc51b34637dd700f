//! Devices that write in a space over a real server, without an app around them: founding, coming in, one exchange.

use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use faction::{FactionStore, Space};
use sync::faction::{FactionClient, Sent};
use sync::{CancelFlag, SyncConfig};
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::join::JoinNames;
use sync_protocol::faction::link::Role;
use sync_protocol::faction::wire::{Append, PlacedSnapshot};
use sync_protocol::ids::CouncilId;
use tokio::runtime::Runtime;
use vault::Vault;

/// Steps after which an exchange has gone wrong.
const MOST_STEPS: usize = 2_000;

/// One device of a space.
pub struct Writer {
    pub space: Space,
    pub client: FactionClient,
}

/// A store that lies in memory alone, for writers of which nothing is measured.
pub fn store_in_memory() -> Result<Arc<FactionStore>> {
    Ok(FactionStore::over(rusqlite::Connection::open_in_memory()?)?)
}

fn now_ms() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

/// A paired tablet, as far as its space needs it.
#[derive(Clone, Copy)]
pub struct Paired<'a> {
    pub vault: &'a Vault,
    pub council: CouncilId,
}

impl Paired<'_> {
    pub fn client(self) -> Result<FactionClient> {
        let (config, cancel) = (SyncConfig::default(), CancelFlag::new());
        let client = FactionClient::new(&config, self.vault, self.council, &cancel);
        Ok(client?)
    }
}

impl Writer {
    /// Founds a space, and gives it to the server.
    pub fn found(
        runtime: &Runtime,
        tablet: Paired<'_>,
        store: &Arc<FactionStore>,
        (name, user, device): (&str, &str, &str),
    ) -> Result<Self> {
        let founded = store.found(tablet.council, name, user, device, now_ms())?;
        let client = tablet.client()?;
        let space = founded.space;
        let founding = space.founding(client.device())?.context("it is new")?;
        runtime.block_on(client.found(&founding))?;
        space.created()?;
        Ok(Self { space, client })
    }

    /// Lets a tablet in; it knows the roster then, and nothing that was said.
    pub fn lets_in(
        &mut self,
        runtime: &Runtime,
        tablet: Paired<'_>,
        store: &Arc<FactionStore>,
        (user, device): (&str, &str),
    ) -> Result<Self> {
        let invited = self.space.invite_by_qr(Some(Role::Member), now_ms())?;
        let names = JoinNames {
            user: user.to_owned(),
            device: device.to_owned(),
        };
        let text = invited.secret.to_text();
        let join = store.join_by_qr(tablet.council, &text, &names, now_ms())?;
        let start = to_cbor(&join.start);
        let hello = self.space.invitation_start(join.id, &start, now_ms())?;
        let finish = to_cbor(&store.join_hello(join.id, &hello)?);
        self.space.invitation_finish(join.id, &finish, now_ms())?;
        self.exchange(runtime)?;
        let space = store.join_roster(join.id, &self.space.links()?)?;
        let client = tablet.client()?;
        let entry = space.entry(client.device())?;
        runtime.block_on(client.enter(&space.faction(), &entry))?;
        Ok(Self { space, client })
    }

    /// Takes everything, then sends everything. Snapshots are left alone.
    pub fn exchange(&mut self, runtime: &Runtime) -> Result<()> {
        let faction = self.space.faction();
        for _ in 0..MOST_STEPS {
            self.fetch(runtime)?;
            let (upload, lost) = self.space.next_roster_upload(now_ms())?;
            ensure!(lost.is_empty(), "a wish has lost its meaning");
            if let Some(upload) = upload {
                let append = Append {
                    after: upload.after.hash,
                    links: upload.links.clone(),
                    boxes: upload.boxes.clone(),
                };
                if runtime.block_on(self.client.append(&faction, &append))? == Sent::Taken {
                    self.space.roster_uploaded(&upload)?;
                }
                continue;
            }
            let Some(upload) = self.space.next_upload()? else {
                return Ok(());
            };
            match runtime.block_on(self.client.post(&faction, &upload.envelope))? {
                Sent::Taken => self.space.uploaded()?,
                Sent::Conflict => self.space.was_refused()?,
            }
        }
        bail!("the exchange never came to an end")
    }

    fn fetch(&mut self, runtime: &Runtime) -> Result<()> {
        loop {
            let known = self.space.known()?;
            let faction = self.space.faction();
            let news = runtime.block_on(self.client.news(&faction, known, 0))?;
            self.space.take_links(&news.links)?;
            if !news.boxes.is_empty() && !self.space.holds_newest_seed()? {
                self.space.take_boxes(&news.boxes)?;
            }
            let taken = self.space.take_envelopes(&news.envelopes, news.upto)?;
            ensure!(
                taken.refused.is_empty() && !taken.is_waiting,
                "an envelope was not taken"
            );
            if !news.has_more {
                return Ok(());
            }
        }
    }

    /// Lets the server keep a snapshot of all that is known here. Result: its length, bytes.
    pub fn keeps_snapshot(&self, runtime: &Runtime) -> Result<usize> {
        let placed = PlacedSnapshot {
            upto: self.space.fetched()?,
            snapshot: self.space.snapshot()?,
        };
        let faction = self.space.faction();
        let kept = self.client.keep_snapshot(&faction, &placed);
        ensure!(
            runtime.block_on(kept)? == Sent::Taken,
            "the snapshot was not kept"
        );
        Ok(placed.snapshot.to_bytes().len())
    }
}
