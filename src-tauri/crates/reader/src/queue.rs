//! The order in which PDFium works: a pure queue, no threads, no locks.
//!
//! What opens or closes documents goes first, in order of arrival. Then what is visible and what is
//! near, the newest first: after fast scrolling the newest request is the page under the eyes. Prefetch
//! comes last, in order of arrival.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// How soon the member will look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Priority {
    /// On the screen now.
    Visible,
    /// Next to what is on the screen.
    Near,
    /// Perhaps later.
    Prefetch,
}

/// Where a job stands in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Opens or closes documents, or answers from what is already known.
    Control,
    Drawing(Priority),
}

/// Jobs that wait for PDFium.
#[derive(Debug)]
pub(crate) struct JobQueue<T> {
    control: VecDeque<T>,
    visible: VecDeque<T>,
    near: VecDeque<T>,
    prefetch: VecDeque<T>,
}

impl<T> Default for JobQueue<T> {
    fn default() -> Self {
        Self {
            control: VecDeque::new(),
            visible: VecDeque::new(),
            near: VecDeque::new(),
            prefetch: VecDeque::new(),
        }
    }
}

impl<T> JobQueue<T> {
    /// Adds a job at its place.
    pub(crate) fn push(&mut self, class: Class, job: T) {
        match class {
            Class::Control => self.control.push_back(job),
            Class::Drawing(Priority::Visible) => self.visible.push_front(job),
            Class::Drawing(Priority::Near) => self.near.push_front(job),
            Class::Drawing(Priority::Prefetch) => self.prefetch.push_back(job),
        }
    }

    /// Takes the job to do next.
    pub(crate) fn pop(&mut self) -> Option<T> {
        self.lanes().into_iter().find_map(VecDeque::pop_front)
    }

    /// Drops the jobs for which `keep` says no.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        for lane in self.lanes() {
            lane.retain(&mut keep);
        }
    }

    /// Takes out the jobs that `is_wanted` names.
    pub(crate) fn take_where(&mut self, mut is_wanted: impl FnMut(&T) -> bool) -> Vec<T> {
        let mut taken = Vec::new();
        for lane in self.lanes() {
            let (out, stays) = std::mem::take(lane).into_iter().partition(&mut is_wanted);
            *lane = stays;
            taken.extend::<VecDeque<T>>(out);
        }
        taken
    }

    fn lanes(&mut self) -> [&mut VecDeque<T>; 4] {
        [
            &mut self.control,
            &mut self.visible,
            &mut self.near,
            &mut self.prefetch,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(queue: &mut JobQueue<&'static str>) -> Vec<&'static str> {
        std::iter::from_fn(|| queue.pop()).collect()
    }

    fn filled() -> JobQueue<&'static str> {
        let mut queue = JobQueue::default();
        for (class, job) in [
            (Class::Drawing(Priority::Prefetch), "prefetch 1"),
            (Class::Drawing(Priority::Near), "near 1"),
            (Class::Drawing(Priority::Visible), "visible 1"),
            (Class::Control, "open 1"),
            (Class::Drawing(Priority::Visible), "visible 2"),
            (Class::Drawing(Priority::Near), "near 2"),
            (Class::Drawing(Priority::Prefetch), "prefetch 2"),
            (Class::Control, "open 2"),
        ] {
            queue.push(class, job);
        }
        queue
    }

    #[test]
    fn the_newest_visible_page_comes_first_and_prefetch_last() {
        assert_eq!(
            drain(&mut filled()),
            [
                "open 1",
                "open 2",
                "visible 2",
                "visible 1",
                "near 2",
                "near 1",
                "prefetch 1",
                "prefetch 2"
            ]
        );
    }

    #[test]
    fn what_is_withdrawn_is_gone_from_every_lane() {
        let mut queue = filled();
        queue.retain(|job| !job.ends_with('2'));
        assert_eq!(
            drain(&mut queue),
            ["open 1", "visible 1", "near 1", "prefetch 1"]
        );
    }

    #[test]
    fn what_is_taken_out_leaves_the_order_of_the_rest() {
        let mut queue = filled();
        let taken = queue.take_where(|job| job.ends_with('1'));
        assert_eq!(taken, ["open 1", "visible 1", "near 1", "prefetch 1"]);
        assert_eq!(
            drain(&mut queue),
            ["open 2", "visible 2", "near 2", "prefetch 2"]
        );
    }
}
