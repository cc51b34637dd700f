//! The council's side of a simulated world: what its server keeps, and its answers in the protocol's own formats. Heads, entries,
//! boxes, snapshots and roots are made and signed by `sync-protocol`; which of them a device gets follows `council-server`'s rules.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use sync_protocol::chain::{ChainPosition, Entry, EntryDraft, EntryHeader, Op, make_entry};
use sync_protocol::class_key::{ClassKey, EntryContext, KeyEpoch, seal_payload};
use sync_protocol::head::{AudienceHead, AudienceKind, DeviceHead, SignedHead};
use sync_protocol::ids::{AudienceId, DeviceId, Hash, ObjectId};
use sync_protocol::key_box::{KeyBox, KeyBoxContext, KeyBoxes, make_key_box};
use sync_protocol::model::CouncilObject;
use sync_protocol::receipt::ReceiptBatch;
use sync_protocol::root::SignedRoot;
use sync_protocol::snapshot::{SignedSnapshot, Snapshot};

use super::Fault;
use super::seals::{COUNCIL, Seals};
use crate::testing::LEASE_MS;

/// Everybody's, an organization's, a village's.
pub(super) const CHAINS: usize = 3;

/// What a tablet asks for. Chains are named by their number.
#[derive(Clone, Debug)]
pub(super) enum Ask {
    Head,
    Root,
    Keys,
    Page {
        chain: usize,
        after: u64,
        limit: usize,
    },
    Snapshot {
        chain: usize,
    },
    Receipts(ReceiptBatch),
}

#[derive(Clone)]
pub(super) enum Answer {
    Head(SignedHead),
    Root(SignedRoot),
    Keys(KeyBoxes),
    Page(Vec<Entry>),
    Snapshot(SignedSnapshot),
    Receipts(Vec<i64>),
    Revoked,
    Denied,
}

/// An object as an audience has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) revision: u32,
    pub(super) epoch: KeyEpoch,
    pub(super) payload: Rc<Vec<u8>>,
}

pub(super) type State = BTreeMap<ObjectId, Content>;

#[derive(Clone)]
pub(super) struct Chain {
    pub(super) audience: AudienceId,
    pub(super) kind: AudienceKind,
    pub(super) epoch: KeyEpoch,
    pub(super) at: ChainPosition,
    keys: BTreeMap<KeyEpoch, ClassKey>,
    entries: Vec<Rc<Entry>>,
    /// Which entry is an object's newest.
    newest: BTreeMap<ObjectId, usize>,
    pub(super) state: State,
}

#[derive(Clone)]
pub(super) struct Device {
    pub(super) id: DeviceId,
    counter: u64,
    pub(super) is_revoked: bool,
    /// Nonpublic chains that it may read, and from which epoch on.
    pub(super) grants: BTreeMap<usize, KeyEpoch>,
    /// By meeting and revision: the server's time.
    pub(super) receipts: BTreeMap<(ObjectId, u32), i64>,
    pub(super) receipts_kept: usize,
}

/// Everything on the server's disk.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) generation: u32,
    pub(super) chains: Vec<Chain>,
    pub(super) devices: Vec<Device>,
    revision: u32,
}

/// What happened, as only the world knows it: by it the tablets are judged.
#[derive(Default)]
pub(super) struct Truth {
    /// What an audience's chain amounts to at each position it ever had.
    pub(super) states: BTreeMap<(usize, [u8; 32]), Rc<State>>,
    /// Objects whose content was erased.
    pub(super) erased: BTreeSet<ObjectId>,
    /// Epochs that a device was ever meant to read, by chain.
    pub(super) meant: BTreeSet<(DeviceId, usize, KeyEpoch)>,
    /// Counts whatever changes who may read, or where the server stands.
    pub(super) turns: u64,
}

pub(super) struct Office {
    pub(super) kept: Kept,
    /// What would be there after a crash, where the server answers before it keeps.
    on_disk: Option<Kept>,
    pub(super) backup: Option<Kept>,
    pub(super) truth: Truth,
    highest_generation: u32,
    fault: Fault,
}

impl Device {
    fn new(number: u8) -> Self {
        Self {
            id: DeviceId::from_bytes([number; 16]),
            counter: 0,
            is_revoked: false,
            grants: BTreeMap::new(),
            receipts: BTreeMap::new(),
            receipts_kept: 0,
        }
    }
}

