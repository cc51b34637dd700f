//! What is measured on: councils with much or little in them, a server, paired tablets. Everything lies below one folder.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use council_server::draft::{
    BodyDraft, CouncilDraft, FileContent, FileDraft, PaperDraft, PersonDraft,
};
use council_server::{MasterKey, Server};
use stories::faction_writer::Paired;
use stories::process::Kept;
use sync::store::CouncilStore;
use sync::{CancelFlag, PairRequest, SyncConfig, SyncEngine, SyncOutcome};
use sync_protocol::ids::CouncilId;
use tokio::runtime::Runtime;
use vault::{Passphrase, Vault};

/// Six words, so that the app itself takes them too.
pub const PASSPHRASE: &str = "Laterne Wacholder Mühle Kastanie Brücke Orgel";
/// The person that councils made here invite.
const READER: &str = "leserin";

/// `serve --folder DIR`: the council in that folder, until the process is ended.
#[derive(Args, Clone)]
pub struct Serve {
    #[arg(long)]
    folder: PathBuf,
}

impl Serve {
    /// Prints its address and serves.
    pub fn run(&self) -> Result<()> {
        let handle = open(&self.folder)?.serve(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        println!("{}", handle.url());
        loop {
            // The handle serves until this process is ended.
            std::thread::park();
        }
    }
}

/// Opens the council in `folder`, or makes an empty one.
pub fn open(folder: &Path) -> Result<Server> {
    std::fs::create_dir_all(folder)?;
    let data = folder.join("data");
    let master = MasterKey::load_or_make(&folder.join("master.key"), &data)?;
    Ok(Server::open(&data, &master)?)
}

/// Serves the council in `folder` from a process of its own. Result: the process and its address.
pub fn serve_apart(folder: &Path) -> Result<(Kept, String)> {
    let mut process = Kept::start(
        Command::new(std::env::current_exe()?)
            .arg("serve")
            .arg("--folder")
            .arg(folder)
            .stdout(Stdio::piped()),
    )?;
    let pipe = process.child().stdout.take().context("no pipe")?;
    let mut line = String::new();
    BufReader::new(pipe).read_line(&mut line)?;
    Ok((process, line.trim().to_owned()))
}

/// A public council with one reader and nothing else.
pub fn bare_council() -> CouncilDraft {
    CouncilDraft {
        source: "measure".to_owned(),
        complete: true,
        body: Some(BodyDraft {
            name: "Messstadt".to_owned(),
            contact: None,
        }),
        persons: vec![PersonDraft {
            key: READER.to_owned(),
            name: "Lea Leserin".to_owned(),
            form_of_address: None,
            title: None,
        }],
        ..CouncilDraft::default()
    }
}

/// A public paper, with or without a file.
pub fn paper(number: usize, main: Option<&Path>) -> PaperDraft {
    PaperDraft {
        key: format!("p{number}"),
        reference: Some(format!("2026/{number}")),
        name: format!("Vorlage {number}: Bericht über den Stand der Umsetzung im Ortsteil"),
        paper_type: Some("Informationsvorlage".to_owned()),
        public: Some(true),
        main: main.map(|path| FileDraft {
            key: format!("f{number}"),
            name: format!("Vorlage {number}"),
            file_name: Some(format!("{number}.pdf")),
            mime_type: Some("application/pdf".to_owned()),
            revision: None,
            revision_of_date: None,
            change_note: None,
            public: true,
            origin_stamp: None,
            content: FileContent::Path(path.to_path_buf()),
        }),
        ..PaperDraft::default()
    }
}

/// A tablet of a councillor.
pub struct Tablet {
    pub vault: Arc<Vault>,
    pub council: CouncilId,
    engine: SyncEngine,
}

impl Tablet {
    /// Makes a vault in `folder` and pairs it in person at `address`.
    ///
    /// * `person` – name, key or id; `None`: the reader of [`bare_council`].
    pub fn pair(
        runtime: &Runtime,
        server: &Server,
        address: &str,
        folder: &Path,
        person: Option<&str>,
    ) -> Result<Self> {
        let vault = Arc::new(Vault::create(folder, &Passphrase::new(PASSPHRASE))?.0);
        let invitation = server.invite(person.unwrap_or(READER), true)?;
        let request = PairRequest {
            address: address.to_owned(),
            code: invitation.code.to_display().to_string(),
        };
        let config = SyncConfig::default();
        let paired = runtime.block_on(sync::pair(&vault, &request, &config))?;
        Ok(Self {
            vault,
            council: paired.council,
            engine: SyncEngine::new(config),
        })
    }

    /// The paired tablet in `folder`, which was locked.
    pub fn open(folder: &Path) -> Result<Self> {
        let vault = Arc::new(Vault::unlock(folder, &Passphrase::new(PASSPHRASE))?);
        let councils = vault.keyring().councils();
        let council = councils.first().context("no council")?.council;
        Ok(Self {
            vault,
            council,
            engine: SyncEngine::new(SyncConfig::default()),
        })
    }

    pub fn paired(&self) -> Paired<'_> {
        Paired {
            vault: &self.vault,
            council: self.council,
        }
    }

    pub fn sync(&self, runtime: &Runtime) -> Result<SyncOutcome> {
        let run = self
            .engine
            .run(&self.vault, self.council, |_| {}, CancelFlag::new());
        Ok(runtime.block_on(run)?)
    }

    pub fn store(&self) -> Result<CouncilStore> {
        Ok(CouncilStore::open(
            &self.vault,
            self.council,
            chrono::Utc::now().timestamp_millis(),
        )?)
    }
}

pub fn runtime() -> Result<Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?)
}

/// A folder below `out`, emptied.
pub fn fresh(out: &Path, name: &str) -> Result<PathBuf> {
    let folder = out.join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The demonstration council, written as an intake, published, and on a tablet. Its finished PDFs are kept for the next run.
pub struct Demonstration {
    /// Where the tablet's vault lies.
    pub tablet: PathBuf,
    /// The 400-page budget as a plain PDF.
    pub budget: PathBuf,
    pub council: CouncilId,
}

impl Demonstration {
    /// Everything synchronised, the server gone, the vault locked.
    pub fn prepare(out: &Path, name: &str) -> Result<Self> {
        println!("preparing the demonstration council …");
        let work = fresh(out, name)?;
        let intake = work.join("intake");
        let today = chrono::Utc::now().date_naive();
        let summary = demo_council::write_demo(&intake, today, Some(&out.join("papers")))?;
        let server = open(&work.join("council"))?;
        server.import_folder(&intake)?;
        let handle = server.serve(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let person = summary
            .people
            .first()
            .context("the demonstration has no people")?;
        let runtime = runtime()?;
        let folder = work.join("tablet");
        let tablet = Tablet::pair(
            &runtime,
            &server,
            &handle.url(),
            &folder,
            Some(&person.name),
        )?;
        tablet.sync(&runtime)?;
        handle.shutdown();
        Ok(Self {
            tablet: folder,
            budget: largest_pdf(&intake)?
                .context("the demonstration has no PDF")?
                .1,
            council: tablet.council,
        })
    }
}

/// The longest PDF below a folder: length in bytes, path.
fn largest_pdf(folder: &Path) -> Result<Option<(u64, PathBuf)>> {
    let mut largest = None;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() {
            largest_pdf(&path)?
        } else if path.extension().is_some_and(|kind| kind == "pdf") {
            Some((std::fs::metadata(&path)?.len(), path))
        } else {
            None
        };
        largest = largest.max(found);
    }
    Ok(largest)
}
