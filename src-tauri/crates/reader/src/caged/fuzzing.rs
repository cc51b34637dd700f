//! What a fuzzer gives to host and helper of the cage: whatever comes over the socket, each answers.

use super::believe::{Known, believe};
use super::wire::{self, Ask, Tell};
use crate::engine::Task;
use crate::geometry::TileRect;

const PAGES: usize = 2;

/// A message of the helper, believed or not for every kind of task; and the same bytes as a message to the helper.
pub fn messages(bytes: &[u8]) {
    drop(wire::read::<Ask>(bytes));
    let Ok(tell) = wire::read::<Tell>(bytes) else {
        return;
    };
    if let Tell::Answer(Ok(told)) = tell {
        for task in tasks() {
            let known = Known {
                task: &task,
                page_count: PAGES,
                plan: None,
            };
            drop(believe(told.clone(), &known));
        }
    }
}

fn tasks() -> [Task; 7] {
    let (page, scale) = (1, 1.5);
    [
        Task::Open,
        Task::Geometry { page },
        Task::Text { page },
        Task::Flow { page },
        Task::Outline,
        Task::Links { page },
        Task::Draw {
            page,
            scale,
            tile: Some(TileRect {
                x: 0,
                y: 0,
                w: 512,
                h: 512,
            }),
            is_dark: true,
        },
    ]
}
