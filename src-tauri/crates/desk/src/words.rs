//! The few words that desk says besides failures: what an undo or redo did, for the screen reader and the status
//! line, and what stands in a calendar.

use notes::{Action, Done};

use crate::messages::Speech;

/// What was taken back.
pub(crate) fn undone(done: Done, speech: Speech) -> String {
    match (speech, done.action) {
        (Speech::De, Action::Create) => "Einfügen rückgängig gemacht",
        (Speech::De, Action::Update) => "Änderung rückgängig gemacht",
        (Speech::De, Action::Delete) => "Löschen rückgängig gemacht",
        (Speech::De, Action::Restore) => "Wiederherstellen rückgängig gemacht",
        (Speech::En, Action::Create) => "Insertion undone",
        (Speech::En, Action::Update) => "Change undone",
        (Speech::En, Action::Delete) => "Deletion undone",
        (Speech::En, Action::Restore) => "Restoring undone",
    }
    .to_owned()
}

/// What was done again.
pub(crate) fn redone(done: Done, speech: Speech) -> String {
    match (speech, done.action) {
        (Speech::De, Action::Create) => "Wieder eingefügt",
        (Speech::De, Action::Update) => "Änderung wiederholt",
        (Speech::De, Action::Delete) => "Wieder gelöscht",
        (Speech::De, Action::Restore) => "Wieder zurückgeholt",
        (Speech::En, Action::Create) => "Inserted again",
        (Speech::En, Action::Update) => "Change made again",
        (Speech::En, Action::Delete) => "Deleted again",
        (Speech::En, Action::Restore) => "Restored again",
    }
    .to_owned()
}

/// A meeting of which no more may be said.
pub(crate) fn meeting(speech: Speech) -> &'static str {
    match speech {
        Speech::De => "Sitzung",
        Speech::En => "Meeting",
    }
}

/// Several meetings, as the name of a file.
pub(crate) fn meetings(speech: Speech) -> &'static str {
    match speech {
        Speech::De => "Sitzungen",
        Speech::En => "Meetings",
    }
}

/// Name of the calendar that other programs follow.
pub(crate) fn feed(speech: Speech) -> &'static str {
    match speech {
        Speech::De => "Ratsmappe: Sitzungen",
        Speech::En => "Ratsmappe: meetings",
    }
}

/// A sheet to speak from, as the name of a file.
pub(crate) fn sheet(speech: Speech) -> &'static str {
    match speech {
        Speech::De => "Sprechzettel",
        Speech::En => "Speaking notes",
    }
}
