//! Whom the server gives nothing: every request of faction spaces × everybody who may not. The list of requests is the protocol's; one
//! without a row here does not compile.

use reqwest::{Method, StatusCode};
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::device::FactionKeys;
use sync_protocol::faction::join::{
    JoinHello, JoinKey, JoinOffer, LetterCode, QR_LIFETIME_MS, make_hello, make_start,
};
use sync_protocol::faction::wire::{
    self, Entry, FactionRoute, JoinStep, Known, News, OpenInvitation,
};
use sync_protocol::ids::{InvitationId, UserId};
use sync_protocol::pairing::PairNonce;
use sync_protocol::sign::SigningKey;

use super::{assert_ok, tablet};
use crate::support::member::Member;
use crate::support::tablet::{Answer, Tablet};
use crate::support::{START_AT_MS, TestCouncil};
use council_server::ServerHandle;

/// Somebody who may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// No device of the council.
    Unpaired,
    /// A device of the council that never was in a space.
    NeverIn,
    /// A device of another space.
    Elsewhere,
    /// A device that was taken out.
    TakenOut,
    /// A device of the space that the office has revoked.
    Revoked,
}

/// What the server says to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    No(u16, &'static str),
    /// Ids of spaces, which anybody may ask for who knows the id of a device.
    Ids,
    /// Links and nothing else.
    LinksAlone,
}

const NOT_MEMBER: Said = Said::No(403, "faction_not_member");
const NOT_FOUND: Said = Said::No(404, "not_found");

/// What each of them is told. The rows are what this test is about.
pub(crate) fn expected(route: FactionRoute, asker: Asker) -> Said {
    match asker {
        Asker::Unpaired => return Said::No(401, "unauthenticated"),
        Asker::Revoked => return Said::No(410, "device_revoked"),
        Asker::NeverIn | Asker::Elsewhere | Asker::TakenOut => {}
    }
    match route {
        FactionRoute::Found => Said::No(422, "faction_refused"),
        FactionRoute::SpacesOf => Said::Ids,
        FactionRoute::News if asker == Asker::TakenOut => Said::LinksAlone,
        FactionRoute::Enter
        | FactionRoute::Append
        | FactionRoute::Post
        | FactionRoute::News
        | FactionRoute::ReadSnapshot
        | FactionRoute::WriteSnapshot
        | FactionRoute::Invite => NOT_MEMBER,
        FactionRoute::JoinBox | FactionRoute::JoinStep => NOT_FOUND,
    }
}

/// A space in which everything that is asked for is good, if the right device asks.
pub(crate) struct Space {
    pub chair: Member,
    founding: Vec<u8>,
    pub invitation: InvitationId,
    hello: JoinHello,
}

impl Space {
    pub(crate) fn of(chair: Member, founding: Vec<u8>) -> Self {
        let key = JoinKey::of_letter(&LetterCode::make().unwrap());
        let start = make_start(&key, &FactionKeys::make().unwrap()).unwrap();
        let offer = JoinOffer {
            faction: chair.space(),
            inviter: chair.keys.device,
            fingerprint: chair
                .roster
                .devices()
                .next()
                .unwrap()
                .record
                .claim
                .fingerprint(),
            user: UserId::make().unwrap(),
            role: None,
            nonce: PairNonce::make().unwrap(),
        };
        let invitation = key.invitation_id();
        let space = Self {
            hello: make_hello(&key, &start, offer).0,
            chair,
            founding,
            invitation,
        };
        let (method, path, body) = space.request(FactionRoute::Invite);
        assert_ok(&space.chair.tablet.request(method, &path, body, None));
        let path = wire::path_join_step(&invitation, JoinStep::Start);
        assert_ok(&space.chair.tells(&path, to_cbor(&start)));
        space
    }

    /// A request that the chair's device may make.
    pub(crate) fn request(&self, route: FactionRoute) -> (Method, String, Vec<u8>) {
        let chair = &self.chair;
        let space = chair.space();
        let (path, body) = match route {
            FactionRoute::Found => (wire::PATH_SPACES.to_owned(), self.founding.clone()),
            FactionRoute::SpacesOf => (wire::path_spaces_of(&chair.keys.device), Vec::new()),
            FactionRoute::Enter => {
                let entry = Entry::make(&chair.keys, space, chair.tablet.device).unwrap();
                (wire::path_enter(&space), to_cbor(&entry))
            }
            FactionRoute::Append => {
                let (keys, user) = (FactionKeys::make().unwrap(), UserId::make().unwrap());
                let append = chair.admission(&keys, user, "Nina Beispiel");
                (wire::path_links(&space), to_cbor(&append))
            }
            FactionRoute::Post => {
                let envelope = chair.envelope("Unter uns").0;
                (wire::path_envelopes(&space), envelope.as_bytes().to_vec())
            }
            FactionRoute::News => (wire::path_news(&space, Known::default(), 0), Vec::new()),
            FactionRoute::ReadSnapshot => (wire::path_snapshot(&space), Vec::new()),
            FactionRoute::WriteSnapshot => {
                (wire::path_snapshot(&space), to_cbor(&chair.snapshot()))
            }
            FactionRoute::Invite => {
                let open = OpenInvitation {
                    invitation: self.invitation,
                    expires_at_ms: START_AT_MS + QR_LIFETIME_MS,
                };
                (wire::path_invitations(&space), to_cbor(&open))
            }
            FactionRoute::JoinBox => (wire::path_join(&self.invitation, 0, 0), Vec::new()),
            FactionRoute::JoinStep => (
                wire::path_join_step(&self.invitation, JoinStep::Hello),
                to_cbor(&self.hello),
            ),
        };
        let method = match route.is_post() {
            true => Method::POST,
            false => Method::GET,
        };
        (method, path, body)
    }

