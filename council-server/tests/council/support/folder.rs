//! A small intake folder: one council, one committee, one village, two terms of office, tiny hand-written PDFs.

use std::fs;
use std::path::Path;

pub const COUNCIL: &str = r#"
name = "Stadt Beispielhausen"
contact = "Sitzungsdienst, Markt 1"

[settings]
new_members_read_back = true
staff_nonpublic = false

[[term]]
key = "wp8"
name = "8. Wahlperiode"
start = 2024-07-01
end = 2029-06-30

[[organization]]
key = "rat"
name = "Stadtrat"
type = "Rat"

[[organization]]
key = "bau"
name = "Bauausschuss"
type = "Ausschuss"

[[organization]]
key = "otr"
name = "Ortsteilrat Oberdorf"
type = "Ortsteilrat"
villages = ["Oberdorf"]

[[organization]]
key = "fraktion"
name = "Fraktion Mitte"
type = "Fraktion"

[[person]]
key = "ada"
name = "Ada Lenz"
form_of_address = "Frau"

[[person]]
key = "bruno"
name = "Bruno Kahl"

[[person]]
key = "mara"
name = "Mara Dorn"

[[person]]
key = "staff"
name = "Sven Falk"

[[membership]]
person = "ada"
organization = "rat"
role = "Mitglied"
voting = true
start = "2024-07-01"

[[membership]]
person = "ada"
organization = "fraktion"
role = "Mitglied"
start = "2024-07-01"

[[membership]]
person = "bruno"
organization = "bau"
role = "Sachkundiger Bürger"
start = "2024-07-01"
end = "2026-03-31"

[[membership]]
person = "mara"
organization = "otr"
role = "Ortsteilbürgermeisterin"
start = "2024-07-01"

[[membership]]
person = "staff"
organization = "fraktion"
role = "Fraktionsmitarbeiter"
start = "2024-07-01"
"#;

pub const MEETING: &str = r#"
key = "rat-2026-03"
name = "18. Sitzung des Stadtrats"
number = "18"
start = "2026-03-11T17:00:00+01:00"
end = 2026-03-11T21:00:00
room = "Ratssaal"
organizations = ["rat"]

[invitation]
file = "Einladung.pdf"
revision = 1

[[item]]
number = "1"
name = "Eröffnung"

[[item]]
number = "2"
name = "Neubau der Feuerwache"
role = "Entscheidung"
paper = "2026/184"

[[item]]
number = "3"
name = "Grundstücksverkauf Teichgasse"
public = false
role = "Entscheidung"
paper = "2026/190"

[[item]]
number = "4"
name = "Pachtvertrag Dorfanger Oberdorf"
public = false
villages = ["Oberdorf"]
paper = "2026/191"

[[paper]]
reference = "2026/184"
name = "Neubau der Feuerwache Nord"
type = "Beschlussvorlage"
originator = "Dezernat II"
date = 2026-02-20
main = "Vorlage-184.pdf"
[[paper.attachment]]
name = "Lageplan"
file = "Lageplan.pdf"
[[paper.attachment]]
name = "Kostenberechnung"
file = "Kosten.pdf"

[[paper]]
reference = "2026/190"
name = "Verkauf Flurstück 77/3"
main = "Vorlage-190.pdf"

[[paper]]
reference = "2026/191"
name = "Pacht Dorfanger"
main = "Vorlage-191.pdf"
"#;

pub const COMMITTEE: &str = r#"
key = "bau-2026-03"
name = "9. Sitzung des Bauausschusses"
start = "2026-03-05T17:00:00+01:00"
organizations = ["bau"]

[[item]]
number = "1"
name = "Neubau der Feuerwache"
role = "Vorberatung"
paper = "2026/184"

[[item]]
number = "2"
name = "Vergabe Abbruch"
public = false
paper = "2026/190"
"#;

/// Writes the folder.
pub fn write(dir: &Path) {
    let rat = dir.join("meetings/2026-03-rat");
    let bau = dir.join("meetings/2026-03-bau");
    fs::create_dir_all(&rat).unwrap();
    fs::create_dir_all(&bau).unwrap();
    fs::write(dir.join("council.toml"), COUNCIL).unwrap();
    fs::write(rat.join("meeting.toml"), MEETING).unwrap();
    fs::write(bau.join("meeting.toml"), COMMITTEE).unwrap();
    for (name, text, pages) in [
        ("Einladung.pdf", "Einladung zur 18. Sitzung", 1),
        ("Vorlage-184.pdf", "Neubau der Feuerwache", 3),
        ("Lageplan.pdf", "Lageplan", 1),
        ("Kosten.pdf", "Kostenberechnung", 2),
        ("Vorlage-190.pdf", "GEHEIM-Flurstueck-77-3", 2),
        ("Vorlage-191.pdf", "GEHEIM-Dorfanger", 1),
    ] {
        fs::write(rat.join(name), pdf(text, pages)).unwrap();
    }
}

/// A minimal PDF with a correct cross-reference table.
pub fn pdf(text: &str, pages: usize) -> Vec<u8> {
    let content = format!("BT /F1 12 Tf 72 720 Td ({text}) Tj ET");
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 5)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Kids [{}] /Count {pages} >>",
            kids.join(" ")
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ),
    ];
    for _ in 0..pages {
        objects.push(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>"
                .to_owned(),
        );
    }
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let start = out.len();
    out.push_str(&format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        objects.len() + 1
    ));
    for place in places {
        out.push_str(&format!("{place:010} 00000 n \n"));
    }
    let size = objects.len() + 1;
    out.push_str(&format!(
        "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    out.into_bytes()
}
