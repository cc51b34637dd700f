//! Five years of a faction: 20,000 things (shares, messages, positions, tasks) in 100,000 operations by six tablets, seeded. In each
//! of 260 weeks every tablet writes without knowing what the others write, then all exchange.

use anyhow::{Context, Result};
use faction::{Anchor, Copy, Edit, MarkCopy, Readers, Shareable, Space, TextPart, ValueField};
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::ids::{AudienceId, BlobId, CouncilId, ItemId, ObjectId};
use sync_protocol::model::ObjectKind;

use super::words::Dice;

const WEEK_MS: i64 = 7 * 86_400_000;
/// The length of the history.
pub const WEEKS: usize = 260;
/// Weeks back to which positions and tasks are still worked on.
const CURRENT_WEEKS: usize = 8;

/// How much of everything there is, in all weeks together.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    pub weeks: usize,
    pub shares: usize,
    pub withdrawn: usize,
    pub messages: usize,
    pub message_edits: usize,
    pub positions: usize,
    pub position_edits: usize,
    pub tasks: usize,
    pub task_edits: usize,
    pub reads: usize,
    /// Envelopes after the snapshot, with one message each; from 400 on a tablet would make a new snapshot.
    pub rest: usize,
}

impl Counts {
    /// Five years, or this part of them: 1 is all.
    pub fn part(of: usize) -> Self {
        Self {
            weeks: (WEEKS / of).max(2),
            shares: 9_000 / of,
            withdrawn: 500 / of,
            messages: 7_000 / of,
            message_edits: 1_500 / of,
            positions: 3_000 / of,
            position_edits: 42_000 / of,
            tasks: 1_000 / of,
            task_edits: 3_500 / of,
            reads: 21_500 / of,
            rest: (399 / of).max(1),
        }
    }

    pub fn things(&self) -> usize {
        self.shares + self.messages + self.positions + self.tasks
    }

    /// Documents are begun in two operations: what they are, and their first words.
    pub fn operations(&self) -> usize {
        self.things()
            + self.messages
            + self.positions
            + self.tasks
            + self.withdrawn
            + self.message_edits
            + self.position_edits
            + self.task_edits
            + self.reads
    }
}

/// What of the council is spoken about.
pub struct Topics {
    pub council: CouncilId,
    pub items: Vec<ObjectId>,
    pub papers: Vec<ObjectId>,
    pub files: Vec<(ObjectId, BlobId)>,
}

impl Topics {
    pub fn item(&self, at: usize) -> Anchor {
        self.anchor(
            ObjectKind::AgendaItem,
            self.items.get(at % self.items.len().max(1)).copied(),
        )
    }

    fn anchor(&self, kind: ObjectKind, object: Option<ObjectId>) -> Anchor {
        Anchor {
            council: self.council,
            kind: kind.number(),
            object: object.unwrap_or(ObjectId::from_bytes([1; 16])),
        }
    }
}

/// What was begun, with its week, by the number of its writer.
#[derive(Default)]
pub struct Written {
    shares: Vec<(usize, ItemId)>,
    messages: Vec<(usize, ItemId)>,
    positions: Vec<(usize, Anchor)>,
    tasks: Vec<(usize, usize, ItemId)>,
}

pub fn no_keys(_: CouncilId, _: AudienceId, _: KeyEpoch) -> Option<ClassKey> {
    None
}

/// One writer's part of a week.
pub struct Week<'a> {
    pub counts: Counts,
    pub week: usize,
    pub writer: usize,
    pub writers: usize,
    /// The end of the history; ms UTC.
    pub end_ms: i64,
    pub topics: &'a Topics,
}

