//! What is nonpublic is nowhere: the whole table of rights, searched through everything that can be found from the
//! system on. Every audience, every kind of thing that can be nonpublic, every way to make it so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use council_server::ServerHandle;
use council_server::draft::{
    BodyDraft, CouncilDraft, FileContent, FileDraft, ItemDraft, MeetingDraft, MembershipDraft,
    OrganizationDraft, PaperDraft, PersonDraft, TermDraft,
};
use sync_protocol::head::AudienceKind;
use sync_protocol::model::{CouncilObject, ObjectKind};

use super::crawl::{Citizen, Visit};
use crate::support::tablet::Tablet;
use crate::support::{DAY_MS, TestCouncil, folder};

const OPEN: &str = "OFFEN";
const SECRET: &str = "GEHEIM";

/// Builds the table; each thing is called after what it is.
struct Table<'a> {
    council: &'a TestCouncil,
    /// Everything public: what the search must find, to show that it looks there.
    all_public: bool,
    count: usize,
    /// The names of what is public, and of what is not.
    open: BTreeSet<String>,
    secret: BTreeSet<String>,
}

impl Table<'_> {
    fn name(&mut self, is_public: bool) -> String {
        self.count += 1;
        let word = if is_public { OPEN } else { SECRET };
        // Digits alone tell the things apart, so that a thing keeps its number when it changes sides.
        let name = format!("{word}-{:03}", self.count);
        let names = if is_public {
            &mut self.open
        } else {
            &mut self.secret
        };
        names.insert(name.clone());
        name
    }

    fn file(&mut self, key: &str, flag: bool, host_is_public: bool) -> FileDraft {
        let flag = flag || self.all_public;
        let name = self.name(flag && host_is_public);
        let path: PathBuf = self.council.root.path().join(format!("{key}.pdf"));
        std::fs::write(&path, folder::pdf(&format!("Inhalt {name}"), 1)).unwrap();
        FileDraft {
            key: key.to_owned(),
            file_name: Some(format!("{name}.pdf")),
            name,
            mime_type: Some("application/pdf".to_owned()),
            revision: None,
            revision_of_date: None,
            change_note: None,
            public: flag,
            origin_stamp: None,
            content: FileContent::Path(path),
        }
    }

    fn draft(&mut self) -> CouncilDraft {
        let mut draft = council_draft();
        for (organization, village) in [("rat", None), ("bau", None), ("otr", Some("Oberdorf"))] {
            let mut meeting = MeetingDraft {
                key: format!("sitzung-{organization}"),
                name: self.name(true),
                start: Some("2026-03-11T17:00:00+01:00".to_owned()),
                organizations: vec![organization.to_owned()],
                invitation: Some(self.file(&format!("einladung-{organization}"), true, true)),
                minutes: Some(self.file(&format!("protokoll-{organization}"), false, true)),
                other_files: vec![
                    self.file(&format!("praesentation-{organization}"), true, true),
                    self.file(&format!("wortprotokoll-{organization}"), false, true),
                ],
                ..MeetingDraft::default()
            };
            for item_flag in [true, false] {
                for paper_flag in [None, Some(true), Some(false)] {
                    let key = format!("{organization}-{item_flag}-{paper_flag:?}");
                    let (item, paper) = self.pair(&key, item_flag, paper_flag, village);
                    meeting.items.push(item);
                    draft.papers.push(paper);
                }
            }
            draft.meetings.push(meeting);
        }
        draft
    }

    fn pair(
        &mut self,
        key: &str,
        item_flag: bool,
        paper_flag: Option<bool>,
        village: Option<&str>,
    ) -> (ItemDraft, PaperDraft) {
        let item_public = item_flag || self.all_public;
        let paper_public = paper_flag.unwrap_or(item_flag) || self.all_public;
        let paper = PaperDraft {
            key: format!("vorlage-{key}"),
            reference: Some(self.name(paper_public)),
            name: self.name(paper_public),
            public: if self.all_public {
                Some(true)
            } else {
                paper_flag
            },
            villages: vec![self.name(paper_public)],
            main: Some(self.file(&format!("haupt-{key}"), true, paper_public)),
            attachments: vec![self.file(&format!("anlage-{key}"), false, paper_public)],
            ..PaperDraft::default()
        };
        let item = ItemDraft {
            key: format!("punkt-{key}"),
            name: self.name(item_public),
            public: item_public,
            result: Some(self.name(item_public)),
            resolution_text: Some(self.name(item_public)),
            villages: village.map(str::to_owned).into_iter().collect(),
            paper: Some(paper.key.clone()),
            files: vec![
                self.file(&format!("offen-{key}"), true, item_public),
                self.file(&format!("geheim-{key}"), false, item_public),
            ],
            ..ItemDraft::default()
        };
        (item, paper)
    }
}

