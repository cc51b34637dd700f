//! A page as running text, for the reading mode.

use reader::{Block, BlockKind};

use crate::Desk;
use crate::dto::*;
use crate::error::Failure;

impl Desk {
    pub(crate) fn page_flow(&self, request: PageFlowRequest) -> Result<PageFlow, Failure> {
        let (session, reader) = (self.session()?, self.reader()?);
        let context = (&*session.vault, &reader, self.now_ms());
        let flow = session
            .documents
            .ask(context, &request.doc, |doc| reader.flow(doc, request.page))?;
        let shown = flow.geometry.shown;
        let height_pt = match u16::from(flow.geometry.rotation) {
            0 | 180 => shown.top - shown.bottom,
            _ => shown.right - shown.left,
        };
        let border = |blocks: Vec<Block>| -> Vec<FlowBlock> {
            let blocks = blocks.into_iter();
            blocks.map(|block| border_block(block, height_pt)).collect()
        };
        Ok(PageFlow {
            content: match (
                flow.blocks.is_empty() && flow.running.is_empty(),
                flow.is_picture,
            ) {
                (false, _) => FlowContent::Text,
                (true, true) => FlowContent::Picture,
                (true, false) => FlowContent::Empty,
            },
            blocks: border(flow.blocks),
            running: border(flow.running),
            is_tagged: flow.is_tagged,
        })
    }
}

fn border_block(block: Block, height_pt: f32) -> FlowBlock {
    let several = |count: u16| (count > 1).then_some(count);
    let given = |text: String| (!text.is_empty()).then_some(text);
    FlowBlock {
        kind: match block.kind {
            BlockKind::Heading => FlowKind::Heading,
            BlockKind::Paragraph => FlowKind::Paragraph,
            BlockKind::List => FlowKind::List,
            BlockKind::Item => FlowKind::Item,
            BlockKind::Table => FlowKind::Table,
            BlockKind::Row => FlowKind::Row,
            BlockKind::Cell => FlowKind::Cell,
            BlockKind::HeadCell => FlowKind::HeadCell,
            BlockKind::Figure => FlowKind::Figure,
            BlockKind::Caption => FlowKind::Caption,
            BlockKind::Note => FlowKind::Note,
            BlockKind::Quote => FlowKind::Quote,
        },
        level: (block.level > 0).then_some(block.level),
        label: given(block.label),
        alt: given(block.alt),
        spans: block
            .spans
            .into_iter()
            .map(|span| FlowSpan {
                text: span.text,
                bold: span.is_bold,
                italic: span.is_italic,
                link: span.link,
            })
            .collect(),
        children: block
            .children
            .into_iter()
            .map(|child| border_block(child, height_pt))
            .collect(),
        columns: several(block.columns),
        rows: several(block.rows),
        top: match height_pt > 0.0 {
            true => (block.top_pt / height_pt).clamp(0.0, 1.0),
            false => 0.0,
        },
    }
}
