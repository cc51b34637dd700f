//! What the server checks before it orders something, and no more than it can: the roster is readable to it, content is not.
//! It protects honest devices from crossing each other; against a lying server every device checks everything itself. Source: SPEC F28.

use super::envelope::{AuthorPosition, EnvelopeError, SignedEnvelope, verify_envelope};
use super::link::SignedLink;
use super::roster::{Roster, RosterError};
use crate::ids::{FactionDeviceId, Hash};

/// Most links of one request.
pub const MAX_LINKS: usize = 64;

/// Why the server does not append links.
#[derive(Debug, thiserror::Error)]
pub enum AppendRefused {
    /// The roster has gone on, or a device that goes has said more than its cut lets count: fetch, and make the links anew.
    #[error("the roster or what was said has gone on")]
    Conflict,
    /// None, or too many at once.
    #[error("no links, or too many at once")]
    Count,
    /// A link that may not follow.
    #[error(transparent)]
    Roster(#[from] RosterError),
}

/// Decides whether links may be appended all at once. Pure.
///
/// `after`: the head that they were made for; `last`: how far a device was ordered. Result: the roster after them. Source: SPEC F28.
pub fn check_append(
    roster: &Roster,
    last: impl Fn(&FactionDeviceId) -> AuthorPosition,
    after: &Hash,
    links: &[SignedLink],
) -> Result<Roster, AppendRefused> {
    if links.is_empty() || links.len() > MAX_LINKS {
        return Err(AppendRefused::Count);
    }
    if *after != roster.head().hash {
        return Err(AppendRefused::Conflict);
    }
    let mut next = roster.clone();
    for link in links {
        next.append(link)?;
    }
    let cuts = next.devices().filter_map(|device| {
        let removal = device.removal.as_ref()?;
        (removal.seq > roster.head().seq).then_some(removal.cut)
    });
    for cut in cuts {
        if last(&cut.device).cut(cut.device) != cut {
            return Err(AppendRefused::Conflict);
        }
    }
    Ok(next)
}

/// What the server does with an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostVerdict {
    /// It is the next one; its author is then ordered up to here.
    New(AuthorPosition),
    /// The very same one is the last of its author: the answer got lost.
    Known,
}

/// Why the server does not order an envelope.
#[derive(Debug, thiserror::Error)]
pub enum PostRefused {
    /// It names another head than the last one, or a new seed is due: fetch, and seal it anew.
    #[error("the roster has gone on")]
    Conflict,
    /// It may not be the next one.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
}

/// Decides whether an envelope may be ordered next. Pure.
///
/// `last`: how far its author was ordered. Source: SPEC F28.
pub fn check_post(
    roster: &Roster,
    last: &AuthorPosition,
    envelope: &SignedEnvelope,
) -> Result<PostVerdict, PostRefused> {
    let header = envelope.header()?;
    if header.counter == last.counter && envelope.hash()? == last.hash {
        return Ok(PostVerdict::Known);
    }
    if header.faction == roster.faction() && header.head != roster.head().hash {
        return Err(PostRefused::Conflict);
    }
    match verify_envelope(roster, last, envelope) {
        Ok(verified) => Ok(PostVerdict::New(verified.position)),
        Err(EnvelopeError::RotationDue) => Err(PostRefused::Conflict),
        Err(error) => Err(error.into()),
    }
}