fn council_draft() -> CouncilDraft {
    let seats = [
        ("ada", "rat", "Mitglied"),
        ("bruno", "bau", "Mitglied"),
        ("mara", "otr", "Ortsteilbürgermeisterin"),
    ];
    CouncilDraft {
        source: "table".to_owned(),
        complete: true,
        body: Some(BodyDraft {
            name: "Stadt Beispielhausen".to_owned(),
            contact: None,
        }),
        terms: vec![TermDraft {
            key: "wp8".to_owned(),
            name: "8. Wahlperiode".to_owned(),
            start_date: None,
            end_date: None,
        }],
        organizations: ["rat", "bau", "otr"]
            .map(|key| OrganizationDraft {
                key: key.to_owned(),
                name: key.to_owned(),
                villages: if key == "otr" {
                    vec!["Oberdorf".to_owned()]
                } else {
                    Vec::new()
                },
                ..OrganizationDraft::default()
            })
            .to_vec(),
        persons: seats
            .map(|(key, ..)| PersonDraft {
                key: key.to_owned(),
                name: key.to_owned(),
                form_of_address: None,
                title: None,
            })
            .to_vec(),
        memberships: seats
            .map(|(person, organization, role)| MembershipDraft {
                key: format!("sitz-{person}"),
                person: person.to_owned(),
                organization: organization.to_owned(),
                role: Some(role.to_owned()),
                voting_right: Some(true),
                start_date: None,
                end_date: None,
            })
            .to_vec(),
        ..CouncilDraft::default()
    }
}

/// Publishes the table. Result: the names of what is public, and of what is not.
fn publish(council: &TestCouncil, all_public: bool) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut table = Table {
        council,
        all_public,
        count: 0,
        open: BTreeSet::new(),
        secret: BTreeSet::new(),
    };
    let draft = table.draft();
    let outcome = council.server.publish(&draft).unwrap();
    assert_eq!(outcome.problems, Vec::<String>::new());
    (table.open, table.secret)
}

/// Kinds and ids of what stands in nonpublic chains only, as those see it who may read it.
fn secret_ids(council: &TestCouncil, handle: &ServerHandle) -> BTreeMap<String, ObjectKind> {
    let mut found = BTreeMap::new();
    let mut public = BTreeSet::new();
    for person in ["ada", "bruno", "mara"] {
        let invitation = council.server.invite(person, true).unwrap();
        let mut tablet = Tablet::pair(handle, &invitation, council.clock.now_at_ms());
        let head = tablet.head();
        let is_public = |a: &&sync_protocol::head::AudienceHead| a.kind == AudienceKind::Public;
        let open = head.audiences.iter().find(is_public).unwrap().id;
        let library = tablet.read_all();
        for (id, object) in &library.objects {
            if library.seen_in[id].contains(&open) {
                public.insert(id.to_string());
            } else {
                found.insert(id.to_string(), CouncilObject::kind(object));
            }
        }
    }
    found.retain(|id, _| !public.contains(id));
    found
}

fn where_held<'a>(pages: &'a BTreeMap<String, Visit>, text: &str) -> Vec<&'a str> {
    let holds = |(address, page): &(&String, &Visit)| page.holds(text) || address.contains(text);
    pages
        .iter()
        .filter(holds)
        .map(|(address, _)| address.as_str())
        .collect()
}

