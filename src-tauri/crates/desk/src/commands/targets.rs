//! The outline of a document, the links of its pages, and the one way to follow an address out of the app.

use reader::{Refused, Target};

use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};

impl Desk {
    pub(crate) fn document_outline(
        &self,
        request: DocumentOutlineRequest,
    ) -> Result<DocumentOutline, Failure> {
        let outline = self.outline_of(&request.doc)?;
        Ok(DocumentOutline {
            entries: outline
                .entries
                .into_iter()
                .map(|entry| OutlineEntry {
                    title: entry.title,
                    level: entry.level,
                    is_open: entry.is_open,
                    target: border_target(&entry.target),
                })
                .collect(),
            is_cut: outline.is_cut,
        })
    }

    pub(crate) fn page_links(&self, request: PageLinksRequest) -> Result<PageLinks, Failure> {
        let links = self.links_of(&request.doc, request.page)?;
        Ok(PageLinks {
            links: links
                .into_iter()
                .map(|link| PageLink {
                    rects: link
                        .rects
                        .iter()
                        .map(|place| [place.left, place.bottom, place.right, place.top])
                        .collect(),
                    words: link.words,
                    target: border_target(&link.target),
                })
                .collect(),
        })
    }

    /// Opens an address outside the app. It is read from the document once more: the page can name a link, but not an
    /// address of its own.
    pub(crate) fn link_open(&self, request: LinkOpenRequest) -> Result<Empty, Failure> {
        let index = usize::try_from(request.index).map_err(|_| ErrorCode::BadRequest)?;
        let target = match request.page {
            Some(page) => self
                .links_of(&request.doc, page)?
                .into_iter()
                .nth(index)
                .map(|link| link.target),
            None => self
                .outline_of(&request.doc)?
                .entries
                .into_iter()
                .nth(index)
                .map(|entry| entry.target),
        };
        match target {
            Some(Target::Web(address)) if address.as_str() == request.address => {
                (self.config.open_address)(&address)
                    .map_err(|error| Failure::caused(ErrorCode::AddressNotOpened, error))?;
                Ok(Empty {})
            }
            _ => Err(ErrorCode::BadRequest.into()),
        }
    }

    fn outline_of(&self, handle: &str) -> Result<reader::Outline, Failure> {
        let (session, reader) = (self.session()?, self.reader()?);
        let context = (&*session.vault, &reader, self.now_ms());
        session
            .documents
            .ask(context, handle, |doc| reader.outline(doc))
    }

    fn links_of(&self, handle: &str, page: u32) -> Result<Vec<reader::Link>, Failure> {
        let (session, reader) = (self.session()?, self.reader()?);
        let context = (&*session.vault, &reader, self.now_ms());
        session
            .documents
            .ask(context, handle, |doc| reader.links(doc, page))
    }
}

fn border_target(target: &Target) -> LinkTarget {
    let none = LinkTarget {
        kind: LinkKind::Refused,
        page: None,
        left: None,
        top: None,
        address: None,
        refusal: None,
    };
    match target {
        Target::Page(place) => LinkTarget {
            kind: LinkKind::Page,
            page: Some(place.page),
            left: place.left,
            top: place.top,
            ..none
        },
        Target::Web(address) => LinkTarget {
            kind: LinkKind::Web,
            address: Some(address.as_str().to_owned()),
            ..none
        },
        Target::Refused(why) => LinkTarget {
            refusal: Some(match why {
                Refused::Nowhere => LinkRefusal::Nowhere,
                Refused::Elsewhere => LinkRefusal::Elsewhere,
                Refused::Address => LinkRefusal::Address,
                Refused::Unknown => LinkRefusal::Unknown,
            }),
            ..none
        },
    }
}
