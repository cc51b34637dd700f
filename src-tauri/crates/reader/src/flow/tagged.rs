//! The order of a tagged page: its structure tree with the letters that it names. Pure.

use std::collections::HashMap;

use super::glyph::Glyph;
use super::joined::spans;
use super::running::is_at_edge;
use super::{Block, BlockKind};
use crate::outline::one_line;
use crate::pdfium::{Element, Kid, Owner};

/// Share of the letters that the tree must name, or call no part of the text, for its order to be trusted.
const TRUSTED: f32 = 0.6;
/// Share of the letters between the edges of the page that may be called no part of the text.
const MAX_ARTIFACTS: f32 = 0.5;
/// Characters of an alternative text.
const MAX_ALT_CHARS: usize = 4_000;

/// A tagged page taken apart.
pub(super) struct Tagged {
    pub(super) blocks: Vec<Block>,
    /// What the file calls no part of the text.
    pub(super) artifacts: Vec<usize>,
    /// What the tree does not name.
    pub(super) others: Vec<usize>,
}

/// Follows the tree.
///
/// Arguments: the height of the page. Result: nothing if the tree cannot be trusted.
pub(super) fn tagged(glyphs: &[Glyph], elements: &[Element], height: f32) -> Option<Tagged> {
    let mut contents: HashMap<i32, Vec<usize>> = HashMap::new();
    let mut artifacts = Vec::new();
    for (at, glyph) in glyphs.iter().enumerate() {
        match glyph.owner {
            Owner::Content(number) => contents.entry(number).or_default().push(at),
            Owner::Artifact => artifacts.push(at),
            Owner::Nobody => {}
        }
    }
    let mut walk = Walk {
        glyphs,
        contents,
        named: 0,
    };
    let mut blocks = Vec::new();
    let mut words = Vec::new();
    for element in elements {
        walk.element(element, Leaf::PARAGRAPH, &mut words, &mut blocks);
    }
    walk.flush(Leaf::PARAGRAPH, &mut words, &mut blocks);
    let all = glyphs.len() as f32;
    let inner = |at: &&usize| {
        let glyph = glyphs.get(**at);
        glyph.is_some_and(|glyph| !is_at_edge(glyph.area, height))
    };
    let is_trusted = (walk.named + artifacts.len()) as f32 >= TRUSTED * all
        && artifacts.iter().filter(inner).count() as f32 <= MAX_ARTIFACTS * all
        && walk.named > 0;
    if !is_trusted {
        return None;
    }
    let mut others: Vec<usize> = walk.contents.into_values().flatten().collect();
    others.extend((0..glyphs.len()).filter(|at| {
        glyphs
            .get(*at)
            .is_some_and(|glyph| glyph.owner == Owner::Nobody)
    }));
    others.sort_unstable();
    Some(Tagged {
        blocks,
        artifacts,
        others,
    })
}

/// Puts blocks that the tree does not name where they stand: after the last one that begins above them.
pub(super) fn insert(blocks: &mut Vec<Block>, others: Vec<Block>) {
    for other in others {
        let place = blocks
            .iter()
            .rposition(|block| block.top_pt <= other.top_pt + 0.5)
            .map_or(0, |place| place + 1);
        blocks.insert(place, other);
    }
}

/// What the words that are collected become.
#[derive(Debug, Clone, Copy)]
struct Leaf {
    kind: BlockKind,
    level: u8,
}

impl Leaf {
    const PARAGRAPH: Self = Self::of(BlockKind::Paragraph);

    const fn of(kind: BlockKind) -> Self {
        Self { kind, level: 0 }
    }
}

/// What an element means here.
enum Role {
    /// Holds others and adds nothing.
    Holder,
    Leaf(Leaf),
    List,
    Item,
    Label,
    Table,
    Row,
    Cell(BlockKind),
    Figure,
    /// Part of the words around it.
    Inline,
}

