//! The intake folder of a small invented town: one council, one committee, two villages, seven people, and for each
//! audience something that only this audience may read. Only files on disk; `town` imports them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::pdf::pdf;

const COUNCIL: &str = r#"
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
"#;

/// key, name, type, villages.
const ORGANIZATIONS: &[(&str, &str, &str, &str)] = &[
    ("rat", "Stadtrat", "Rat", ""),
    ("bau", "Bauausschuss", "Ausschuss", ""),
    (
        "oberdorf",
        "Ortsteilrat Oberdorf",
        "Ortsteilrat",
        "\"Oberdorf\"",
    ),
    (
        "niederdorf",
        "Ortsteilrat Niederdorf",
        "Ortsteilrat",
        "\"Niederdorf\"",
    ),
    ("mitte", "Fraktion Mitte", "Fraktion", ""),
];

/// key, name, the organizations with role and last day.
type Seat = (&'static str, &'static str, &'static str);
const PEOPLE: &[(&str, &str, &[Seat])] = &[
    (
        "ada",
        "Ada Lenz",
        &[("rat", "Mitglied", ""), ("mitte", "Mitglied", "")],
    ),
    ("cora", "Cora Brandt", &[("rat", "Vorsitzende", "")]),
    ("bruno", "Bruno Kahl", &[("bau", "Sachkundiger Bürger", "")]),
    (
        "mara",
        "Mara Dorn",
        &[("oberdorf", "Ortsteilbürgermeisterin", "")],
    ),
    (
        "nils",
        "Nils Wiek",
        &[("niederdorf", "Ortsteilbürgermeister", "")],
    ),
    (
        "sven",
        "Sven Falk",
        &[("mitte", "Fraktionsmitarbeiter", "")],
    ),
    ("gerd", "Gerd Hain", &[("rat", "Gast", "")]),
    ("fred", "Fred Alt", &[("rat", "Mitglied", "2026-10-31")]),
];

/// One agenda item with one paper of one file; its PDF says `secret`.
#[derive(Clone, Debug)]
pub struct Matter {
    /// Folder and key of the meeting.
    pub meeting: String,
    pub name: String,
    /// The paper's reference, such as `2026/184`; also names its file.
    pub reference: String,
    pub public: bool,
    pub village: Option<String>,
    /// What stands in the PDF; ASCII.
    pub secret: String,
    pub pages: usize,
    /// Bytes of nothing in the PDF.
    pub padding: usize,
    /// A file that is not written here, in place of the one that says `secret`.
    pub file: Option<Vec<u8>>,
}

impl Matter {
    /// A nonpublic matter.
    #[must_use]
    pub fn new(meeting: &str, reference: &str, name: &str, secret: &str) -> Self {
        Self {
            meeting: meeting.to_owned(),
            name: name.to_owned(),
            reference: reference.to_owned(),
            public: false,
            village: None,
            secret: secret.to_owned(),
            pages: 2,
            padding: 0,
            file: None,
        }
    }

    fn touching(self, village: &str) -> Self {
        Self {
            village: Some(village.to_owned()),
            ..self
        }
    }

    fn file_name(&self) -> String {
        format!("Vorlage-{}.pdf", self.reference.replace('/', "-"))
    }
}

/// A meeting without its agenda.
#[derive(Clone, Debug)]
pub struct Sitting {
    pub key: String,
    pub name: String,
    pub start: String,
    pub organization: String,
    pub invitation_revision: u32,
}

/// The intake folder as it shall be; [`Intake::write`] writes it whole.
#[derive(Clone, Debug)]
pub struct Intake {
    pub dir: PathBuf,
    pub council: String,
    /// Key and name.
    pub organization_names: Vec<(String, String)>,
    pub person_names: Vec<(String, String)>,
    pub sittings: Vec<Sitting>,
    pub matters: Vec<Matter>,
}

impl Intake {
    /// The small town of all stories.
    #[must_use]
    pub fn small(dir: &Path) -> Self {
        let sitting = |key: &str, name: &str, start: &str, organization: &str| Sitting {
            key: key.to_owned(),
            name: name.to_owned(),
            start: start.to_owned(),
            organization: organization.to_owned(),
            invitation_revision: 1,
        };
        let feuerwache = Matter::new(
            "rat-18",
            "2026/184",
            "Neubau der Feuerwache",
            "Feuerwache Nord",
        );
        Self {
            dir: dir.to_path_buf(),
            council: COUNCIL.to_owned(),
            organization_names: ORGANIZATIONS
                .iter()
                .map(|(key, name, ..)| ((*key).to_owned(), (*name).to_owned()))
                .collect(),
            person_names: PEOPLE
                .iter()
                .map(|(key, name, _)| ((*key).to_owned(), (*name).to_owned()))
                .collect(),
            sittings: vec![
                sitting(
                    "rat-18",
                    "18. Sitzung des Stadtrats",
                    "2026-12-10T17:00:00+01:00",
                    "rat",
                ),
                sitting(
                    "bau-9",
                    "9. Sitzung des Bauausschusses",
                    "2026-12-03T17:00:00+01:00",
                    "bau",
                ),
                sitting(
                    "oberdorf-4",
                    "4. Sitzung des Ortsteilrats Oberdorf",
                    "2026-12-08T19:00:00+01:00",
                    "oberdorf",
                ),
            ],
            matters: vec![
                Matter {
                    public: true,
                    pages: 3,
                    ..feuerwache
                },
                Matter::new(
                    "rat-18",
                    "2026/190",
                    "Verkauf Teichgasse",
                    "GEHEIM-Teichgasse",
                ),
                Matter::new("rat-18", "2026/191", "Pacht Dorfanger", "GEHEIM-Dorfanger")
                    .touching("Oberdorf"),
                Matter::new("bau-9", "2026/192", "Vergabe Abbruch", "GEHEIM-Abbruch"),
                Matter::new("bau-9", "2026/193", "Wegerecht Mühlweg", "GEHEIM-Muehlweg")
                    .touching("Niederdorf"),
                Matter::new("oberdorf-4", "2026/194", "Ehrung im Dorf", "GEHEIM-Ehrung"),
            ],
        }
    }

    /// The county around the town: the same people sit in its council, and meet at the same hour.
    ///
    /// * `start` – of the county council's meeting, RFC 3339.
    /// * `member` – the name of the person `ada`.
    #[must_use]
    pub fn county(dir: &Path, start: &str, member: &str) -> Self {
        let mut county = Self::small(dir);
        county.council = county
            .council
            .replace("Stadt Beispielhausen", "Landkreis Saaletal");
        for (key, name) in &mut county.organization_names {
            match key.as_str() {
                "rat" => "Kreistag".clone_into(name),
                "bau" => "Kreisausschuss".clone_into(name),
                _ => {}
            }
        }
        for (key, name) in &mut county.person_names {
            if key == "ada" {
                member.clone_into(name);
            }
        }
        county.sittings.truncate(2);
        let names = [
            "12. Sitzung des Kreistags",
            "31. Sitzung des Kreisausschusses",
        ];
        for (sitting, name) in county.sittings.iter_mut().zip(names) {
            name.clone_into(&mut sitting.name);
            start.clone_into(&mut sitting.start);
        }
        county.matters.truncate(2);
        "Radweg im Kreis".clone_into(&mut county.matter("2026/184").name);
        "Radweg von Lindenau nach Saaletal".clone_into(&mut county.matter("2026/184").secret);
        "Grundstueck am Kreishaus".clone_into(&mut county.matter("2026/190").name);
        county
    }

    /// The matter of this paper.
    pub fn matter(&mut self, reference: &str) -> &mut Matter {
        let found = self
            .matters
            .iter_mut()
            .find(|matter| matter.reference == reference);
        found.unwrap_or_else(|| panic!("the intake has no paper {reference}"))
    }

    /// Writes the folder anew.
    pub fn write(&self) {
        if self.dir.exists() {
            fs::remove_dir_all(&self.dir).unwrap();
        }
        fs::create_dir_all(&self.dir).unwrap();
        fs::write(self.dir.join("council.toml"), self.council_toml()).unwrap();
        for sitting in &self.sittings {
            let dir = self.dir.join("meetings").join(&sitting.key);
            fs::create_dir_all(&dir).unwrap();
            let invitation = format!(
                "Einladung {} Fassung {}",
                sitting.key, sitting.invitation_revision
            );
            fs::write(dir.join("Einladung.pdf"), pdf(&invitation, 1, 0)).unwrap();
            for matter in self
                .matters
                .iter()
                .filter(|matter| matter.meeting == sitting.key)
            {
                let bytes = match &matter.file {
                    Some(file) => file.clone(),
                    None => pdf(&matter.secret, matter.pages, matter.padding),
                };
                fs::write(dir.join(matter.file_name()), bytes).unwrap();
            }
            fs::write(dir.join("meeting.toml"), self.meeting_toml(sitting)).unwrap();
        }
    }

    fn council_toml(&self) -> String {
        let mut text = self.council.clone();
        for ((key, _, kind, villages), (_, name)) in
            ORGANIZATIONS.iter().zip(&self.organization_names)
        {
            text.push_str(&format!(
                "\n[[organization]]\nkey = \"{key}\"\nname = \"{name}\"\ntype = \"{kind}\"\nvillages = [{villages}]\n"
            ));
        }
        for (key, name) in &self.person_names {
            text.push_str(&format!(
                "\n[[person]]\nkey = \"{key}\"\nname = \"{name}\"\n"
            ));
        }
        for (person, _, seats) in PEOPLE {
            for (organization, role, end) in *seats {
                text.push_str(&format!(
                    "\n[[membership]]\nperson = \"{person}\"\norganization = \"{organization}\"\nrole = \"{role}\"\n\
                     start = \"2024-07-01\"\n"
                ));
                if !end.is_empty() {
                    text.push_str(&format!("end = \"{end}\"\n"));
                }
            }
        }
        text
    }

    fn meeting_toml(&self, sitting: &Sitting) -> String {
        let mut text = format!(
            "key = \"{}\"\nname = \"{}\"\nstart = \"{}\"\nroom = \"Ratssaal\"\norganizations = [\"{}\"]\n\n\
             [invitation]\nfile = \"Einladung.pdf\"\nrevision = {}\n",
            sitting.key,
            sitting.name,
            sitting.start,
            sitting.organization,
            sitting.invitation_revision
        );
        let own: Vec<&Matter> = self
            .matters
            .iter()
            .filter(|matter| matter.meeting == sitting.key)
            .collect();
        for (index, matter) in own.iter().enumerate() {
            let villages = matter
                .village
                .as_ref()
                .map(|name| format!("\"{name}\""))
                .unwrap_or_default();
            text.push_str(&format!(
                "\n[[item]]\nnumber = \"{}\"\nname = \"{}\"\nrole = \"Entscheidung\"\npublic = {}\npaper = \"{}\"\n\
                 villages = [{villages}]\n",
                index + 1,
                matter.name,
                matter.public,
                matter.reference
            ));
        }
        for matter in own {
            text.push_str(&format!(
                "\n[[paper]]\nreference = \"{}\"\nname = \"{}\"\ntype = \"Beschlussvorlage\"\nmain = \"{}\"\n",
                matter.reference,
                matter.name,
                matter.file_name()
            ));
        }
        text
    }
}
