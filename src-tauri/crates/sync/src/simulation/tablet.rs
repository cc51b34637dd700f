//! A tablet of a simulated world: what lies on its disk, and a synchronisation that stands still at every request and may end at
//! every commit. Everything that decides is the crate's own: `contact` verifies, `plan` decides, `changes` opens, `store::write`
//! stores into tables of the real schema, `apply` and `time` change the record. Their order is `engine`'s and `apply`'s, told again.

use std::collections::BTreeMap;
use std::rc::Rc;

use sync_protocol::chain::{ChainPosition, VerifiedEntry, check_arrived, verify_page};
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::head::{HeadError, HighWater, SignedHead};
use sync_protocol::ids::{AudienceId, DeviceId, ObjectId};
use sync_protocol::key_box::KeyBox;
use sync_protocol::receipt::{Receipt, ReceiptBatch, SignedReceipt};
use sync_protocol::root::SignedRoot;
use vault::CouncilRecord;

use super::Fault;
use super::disk::{Disk, Tables, has_receipt, meetings};
use super::office::{Answer, Ask, CHAINS};
use super::seals::{COUNCIL, Seals};
use crate::apply::{Accepted, note_accepted, unseal_kept};
use crate::contact::{successor, verify};
use crate::council::KnownCouncil;
use crate::error::SyncError;
use crate::plan::changes::plan_changes;
use crate::plan::{ChainFetch, LocalState, Route, SyncPlan, plan};
use crate::pull::{NewKeys, PulledChain, open_boxes};
use crate::store::{ReceiptRow, receipts, state, write};
use crate::time;
use crate::transport::{Refusal, TransportError};

/// What a tablet does next.
pub(super) enum Step {
    Ask(Ask),
    Done,
    Failed(SyncError),
    /// The program ended before a commit.
    Crashed,
}

enum Stop {
    Error(SyncError),
    Crash,
}

impl<E: Into<SyncError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

type Flow<T> = Result<T, Stop>;

/// A synchronisation on its way.
pub(super) struct Run {
    known: KnownCouncil,
    local: LocalState,
    /// A head that waits for a newer root document.
    held_back: Option<SignedHead>,
    accepted: Option<Accepted>,
    planned: SyncPlan,
    keys: NewKeys,
    chains: Vec<PulledChain>,
    at: ChainPosition,
    entries: Vec<VerifiedEntry>,
    is_replacing: bool,
    sent: Vec<(ObjectId, u32)>,
    pub(super) turns: u64,
    pub(super) is_disturbed: bool,
}

pub(super) struct Tablet {
    pub(super) number: usize,
    pub(super) disk: Disk,
    pub(super) run: Option<Run>,
    /// Commits until the program ends.
    pub(super) commits_left: Option<u32>,
    /// What the server has said to have taken.
    pub(super) told: BTreeMap<(ObjectId, u32), i64>,
    checked: Option<KnownCouncil>,
    seals: Rc<Seals>,
    fault: Fault,
}

fn first_record(device: DeviceId, generation: u32, seals: &Seals) -> CouncilRecord {
    CouncilRecord {
        council: COUNCIL,
        name: String::new(),
        person_name: String::new(),
        address: String::new(),
        root_key: seals.root_public,
        device,
        signed_root: seals.signed_root(generation),
        head_high_water: HighWater::new(COUNCIL, device),
        signed_head: None,
        confirmed: false,
        confirm_words: vec![],
        revoked: false,
        paired_at_ms: 1,
        last_sync_at_ms: None,
        ended_audiences: vec![],
        forgetting: vault::Forgetting::default(),
    }
}

impl Tablet {
    pub(super) fn new(number: usize, device: DeviceId, seals: &Rc<Seals>, fault: Fault) -> Self {
        Self {
            number,
            disk: Disk::new(first_record(device, 1, seals)),
            run: None,
            commits_left: None,
            told: BTreeMap::new(),
            checked: None,
            seals: Rc::clone(seals),
            fault,
        }
    }