    fn asked(&self, route: FactionRoute, tablet: &Tablet) -> Answer {
        let (method, path, body) = self.request(route);
        tablet.request(method, &path, body, None)
    }

    /// Everything that stands in it.
    fn everything(&self) -> Vec<Option<Vec<u8>>> {
        [
            FactionRoute::News,
            FactionRoute::ReadSnapshot,
            FactionRoute::JoinBox,
        ]
        .map(|route| self.asked(route, &self.chair.tablet).body)
        .to_vec()
    }
}

fn askers(
    council: &TestCouncil,
    handle: &ServerHandle,
    chair: &mut Member,
) -> Vec<(Asker, Tablet)> {
    let mut unpaired = tablet(council, handle, "mara");
    unpaired.sign_key = SigningKey::make().unwrap();
    let taken_out = chair.lets_in(tablet(council, handle, "bruno"));
    let revoked = chair.lets_in(tablet(council, handle, "mara"));
    chair.takes_out(&taken_out);
    council.server.revoke(&revoked.tablet.device).unwrap();
    vec![
        (Asker::Unpaired, unpaired),
        (Asker::NeverIn, tablet(council, handle, "staff")),
        (
            Asker::Elsewhere,
            Member::founds(tablet(council, handle, "mara")).tablet,
        ),
        (Asker::TakenOut, taken_out.tablet),
        (Asker::Revoked, revoked.tablet),
    ]
}

#[test]
fn nobody_else_gets_anything_by_any_request() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let (mut chair, founding) = Member::founding(tablet(&council, &handle, "ada"));
    let founding = to_cbor(&founding);
    assert_ok(&chair.tells(wire::PATH_SPACES, founding.clone()));
    let askers = askers(&council, &handle, &mut chair);
    chair.says("Unter uns");
    chair.fetch();
    let space = Space::of(chair, founding);
    let before = space.everything();
    let mut asked = 0;
    for route in FactionRoute::ALL {
        for (asker, tablet) in &askers {
            let answer = space.asked(route, tablet);
            let said = match expected(route, *asker) {
                Said::Ids => {
                    let ids: Vec<sync_protocol::ids::FactionId> = answer.decode();
                    assert_eq!(ids, [space.chair.space()]);
                    Said::Ids
                }
                Said::LinksAlone => {
                    let news: News = answer.decode();
                    assert!(news.boxes.is_empty() && news.envelopes.is_empty());
                    assert_eq!((news.upto, news.snapshot_upto), (0, 0));
                    Said::LinksAlone
                }
                Said::No(status, code) => {
                    let found = (answer.status.as_u16(), answer.error_code());
                    assert_eq!(
                        found,
                        (status, Some(code.to_owned())),
                        "{route:?} by {asker:?}"
                    );
                    Said::No(status, code)
                }
            };
            assert_eq!(said, expected(route, *asker));
            asked += 1;
        }
    }
    assert_eq!(asked, FactionRoute::ALL.len() * 5);
    // All but the ids, and the links for who was taken out.
    let told = asked
        - askers
            .iter()
            .filter(|(asker, _)| *asker != Asker::Unpaired && *asker != Asker::Revoked)
            .count()
        - 1;
    let counts = evidence::Counts {
        tried: asked as u64,
        refused: told as u64,
        lost: 0,
    };
    evidence::record("authorisation.faction", counts).unwrap();
    assert_eq!(space.everything(), before, "nothing has changed by it");
    // The very same requests are good if the right device makes them: nothing but that was wrong with them.
    let order = [
        FactionRoute::Found,
        FactionRoute::SpacesOf,
        FactionRoute::Enter,
        FactionRoute::Post,
        FactionRoute::News,
        FactionRoute::WriteSnapshot,
        FactionRoute::ReadSnapshot,
        FactionRoute::Invite,
        FactionRoute::JoinBox,
        FactionRoute::JoinStep,
        FactionRoute::Append,
    ];
    assert!(FactionRoute::ALL.iter().all(|route| order.contains(route)));
    for route in order {
        let answer = space.asked(route, &space.chair.tablet);
        assert_eq!(answer.status, StatusCode::OK, "{route:?} by the chair");
    }
}

#[test]
fn requests_that_name_nothing_are_told_so() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let own = tablet(&council, &handle, "ada");
    for path in [
        "/v1/faction/xyz/news",
        "/v1/faction-join/xyz",
        "/v1/faction/00/anything",
    ] {
        let answer = own.get(path);
        assert_eq!(
            (answer.status.as_u16(), answer.error_code().as_deref()),
            (404, Some("not_found")),
            "{path}"
        );
    }
    let unknown = wire::path_news(
        &sync_protocol::ids::FactionId::from_bytes([5; 32]),
        Known::default(),
        wire::MAX_WAIT_S,
    );
    let answer = own.get(&unknown);
    assert_eq!(
        (answer.status.as_u16(), answer.error_code().as_deref()),
        (403, Some("faction_not_member")),
        "a space that is not there is like one that nobody entered"
    );
}