impl Week<'_> {
    /// How many of `total` are this writer's this week: no remainder is lost over all weeks and writers.
    fn share_of(&self, total: usize) -> usize {
        let slots = self.counts.weeks * self.writers;
        let slot = self.week * self.writers + self.writer;
        total * (slot + 1) / slots - total * slot / slots
    }

    fn at_ms(&self, dice: &mut Dice) -> i64 {
        let weeks_left = (self.counts.weeks - self.week) as i64;
        self.end_ms - weeks_left * WEEK_MS + dice.below(WEEK_MS as usize) as i64
    }

    /// Writes it all into the outbox.
    pub fn write(&self, space: &mut Space, dice: &mut Dice, written: &mut Written) -> Result<()> {
        let counts = self.counts;
        for _ in 0..self.share_of(counts.shares) {
            let item = self.share(space, dice)?;
            written.shares.push((self.writer, item));
        }
        for _ in 0..self.share_of(counts.withdrawn) {
            let own = recent(&written.shares, dice, |(writer, _)| *writer == self.writer);
            if let Some((_, item)) = own.copied() {
                written.shares.retain(|(_, kept)| *kept != item);
                space.withdraw(item, self.at_ms(dice))?;
            }
        }
        for _ in 0..self.share_of(counts.messages) {
            let item = self.message(space, dice, written)?;
            written.messages.push((self.writer, item));
        }
        for _ in 0..self.share_of(counts.message_edits) {
            let own = recent(&written.messages, dice, |(writer, _)| {
                *writer == self.writer
            });
            if let Some((_, item)) = own.copied() {
                let count = 10 + dice.below(40);
                let edit = Edit::Text(TextPart::Body, dice.text(count));
                self.edit(space, item, &[edit], dice)?;
            }
        }
        for _ in 0..self.share_of(counts.positions) {
            let anchor = self.topics.item(written.positions.len());
            let edit = Edit::Text(TextPart::Recommendation, dice.text(12));
            let at_ms = self.at_ms(dice);
            space.edit_position(anchor, &[edit], &Readers::Everybody, &no_keys, at_ms)?;
            written.positions.push((self.week, anchor));
        }
        for _ in 0..self.share_of(counts.position_edits) {
            self.edit_position(space, dice, written)?;
        }
        for _ in 0..self.share_of(counts.tasks) {
            let anchor = self.topics.item(dice.below(9_000));
            let edit = Edit::Text(TextPart::Body, dice.text(9));
            let at_ms = self.at_ms(dice);
            let item = space.begin_task(Some(anchor), &[edit], &Readers::Everybody, at_ms)?;
            written.tasks.push((self.week, self.writer, item));
        }
        for _ in 0..self.share_of(counts.task_edits) {
            let known = |(week, writer, _): &(usize, usize, ItemId)| {
                *writer == self.writer || *week < self.week
            };
            let Some((_, _, item)) = recent(&written.tasks, dice, known).copied() else {
                continue;
            };
            let edit = match dice.below(2) {
                0 => Edit::Value(
                    ValueField::Due,
                    format!("2026-{:02}-01", 1 + dice.below(12)),
                ),
                _ => Edit::Value(ValueField::Status, "done".to_owned()),
            };
            self.edit(space, item, &[edit], dice)?;
        }
        for _ in 0..self.share_of(counts.reads) {
            if let Some((_, item)) = recent(&written.messages, dice, |_| true).copied() {
                let is_shown = dice.below(14) > 0;
                space.show_read(item, is_shown, self.at_ms(dice))?;
            }
        }
        Ok(())
    }

    fn edit(&self, space: &mut Space, item: ItemId, edits: &[Edit], dice: &mut Dice) -> Result<()> {
        let at_ms = self.at_ms(dice);
        Ok(space.edit(item, edits, &Readers::Everybody, &no_keys, at_ms)?)
    }

    fn share(&self, space: &mut Space, dice: &mut Dice) -> Result<ItemId> {
        let at_ms = self.at_ms(dice);
        let topics = self.topics;
        let file = topics.files.get(dice.below(topics.files.len().max(1)));
        let (anchor, mark) = match (dice.below(10), file) {
            (0..6, Some((file, blob))) => {
                let anchor = topics.anchor(ObjectKind::File, Some(*file));
                (anchor, Some(mark(*file, *blob, dice)))
            }
            (6..8, _) => {
                let at = dice.below(topics.papers.len().max(1));
                (
                    topics.anchor(ObjectKind::Paper, topics.papers.get(at).copied()),
                    None,
                )
            }
            _ => (topics.item(dice.below(9_000)), None),
        };
        // One in twenty is for readers of a paper that the measured tablet is not among.
        let readers = match dice.below(20) {
            0 => Readers::ClassKey {
                audience: AudienceId::from_bytes([0xa0; 16]),
                epoch: KeyEpoch(1),
                key: ClassKey::from_bytes([0x5c; 32]),
            },
            _ => Readers::Everybody,
        };
        let count = 4 + dice.below(40);
        let text = dice.text(count);
        let copy = Copy {
            anchor,
            text,
            mark,
            at_ms,
        };
        Ok(space.share(&Shareable::copy(copy, readers)?, at_ms)?)
    }

    fn message(&self, space: &mut Space, dice: &mut Dice, written: &Written) -> Result<ItemId> {
        let anchor = (dice.below(5) > 0).then(|| self.topics.item(dice.below(9_000)));
        let parent = match dice.below(2) {
            0 => recent(&written.messages, dice, |_| true).map(|(_, item)| *item),
            _ => None,
        };
        let count = 10 + dice.below(60);
        let (text, at_ms) = (dice.text(count), self.at_ms(dice));
        Ok(space.begin_message(anchor, parent, &[], &text, &Readers::Everybody, at_ms)?)
    }

    /// Others' positions are known here since the end of the week in which they were begun.
    fn edit_position(&self, space: &mut Space, dice: &mut Dice, written: &Written) -> Result<()> {
        let from = self.week.saturating_sub(CURRENT_WEEKS);
        let first = written.positions.partition_point(|(week, _)| *week < from);
        let last = written
            .positions
            .partition_point(|(week, _)| *week < self.week);
        let count = last.saturating_sub(first);
        if count == 0 {
            return Ok(());
        }
        let (_, anchor) = written
            .positions
            .get(first + dice.below(count))
            .context("no position")?;
        let view = space.document(space.position_of(anchor), &no_keys)?;
        let (part, most_words) = match dice.below(4) {
            0 => (TextPart::Recommendation, 40),
            _ => (TextPart::Arguments, 160),
        };
        let before = view.texts.get(&part).cloned().unwrap_or_default();
        let edit = Edit::Text(part, dice.edited(&before, most_words));
        let at_ms = self.at_ms(dice);
        space.edit_position(*anchor, &[edit], &Readers::Everybody, &no_keys, at_ms)?;
        Ok(())
    }
}

/// One of the last few hundred that fit.
fn recent<'a, T>(of: &'a [T], dice: &mut Dice, fits: impl Fn(&T) -> bool) -> Option<&'a T> {
    let last = of.get(of.len().saturating_sub(300)..).unwrap_or_default();
    let fitting: Vec<&T> = last.iter().filter(|one| fits(one)).collect();
    if fitting.is_empty() {
        return None;
    }
    fitting.get(dice.below(fitting.len())).copied()
}

/// A marker over a line; one in four is handwriting.
fn mark(file: ObjectId, blob: BlobId, dice: &mut Dice) -> MarkCopy {
    let bottom = 10_000 + dice.below(60_000) as i32;
    let is_ink = dice.below(4) == 0;
    let stroke = |dice: &mut Dice| (0..600).map(|_| dice.below(256) as u8).collect();
    MarkCopy {
        file,
        blob,
        page: dice.below(4) as u32,
        kind: if is_ink { "ink" } else { "highlight" }.to_owned(),
        rects: vec![[7_000, bottom, 42_000, bottom + 1_200]],
        width: is_ink.then_some(150),
        stamp: None,
        strokes: is_ink.then(|| stroke(dice)),
        quote: (!is_ink).then(|| dice.text(9)),
    }
}