    /// The council is forgotten here, and the tablet paired with it again.
    pub(super) fn pair_anew(&mut self, device: DeviceId, generation: u32) {
        self.run = None;
        self.told.clear();
        self.disk = Disk::new(first_record(device, generation, &self.seals));
    }

    /// The program ends; the disk stays.
    pub(super) fn crash(&mut self) {
        self.run = None;
        self.commits_left = None;
    }

    /// Called before everything that reaches the disk.
    fn commit(&mut self) -> Flow<()> {
        match &mut self.commits_left {
            Some(0) => Err(Stop::Crash),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn settle(&mut self, flow: Flow<Step>) -> Step {
        match flow {
            Ok(Step::Done) => {
                self.run = None;
                Step::Done
            }
            Ok(step) => step,
            Err(Stop::Error(error)) => {
                self.run = None;
                Step::Failed(error)
            }
            Err(Stop::Crash) => {
                self.crash();
                Step::Crashed
            }
        }
    }

    /// Begins a synchronisation; `now_ms` is this device's clock.
    pub(super) fn begin(&mut self, now_ms: i64, turns: u64) -> Step {
        let flow = self.first(now_ms, turns);
        self.settle(flow)
    }

    fn first(&mut self, now_ms: i64, turns: u64) -> Flow<Step> {
        self.forget_due(now_ms)?;
        let known = self.known();
        let local = self.local(&known, now_ms)?;
        self.run = Some(Run {
            known,
            local,
            held_back: None,
            accepted: None,
            planned: SyncPlan::default(),
            keys: NewKeys::new(),
            chains: Vec::new(),
            at: ChainPosition::START,
            entries: Vec::new(),
            is_replacing: false,
            sent: Vec::new(),
            turns,
            is_disturbed: false,
        });
        Ok(Step::Ask(Ask::Head))
    }

    /// The record, its signatures verified whenever they are others than the last time.
    pub(super) fn known(&mut self) -> KnownCouncil {
        let record = &self.disk.record;
        let is_same = |checked: &KnownCouncil| {
            checked.record.signed_head == record.signed_head
                && checked.record.signed_root == record.signed_root
        };
        let known = match self.checked.take().filter(is_same) {
            Some(checked) => KnownCouncil {
                record: record.clone(),
                ..checked
            },
            None => KnownCouncil::of(record.clone()).unwrap(),
        };
        self.checked = Some(known.clone());
        known
    }

    fn local(&mut self, known: &KnownCouncil, now_ms: i64) -> Flow<LocalState> {
        let mut local = LocalState {
            generation: known.head.as_ref().map(|head| head.generation),
            known: known.audiences(),
            time_ms: known.trusted_time_ms(now_ms),
            ..LocalState::default()
        };
        for (number, epoch, _) in &self.disk.keys {
            let held = local.epochs.entry(Seals::audience(*number)).or_default();
            held.insert(*epoch);
        }
        for number in 0..CHAINS {
            if let Tables::Open(conn) = self.disk.existing(number) {
                state::collect_positions(conn, &mut local.positions)?;
                state::collect_sealed(conn, &mut local.sealed)?;
            }
        }
        Ok(local)
    }

    /// As `access::forget_due`.
    fn forget_due(&mut self, now_ms: i64) -> Flow<()> {
        let noted = time::noted_for(&self.disk.record, now_ms);
        if let Some((seen, claimed)) = noted.to_write {
            self.commit()?;
            self.disk.record.forgetting.seen_at_ms = seen;
            self.disk.record.forgetting.claimed_at_ms = claimed;
        }
        let audiences = self.known().audiences();
        let due: Vec<AudienceId> = audiences
            .iter()
            .filter(|row| row.is_due_at(noted.time_ms))
            .map(|row| row.audience)
            .collect();
        for audience in &due {
            self.forget(Seals::number(audience))?;
        }
        let ended = &self.disk.record.ended_audiences;
        if ended.iter().any(|one| due.contains(&one.audience)) {
            self.commit()?;
            let ended = &mut self.disk.record.ended_audiences;
            ended.retain(|one| !due.contains(&one.audience));
        }
        Ok(())
    }

    /// First the keys, then the tables.
    fn forget(&mut self, number: usize) -> Flow<()> {
        self.commit()?;
        self.disk.keys.retain(|(of, _, _)| *of != number);
        self.commit()?;
        self.disk.delete(number);
        Ok(())
    }

    /// As `access::revoke`.
    fn revoke(&mut self) -> Flow<()> {
        self.commit()?;
        self.disk.record.revoked = true;
        self.disk.record.ended_audiences.clear();
        (1..CHAINS).try_for_each(|number| self.forget(number))
    }

    /// Takes the answer to the last request.
    pub(super) fn take(&mut self, answer: Answer, now_ms: i64) -> Step {
        let Some(mut run) = self.run.take() else {
            return Step::Done;
        };
        let flow = self.next(&mut run, answer, now_ms);
        self.run = Some(run);
        self.settle(flow)
    }

    fn next(&mut self, run: &mut Run, answer: Answer, now_ms: i64) -> Flow<Step> {
        match answer {
            Answer::Revoked => {
                self.revoke()?;
                Err(SyncError::DeviceRevoked.into())
            }
            Answer::Denied if !run.sent.is_empty() => Ok(Step::Done),
            Answer::Denied => Err(denied().into()),
            Answer::Head(signed) => self.take_head(run, signed, now_ms),
            Answer::Root(signed) => self.take_root(run, signed, now_ms),
            Answer::Keys(boxes) => {
                let head = &run.accepted.as_ref().ok_or(SyncError::Worker)?.head;
                let is_held =
                    |audience: AudienceId, epoch| self.disk.key(audience, epoch).is_some();
                let open = |key_box: &KeyBox| self.seals.open(self.number, &head.device, key_box);
                run.keys = open_boxes((head, &run.planned.keys), &boxes, open, is_held)?;
                self.next_chain(run, now_ms)
            }
            Answer::Page(entries) => {
                let fetch = current(run)?;
                let wanted = usize::try_from(fetch.to.seq.saturating_sub(run.at.seq)).unwrap();
                let is_last = entries.is_empty();
                let entries = entries.into_iter().take(wanted).collect();
                let (verified, next) =
                    verify_page(fetch.audience, &run.at, entries).map_err(|e| broken(run, e))?;
                run.entries.extend(verified);
                run.at = next;
                self.after_page(run, &fetch, is_last, now_ms)
            }
            Answer::Snapshot(signed) => {
                let fetch = current(run)?;
                let root = &run.accepted.as_ref().ok_or(SyncError::Worker)?.root;
                let (key, generation) = (&root.feed_key, root.generation);
                let snapshot = signed.verify(key, &COUNCIL, &fetch.audience, generation)?;
                if snapshot.position.seq > fetch.to.seq {
                    run.at = ChainPosition::START;
                } else {
                    if snapshot.position.seq == fetch.to.seq && snapshot.position != fetch.to {
                        return Err(SyncError::SnapshotMismatch.into());
                    }
                    run.at = snapshot.position;
                    run.entries = snapshot.entries;
                }
                run.is_replacing = true;
                self.after_page(run, &fetch, false, now_ms)
            }
            Answer::Receipts(times) => self.note_taken(run, &times),
        }
    }

    fn take_head(&mut self, run: &mut Run, signed: SignedHead, now_ms: i64) -> Flow<Step> {
        if self.fault == Fault::OlderHeadsTaken {
            run.known.record.head_high_water = HighWater::new(COUNCIL, self.disk.record.device);
        }
        let root = (run.known.record.signed_root.clone(), run.known.root.clone());
        match verify(&run.known, &root, &signed) {
            Err(SyncError::Head(HeadError::GenerationUnknown | HeadError::Sign(_))) => {
                run.held_back = Some(signed);
                Ok(Step::Ask(Ask::Root))
            }
            other => {
                run.accepted = Some(other?);
                self.plan(run, now_ms)
            }
        }
    }

    fn take_root(&mut self, run: &mut Run, newer: SignedRoot, now_ms: i64) -> Flow<Step> {
        let signed = run.held_back.take().ok_or(SyncError::Worker)?;
        let document = successor(&run.known, &newer)?;
        if document.serial <= run.known.root.serial {
            return Err(HeadError::GenerationUnknown.into());
        }
        run.accepted = Some(verify(&run.known, &(newer, document), &signed)?);
        self.plan(run, now_ms)
    }

    fn plan(&mut self, run: &mut Run, now_ms: i64) -> Flow<Step> {
        let accepted = run.accepted.as_ref().ok_or(SyncError::Worker)?;
        run.planned = plan(&run.local, &accepted.head)?;
        if run.planned.is_nothing_new() {
            self.commit()?;
            note_accepted(&mut self.disk.record, accepted, &[], now_ms);
            return self.deliver(run, now_ms);
        }
        if run.planned.keys.is_empty() {
            self.next_chain(run, now_ms)
        } else {
            Ok(Step::Ask(Ask::Keys))
        }
    }

    fn next_chain(&mut self, run: &mut Run, now_ms: i64) -> Flow<Step> {
        run.entries = Vec::new();
        run.is_replacing = false;
        let Some(fetch) = run.planned.chains.get(run.chains.len()).copied() else {
            self.store(run, now_ms)?;
            return self.deliver(run, now_ms);
        };
        run.at = fetch.from;
        Ok(Step::Ask(match fetch.route {
            Route::Pages => page(&fetch, &run.at),
            Route::Snapshot => Ask::Snapshot {
                chain: Seals::number(&fetch.audience),
            },
        }))
    }

    fn after_page(
        &mut self,
        run: &mut Run,
        fetch: &ChainFetch,
        is_last: bool,
        now_ms: i64,
    ) -> Flow<Step> {
        if run.at.seq < fetch.to.seq && !is_last {
            return Ok(Step::Ask(page(fetch, &run.at)));
        }
        check_arrived(&run.at, &fetch.to).map_err(|error| broken(run, error))?;
        let key = |epoch: KeyEpoch| {
            let new = run.keys.get(&(fetch.audience, epoch)).cloned();
            new.or_else(|| self.disk.key(fetch.audience, epoch))
        };
        let changes = plan_changes(COUNCIL, std::mem::take(&mut run.entries), key)?;
        run.chains.push(PulledChain {
            audience: fetch.audience,
            is_public: Seals::number(&fetch.audience) == 0,
            changes,
            to: fetch.to,
            replaces_all: run.is_replacing,
        });
        self.next_chain(run, now_ms)
    }

    /// As `apply::store_run`: keys, tables, what was sealed, the head last.
    fn store(&mut self, run: &Run, now_ms: i64) -> Flow<()> {
        let accepted = run.accepted.as_ref().ok_or(SyncError::Worker)?;
        let accept = |tablet: &mut Self| {
            tablet.commit()?;
            let ended = &run.planned.ended;
            note_accepted(&mut tablet.disk.record, accepted, ended, now_ms);
            Flow::Ok(())
        };
        if self.fault == Fault::HeadBeforeContent {
            accept(self)?;
        }
        if !run.keys.is_empty() {
            self.commit()?;
            for ((audience, epoch), key) in &run.keys {
                self.disk.put_key(*audience, *epoch, key);
            }
        }
        for chain in &run.chains {
            self.commit()?;
            let apply = write::Run {
                audience: chain.audience,
                changes: &chain.changes,
                to: chain.to,
                replaces_all: chain.replaces_all,
            };
            let conn = self.disk.open(Seals::number(&chain.audience))?;
            write::apply(conn, &apply, now_ms)?;
        }
        for listed in &accepted.head.audiences {
            let has_new_key = run.keys.keys().any(|(audience, _)| *audience == listed.id);
            if has_new_key || run.planned.unseal.contains(&listed.id) {
                self.commit()?;
                let number = Seals::number(&listed.id);
                let held: BTreeMap<KeyEpoch, ClassKey> = self.disk.held(number).collect();
                let conn = self.disk.open(number)?;
                let unsealed =
                    unseal_kept(conn, COUNCIL, |epoch| held.get(&epoch).cloned(), now_ms)?;
                unsealed.fault.map_or(Ok(()), Err)?;
            }
        }
        if self.fault != Fault::HeadBeforeContent {
            accept(self)?;
        }
        Ok(())
    }

    /// Receipts are made of meetings alone: whether the invitation's file is whole here is no part of this world.
    fn deliver(&mut self, run: &mut Run, now_ms: i64) -> Flow<Step> {
        let device = self.disk.record.device;
        let meetings = meetings(self.disk.open(0)?);
        for (meeting, invitation_revision) in meetings {
            let blob_id = sync_protocol::ids::BlobId::from_bytes([7; 32]);
            let row = ReceiptRow {
                meeting,
                invitation_revision,
                blob_id,
                made_at_ms: now_ms,
                server_at_ms: None,
            };
            if has_receipt(self.disk.open(0)?, (meeting, invitation_revision)) {
                continue;
            }
            self.commit()?;
            let receipt = Receipt {
                council: COUNCIL,
                device,
                meeting,
                invitation_revision,
                blob_id,
                at_ms: now_ms,
            };
            let signed = receipt.sign(&self.seals.device[self.number])?;
            receipts::queue(self.disk.open(0)?, &row, signed.as_bytes())?;
        }
        let queued = receipts::queued(self.disk.open(0)?)?;
        if queued.is_empty() {
            return Ok(Step::Done);
        }
        let key = |one: &receipts::QueuedReceipt| (one.meeting, one.invitation_revision);
        run.sent = queued.iter().map(key).collect();
        let signed = queued.into_iter().map(|one| SignedReceipt(one.signed));
        Ok(Step::Ask(Ask::Receipts(ReceiptBatch(signed.collect()))))
    }

    fn note_taken(&mut self, run: &Run, times: &[i64]) -> Flow<Step> {
        if times.len() != run.sent.len() {
            return Err(SyncError::Malformed.into());
        }
        self.commit()?;
        for (receipt, at_ms) in run.sent.iter().zip(times) {
            receipts::set_taken(self.disk.open(0)?, *receipt, *at_ms)?;
            self.told.insert(*receipt, *at_ms);
        }
        Ok(Step::Done)
    }
}

fn current(run: &Run) -> Flow<ChainFetch> {
    let fetch = run.planned.chains.get(run.chains.len());
    Ok(*fetch.ok_or(SyncError::Worker)?)
}

fn page(fetch: &ChainFetch, at: &ChainPosition) -> Ask {
    Ask::Page {
        chain: Seals::number(&fetch.audience),
        after: at.seq,
        limit: usize::try_from(fetch.to.seq - at.seq).unwrap(),
    }
}

/// As `pull::pull_snapshot` names what does not lead from a snapshot to the head.
fn broken(run: &Run, error: sync_protocol::chain::ChainError) -> SyncError {
    if run.is_replacing {
        SyncError::SnapshotMismatch
    } else {
        error.into()
    }
}

fn denied() -> SyncError {
    SyncError::from(TransportError::Refused(Refusal {
        status: 403,
        code: sync_protocol::wire::error_code::NOT_ENTITLED.to_owned(),
        server_at_ms: 0,
    }))
}
