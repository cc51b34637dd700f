//! Linux: nothing of this process's memory, which holds keys and papers, goes into a dump, and no other process of the
//! same user looks into it.

use std::io;

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Of a dump, bytes. Too few for a file, and the one length at which the kernel starts no collecting program either: at 0 it does.
///
/// Source: Linux, `fs/coredump.c`.
const MOST_BYTES: u64 = 1;

// Meets: MASVS-STORAGE-2
/// Refuses dumps from now on, also of the programs that are started: the page's processes.
///
/// * `is_searched` – a test reads this process's memory: it goes on being readable for the same user.
///
/// Errors: the system refused.
pub(crate) fn refuse(is_searched: bool) -> io::Result<()> {
    setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(MOST_BYTES),
            maximum: Some(MOST_BYTES),
        },
    )?;
    if !is_searched {
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::{dumpable_behavior, getrlimit};
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    /// Whether a program that crashes leaves a dump.
    fn leaves_a_dump(limit: &str) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let crash = format!("ulimit -S -c {limit}; kill -SEGV $$");
        let status = Command::new("sh")
            .args(["-c", &crash])
            .current_dir(folder.path())
            .status()
            .unwrap();
        assert!(status.signal().is_some(), "it has crashed");
        status.core_dumped() || folder.path().read_dir().unwrap().count() > 0
    }

    #[test]
    fn nothing_is_dumped() {
        // Where the system lets programs dump at all, the look finds one.
        if getrlimit(Resource::Core).maximum.is_none() {
            assert!(leaves_a_dump("unlimited"), "a crash leaves a dump");
        }
        refuse(false).unwrap();
        assert!(!leaves_a_dump("hard"), "and none any more");
        assert!(!leaves_a_dump("0"));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}
