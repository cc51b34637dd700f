//! The texts of a space as they are searched, and the tags in them: read into words once, and again when they change. What is sealed
//! for readers of a paper is not in here: its words would stay when its key has gone.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use faction::{Reading, Said};
use search::{Query, Texts};
use sync_protocol::ids::{ItemId, UserId};

/// A thing that was said: its id, and of a share its author, as two may have shared under one id.
pub(crate) type TextKey = (ItemId, Option<UserId>);

/// What a text comes from; it is the same text as long as it is the same allocation.
#[derive(Clone)]
pub(crate) enum TextSource {
    Share(Arc<Said>),
    Document(Arc<Reading>),
}

impl TextSource {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Share(one), Self::Share(other)) => Arc::ptr_eq(one, other),
            (Self::Document(one), Self::Document(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

#[derive(Default)]
pub(crate) struct SpaceTexts {
    texts: Texts<TextKey>,
    sources: HashMap<TextKey, TextSource>,
}

impl SpaceTexts {
    /// Begins anew if too much of it has gone.
    pub(crate) fn begin(&mut self, count: usize) {
        if self.texts.is_worn() || self.sources.len() > 2 * count + 1024 {
            *self = Self::default();
        }
    }

    /// Takes a text in, if it is another one than before.
    pub(crate) fn take(&mut self, key: TextKey, source: &TextSource, text: &str) {
        if self.sources.get(&key).is_some_and(|held| held.is(source)) {
            return;
        }
        self.texts.put(key, text);
        self.sources.insert(key, source.clone());
    }

    /// As [`Texts::answering`].
    pub(crate) fn answering(&self, query: &Query) -> HashSet<TextKey> {
        self.texts.answering(query)
    }
}

/// The tags in what was said.
#[derive(Default)]
pub(crate) struct SpaceTags {
    held: HashMap<TextKey, (TextSource, Arc<[String]>)>,
}

impl SpaceTags {
    /// Begins anew if too much of it has gone.
    pub(crate) fn begin(&mut self, count: usize) {
        if self.held.len() > 2 * count + 1024 {
            *self = Self::default();
        }
    }

    /// Those of a text, read again if it is another one than before.
    pub(crate) fn of(
        &mut self,
        key: TextKey,
        source: &TextSource,
        read: impl FnOnce() -> Arc<[String]>,
    ) -> Arc<[String]> {
        if let Some((held, tags)) = self.held.get(&key)
            && held.is(source)
        {
            return Arc::clone(tags);
        }
        let tags = read();
        self.held.insert(key, (source.clone(), Arc::clone(&tags)));
        tags
    }
}