fn assert_nothing_secret(pages: &BTreeMap<String, Visit>, ids: impl IntoIterator<Item = String>) {
    assert_eq!(
        where_held(pages, SECRET),
        Vec::<&str>::new(),
        "names and bytes"
    );
    for id in ids {
        assert_eq!(where_held(pages, &id), Vec::<&str>::new(), "ids");
    }
}

#[test]
fn nothing_nonpublic_is_found_and_everything_public_is() {
    let council = TestCouncil::new();
    let (open, secret) = publish(&council, false);
    assert!(
        open.len() > 40 && secret.len() > 40,
        "{} {}",
        open.len(),
        secret.len()
    );
    let handle = super::open(&council);
    let ids = secret_ids(&council, &handle);
    let kinds: BTreeSet<ObjectKind> = ids.values().copied().collect();
    let expected = [
        ObjectKind::AgendaItem,
        ObjectKind::Paper,
        ObjectKind::Consultation,
        ObjectKind::File,
    ];
    assert_eq!(
        kinds,
        BTreeSet::from(expected),
        "all kinds that can be nonpublic"
    );

    let pages = Citizen::new(&handle).crawl();
    assert_nothing_secret(&pages, ids.keys().cloned());
    for name in &open {
        assert!(!where_held(&pages, name).is_empty(), "{name} is public");
    }
}

#[test]
fn who_knows_a_nonpublic_id_gets_nothing_for_it() {
    let council = TestCouncil::new();
    publish(&council, false);
    let handle = super::open(&council);
    let ids = secret_ids(&council, &handle);
    assert!(ids.len() > 40);
    let citizen = Citizen::new(&handle);
    let mut list = "/oparl/paper".to_owned();
    for (id, kind) in &ids {
        let segment = match kind {
            ObjectKind::AgendaItem => "agendaItem",
            ObjectKind::Paper => "paper",
            ObjectKind::Consultation => "consultation",
            _ => "file",
        };
        for path in [
            format!("/oparl/{segment}/{id}"),
            format!("/oparl/file/{id}/access"),
            format!("/oparl/file/{id}/download"),
        ] {
            let visit = citizen.get(&path);
            assert_eq!(visit.status, 404, "{path}");
            assert!(!visit.holds(SECRET));
        }
        list = format!("/oparl/{segment}?after={id}");
    }
    assert_eq!(
        citizen.get(&list).status,
        400,
        "nor does it mark a place in a list"
    );
}

/// The control: the same search over the same table finds each name and each id as soon as it is public, so that
/// finding nothing means something. Then all is taken back.
#[test]
fn the_search_finds_what_becomes_public_and_nothing_of_it_stays_when_it_is_taken_back() {
    let council = TestCouncil::new();
    let (_, secret) = publish(&council, false);
    let handle = super::open(&council);
    let ids = secret_ids(&council, &handle);
    council.clock.set(council.clock.now_at_ms() + DAY_MS);
    publish(&council, true);
    // A reader of her own for each search: the table is larger than what one address may ask at once.
    drop(handle);
    let handle = super::open(&council);
    let pages = Citizen::new(&handle).crawl();
    for name in &secret {
        let public_name = name.replace(SECRET, OPEN);
        assert!(
            !where_held(&pages, &public_name).is_empty(),
            "{name} was published"
        );
    }
    for id in ids.keys() {
        assert!(!where_held(&pages, id).is_empty(), "{id} was published");
    }

    council.clock.set(council.clock.now_at_ms() + DAY_MS);
    publish(&council, false);
    drop(handle);
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    let pages = citizen.crawl();
    assert_nothing_secret(&pages, []);
    for name in &secret {
        let public_name = name.replace(SECRET, OPEN);
        assert_eq!(
            where_held(&pages, &public_name),
            Vec::<&str>::new(),
            "not by its public name either"
        );
    }
    for (id, kind) in ids {
        for address in where_held(&pages, &id) {
            assert!(
                pages[address].holds("deleted"),
                "only a tombstone names it: {address}"
            );
        }
        if kind == ObjectKind::File {
            assert_eq!(citizen.get(&format!("/oparl/file/{id}/access")).status, 410);
        }
    }
}