fn role(kind: &str) -> Role {
    match kind {
        "P" => Role::Leaf(Leaf::PARAGRAPH),
        "H" => Role::Leaf(heading(2)),
        "Title" => Role::Leaf(heading(1)),
        "Caption" => Role::Leaf(Leaf::of(BlockKind::Caption)),
        "Note" | "FENote" => Role::Leaf(Leaf::of(BlockKind::Note)),
        "BlockQuote" => Role::Leaf(Leaf::of(BlockKind::Quote)),
        "L" | "TOC" => Role::List,
        "LI" | "TOCI" => Role::Item,
        "Lbl" => Role::Label,
        "Table" => Role::Table,
        "TR" => Role::Row,
        "TH" => Role::Cell(BlockKind::HeadCell),
        "TD" => Role::Cell(BlockKind::Cell),
        "Figure" | "Formula" => Role::Figure,
        "Span" | "Link" | "Quote" | "Em" | "Strong" | "Sub" | "Reference" | "BibEntry" | "Code"
        | "Annot" | "Ruby" | "RB" | "RT" | "RP" | "Warichu" | "WT" | "WP" | "Form" => Role::Inline,
        other => match other
            .strip_prefix('H')
            .and_then(|level| level.parse::<u8>().ok())
        {
            Some(level) => Role::Leaf(heading(level.clamp(1, 6))),
            None => Role::Holder,
        },
    }
}

const fn heading(level: u8) -> Leaf {
    Leaf {
        kind: BlockKind::Heading,
        level,
    }
}

struct Walk<'a> {
    glyphs: &'a [Glyph],
    /// Not named so far; taken out when they are, so that nothing is read twice.
    contents: HashMap<i32, Vec<usize>>,
    named: usize,
}

impl Walk<'_> {
    /// Adds an element: its words to those collected so far, or, once these are through, blocks of its own.
    fn element(
        &mut self,
        element: &Element,
        leaf: Leaf,
        words: &mut Vec<usize>,
        out: &mut Vec<Block>,
    ) {
        match role(&element.kind) {
            Role::Inline => self.kids(element, leaf, words, out),
            // Outside a list it is the number of a heading or a caption.
            Role::Label => self.kids(element, leaf, words, out),
            Role::Holder => {
                self.flush(leaf, words, out);
                self.kids(element, leaf, words, out);
                self.flush(leaf, words, out);
            }
            Role::Leaf(inner) => {
                self.flush(leaf, words, out);
                self.kids(element, inner, words, out);
                self.flush(inner, words, out);
            }
            Role::List => self.nested(element, BlockKind::List, leaf, words, out),
            Role::Table => self.nested(element, BlockKind::Table, leaf, words, out),
            Role::Row => self.nested(element, BlockKind::Row, leaf, words, out),
            Role::Item => self.item(element, leaf, words, out),
            Role::Cell(kind) => {
                self.flush(leaf, words, out);
                let mut cell = Block::of(kind, 0.0);
                (cell.columns, cell.rows) = (element.columns.max(1), element.rows.max(1));
                self.fill(element, &mut cell);
                out.push(cell);
            }
            Role::Figure => self.figure(element, leaf, words, out),
        }
    }

    fn kids(
        &mut self,
        element: &Element,
        leaf: Leaf,
        words: &mut Vec<usize>,
        out: &mut Vec<Block>,
    ) {
        for kid in &element.kids {
            match kid {
                Kid::Content(number) => {
                    if let Some(glyphs) = self.contents.remove(number) {
                        self.named += glyphs.len();
                        words.extend(glyphs);
                    }
                }
                Kid::Element(inner) => self.element(inner, leaf, words, out),
            }
        }
    }

    /// Makes a block of the words collected so far.
    fn flush(&self, leaf: Leaf, words: &mut Vec<usize>, out: &mut Vec<Block>) {
        if words.is_empty() {
            return;
        }
        let mut block = Block::of(leaf.kind, self.top(words));
        block.level = leaf.level;
        block.spans = spans(self.glyphs, words);
        words.clear();
        out.push(block);
    }

    /// A block that holds others of certain kinds: lists, tables, rows.
    fn nested(
        &mut self,
        element: &Element,
        kind: BlockKind,
        leaf: Leaf,
        words: &mut Vec<usize>,
        out: &mut Vec<Block>,
    ) {
        self.flush(leaf, words, out);
        let mut block = Block::of(kind, 0.0);
        let mut inner = Vec::new();
        self.kids(element, Leaf::PARAGRAPH, &mut inner, &mut block.children);
        self.flush(Leaf::PARAGRAPH, &mut inner, &mut block.children);
        let mut after = Vec::new();
        fit(&mut block, &mut after);
        set_top(&mut block);
        if !block.children.is_empty() {
            // A row has its place among the others even if all of its cells are empty.
            out.push(block);
        }
        out.extend(after);
    }

    fn item(
        &mut self,
        element: &Element,
        leaf: Leaf,
        words: &mut Vec<usize>,
        out: &mut Vec<Block>,
    ) {
        self.flush(leaf, words, out);
        let mut item = Block::of(BlockKind::Item, 0.0);
        let mut body = Element::default();
        for kid in &element.kids {
            match kid {
                Kid::Element(inner) if inner.kind == "Lbl" && body.kids.is_empty() => {
                    let (mut letters, mut strays) = (Vec::new(), Vec::new());
                    self.kids(inner, Leaf::PARAGRAPH, &mut letters, &mut strays);
                    item.top_pt = self.top(&letters);
                    let label = spans(self.glyphs, &letters).into_iter();
                    item.label.extend(label.map(|span| span.text));
                    item.children.extend(strays);
                }
                kid => body.kids.push(kid.clone()),
            }
        }
        self.fill(&body, &mut item);
        if !item.is_empty() {
            out.push(item);
        }
    }

    /// Fills an item or a cell: the first paragraph becomes its own words.
    fn fill(&mut self, element: &Element, block: &mut Block) {
        let (mut words, mut inner) = (Vec::new(), Vec::new());
        self.kids(element, Leaf::PARAGRAPH, &mut words, &mut inner);
        self.flush(Leaf::PARAGRAPH, &mut words, &mut inner);
        let is_first_plain = inner
            .first()
            .is_some_and(|first| first.kind == BlockKind::Paragraph);
        if is_first_plain && (block.kind == BlockKind::Item || inner.len() == 1) {
            let first = inner.remove(0);
            block.spans = first.spans;
            if block.label.is_empty() {
                block.top_pt = first.top_pt;
            }
        }
        block.children.extend(inner);
        if block.top_pt == 0.0 {
            set_top(block);
        }
    }

    fn figure(
        &mut self,
        element: &Element,
        leaf: Leaf,
        words: &mut Vec<usize>,
        out: &mut Vec<Block>,
    ) {
        self.flush(leaf, words, out);
        let mut figure = Block::of(BlockKind::Figure, 0.0);
        figure.alt = one_line(&element.alt, MAX_ALT_CHARS);
        let mut inner = Vec::new();
        self.kids(element, Leaf::PARAGRAPH, &mut inner, &mut figure.children);
        figure.top_pt = self.top(&inner);
        figure.spans = spans(self.glyphs, &inner);
        if figure.top_pt == 0.0 {
            // A picture has no letters: it comes after what was read before it.
            let before = out.last().map_or(0.0, |block| block.top_pt);
            set_top(&mut figure);
            figure.top_pt = figure.top_pt.max(before);
        }
        // Without words it is a line or an ornament, and nothing can be said of it.
        if !figure.is_empty() {
            out.push(figure);
        }
    }

    fn top(&self, words: &[usize]) -> f32 {
        let tops = words.iter().filter_map(|at| self.glyphs.get(*at));
        let top = tops.map(|glyph| glyph.area.top).fold(f32::MAX, f32::min);
        if top == f32::MAX { 0.0 } else { top }
    }
}

