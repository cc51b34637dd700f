//! The command line of the council office and of the city's IT: arguments here, each command in `commands`.

mod commands;
mod demo;
mod oparl;
pub mod out;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};

use crate::audit::AuditHead;
use crate::http::Limits;
use crate::master_key::MasterKey;
use crate::server::Server;
use out::Out;

/// Der Ratsserver der Ratsmappe: übernimmt Sitzungen und Vorlagen, lädt Geräte ein, liefert an Tablets.
#[derive(Debug, Parser)]
#[command(name = "council-server", version)]
pub struct Arguments {
    /// Datenordner des Rates; wird beim ersten Start angelegt
    #[arg(long, default_value = "ratsdaten")]
    data: PathBuf,
    /// Datei des Hauptschlüssels; sie darf nicht im Datenordner liegen
    #[arg(long, default_value = "ratsdaten.key")]
    master_key: PathBuf,
    /// Antworten als JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Den Server starten
    Serve(Serve),
    /// Einen erfundenen Rat zum Ausprobieren anlegen und Einladungen drucken
    Demo(Demo),
    /// Sitzungen und Vorlagen übernehmen
    #[command(subcommand)]
    Import(Import),
    /// Zeigen, was die letzten Übernahmen über OParl ergeben haben
    Imports,
    /// Personen anzeigen und eintragen
    #[command(subcommand)]
    People(People),
    /// Eine Person mit einem Gerät einladen
    Invite(Invite),
    /// Ein Gerät anhand seiner vier Wörter bestätigen
    Confirm {
        /// Kennung aus „devices“
        device: String,
        /// Die vier Wörter, die das Gerät zeigt
        #[arg(num_args = 4, required = true)]
        words: Vec<String>,
    },
    /// Alle Geräte anzeigen
    Devices,
    /// Ein Gerät sperren
    Revoke {
        /// Kennung aus „devices“
        device: String,
    },
    /// Zugangsnachweise anzeigen
    Receipts,
    /// Das Protokoll der Verwaltungshandlungen anzeigen
    Audit {
        #[command(subcommand)]
        what: Option<Audit>,
    },
    /// Den Datenordner sichern, auch während der Server läuft (siehe OPERATING.md)
    Backup {
        /// Neuer oder leerer Ordner für die Sicherung
        to: PathBuf,
    },
    /// Aus einer Sicherung einen neuen Datenordner machen (siehe OPERATING.md)
    Restore {
        /// Der Ordner der Sicherung
        from: PathBuf,
    },
    /// Nach dem Zurückspielen einer Sicherung: den Geräten sagen, dass ein älterer Stand gilt
    Restored,
}

#[derive(Debug, Args)]
struct Serve {
    /// Adresse und Port
    #[arg(long, default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// Adresse, unter der Tablets den Server erreichen; sie steht in Einladungen
    #[arg(long)]
    public_url: Option<String>,
    /// Öffentliches Zertifikat (PEM); sonst benutzt der Server sein eigenes
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Schlüssel zum öffentlichen Zertifikat (PEM)
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Plan der Übernahmen, die sich wiederholen (sonst imports.toml im Datenordner, wenn es sie gibt; siehe OPARL.md)
    #[arg(long)]
    imports: Option<PathBuf>,
    /// Die öffentlichen Daten des Rates unter /oparl/ allen anbieten (OParl 1.1)
    #[arg(long)]
    oparl: bool,
    /// Was ein Fraktionsraum höchstens belegen darf, in MiB; wer an die Grenze kommt, kann lesen und gehen, aber nichts mehr schreiben
    #[arg(long, value_name = "MIB", default_value_t = 1024, value_parser = clap::value_parser!(u64).range(1..=1_048_576))]
    faction_room: u64,
    /// Wie viele Verbindungen zugleich bestehen dürfen
    #[arg(long, value_name = "ANZAHL", default_value_t = 2048, value_parser = clap::value_parser!(u32).range(1..))]
    connections: u32,
    /// Davon von einer Netzadresse; hinter einem Proxy so viele wie insgesamt
    #[arg(long, value_name = "ANZAHL", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..))]
    connections_per_address: u32,
}

impl Serve {
    fn limits(&self) -> Limits {
        let count = |number| usize::try_from(number).unwrap_or(usize::MAX);
        Limits {
            connections: count(self.connections),
            connections_per_address: count(self.connections_per_address),
            ..Limits::default()
        }
    }

    /// What one faction space may take up, bytes.
    fn faction_room_bytes(&self) -> u64 {
        self.faction_room * 1024 * 1024
    }
}

#[derive(Debug, Args)]
struct Demo {
    /// Tag, von dem aus die Sitzungen zählen (sonst heute)
    #[arg(long)]
    today: Option<NaiveDate>,
    /// Ordner für die erfundenen Unterlagen (sonst neben dem Datenordner)
    #[arg(long)]
    intake: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Import {
    /// Einen Eingangsordner übernehmen (siehe INTAKE.md)
    Folder {
        /// Der Ordner mit council.toml
        dir: PathBuf,
    },
    /// Daten über OParl übernehmen (siehe OPARL.md)
    Oparl(ImportOparl),
}

#[derive(Debug, Args)]
struct ImportOparl {
    /// Adresse des Systems oder einer Körperschaft
    url: String,
    /// Nur Sitzungen ab diesem Tag, mit ihren Vorlagen
    #[arg(long)]
    from: Option<NaiveDate>,
    /// Nur Sitzungen bis zu diesem Tag, mit ihren Vorlagen
    #[arg(long)]
    to: Option<NaiveDate>,
    /// Name der Körperschaft, wenn das System mehrere hat
    #[arg(long)]
    body: Option<String>,
    /// Die Quelle führt nur Öffentliches: auch was nicht „public“ sagt, ist öffentlich
    #[arg(long)]
    public_only: bool,
    /// Keine Dateien holen
    #[arg(long)]
    no_files: bool,
    /// Löschungen ausführen, auch wenn es viele auf einmal sind
    #[arg(long)]
    allow_mass_delete: bool,
    /// Alle Listen ganz lesen, auch wenn nur wenig neu ist
    #[arg(long)]
    full: bool,
    /// Die Quelle darf den Server auch zu Adressen im inneren Netz führen
    #[arg(long)]
    allow_private: bool,
    /// Das Aufbewahrte neu auswerten, ohne die Quelle zu fragen
    #[arg(long)]
    from_kept: bool,
    /// Den Bericht als JSON in diese Datei schreiben
    #[arg(long)]
    report: Option<PathBuf>,
    /// Höchstens so viele Anfragen in der Sekunde
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1000))]
    requests_per_second: u64,
}