impl Office {
    pub(super) fn new(tablets: usize, seals: &Seals, fault: Fault) -> Self {
        let kinds = [
            AudienceKind::Public,
            AudienceKind::Organization,
            AudienceKind::Village,
        ];
        let chains = kinds.iter().enumerate().map(|(number, kind)| Chain {
            audience: Seals::audience(number),
            kind: *kind,
            epoch: KeyEpoch(1),
            at: ChainPosition::START,
            keys: BTreeMap::from([(KeyEpoch(1), seals.class_key(number, KeyEpoch(1), 1))]),
            entries: Vec::new(),
            newest: BTreeMap::new(),
            state: State::new(),
        });
        let numbers = 0..u8::try_from(tablets).unwrap();
        let kept = Kept {
            generation: 1,
            chains: chains.collect(),
            devices: numbers.map(|number| Device::new(number + 1)).collect(),
            revision: 0,
        };
        let on_disk = (fault == Fault::AnswersBeforeKeeping).then(|| kept.clone());
        let mut office = Self {
            kept,
            on_disk,
            backup: None,
            truth: Truth::default(),
            highest_generation: 1,
            fault,
        };
        for number in 0..CHAINS {
            office.remember(number);
        }
        for tablet in 0..tablets {
            for chain in 1..CHAINS {
                office.grant(tablet, chain, true, seals);
            }
        }
        office
    }

    fn remember(&mut self, number: usize) {
        let chain = &self.kept.chains[number];
        self.truth.states.insert(
            (number, *chain.at.hash.as_bytes()),
            Rc::new(chain.state.clone()),
        );
    }

    /// The newest lies on the disk, too.
    pub(super) fn flush(&mut self) {
        if self.on_disk.is_some() {
            self.on_disk = Some(self.kept.clone());
        }
    }

    /// The server's process ends at once. An honest one has answered only what it had kept.
    pub(super) fn crash(&mut self) {
        if let Some(on_disk) = &self.on_disk {
            self.kept = on_disk.clone();
        }
    }

    fn append(&mut self, number: usize, op: Op, object: &CouncilObject) {
        let revision = self.kept.revision;
        let chain = &mut self.kept.chains[number];
        let (id, epoch) = (object.id(), chain.epoch);
        let payload = object.to_payload();
        let sealed_payload = (op == Op::Upsert).then(|| {
            let context = EntryContext {
                council: COUNCIL,
                audience: chain.audience,
                object_kind: object.kind(),
                object: id,
                revision,
                key_epoch: epoch,
            };
            seal_payload(&chain.keys[&epoch], &context, &payload).unwrap()
        });
        let draft = EntryDraft {
            op,
            object_kind: object.kind(),
            object: id,
            revision,
            key_epoch: epoch,
            blob_id: None,
            sealed_payload,
            wrapped_file_key: None,
        };
        let (entry, at) = make_entry(chain.audience, &chain.at, draft).unwrap();
        chain.at = at;
        chain.entries.push(Rc::new(entry));
        if op == Op::Upsert {
            chain.newest.insert(id, chain.entries.len() - 1);
            let payload = Rc::new(payload);
            chain.state.insert(
                id,
                Content {
                    revision,
                    epoch,
                    payload,
                },
            );
        } else {
            chain.newest.remove(&id);
            chain.state.remove(&id);
        }
        self.remember(number);
    }

    /// Puts an object into one chain; it leaves every other one, the public one first gaining and last losing.
    pub(super) fn publish(&mut self, number: usize, object: &CouncilObject) {
        self.kept.revision += 1;
        self.append(number, Op::Upsert, object);
        self.withdraw_from(object, |other| other != number);
    }

    /// Takes an object back everywhere; what chains held of it is erased.
    pub(super) fn withdraw(&mut self, object: &CouncilObject) {
        self.kept.revision += 1;
        self.withdraw_from(object, |_| true);
        self.truth.erased.insert(object.id());
        for chain in &mut self.kept.chains {
            for entry in &mut chain.entries {
                let header = EntryHeader::from_bytes(&entry.header_bytes).unwrap();
                if header.object == object.id() && entry.sealed_payload.is_some() {
                    Rc::make_mut(entry).sealed_payload = None;
                }
            }
        }
    }

    fn withdraw_from(&mut self, object: &CouncilObject, of: impl Fn(usize) -> bool) {
        for number in (0..CHAINS).filter(|number| of(*number)) {
            if self.kept.chains[number].state.contains_key(&object.id()) {
                self.append(number, Op::Tombstone, object);
            }
        }
    }

    fn next_epoch(&mut self, number: usize, at_least: u32, seals: &Seals) {
        let generation = self.kept.generation;
        let chain = &mut self.kept.chains[number];
        chain.epoch = KeyEpoch((chain.epoch.0 + 1).max(at_least));
        let key = seals.class_key(number, chain.epoch, generation);
        chain.keys.insert(chain.epoch, key);
    }

