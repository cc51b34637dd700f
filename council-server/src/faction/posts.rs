//! Ordering envelopes, and what a device does not know yet. Source: SPEC F28–F30.

use sync_protocol::faction::envelope::SignedEnvelope;
use sync_protocol::faction::relay::{PostVerdict, check_post};
use sync_protocol::faction::wire::{Known, MAX_NEWS_ENVELOPES, MAX_NEWS_LEN, News, Ordered};
use sync_protocol::ids::{DeviceId, FactionId};

use super::FactionRefused;
use super::bells::Topic;
use crate::server::Server;
use crate::store::faction::{envelopes, rosters, snapshots, spaces};

impl Server {
    /// Orders an envelope of the asking device. The very same last one again gets the same place.
    ///
    /// `room`: what the space may take up, bytes.
    pub(crate) fn faction_post(
        &self,
        device: &DeviceId,
        faction: &FactionId,
        envelope: &SignedEnvelope,
        room: u64,
    ) -> Result<Ordered, FactionRefused> {
        let header = envelope.header().map_err(FactionRefused::Envelope)?;
        let (place, is_new) = self.inner.store.write(|tx| {
            let at = self.membership(tx, device, faction)?;
            if header.device != at.own {
                return Err(FactionRefused::ForeignEnvelope);
            }
            let number = at.space.number;
            let last = envelopes::position(tx, number, &at.own)?;
            match check_post(&at.roster, &last, envelope)? {
                PostVerdict::Known => {
                    let place = envelopes::place_of(tx, number, &at.own, header.counter)?;
                    Ok((place, false))
                }
                PostVerdict::New(position) => {
                    let byte_len = envelope.as_bytes().len() as u64;
                    at.check_room(byte_len, room)?;
                    let place = at.space.last_place.saturating_add(1);
                    envelopes::insert(tx, number, place, &at.own, &position, envelope)?;
                    spaces::set_last_place(tx, number, place)?;
                    spaces::count_bytes(tx, number, byte_len, 0)?;
                    Ok((place, true))
                }
            }
        })?;
        if is_new {
            self.inner.bells.ring(Topic::Space(*faction));
        }
        Ok(Ordered { place })
    }

    /// What a device does not know yet. One that the roster does not hold any more gets links and nothing else.
    pub(crate) fn faction_news(
        &self,
        device: &DeviceId,
        faction: &FactionId,
        known: Known,
    ) -> Result<News, FactionRefused> {
        self.inner.store.read(|c| {
            let at = self.standing(c, device, faction)?;
            let number = at.space.number;
            let links = rosters::links_after(c, number, known.links, MAX_NEWS_LEN)?;
            let has_more_links = known.links.saturating_add(links.len() as u64) < at.space.head_seq;
            let mut news = News {
                links,
                boxes: Vec::new(),
                envelopes: Vec::new(),
                upto: known.envelopes,
                has_more: has_more_links,
                snapshot_upto: 0,
            };
            if !at.is_held() {
                return Ok(news);
            }
            news.boxes = rosters::boxes_after(c, number, &at.own, known.epoch)?;
            news.snapshot_upto = snapshots::reach(c, number)?.upto;
            // An envelope names links: they come first.
            if !has_more_links {
                let place = known.envelopes;
                let limit = MAX_NEWS_ENVELOPES;
                news.envelopes = envelopes::after(c, number, place, limit, MAX_NEWS_LEN)?;
                let upto = place.saturating_add(news.envelopes.len() as u64);
                news.upto = upto.min(at.space.last_place);
                news.has_more = news.upto < at.space.last_place;
            }
            Ok(news)
        })
    }
}

/// Whether there is something in it that is worth an answer at once.
pub(crate) fn is_news(known: Known, news: &News) -> bool {
    !news.links.is_empty()
        || !news.boxes.is_empty()
        || !news.envelopes.is_empty()
        || news.upto != known.envelopes
}
