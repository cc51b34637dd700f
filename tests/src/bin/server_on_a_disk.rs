//! A council server whose disk is recorded and may fail (`faulty-disk`), for the suites of power loss and of failing disks: its first
//! start, two imports, people, invitations, a backup. It tells each step once it is done and each error in its own words.
//!
//! `server-on-a-disk work DIR FIRST SECOND` · `FIRST`, `SECOND`: intake folders outside `DIR`

use std::path::Path;

use anyhow::Result;
use stories::marking::tell;
use stories::power::server;

fn main() -> Result<()> {
    #[cfg(target_os = "linux")]
    faulty_disk::watch().map_err(anyhow::Error::msg)?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["work", folder, first, second] => {
            server::work(Path::new(folder), [Path::new(first), Path::new(second)]);
        }
        _ => anyhow::bail!("usage: server-on-a-disk work DIR FIRST SECOND"),
    }
    tell("end");
    Ok(())
}