    /// A membership begins. Whoever does not read back gets a new epoch where there is something already.
    pub(super) fn grant(&mut self, tablet: usize, number: usize, reads_back: bool, seals: &Seals) {
        if self.kept.devices[tablet].grants.contains_key(&number) {
            return;
        }
        self.truth.turns += 1;
        if !reads_back && self.kept.chains[number].at.seq > 0 {
            self.next_epoch(number, 0, seals);
        }
        let from = if reads_back {
            KeyEpoch(1)
        } else {
            self.kept.chains[number].epoch
        };
        self.kept.devices[tablet].grants.insert(number, from);
    }

    /// A membership ends.
    pub(super) fn end(&mut self, tablet: usize, number: usize, seals: &Seals) {
        let grants = &mut self.kept.devices[tablet].grants;
        if grants.remove(&number).is_some() {
            self.truth.turns += 1;
            self.next_epoch(number, 0, seals);
        }
    }

    /// A device is not trusted any more.
    pub(super) fn revoke(&mut self, tablet: usize, seals: &Seals) {
        if self.kept.devices[tablet].is_revoked {
            return;
        }
        self.truth.turns += 1;
        self.kept.devices[tablet].is_revoked = true;
        let granted: Vec<usize> = self.kept.devices[tablet].grants.keys().copied().collect();
        for number in granted {
            self.next_epoch(number, 0, seals);
        }
    }

    /// The same person comes with the tablet again: to the council it is another device.
    pub(super) fn pair_anew(&mut self, tablet: usize, number: u8) -> DeviceId {
        self.truth.turns += 1;
        let grants = self.kept.devices[tablet].grants.clone();
        self.kept.devices[tablet] = Device {
            grants,
            ..Device::new(number)
        };
        self.kept.devices[tablet].id
    }

    /// The data folder is restored from a backup, and the office begins a new generation.
    pub(super) fn restore(&mut self, seals: &Seals) -> bool {
        let Some(backup) = self.backup.clone() else {
            return false;
        };
        self.truth.turns += 1;
        let devices = std::mem::take(&mut self.kept.devices);
        let revision = self.kept.revision;
        self.kept = backup;
        // Devices that were paired since have to be paired again, which is another history: here all of them had been.
        for (device, was) in self.kept.devices.iter_mut().zip(devices) {
            if device.id != was.id || was.is_revoked {
                *device = was;
            }
        }
        self.kept.revision = revision;
        self.highest_generation += 1;
        self.kept.generation = self.highest_generation;
        if self.fault != Fault::EpochsComeTwice {
            for number in 1..CHAINS {
                self.next_epoch(number, self.kept.generation << 16, seals);
            }
        }
        self.flush();
        true
    }

    fn may_read(&self, tablet: usize, number: usize) -> Option<KeyEpoch> {
        if number == 0 {
            return Some(KeyEpoch(1));
        }
        let granted = self.kept.devices[tablet].grants.get(&number).copied();
        match self.fault {
            Fault::EverybodyReads => Some(granted.unwrap_or(KeyEpoch(1))),
            _ => granted,
        }
    }

    fn readable(&self, tablet: usize) -> impl Iterator<Item = (usize, &Chain, KeyEpoch)> {
        let chains = self.kept.chains.iter().enumerate();
        chains.filter_map(move |(number, chain)| {
            let from = self.may_read(tablet, number)?;
            (chain.at.seq > 0).then_some((number, chain, from))
        })
    }

    /// Answers a device; `now_ms` is the server's clock.
    pub(super) fn answer(
        &mut self,
        tablet: usize,
        ask: &Ask,
        now_ms: i64,
        seals: &Seals,
    ) -> Answer {
        if let Ask::Root = ask {
            return Answer::Root(seals.signed_root(self.kept.generation));
        }
        if self.kept.devices[tablet].is_revoked {
            return Answer::Revoked;
        }
        self.note_meant(tablet);
        match ask {
            Ask::Root => Answer::Denied,
            Ask::Head => Answer::Head(self.head(tablet, now_ms, seals)),
            Ask::Keys => Answer::Keys(self.boxes(tablet, seals)),
            Ask::Page { chain, .. } | Ask::Snapshot { chain }
                if self.may_read(tablet, *chain).is_none() =>
            {
                Answer::Denied
            }
            Ask::Page {
                chain,
                after,
                limit,
            } => {
                let entries = &self.kept.chains[*chain].entries;
                let first = usize::try_from(*after).unwrap().min(entries.len());
                // Pages are short here, so that a few entries take several requests.
                let page = entries[first..].iter().take((*limit).min(3));
                Answer::Page(page.map(|entry| Entry::clone(entry)).collect())
            }
            Ask::Snapshot { chain } => Answer::Snapshot(self.snapshot(*chain, seals)),
            Ask::Receipts(batch) => self.take_receipts(tablet, batch, now_ms, seals),
        }
    }

