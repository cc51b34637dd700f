//! The few words that desk says besides failures: what an undo or redo did, for the screen reader and the status
//! line, and what stands in a calendar.

use faction::Intent;
use notes::{Action, Done};
use sync_protocol::ids::UserId;

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

/// The name of the faction's sheet.
pub(crate) fn faction_sheet(speech: Speech) -> &'static str {
    match speech {
        Speech::De => "Fraktionsbogen",
        Speech::En => "Faction sheet",
    }
}

/// What a faction's space is called.
pub(crate) fn faction_space(speech: Speech) -> &'static str {
    match speech {
        Speech::De => "Fraktionsraum",
        Speech::En => "Faction space",
    }
}

/// The name of a printed key among the devices.
pub(crate) fn paper_key(speech: Speech) -> &'static str {
    match speech {
        Speech::De => "Papierschlüssel",
        Speech::En => "Paper key",
    }
}

/// A change of a space's people that waits for the server.
///
/// * `name` – of somebody who is there.
pub(crate) fn pending(
    intent: &Intent,
    name: impl Fn(&UserId) -> Option<String>,
    speech: Speech,
) -> String {
    let say = |de: &str, en: &str| match speech {
        Speech::De => de.to_owned(),
        Speech::En => en.to_owned(),
    };
    let of = |user: &UserId| name(user).unwrap_or_else(|| say("Unbekannt", "Unknown"));
    match intent {
        Intent::AddUser { user_name, .. } => say(
            &format!("{user_name} kommt dazu"),
            &format!("{user_name} is coming in"),
        ),
        Intent::AddDevice { device_name, .. } => say(
            &format!("Gerät „{device_name}“ kommt dazu"),
            &format!("Device “{device_name}” is coming in"),
        ),
        Intent::RemoveUser(user) => say(
            &format!("{} wird herausgenommen", of(user)),
            &format!("{} is taken out", of(user)),
        ),
        Intent::RemoveDevice(_) => say("Ein Gerät wird herausgenommen", "A device is taken out"),
        Intent::SetRole { user, .. } => say(
            &format!("{} bekommt eine andere Rolle", of(user)),
            &format!("{} gets another role", of(user)),
        ),
        Intent::Leave => say("Sie verlassen den Raum", "You are leaving the space"),
        Intent::Dissolve => say("Der Raum wird aufgelöst", "The space is being dissolved"),
        Intent::Rotate => say("Der Raum bekommt neue Schlüssel", "The space gets new keys"),
    }
}
