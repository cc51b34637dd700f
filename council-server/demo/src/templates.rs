//! The typst templates that are built into the program, by file name. No prose of its own.

/// What every other template imports.
pub(crate) const LIBRARY: &str = "lib.typ";

macro_rules! templates {
    ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("typ/", $name)))),*] };
}

pub(crate) const ALL: &[(&str, &str)] = templates![
    "lib.typ",
    "einladung.typ",
    "niederschrift.typ",
    "haushalt.typ",
    "vorlage-150.typ",
    "vorlage-161.typ",
    "vorlage-168.typ",
    "anlage-168-1.typ",
    "vorlage-172.typ",
    "vorlage-176.typ",
    "anlage-176-1.typ",
    "anlage-176-2.typ",
    "vorlage-179.typ",
    "vorlage-181.typ",
    "anlage-181-1.typ",
    "brief-1994.typ",
    "vorlage-184.typ",
    "anlage-184-1.typ",
    "anlage-184-2.typ",
    "anlage-184-3.typ",
    "anlage-184-4.typ",
    "anlage-184-5.typ",
    "vorlage-185.typ",
    "anlage-185-1.typ",
    "anlage-185-2.typ",
    "antrag-190.typ",
    "vorlage-193.typ",
    "anlage-193-1.typ",
    "anfrage-197.typ",
    "vorlage-201.typ",
    "vorlage-n029.typ",
    "anlage-n029-1.typ",
    "vorlage-n031.typ",
];

/// The text of a template.
pub(crate) fn source(name: &str) -> Option<&'static str> {
    ALL.iter()
        .find(|(known, _)| *known == name)
        .map(|(_, source)| *source)
}
