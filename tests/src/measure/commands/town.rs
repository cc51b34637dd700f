//! A council with five years behind it, and a member who has read, marked and noted a good deal of it.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Duration, Utc};
use council_server::Server;
use council_server::draft::{
    CouncilDraft, FileContent, FileDraft, ItemDraft, MeetingDraft, MembershipDraft,
    OrganizationDraft, PaperDraft, PersonDraft,
};
use notes::{Anchor, Color, InkPoint, MarkBody, MarkDraft, NoteStore, Place, Quote, Rect, Target};
use stories::pdf::pdf;
use sync_protocol::ids::ObjectId;

use super::super::supply::{Tablet, bare_council, fresh, open, runtime};

const ORGANIZATIONS: usize = 12;
const PERSONS: usize = 60;
const ITEMS_PER_MEETING: usize = 15;
const DAYS: i64 = 5 * 365;
/// Meetings to come.
const COMING_DAYS: i64 = 45;
/// Marks on files, then on agenda items, papers, meetings: so many parts of 100.
const ON_FILES: usize = 70;
const ON_ITEMS: usize = 20;
const ON_PAPERS: usize = 7;
const DAY_MS: i64 = 86_400_000;

/// How much there is of everything.
#[derive(Clone, Copy)]
pub struct Sizes {
    pub meetings: usize,
    pub papers: usize,
    pub files: usize,
    pub marks: usize,
}

impl Sizes {
    /// Five years; `RATSMAPPE_BENCH_MEETINGS` takes another number of meetings and everything else in proportion.
    pub fn wanted() -> Result<Self> {
        const MEETINGS: usize = 600;
        let meetings = match std::env::var("RATSMAPPE_BENCH_MEETINGS") {
            Ok(text) => text
                .parse()
                .with_context(|| format!("RATSMAPPE_BENCH_MEETINGS: {text} is no number"))?,
            Err(_) => MEETINGS,
        };
        let part = |whole: usize| whole * meetings / MEETINGS;
        Ok(Self {
            meetings,
            papers: part(6_000),
            files: part(4_250),
            marks: part(2_000),
        })
    }

    pub fn items(&self) -> usize {
        self.meetings * ITEMS_PER_MEETING
    }

    /// Everything with an id: one body, what is here, and one reader.
    pub fn objects(&self) -> usize {
        2 + ORGANIZATIONS + 2 * PERSONS + self.meetings + self.items() + self.papers + self.files
    }
}

