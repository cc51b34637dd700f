//! A council in which everybody stands who may not: paired and not confirmed, confirmed for something else, revoked, at the end of a
//! membership, of another council, without a device at all.

use council_server::ServerHandle;
use reqwest::Method;
use sync_protocol::head::{AudienceKind, DeviceHead};
use sync_protocol::ids::{AudienceId, BlobId, DeviceId, ObjectId};
use sync_protocol::model::CouncilObject;
use sync_protocol::request::RequestNonce;
use sync_protocol::sign::SigningKey;

use crate::faction::denied::Space;
use crate::support::library::Library;
use crate::support::member::Member;
use crate::support::tablet::{Answer, Tablet};
use crate::support::{TestCouncil, folder};
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::wire as faction_wire;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Sits in the council; the office has confirmed her device.
    Ada,
    /// Sits in the committee, and not in the council.
    Bruno,
    /// Another tablet of Ada's, which nobody has confirmed.
    Unconfirmed,
    /// Sat in the council until yesterday, and read it.
    Ended,
    /// A tablet of Ada's that the office has revoked.
    Revoked,
    /// Signs nothing.
    Nobody,
    /// Signs as a device that the council does not know.
    Unknown,
    /// Is paired with another council.
    OtherCouncil,
    /// Signs as Ada's device with a key of its own.
    WrongKey,
    /// Has recorded Ada's request and sends it once more.
    Replayed,
    /// Has a signature of Ada's for another path, for another body, from an hour ago.
    OtherPath,
    OtherBody,
    OtherTime,
}

impl Who {
    pub const ALL: [Self; 13] = [
        Self::Ada,
        Self::Bruno,
        Self::Unconfirmed,
        Self::Ended,
        Self::Revoked,
        Self::Nobody,
        Self::Unknown,
        Self::OtherCouncil,
        Self::WrongKey,
        Self::Replayed,
        Self::OtherPath,
        Self::OtherBody,
        Self::OtherTime,
    ];

    /// Whether its signature is that of a paired device that is not revoked.
    pub fn is_device(self) -> bool {
        matches!(
            self,
            Self::Ada | Self::Bruno | Self::Unconfirmed | Self::Ended
        )
    }
}

/// Whose the object is that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Everybody's.
    Public,
    /// The council's; Ada's.
    Council,
    /// The committee's; Bruno's.
    Committee,
    /// Nobody's: it does not exist.
    Unknown,
}

impl Target {
    pub const ALL: [Self; 4] = [Self::Public, Self::Council, Self::Committee, Self::Unknown];
}

/// What is asked for of one target.
#[derive(Clone, Copy, Debug)]
pub struct Things {
    pub audience: AudienceId,
    pub blob: BlobId,
    pub item: ObjectId,
    pub file: ObjectId,
}

pub struct World {
    pub council: TestCouncil,
    pub other: TestCouncil,
    pub ada: Tablet,
    pub bruno: Tablet,
    unconfirmed: Tablet,
    pub ended: Tablet,
    revoked: Tablet,
    stranger: Tablet,
    other_device: DeviceId,
    other_key: SigningKey,
    public: Things,
    of_council: Things,
    of_committee: Things,
    unknown: Things,
    pub village: AudienceId,
    pub ada_space: Space,
    pub bruno_space: Space,
    /// They go last: a server waits for those who are still connected.
    handles: Vec<ServerHandle>,
}

const COMMITTEE: &str = "meetings/2026-03-bau/meeting.toml";
const FORMER: &str = "[[membership]]\nperson = \"mara\"\norganization = \"rat\"\nrole = \"Mitglied\"\nstart = \"2024-07-01\"";

impl World {
    pub fn new() -> Self {
        let council = TestCouncil::new();
        folder::write(&council.intake());
        own_paper_of_the_committee(&council);
        let first = "[[membership]]\nperson = \"ada\"";
        council.edit("council.toml", first, &format!("{FORMER}\n\n{first}"));
        council.import();
        let handle = council.serve();
        let pair = |person: &str, in_person: bool| {
            let invitation = council.server.invite(person, in_person).unwrap();
            Tablet::pair(&handle, &invitation, council.clock.now_at_ms())
        };
        let (mut ada, mut bruno, mut ended) =
            (pair("ada", true), pair("bruno", true), pair("mara", true));
        let revoked = pair("ada", true);
        council.server.revoke(&revoked.device).unwrap();
        let mut stranger = pair("ada", true);
        stranger.device = DeviceId::make().unwrap();
        let (read_by_ada, read_by_bruno) = (ada.read_all(), bruno.read_all());
        let audiences = (ada.head(), bruno.head(), ended.head());
        ended.read_all();
        let village = audience(&audiences.2, AudienceKind::Village);
        council.edit(
            "council.toml",
            FORMER,
            &format!("{FORMER}\nend = \"2026-03-02\""),
        );
        council.import();
        let public = audience(&audiences.0, AudienceKind::Public);
        let of_council = audience(&audiences.0, AudienceKind::Organization);
        let of_committee = audience(&audiences.1, AudienceKind::Organization);
        let (ada_space, bruno_space) = (space(pair("ada", true)), space(pair("bruno", true)));
        let unconfirmed = pair("ada", false);
        let other = TestCouncil::with_folder();
        let (other_device, other_key) = device_of(&other);
        Self {
            public: things(&read_by_ada, public, "Neubau der Feuerwache", "Lageplan"),
            of_council: things(
                &read_by_ada,
                of_council,
                "Grundstücksverkauf Teichgasse",
                "Verkauf Flurstück 77/3",
            ),
            of_committee: things(&read_by_bruno, of_committee, "Vergabe Abbruch", "Abbruch"),
            unknown: Things {
                audience: AudienceId::make().unwrap(),
                blob: BlobId::from_bytes([7; 32]),
                item: ObjectId::make().unwrap(),
                file: ObjectId::make().unwrap(),
            },
            council,
            other,
            ada,
            bruno,
            unconfirmed,
            ended,
            revoked,
            stranger,
            other_device,
            other_key,
            village,
            ada_space,
            bruno_space,
            handles: vec![handle],
        }
    }