fn set_top(block: &mut Block) {
    let tops = block.children.iter().map(|child| child.top_pt);
    let top = tops.filter(|top| *top > 0.0).fold(f32::MAX, f32::min);
    if top < f32::MAX {
        block.top_pt = top;
    }
}

/// Sees that lists hold items, tables rows and rows cells. What does not fit, as the caption of a table, comes after.
fn fit(block: &mut Block, after: &mut Vec<Block>) {
    let fits = |kind: BlockKind| match block.kind {
        BlockKind::List => kind == BlockKind::Item,
        BlockKind::Table => kind == BlockKind::Row,
        BlockKind::Row => matches!(kind, BlockKind::Cell | BlockKind::HeadCell),
        _ => true,
    };
    let (mut inside, mut last_row): (Vec<Block>, bool) = (Vec::new(), false);
    for child in std::mem::take(&mut block.children) {
        let is_list_in_list = block.kind == BlockKind::List && child.kind == BlockKind::List;
        let kind = child.kind;
        if fits(kind) {
            inside.push(child);
        } else if let Some(item) = inside.last_mut().filter(|_| is_list_in_list) {
            item.children.push(child);
        } else if block.kind == BlockKind::Table
            && matches!(kind, BlockKind::Cell | BlockKind::HeadCell)
        {
            match inside.last_mut().filter(|_| last_row) {
                Some(row) => row.children.push(child),
                None => {
                    let mut row = Block::of(BlockKind::Row, child.top_pt);
                    row.children.push(child);
                    inside.push(row);
                }
            }
            last_row = true;
            continue;
        } else {
            after.push(child);
        }
        last_row = false;
    }
    block.children = inside;
}