/// Publishes, pairs, synchronises, marks. Result: the folder of the tablet's vault, locked.
pub fn prepare(out: &Path, sizes: Sizes) -> Result<PathBuf> {
    let work = fresh(out, "commands")?;
    let now = Utc::now();
    eprintln!("publishing {} objects …", sizes.objects());
    let server = publish(&work, sizes, now)?;
    let handle = server.serve(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    eprintln!("synchronising …");
    let runtime = runtime()?;
    let folder = work.join("tablet");
    let tablet = Tablet::pair(&runtime, &server, &handle.url(), &folder, Some("p0"))?;
    tablet.sync(&runtime)?;
    handle.shutdown();
    eprintln!("making {} marks …", sizes.marks);
    mark(&tablet, sizes, now.timestamp_millis())?;
    Ok(folder)
}

/// The council of this size below `work`, with five years behind it and no marks.
pub fn publish(work: &Path, sizes: Sizes, now: DateTime<Utc>) -> Result<Server> {
    let page = work.join("page.pdf");
    fs::write(&page, pdf("Vorlage", 4, 2_000))?;
    let server = open(&work.join("council"))?;
    server.publish(&draft(sizes, now, &page))?;
    Ok(server)
}

fn draft(sizes: Sizes, now: DateTime<Utc>, page: &Path) -> CouncilDraft {
    let day = |at: usize| {
        let days = DAYS * at as i64 / sizes.meetings.max(1) as i64;
        now - Duration::days(DAYS - COMING_DAYS - days)
    };
    let meetings = (0..sizes.meetings)
        .map(|at| meeting(at, day(at), sizes))
        .collect();
    let papers = (0..sizes.papers)
        .map(|at| PaperDraft {
            key: format!("v{at}"),
            reference: Some(format!("{}/{at:04}", 2021 + at * 5 / sizes.papers.max(1))),
            name: format!("Vorlage {at}: Bericht über den Stand der Umsetzung im Ortsteil"),
            paper_type: Some("Beschlussvorlage".to_owned()),
            public: Some(true),
            main: (at < sizes.files).then(|| file(at, page)),
            ..PaperDraft::default()
        })
        .collect();
    CouncilDraft {
        organizations: (0..ORGANIZATIONS).map(organization).collect(),
        persons: (0..PERSONS).map(person).collect(),
        memberships: (0..PERSONS)
            .map(|at| MembershipDraft {
                key: format!("m{at}"),
                person: format!("p{at}"),
                organization: format!("o{}", at % ORGANIZATIONS),
                role: None,
                voting_right: Some(true),
                start_date: None,
                end_date: None,
            })
            .collect(),
        papers,
        meetings,
        ..bare_council()
    }
}

fn organization(at: usize) -> OrganizationDraft {
    OrganizationDraft {
        key: format!("o{at}"),
        name: format!("Ausschuss für Angelegenheiten des Ortsteils {at}"),
        short_name: Some(format!("A{at}")),
        ..OrganizationDraft::default()
    }
}

fn person(at: usize) -> PersonDraft {
    PersonDraft {
        key: format!("p{at}"),
        name: format!("Petra Person {at}"),
        form_of_address: None,
        title: None,
    }
}

fn meeting(at: usize, start: DateTime<Utc>, sizes: Sizes) -> MeetingDraft {
    let items = (0..ITEMS_PER_MEETING).map(|turn| {
        let number = at * ITEMS_PER_MEETING + turn;
        ItemDraft {
            key: format!("t{number}"),
            number: Some(format!("Ö {}", turn + 1)),
            order: u32::try_from(turn).unwrap_or_default(),
            name: format!("Beratung über den Gegenstand {number} und Beschlussfassung"),
            public: true,
            // Two of three items deal with a paper, as there are papers for.
            paper: (!number.is_multiple_of(3))
                .then(|| format!("v{}", number * 2 / 3 % sizes.papers.max(1))),
            ..ItemDraft::default()
        }
    });
    MeetingDraft {
        key: format!("s{at}"),
        name: format!("{at}. Sitzung des Ausschusses {}", at % ORGANIZATIONS),
        start: Some(start.format("%Y-%m-%dT18:00:00+00:00").to_string()),
        room: Some("Großer Saal".to_owned()),
        location: Some("Rathaus".to_owned()),
        organizations: vec![format!("o{}", at % ORGANIZATIONS)],
        items: items.collect(),
        ..MeetingDraft::default()
    }
}

fn file(at: usize, page: &Path) -> FileDraft {
    FileDraft {
        key: format!("f{at}"),
        name: format!("Vorlage {at}"),
        file_name: Some(format!("{at}.pdf")),
        mime_type: Some("application/pdf".to_owned()),
        revision: None,
        revision_of_date: None,
        change_note: None,
        public: true,
        origin_stamp: None,
        content: FileContent::Path(page.to_path_buf()),
    }
}

/// Highlights and handwriting on files, notes on the rest; places and visits of what was read.
fn mark(tablet: &Tablet, sizes: Sizes, now_ms: i64) -> Result<()> {
    let store = tablet.store()?;
    let mut files: Vec<_> = store.files()?.into_values().collect();
    files.sort_by_key(sync::store::FileRow::id);
    ensure!(files.len() == sizes.files, "{} files came", files.len());
    let items: Vec<ObjectId> = store
        .agenda_items()?
        .iter()
        .map(|held| held.object.id)
        .collect();
    ensure!(items.len() == sizes.items(), "{} items came", items.len());
    let papers: Vec<ObjectId> = store.papers()?.iter().map(|held| held.object.id).collect();
    let meetings: Vec<ObjectId> = store
        .meetings()?
        .iter()
        .map(|held| held.object.id)
        .collect();
    let notes = NoteStore::open(Arc::clone(&tablet.vault))?;
    let of = |ids: &[ObjectId], at: usize| ids.get(at * 7 % ids.len().max(1)).copied();
    for at in 0..sizes.marks {
        let at_ms = now_ms - (sizes.marks - at) as i64 * DAY_MS / 2;
        let draft = match at % 100 {
            part if part < ON_FILES => {
                // Three marks on each file that was worked through.
                let row = files
                    .get(at / 3 * 5 % files.len().max(1))
                    .context("no file")?;
                let place = Place {
                    page: 1,
                    offset: 0.2,
                    zoom: 1.0,
                    rotation: 0,
                    is_single: false,
                };
                notes.place_set(tablet.council, row.id(), place, at_ms)?;
                notes.pages_read_add(tablet.council, row.id(), row.blob_id, &[0, 1], at_ms)?;
                let target = Target::File {
                    file: row.id(),
                    blob_id: row.blob_id,
                    revision: 1,
                };
                on_file(tablet, target, at)
            }
            part if part < ON_FILES + ON_ITEMS => note(
                tablet,
                Target::AgendaItem(of(&items, at).context("no item")?),
                at,
            ),
            part if part < ON_FILES + ON_ITEMS + ON_PAPERS => note(
                tablet,
                Target::Paper(of(&papers, at).context("no paper")?),
                at,
            ),
            _ => note(
                tablet,
                Target::Meeting(of(&meetings, at).context("no meeting")?),
                at,
            ),
        };
        notes.mark_create(&draft, at_ms)?;
    }
    for (at, meeting) in meetings.iter().enumerate() {
        notes.visit_set(tablet.council, *meeting, now_ms - at as i64)?;
    }
    Ok(())
}

fn anchor(tablet: &Tablet, target: Target) -> Anchor {
    Anchor {
        council: tablet.council,
        target,
        page: None,
        rects: Vec::new(),
        quote: None,
        sealed_class: None,
    }
}

fn note(tablet: &Tablet, target: Target, at: usize) -> MarkDraft {
    MarkDraft {
        anchor: anchor(tablet, target),
        body: MarkBody::Note {
            text: format!(
                "Nachfragen, Nummer {at}: Wer zahlt die Unterhaltung ab dem dritten Jahr?"
            ),
        },
        made_at_item: None,
        imported_from: None,
    }
}

fn on_file(tablet: &Tablet, target: Target, at: usize) -> MarkDraft {
    let top = 780.0 - (at % 60) as f32 * 12.0;
    let page = Some(u32::try_from(at % 4).unwrap_or_default());
    let plain = anchor(tablet, target);
    if at.is_multiple_of(3) {
        let point = |step: usize| InkPoint {
            x: 80.0 + step as f32 * 2.5,
            y: top + (step % 9) as f32,
            pressure: 0.5,
        };
        return MarkDraft {
            anchor: Anchor { page, ..plain },
            body: MarkBody::Ink {
                color: Color::Blue,
                width_pt: 1.5,
                strokes: vec![(0..60).map(point).collect()],
            },
            made_at_item: None,
            imported_from: None,
        };
    }
    let line = Rect {
        left: 70.0,
        bottom: top - 12.0,
        right: 420.0,
        top,
    };
    MarkDraft {
        anchor: Anchor {
            page,
            rects: vec![line],
            quote: Some(Quote {
                exact: "die Unterhaltung der Anlage trägt die Stadt".to_owned(),
                prefix: "Nach Ablauf der Bindungsfrist geht ".to_owned(),
                suffix: " aus eigenen Mitteln des Haushalts".to_owned(),
            }),
            ..plain
        },
        body: MarkBody::Highlight {
            color: Color::Yellow,
            text: None,
        },
        made_at_item: None,
        imported_from: None,
    }
}
