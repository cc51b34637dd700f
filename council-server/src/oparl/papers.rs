//! From an agenda item to its paper. OParl lets the consultation name the paper; some vendors leave that out, and then
//! only the paper names the consultation.

use std::collections::BTreeMap;

use serde_json::Value;

use super::map;
use super::read::{is_deleted, reference, text, values};
use super::walk::Walk;
use crate::draft::{ItemDraft, PaperDraft};

/// How the paper of a consultation is found where the consultation does not name it.
#[derive(Default)]
pub(super) struct PaperFinder {
    /// All papers were listed.
    is_complete: bool,
    by_consultation: BTreeMap<String, String>,
    by_item: BTreeMap<String, String>,
}

impl Walk<'_> {
    /// Finds the paper of an agenda item, and takes it over.
    pub(super) async fn consultation(&mut self, value: &Value, item: &mut ItemDraft, body: &Value) {
        let consultation = match self.fetch.resolve(value).await {
            Ok(found) => Some(found),
            Err(error) => {
                self.problem(value, &error);
                None
            }
        };
        item.role = consultation.as_ref().and_then(|c| text(c, "role"));
        let mut paper = consultation
            .as_ref()
            .and_then(|c| c.get("paper"))
            .and_then(reference);
        if paper.is_none() {
            self.list_papers(body).await;
            let by_consultation =
                reference(value).and_then(|id| self.papers.by_consultation.get(&id));
            paper = by_consultation
                .or_else(|| self.papers.by_item.get(&item.key))
                .cloned();
        }
        let Some(url) = paper else { return };
        if self.draft.papers.iter().any(|p| p.key == url) {
            item.paper = Some(url);
            return;
        }
        match self.fetch.object(&url).await {
            Ok(object) if is_deleted(&object) => self.draft.deleted.push(url),
            Ok(object) => {
                if let Some(paper) = self.paper(&object).await {
                    item.paper = Some(paper.key.clone());
                    self.draft.papers.push(paper);
                }
            }
            Err(error) => self.problem(&Value::String(url), &error),
        }
    }

    /// Some vendors say only in the paper which consultation it has: then all papers are listed, once.
    async fn list_papers(&mut self, body: &Value) {
        if self.papers.is_complete {
            return;
        }
        self.papers.is_complete = true;
        for paper in self.objects(body, "paper", "Vorlagen").await {
            let Some(id) = text(&paper, "id") else {
                continue;
            };
            for consultation in values(&paper, "consultation") {
                if let Some(consultation) = reference(consultation) {
                    self.papers.by_consultation.insert(consultation, id.clone());
                }
                if let Some(item) = consultation.get("agendaItem").and_then(reference) {
                    self.papers.by_item.insert(item, id.clone());
                }
            }
        }
    }

    async fn paper(&mut self, object: &Value) -> Option<PaperDraft> {
        let mut originator = None;
        for name in [
            "originatorOrganization",
            "originatorPerson",
            "underDirectionOf",
        ] {
            let ids = values(object, name).into_iter().filter_map(reference);
            let names: Vec<String> = ids
                .filter_map(|id| self.originators.get(&id).cloned())
                .collect();
            originator = originator.or_else(|| Some(names.join(", ")).filter(|n| !n.is_empty()));
        }
        let Some(mut paper) = map::paper(object, originator) else {
            self.problem(object, "Vorlage ohne Namen");
            return None;
        };
        paper.main = self.one_file(object.get("mainFile")).await;
        for file in values(object, "auxiliaryFile") {
            paper.attachments.extend(self.one_file(Some(file)).await);
        }
        Some(paper)
    }
}
