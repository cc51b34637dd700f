//! A page's blocks as a list with levels, as they travel. A tree in a message could be so deep that reading it ends the reader.

use serde::{Deserialize, Serialize};

use super::frame::Broken;
use crate::flow::{Block, BlockKind, PageFlow, Span};
use crate::geometry::PageGeometry;

/// Levels of blocks that are believed; the tags of a page are followed for 64, tables and lists add some.
const MAX_LEVELS: usize = 200;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct FlatFlow {
    pub(super) blocks: Vec<FlatBlock>,
    pub(super) running: Vec<FlatBlock>,
    pub(super) is_tagged: bool,
    pub(super) is_picture: bool,
    pub(super) geometry: PageGeometry,
}

/// A block without its children, which follow it one level deeper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct FlatBlock {
    pub(super) depth: u16,
    pub(super) kind: BlockKind,
    pub(super) level: u8,
    pub(super) label: String,
    pub(super) alt: String,
    pub(super) spans: Vec<Span>,
    pub(super) columns: u16,
    pub(super) rows: u16,
    pub(super) top_pt: f32,
}

impl FlatFlow {
    /// Errors: `TooLong` for a tree that is deeper than is believed.
    pub(super) fn of(flow: PageFlow) -> Result<Self, Broken> {
        Ok(Self {
            blocks: flatten(flow.blocks)?,
            running: flatten(flow.running)?,
            is_tagged: flow.is_tagged,
            is_picture: flow.is_picture,
            geometry: flow.geometry,
        })
    }

    /// Errors: `Untrue` for levels that cannot be.
    pub(super) fn into_flow(self) -> Result<PageFlow, Broken> {
        Ok(PageFlow {
            blocks: unflatten(self.blocks)?,
            running: unflatten(self.running)?,
            is_tagged: self.is_tagged,
            is_picture: self.is_picture,
            geometry: self.geometry,
        })
    }
}

fn flatten(blocks: Vec<Block>) -> Result<Vec<FlatBlock>, Broken> {
    let mut flat = Vec::new();
    let mut ways = vec![blocks.into_iter()];
    while let Some(way) = ways.last_mut() {
        let Some(block) = way.next() else {
            ways.pop();
            continue;
        };
        if ways.len() > MAX_LEVELS {
            return Err(Broken::TooLong);
        }
        let depth = u16::try_from(ways.len() - 1).map_err(|_| Broken::TooLong)?;
        flat.push(FlatBlock {
            depth,
            kind: block.kind,
            level: block.level,
            label: block.label,
            alt: block.alt,
            spans: block.spans,
            columns: block.columns,
            rows: block.rows,
            top_pt: block.top_pt,
        });
        ways.push(block.children.into_iter());
    }
    Ok(flat)
}

fn unflatten(flat: Vec<FlatBlock>) -> Result<Vec<Block>, Broken> {
    let mut done = Vec::new();
    // The blocks that are open, one for each level.
    let mut open: Vec<Block> = Vec::new();
    for block in flat {
        let depth = usize::from(block.depth);
        if depth > open.len() || depth >= MAX_LEVELS {
            return Err(Broken::Untrue("a block without one above it"));
        }
        close(&mut open, depth, &mut done);
        open.push(Block {
            label: block.label,
            alt: block.alt,
            spans: block.spans,
            level: block.level,
            columns: block.columns,
            rows: block.rows,
            ..Block::of(block.kind, block.top_pt)
        });
    }
    close(&mut open, 0, &mut done);
    Ok(done)
}

/// Puts the open blocks from a depth on into those above them.
fn close(open: &mut Vec<Block>, depth: usize, done: &mut Vec<Block>) {
    while open.len() > depth {
        let Some(block) = open.pop() else { return };
        match open.last_mut() {
            Some(above) => above.children.push(block),
            None => done.push(block),
        }
    }
}
