//! A synchronisation that finds nothing new: requests, bytes of bodies, bytes on the wire. With few and with many objects
//! on the device; the few are the peer of the many. Beside it, what the web's own "nothing new" costs: a conditional GET
//! by curl that nginx answers with 304.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use tokio::runtime::Runtime;

use super::figures::{Figure, Series, build, ms_since};
use super::nginx::Nginx;
use super::proxy::Proxy;
use super::supply::{Tablet, bare_council, fresh, open, paper, runtime};

const FEW: usize = 100;
const MANY: usize = 20_000;
const ROUNDS: usize = 7;
/// Longest body, bytes.
const AIM_BYTES: f64 = 1024.0;
/// A greater chain position may take a longer CBOR integer: 8 bytes at most, for the one audience here.
const LONGER_INTEGER: f64 = 8.0;

/// One device and what its syncs cost.
struct Cost {
    objects: usize,
    requests: Series,
    body: Series,
    wire_up: Series,
    wire_down: Series,
    connections: Series,
    ms: Series,
}

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let work = fresh(out, "nothing-new")?;
    let runtime = runtime()?;
    let few_device = Device::prepare(&runtime, &work, FEW)?;
    let many_device = Device::prepare(&runtime, &work, MANY)?;
    let conditional = Conditional::prepare(&runtime, &work)?;
    println!(
        "measuring synchronisations with nothing new ({}) …",
        build()
    );
    let (mut few, mut many, mut peer) = (Cost::of(FEW), Cost::of(MANY), Series::default());
    for _ in 0..ROUNDS {
        few_device.sync_once(&runtime, &mut few)?;
        many_device.sync_once(&runtime, &mut many)?;
        peer.push(conditional.ask_once()?);
    }
    let ratio = many.body.median() / few.body.median();
    let bytes = |series: &Series| series.words(0, "B");
    let figures = vec![
        Figure {
            name: "nothing new: requests".to_owned(),
            ours: format!(
                "{} with {} objects",
                many.requests.words(0, ""),
                many.objects
            ),
            peer: format!("{} with {} objects", few.requests.words(0, ""), few.objects),
            ratio: format!("{:.2}", many.requests.median() / few.requests.median()),
            aim: "1 request".to_owned(),
            is_met: many.requests.median() == 1.0 && few.requests.median() == 1.0,
        },
        Figure {
            name: "nothing new: bodies (CBOR)".to_owned(),
            ours: format!("{} with {} objects", bytes(&many.body), many.objects),
            peer: format!("{} with {} objects", bytes(&few.body), few.objects),
            ratio: format!("{ratio:.2}"),
            aim: "≤ 1024 B, not growing with the objects (a longer integer apart)".to_owned(),
            is_met: many.body.median() <= AIM_BYTES
                && many.body.median() - few.body.median() <= LONGER_INTEGER,
        },
        Figure {
            name: "nothing new: on the wire, TLS handshake included, both ways".to_owned(),
            ours: format!(
                "{:.0} B up, {:.0} B down, {:.0} connection",
                many.wire_up.median(),
                many.wire_down.median(),
                many.connections.median()
            ),
            peer: format!(
                "`curl` asking nginx with If-None-Match (304) {}",
                bytes(&peer)
            ),
            ratio: format!(
                "{:.2}",
                (many.wire_up.median() + many.wire_down.median()) / peer.median()
            ),
            aim: String::new(),
            is_met: true,
        },
        Figure {
            name: format!("nothing new: time ({})", build()),
            ours: format!("{} with {} objects", many.ms.words(1, "ms"), many.objects),
            peer: format!("{} with {} objects", few.ms.words(1, "ms"), few.objects),
            ratio: format!("{:.2}", many.ms.median() / few.ms.median()),
            aim: String::new(),
            is_met: true,
        },
    ];
    drop((few_device, many_device, conditional));
    fs::remove_dir_all(&work)?;
    Ok(figures)
}

impl Cost {
    fn of(objects: usize) -> Self {
        let series = Series::default;
        Self {
            objects,
            requests: series(),
            body: series(),
            wire_up: series(),
            wire_down: series(),
            connections: series(),
            ms: series(),
        }
    }
}

/// A tablet that has everything, its server, and the proxy between them.
struct Device {
    tablet: Tablet,
    proxy: Proxy,
    _server: council_server::ServerHandle,
}

impl Device {
    fn prepare(runtime: &Runtime, work: &Path, objects: usize) -> Result<Self> {
        println!("preparing a device with {objects} objects …");
        let server = open(&work.join(format!("council-{objects}")))?;
        let mut draft = bare_council();
        // The council's body and its one person are objects too.
        draft.papers = (0..objects - 2).map(|number| paper(number, None)).collect();
        server.publish(&draft)?;
        let handle = server.serve(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let proxy = Proxy::before(runtime, handle.addr)?;
        let folder = work.join(format!("tablet-{objects}"));
        let address = format!("https://{}", proxy.addr);
        let tablet = Tablet::pair(runtime, &server, &address, &folder, None)?;
        tablet.sync(runtime)?;
        let papers = tablet.store()?.papers()?.len();
        ensure!(papers == objects - 2, "{papers} papers came");
        tablet.sync(runtime)?;
        Ok(Self {
            tablet,
            proxy,
            _server: handle,
        })
    }

    fn sync_once(&self, runtime: &Runtime, cost: &mut Cost) -> Result<()> {
        self.proxy.take();
        let start = Instant::now();
        let outcome = self.tablet.sync(runtime)?;
        cost.ms.push(ms_since(start));
        ensure!(outcome.objects_changed == 0, "something was new");
        let passed = self.proxy.take();
        ensure!(
            outcome.body_bytes < passed.down,
            "the proxy saw less than the client"
        );
        cost.requests.push(outcome.requests as f64);
        cost.body.push(outcome.body_bytes as f64);
        cost.wire_up.push(passed.up as f64);
        cost.wire_down.push(passed.down as f64);
        cost.connections.push(passed.connections as f64);
        Ok(())
    }
}

/// The peer: a file that has not changed, asked for again.
struct Conditional {
    _nginx: Nginx,
    proxy: Proxy,
    folder: std::path::PathBuf,
}

impl Conditional {
    fn prepare(runtime: &Runtime, work: &Path) -> Result<Self> {
        let root = fresh(work, "page")?;
        fs::write(root.join("page"), vec![b'x'; 1024 * 1024])?;
        let nginx = Nginx::serve(&root, &work.join("nginx"))?;
        let peer = Self {
            proxy: Proxy::before(runtime, nginx.addr)?,
            _nginx: nginx,
            folder: work.to_path_buf(),
        };
        peer.curl("--etag-save", "200")?;
        Ok(peer)
    }

    /// Bytes on the wire, both ways.
    fn ask_once(&self) -> Result<f64> {
        self.proxy.take();
        self.curl("--etag-compare", "304")?;
        let passed = self.proxy.take();
        Ok((passed.up + passed.down) as f64)
    }

    fn curl(&self, etag: &str, status: &str) -> Result<()> {
        let output = Command::new("curl")
            .args([
                "--insecure",
                "--silent",
                "--noproxy",
                "*",
                "--output",
                "/dev/null",
            ])
            .args(["--write-out", "%{http_code}"])
            .args([etag, "etag"])
            .arg(format!("https://{}/page", self.proxy.addr))
            .current_dir(&self.folder)
            .output()
            .context("curl does not start")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        ensure!(said == status, "nginx answered {said} instead of {status}");
        Ok(())
    }
}
