//! The speaking sheet as a PDF of A4 pages in large letters. What stands on it is decided in `query/sheet`.

use ::export::{ExportError, Look, Sheet};

use crate::dto::{MarkKind, NoteRow, SheetItem, SpeakingSheet, StampName, TargetKind, Vote};
use crate::messages::Speech;
use crate::times;

/// Free space below a note, points.
const BELOW_NOTE: f32 = 6.0;

/// The sheet as a PDF.
///
/// Errors: `Font`, `Write`.
pub(crate) fn sheet_pdf(sheet: &SpeakingSheet, speech: Speech) -> Result<Vec<u8>, ExportError> {
    let say = |de, en| said(speech, de, en);
    let title = say("Sprechzettel", "Speaking notes");
    let name = match &sheet.meeting_name {
        Some(name) => name.as_str(),
        None => say("Nichtöffentliche Sitzung", "Nonpublic meeting"),
    };
    let when = sheet
        .start_at_ms
        .map(|at_ms| times::day_and_time(at_ms, speech));
    let warning = say(
        "Enthält Nichtöffentliches. Nicht offen liegen lassen.",
        "Contains nonpublic parts. Do not leave it lying open.",
    );
    let mut pages = Sheet::new()?;
    pages.text(Look::Meta, &sheet.council_name);
    pages.text(Look::Title, name);
    pages.text(Look::Meta, &joined([Some(title.to_owned()), when.clone()]));
    if !sheet.public {
        pages.text(Look::Body, warning);
    }
    pages.rule();
    if !sheet.notes.is_empty() {
        pages.text(Look::Heading, say("Zur Sitzung", "On the meeting"));
        put_notes(&mut pages, &sheet.notes, speech);
    }
    for item in &sheet.items {
        put_item(&mut pages, item, speech);
    }
    let language = match speech {
        Speech::De => "de",
        Speech::En => "en",
    };
    let foot = joined([Some(name.to_owned()), when]);
    let foot = match sheet.public {
        true => foot,
        false => format!("{} · {foot}", say("nichtöffentlich", "nonpublic")),
    };
    pages.finish(&format!("{title}: {name}"), language, |page, count| {
        let of = say("von", "of");
        format!("{foot} · {page} {of} {count}")
    })
}

fn put_item(pages: &mut Sheet, item: &SheetItem, speech: Speech) {
    let number = format!("{} {}", said(speech, "TOP", "Item"), item.number);
    pages.text(Look::Heading, &format!("{number}  {}", item.name));
    let secrecy = said(speech, "nichtöffentlich", "nonpublic");
    let paper = item.paper_reference.as_ref();
    let facts = joined([
        (!item.public).then(|| secrecy.to_uppercase()),
        item.role.clone(),
        paper.map(|paper| format!("{} {paper}", said(speech, "Vorlage", "Paper"))),
    ]);
    if !facts.is_empty() {
        pages.text(Look::Meta, &facts);
    }
    let stamps = item
        .stamps
        .iter()
        .map(|stamp| Some(stamp_word(*stamp, speech)));
    let leaning = item.tally.map(|vote| {
        let word = vote_word(vote, speech);
        format!("{}: {word}", said(speech, "Meine Neigung", "My leaning"))
    });
    let verdict = joined(stamps.chain([leaning]));
    if !verdict.is_empty() {
        pages.text(Look::Large, &verdict);
    }
    put_notes(pages, &item.notes, speech);
}

fn put_notes(pages: &mut Sheet, notes: &[NoteRow], speech: Speech) {
    for note in notes {
        if let Some(quote) = &note.quote {
            pages.text(Look::Large, &format!("„{}“", quote.exact));
        }
        let stamp = note.stamp.map(|stamp| stamp_word(stamp, speech));
        let words = joined([stamp, note.text.clone()]);
        if !words.is_empty() {
            pages.text(Look::Large, &words);
        }
        let is_drawn = note.kind == MarkKind::Ink;
        let handwriting = said(
            speech,
            "Handschrift, siehe Unterlage",
            "Handwriting, see the document",
        );
        let place = joined([
            is_drawn.then(|| handwriting.to_owned()),
            (!note.public).then(|| said(speech, "nichtöffentlich", "nonpublic").to_owned()),
            place_text(note, speech),
            origin_text(note, speech),
        ]);
        if !place.is_empty() {
            pages.text(Look::Meta, &place);
        }
        pages.space(BELOW_NOTE);
    }
}

