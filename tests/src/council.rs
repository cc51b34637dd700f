//! A council server as a process of its own: demonstration or imported, its invitations, its stop.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{Kept, sibling};

/// The data of one council on disk, and the commands of its office.
pub struct Council {
    folder: PathBuf,
}

/// A running server.
pub struct Serving {
    process: Kept,
    /// `https://host:port`, as letters name it.
    pub address: String,
}

impl Council {
    /// A council in this folder; nothing is made yet.
    pub fn at(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_path_buf(),
        })
    }

    fn command(&self) -> Result<Command> {
        let mut command = Command::new(sibling("council-server")?);
        command
            .arg("--data")
            .arg(self.folder.join("data"))
            .arg("--master-key")
            .arg(self.folder.join("master.key"))
            .arg("--json");
        Ok(command)
    }

    /// Runs one office command and reads its JSON answer.
    pub fn office(&self, arguments: &[&str]) -> Result<Value> {
        let output = self
            .command()?
            .args(arguments)
            .stderr(Stdio::inherit())
            .output()
            .context("the council server does not start")?;
        if !output.status.success() {
            bail!("council-server {}: {}", arguments.join(" "), output.status);
        }
        let text = String::from_utf8(output.stdout)?;
        serde_json::from_str(text.trim())
            .with_context(|| format!("council-server {} answered: {text}", arguments.join(" ")))
    }

    /// Starts serving on a loopback port of the system's choice.
    pub fn serve(&self, listen: &str) -> Result<Serving> {
        let mut process = Kept::start(
            self.command()?
                .args(["serve", "--listen", listen])
                .stdout(Stdio::piped()),
        )?;
        let pipe = process
            .child()
            .stdout
            .take()
            .context("the server has no output")?;
        let mut line = String::new();
        BufReader::new(pipe).read_line(&mut line)?;
        let said: Value = serde_json::from_str(line.trim())
            .with_context(|| format!("the server said: {line}"))?;
        let address = said["address"]
            .as_str()
            .with_context(|| format!("the server said no address: {line}"))?
            .to_owned();
        Ok(Serving { process, address })
    }
}

impl Serving {
    /// Stops the server; from here on there is no network.
    pub fn stop(self) -> Result<()> {
        self.process.end()
    }
}