    /// What the council means this device to read at this moment.
    fn note_meant(&mut self, tablet: usize) {
        let device = &self.kept.devices[tablet];
        for (number, from) in &device.grants {
            for epoch in self.kept.chains[*number].keys.range(*from..) {
                self.truth.meant.insert((device.id, *number, *epoch.0));
            }
        }
    }

    fn head(&mut self, tablet: usize, now_ms: i64, seals: &Seals) -> SignedHead {
        let listed = |(_, chain, _): (usize, &Chain, KeyEpoch)| AudienceHead {
            id: chain.audience,
            kind: chain.kind,
            seq: chain.at.seq,
            hash: chain.at.hash,
            key_epoch: chain.epoch,
            readable_until_ms: None,
        };
        let audiences = self.readable(tablet).map(listed).collect();
        let generation = self.kept.generation;
        let device = &mut self.kept.devices[tablet];
        device.counter += 1;
        let head = DeviceHead {
            council: COUNCIL,
            device: device.id,
            generation,
            counter: device.counter,
            issued_at_ms: now_ms,
            expires_at_ms: now_ms + LEASE_MS,
            audiences,
            confirmed_at_ms: Some(1),
        };
        head.sign(&seals.feed).unwrap()
    }

    fn boxes(&self, tablet: usize, seals: &Seals) -> KeyBoxes {
        let device = self.kept.devices[tablet].id;
        let mut boxes: Vec<KeyBox> = Vec::new();
        for (number, chain, from) in self.readable(tablet) {
            for (epoch, key) in chain.keys.range(from..) {
                let context = KeyBoxContext {
                    council: COUNCIL,
                    device,
                    audience: chain.audience,
                    epoch: *epoch,
                };
                boxes.push(seals.key_box(tablet, number, &context, key));
            }
        }
        KeyBoxes { boxes }
    }

    fn snapshot(&self, number: usize, seals: &Seals) -> SignedSnapshot {
        let chain = &self.kept.chains[number];
        let mut live: Vec<usize> = chain.newest.values().copied().collect();
        live.sort_unstable();
        let entries = live
            .iter()
            .map(|place| Entry::clone(&chain.entries[*place]));
        let snapshot = Snapshot {
            council: COUNCIL,
            audience: chain.audience,
            generation: self.kept.generation,
            seq: chain.at.seq,
            hash: chain.at.hash,
            entries: entries.collect(),
        };
        snapshot.sign(&seals.feed).unwrap()
    }

    fn take_receipts(
        &mut self,
        tablet: usize,
        batch: &ReceiptBatch,
        now_ms: i64,
        seals: &Seals,
    ) -> Answer {
        let device = &mut self.kept.devices[tablet];
        let mut times = Vec::new();
        for signed in &batch.0 {
            let Ok(receipt) = signed.verify(&seals.device_public[tablet], &COUNCIL, &device.id)
            else {
                return Answer::Denied;
            };
            let key = (receipt.meeting, receipt.invitation_revision);
            let is_new = !device.receipts.contains_key(&key);
            if is_new || self.fault == Fault::AppendsTwice {
                device.receipts_kept += 1;
            }
            times.push(*device.receipts.entry(key).or_insert(now_ms));
        }
        Answer::Receipts(times)
    }
}

/// One key of the cache of boxes: whose, of what.
pub(super) type BoxPlace = (usize, DeviceId, usize, KeyEpoch, [u8; 32]);

impl Seals {
    /// A box is made once for each device and key, as the server keeps them.
    fn key_box(
        &self,
        tablet: usize,
        number: usize,
        context: &KeyBoxContext,
        key: &ClassKey,
    ) -> KeyBox {
        let digest = *Hash::of(key.expose()).as_bytes();
        let place = (tablet, context.device, number, context.epoch, digest);
        let mut made = self.boxes.borrow_mut();
        let make = || make_key_box(&self.box_public[tablet], context, key).unwrap();
        made.entry(place).or_insert_with(make).clone()
    }
}

/// What kind of object stands under a number: every third one is a meeting with an invitation.
pub(super) fn object(number: u8, version: u64) -> CouncilObject {
    if number.is_multiple_of(3) {
        let mut meeting = crate::testing::meeting(number, "2027-01-12T17:00:00+01:00");
        meeting.name = format!("Sitzung {number}, Fassung {version}");
        meeting.invitation = Some(ObjectId::from_bytes([0xee; 16]));
        meeting.invitation_revision = u32::try_from(version % 3).unwrap();
        meeting.into()
    } else {
        let mut paper = crate::testing::paper(number, None, &[]);
        paper.name = format!("Vorlage {number}, Fassung {version}");
        paper.into()
    }
}