#[derive(Debug, Subcommand)]
enum Audit {
    /// Prüfen, dass nichts verändert, entfernt oder vertauscht wurde (siehe OPERATING.md)
    Verify {
        /// Ein früher ausgegebener Stand, der außerhalb des Servers notiert wurde
        #[arg(long)]
        head: Option<AuditHead>,
    },
}

#[derive(Debug, Subcommand)]
enum People {
    /// Alle Personen anzeigen
    List,
    /// Eine Person eintragen
    Add(PersonAdd),
}

#[derive(Debug, Args)]
struct PersonAdd {
    /// Voller Name
    name: String,
    /// Schlüssel (sonst aus dem Namen gebildet)
    #[arg(long)]
    key: Option<String>,
    /// Anrede
    #[arg(long)]
    form_of_address: Option<String>,
    /// Schlüssel des Gremiums, in dem sie Mitglied ist
    #[arg(long)]
    organization: Option<String>,
    /// Rolle im Gremium
    #[arg(long, requires = "organization")]
    role: Option<String>,
    /// Erster Tag der Mitgliedschaft
    #[arg(long, requires = "organization")]
    start: Option<NaiveDate>,
    /// Letzter Tag der Mitgliedschaft
    #[arg(long, requires = "organization")]
    end: Option<NaiveDate>,
}

#[derive(Debug, Args)]
struct Invite {
    /// Schlüssel, Kennung oder voller Name
    person: String,
    /// Adresse des Servers für das Schreiben
    #[arg(long)]
    address: Option<String>,
    /// Das Gerät liegt dem Sitzungsdienst vor; es braucht keine Bestätigung mehr
    #[arg(long)]
    in_person: bool,
}

/// Does what the arguments say.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let out = Out::new(arguments.json);
    if let Command::Restore { from } = &arguments.command {
        // No key is made here: one that fits nothing would only hide that the right one is missing.
        let master = MasterKey::load(&arguments.master_key)?;
        return commands::restore(out, from, &arguments.data, &master);
    }
    let master = MasterKey::load_or_make(&arguments.master_key, &arguments.data)?;
    let server = Server::open(&arguments.data, &master).with_context(|| {
        format!(
            "Der Datenordner {} konnte nicht geöffnet werden",
            arguments.data.display()
        )
    })?;
    match arguments.command {
        Command::Serve(serve) => commands::serve(&server, out, serve),
        Command::Demo(demo) => demo::run(&server, out, &arguments.data, demo),
        Command::Import(Import::Folder { dir }) => commands::import_folder(&server, out, &dir),
        Command::Import(Import::Oparl(import)) => oparl::import(&server, out, import),
        Command::Imports => oparl::imports(&server, out),
        Command::People(People::List) => commands::people_list(&server, out),
        Command::People(People::Add(person)) => commands::people_add(&server, out, person),
        Command::Invite(invite) => commands::invite(&server, out, &invite),
        Command::Confirm { device, words } => commands::confirm(&server, out, &device, &words),
        Command::Devices => commands::devices(&server, out),
        Command::Revoke { device } => commands::revoke(&server, out, &device),
        Command::Receipts => commands::receipts(&server, out),
        Command::Audit { what: None } => commands::audit(&server, out),
        Command::Audit {
            what: Some(Audit::Verify { head }),
        } => commands::audit_verify(&server, out, head),
        Command::Backup { to } => commands::backup(&server, out, &to),
        // Done above, before a data folder is opened.
        Command::Restore { .. } => Ok(()),
        Command::Restored => commands::restored(&server, out),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Arguments, Command};

    /// What a space may take up by these arguments, bytes.
    fn room(arguments: &[&str]) -> Option<u64> {
        let all = ["council-server", "serve"].iter().chain(arguments);
        match Arguments::try_parse_from(all).ok()?.command {
            Command::Serve(serve) => Some(serve.faction_room_bytes()),
            _ => None,
        }
    }

    #[test]
    fn without_a_word_the_standard_limits_count() {
        let all = ["council-server", "serve"];
        let arguments = Arguments::try_parse_from(all).unwrap();
        let Command::Serve(serve) = arguments.command else {
            panic!("another command");
        };
        assert_eq!(serve.limits(), crate::http::Limits::default());
    }

    #[test]
    fn the_operator_says_what_a_space_may_take_up() {
        assert_eq!(room(&[]), Some(crate::faction::STANDARD_ROOM));
        assert_eq!(room(&["--faction-room", "20"]), Some(20 * 1024 * 1024));
        for wrong in ["0", "-1", "1048577", "1 GiB"] {
            assert_eq!(room(&["--faction-room", wrong]), None, "{wrong}");
        }
    }
}