    pub fn things(&self, target: Target) -> Things {
        match target {
            Target::Public => self.public,
            Target::Council => self.of_council,
            Target::Committee => self.of_committee,
            Target::Unknown => self.unknown,
        }
    }

    /// The tablet of somebody who has one of this council.
    pub fn tablet(&self, who: Who) -> &Tablet {
        match who {
            Who::Bruno => &self.bruno,
            Who::Unconfirmed => &self.unconfirmed,
            Who::Ended => &self.ended,
            Who::Revoked => &self.revoked,
            Who::Unknown => &self.stranger,
            _ => &self.ada,
        }
    }

    /// Whoever was revoked has a good device after all.
    pub fn forget_to_revoke(&mut self) {
        let invitation = self.council.server.invite("ada", true).unwrap();
        self.revoked = Tablet::pair(
            &self.handles[0],
            &invitation,
            self.council.clock.now_at_ms(),
        );
    }

    /// Lets the line of all end at another server.
    pub fn connect(&mut self, handle: ServerHandle) {
        self.ada.reconnect(&handle);
        let root = self.ada.get(sync_protocol::wire::PATH_ROOT);
        assert_eq!(root.status, 200);
        self.handles.push(handle);
    }

    /// Asks as `who` asks, over one line: what counts is what is signed.
    pub fn ask(&self, who: Who, method: &Method, path: &str, body: &[u8]) -> Answer {
        let nonce = RequestNonce::make().unwrap();
        let signed =
            |path: &str, body: &[u8]| self.tablet(who).signature(method, path, body, nonce);
        let headers = match who {
            Who::Nobody => Vec::new(),
            Who::OtherCouncil => {
                self.sign_as(method, path, body, (&self.other_key, self.other_device), 0)
            }
            Who::WrongKey => {
                self.sign_as(method, path, body, (&self.other_key, self.ada.device), 0)
            }
            Who::OtherTime => self.sign_as(
                method,
                path,
                body,
                (&self.ada.sign_key, self.ada.device),
                -3_600_000,
            ),
            Who::OtherPath => signed(&format!("{path}x"), body),
            Who::OtherBody => signed(path, &[body, b"x"].concat()),
            Who::Ada
            | Who::Bruno
            | Who::Unconfirmed
            | Who::Ended
            | Who::Revoked
            | Who::Unknown
            | Who::Replayed => signed(path, body),
        };
        if who == Who::Replayed {
            self.ada
                .send(method.clone(), path, body.to_vec(), headers.clone());
        }
        self.ada.send(method.clone(), path, body.to_vec(), headers)
    }

    fn sign_as(
        &self,
        method: &Method,
        path: &str,
        body: &[u8],
        (key, device): (&SigningKey, DeviceId),
        later_ms: i64,
    ) -> Vec<(&'static str, String)> {
        let nonce = RequestNonce::make().unwrap();
        let at_ms = self.ada.now_at_ms + later_ms;
        sync_protocol::request::sign_request(key, device, method.as_str(), path, body, at_ms, nonce)
            .unwrap()
            .to_vec()
    }
}

/// The committee gets a paper that stands nowhere else.
fn own_paper_of_the_committee(council: &TestCouncil) {
    let paper = "paper = \"2026/195\"\n\n[[paper]]\nreference = \"2026/195\"\nname = \"Abbruch\"\nmain = \"Vorlage-195.pdf\"\n";
    council.edit(COMMITTEE, "paper = \"2026/190\"", paper);
    let path = council
        .intake()
        .join("meetings/2026-03-bau/Vorlage-195.pdf");
    std::fs::write(path, folder::pdf("GEHEIM-Abbruch", 1)).unwrap();
}

fn audience(head: &DeviceHead, kind: AudienceKind) -> AudienceId {
    head.audiences.iter().find(|a| a.kind == kind).unwrap().id
}

fn things(library: &Library, audience: AudienceId, item: &str, file: &str) -> Things {
    let is_item = |object: &&CouncilObject| matches!(object, CouncilObject::AgendaItem(found) if found.name == item);
    let Some(CouncilObject::AgendaItem(item)) = library.objects.values().find(is_item) else {
        panic!("no agenda item {item}");
    };
    let file = library.file(file);
    Things {
        audience,
        blob: file.blob_id,
        item: item.id,
        file: file.id,
    }
}

fn space(tablet: Tablet) -> Space {
    let (mut chair, founding) = Member::founding(tablet);
    let founding = to_cbor(&founding);
    let answer = chair.tells(faction_wire::PATH_SPACES, founding.clone());
    assert_eq!(answer.status, 200);
    chair.says("Unter uns");
    chair.fetch();
    Space::of(chair, founding)
}

fn device_of(council: &TestCouncil) -> (DeviceId, SigningKey) {
    let handle = council.serve();
    let invitation = council.server.invite("ada", true).unwrap();
    let tablet = Tablet::pair(&handle, &invitation, council.clock.now_at_ms());
    (tablet.device, tablet.sign_key)
}
