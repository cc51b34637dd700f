//! The few words that stand in files that are taken along. German first, English complete.

use crate::messages::Speech;

/// Writes one function for each word, with its two languages.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $de:literal, $en:literal;)*) => { $(
        $(#[$doc])*
        pub(super) fn $name(speech: Speech) -> &'static str {
            match speech {
                Speech::De => $de,
                Speech::En => $en,
            }
        }
    )* };
}

words! {
    /// Heading of what belongs to a meeting and to no item.
    meeting_itself: "Einladung und Unterlagen der Sitzung", "Invitation and papers of the meeting";
    /// Heading of notes whose paper is not here any more.
    gone: "Notizen, deren Unterlage nicht mehr hier ist", "Notes whose paper is no longer here";
    /// Heading of notes that belong to no meeting.
    no_meeting: "Ohne Sitzung", "Without a meeting";
    /// Said of all.
    all: "Alle eigenen Notizen und die Unterlagen, auf denen sie stehen.", "All own notes, and the papers they stand on.";
    /// Said in brackets.
    nonpublic: "nichtöffentlich", "nonpublic";
    /// On a cover sheet, of what must stay secret.
    warning: "Enthält nichtöffentliche Unterlagen. Zur Verschwiegenheit verpflichtet – auch nach der Sitzung.",
        "Contains nonpublic papers. Under a duty of confidentiality – after the meeting too.";
    /// Heading of a list of notes.
    my_notes: "Meine Notizen", "My notes";
    /// Before a number.
    page: "Seite", "Page";
    /// Of a file, before a number.
    version: "Fassung", "Version";
    /// On a cover sheet.
    own_copy: "Eigene Ausfertigung von", "Own copy of";
    /// On a cover sheet, of papers that are missing.
    left_out: "Nicht enthalten", "Not included";
    /// Heading over an agenda.
    agenda: "Tagesordnung", "Agenda";
    /// Of a file with all notes.
    all_notes: "Alle Notizen", "All notes";
    /// Of a note.
    note: "Notiz", "Note";
    /// Of a highlight.
    highlight: "Markierung", "Highlight";
    /// Of a line below words.
    underline: "Unterstreichung", "Underline";
    /// Of a line through words.
    strike_out: "Durchstreichung", "Strike-out";
    /// Of a wave below words.
    squiggly: "Wellenlinie", "Squiggle";
    /// Of ink.
    ink: "Handschrift", "Handwriting";
    /// Of a highlighter led by hand.
    brush: "Marker, frei geführt", "Freehand highlight";
    /// Of a form.
    rectangle: "Rechteck", "Rectangle";
    /// Of a form.
    ellipse: "Ellipse", "Ellipse";
    /// Of a form.
    line: "Linie", "Line";
    /// Of a form.
    arrow: "Pfeil", "Arrow";
    /// Of words that stand on the page.
    text_box: "Textfeld", "Text box";
    /// Of a stamp.
    question: "Stempel: Frage", "Stamp: question";
    /// Of a stamp.
    agree: "Stempel: Zustimmen", "Stamp: agree";
    /// Of a stamp.
    reject: "Stempel: Ablehnen", "Stamp: reject";
    /// Of a stamp.
    follow_up: "Stempel: Nachhaken", "Stamp: follow up";
    /// Of a stamp.
    done: "Stempel: Erledigt", "Stamp: done";
}
