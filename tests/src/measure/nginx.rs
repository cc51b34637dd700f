//! nginx with TLS on a loopback port, serving one folder: the peer of the council server. Its own settings and certificate,
//! all in one folder; ended by its own master process.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rcgen::{CertificateParams, KeyPair};

const PATIENCE: Duration = Duration::from_secs(10);

/// A running nginx. Dropping it ends it.
pub struct Nginx {
    pub addr: SocketAddr,
    folder: PathBuf,
    master: Child,
}

impl Nginx {
    /// Serves the files of `root`; its own things lie in `folder`.
    pub fn serve(root: &Path, folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let pair = KeyPair::generate()?;
        let certificate =
            CertificateParams::new(vec!["localhost".to_owned()])?.self_signed(&pair)?;
        fs::write(folder.join("key.pem"), pair.serialize_pem())?;
        fs::write(folder.join("certificate.pem"), certificate.pem())?;
        let addr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        fs::write(folder.join("nginx.conf"), settings(root, folder, addr))?;
        let mut nginx = Self {
            addr,
            folder: folder.to_path_buf(),
            master: command(folder).spawn().context("nginx does not start")?,
        };
        let start = Instant::now();
        while TcpStream::connect(addr).is_err() {
            ensure!(
                start.elapsed() < PATIENCE,
                "nginx does not listen on {addr}"
            );
            if let Some(status) = nginx.master.try_wait()? {
                let said = fs::read_to_string(folder.join("error.log")).unwrap_or_default();
                bail!("nginx: {status}: {said}");
            }
            std::thread::yield_now();
        }
        Ok(nginx)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Killed, the master would leave its workers behind: it is asked to stop, by its own pid file.
        let asked = command(&self.folder).args(["-s", "stop"]).status();
        if !asked.is_ok_and(|status| status.success()) {
            eprintln!("nginx {} could not be asked to stop", self.master.id());
        }
        if let Err(error) = self.master.wait() {
            eprintln!("nginx {} was lost: {error}", self.master.id());
        }
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new("nginx");
    command
        .arg("-p")
        .arg(folder)
        .arg("-c")
        .arg(folder.join("nginx.conf"))
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// As Debian's packaged settings where they matter for speed: sendfile, tcp_nopush, a worker for each core, no access log.
fn settings(root: &Path, folder: &Path, addr: SocketAddr) -> String {
    let (root, folder) = (root.display(), folder.display());
    format!(
        "daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nuser root;\nworker_processes auto;\n\
         events {{ worker_connections 256; }}\n\
         http {{\n  access_log off; sendfile on; tcp_nopush on; etag on;\n\
         client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;\n\
         uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;\n\
         server {{ listen {addr} ssl; root {root};\n\
         ssl_certificate {folder}/certificate.pem; ssl_certificate_key {folder}/key.pem; }}\n}}\n"
    )
}