/// "Vorlage 2026/184, Seite 3, aus Fassung 1"; an agenda item is told by its heading.
fn place_text(note: &NoteRow, speech: Speech) -> Option<String> {
    let is_paper = matches!(note.target.kind, TargetKind::File | TargetKind::Paper);
    let label = note.label.clone().filter(|_| is_paper);
    let page = note
        .page
        .map(|page| format!("{} {}", said(speech, "Seite", "page"), page + 1));
    let revision = note
        .old_revision
        .map(|revision| format!("{} {revision}", said(speech, "aus Fassung", "from version")));
    let parts: Vec<String> = [label, page, revision].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// "aus: Bauausschuss, 3.11.2026, TOP 5".
fn origin_text(note: &NoteRow, speech: Speech) -> Option<String> {
    let origin = note.origin.as_ref()?;
    let day = origin.start_at_ms.map(|at_ms| times::day(at_ms, speech));
    let number = origin.number.as_ref();
    let number = number.map(|number| format!("{} {number}", said(speech, "TOP", "Item")));
    let parts: Vec<String> = [Some(origin.committee.clone()), day, number]
        .into_iter()
        .flatten()
        .collect();
    Some(format!(
        "{}: {}",
        said(speech, "aus", "from"),
        parts.join(", ")
    ))
}

fn stamp_word(stamp: StampName, speech: Speech) -> String {
    let word = match stamp {
        StampName::Question => said(speech, "Frage", "Question"),
        StampName::Agree => said(speech, "Zustimmen", "Agree"),
        StampName::Reject => said(speech, "Ablehnen", "Reject"),
        StampName::FollowUp => said(speech, "Nachhaken", "Follow up"),
        StampName::Done => said(speech, "Erledigt", "Done"),
    };
    format!("[{word}]")
}

fn vote_word(vote: Vote, speech: Speech) -> &'static str {
    match vote {
        Vote::Yes => said(speech, "Ja", "Yes"),
        Vote::No => said(speech, "Nein", "No"),
        Vote::Abstain => said(speech, "Enthaltung", "Abstain"),
    }
}

fn said<'a>(speech: Speech, de: &'a str, en: &'a str) -> &'a str {
    match speech {
        Speech::De => de,
        Speech::En => en,
    }
}

fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(public: bool) -> SpeakingSheet {
        let item = |number: &str, public: bool| SheetItem {
            id: number.to_owned(),
            number: number.to_owned(),
            name: "Bebauungsplan Nr. 47 „Alte Gerberei“ – Abwägungs- und Satzungsbeschluss"
                .to_owned(),
            public,
            paper_reference: Some("2026/184".to_owned()),
            role: Some("Vorberatung".to_owned()),
            tally: Some(Vote::No),
            stamps: vec![StampName::Question, StampName::FollowUp],
            notes: Vec::new(),
        };
        SpeakingSheet {
            meeting_id: "m".to_owned(),
            council_name: "Stadt Lindenau an der Saale".to_owned(),
            meeting_name: public.then(|| "Stadtrat".to_owned()),
            start_at_ms: Some(1_795_000_000_000),
            public,
            agenda: Vec::new(),
            notes: Vec::new(),
            items: (1..40).map(|at| item(&at.to_string(), public)).collect(),
            left_out: 0,
        }
    }

    #[test]
    fn an_agenda_of_any_length_becomes_pages() {
        for speech in [Speech::De, Speech::En] {
            for public in [true, false] {
                let pdf = sheet_pdf(&sheet(public), speech).unwrap();
                assert!(pdf.starts_with(b"%PDF-1.7"), "{public}");
            }
        }
        let empty = SpeakingSheet {
            items: Vec::new(),
            ..sheet(true)
        };
        assert!(sheet_pdf(&empty, Speech::De).is_ok());
    }
}
