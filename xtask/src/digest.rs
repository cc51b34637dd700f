//! What failed among thousands of tests, told once more where a reader of the last lines finds it.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::each_line;

/// Lines of one run's failures that are told again at most.
const LINES: usize = 120;

/// Runs tests to their end, passes on what they print, and fails with the failed tests' own words.
pub fn run(command: &mut Command) -> Result<()> {
    let mut digest = Digest::default();
    let status = each_line(command, |line| {
        println!("{line}");
        digest.read(line);
    })?;
    if status.success() {
        return Ok(());
    }
    bail!("{status}\n{}", digest.told());
}

/// Picks the failures out of what `cargo test` prints.
#[derive(Default)]
struct Digest {
    inside: bool,
    kept: Vec<String>,
    left_out: usize,
    /// The programs that did not end well and why, told last: also those that died without a failed test.
    ends: Vec<String>,
    inside_ends: bool,
}

impl Digest {
    fn read(&mut self, line: &str) {
        if line == "failures:" {
            self.inside = true;
        }
        if self.inside && !line.is_empty() {
            if self.kept.len() < LINES {
                self.kept.push(line.to_owned());
            } else {
                self.left_out += 1;
            }
        }
        if line.starts_with("test result:") {
            self.inside = false;
        }
        // An error of cargo, with what it says in the indented lines below it.
        let is_error = line.starts_with("error:") || line.starts_with("error[");
        let is_below = line.is_empty() || line.starts_with(' ') || line == "Caused by:";
        self.inside_ends = is_error || (self.inside_ends && is_below);
        if self.inside_ends && !line.is_empty() {
            self.ends.push(line.to_owned());
        }
    }

    fn told(&self) -> String {
        let mut told = self.kept.join("\n");
        if self.left_out > 0 {
            told.push_str(&format!("\n… and {} lines more", self.left_out));
        }
        format!("{told}\n{}", self.ends.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn failures_are_kept_and_what_passed_is_not() {
        let printed = "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nleft is not right\n\nfailures:\n    b\n\n\
                       test result: FAILED. 1 passed\nerror: test failed, to rerun pass `-p desk --test find`\n\n\
                       Caused by:\n  process didn't exit successfully: `find` (signal: 11, SIGSEGV)\n     \
                       Running tests/c.rs\n\nrunning 1 test\ntest c ... ok\nerror: 1 target failed:\n    `-p desk --test find`";
        let mut digest = Digest::default();
        printed.lines().for_each(|line| digest.read(line));
        let told = digest.told();
        assert!(told.contains("left is not right"));
        assert!(told.contains("(signal: 11, SIGSEGV)"));
        assert!(told.ends_with("error: 1 target failed:\n    `-p desk --test find`"));
        assert!(!told.contains("... ok") && !told.contains("running 1 test"));
    }

    #[test]
    fn what_is_too_long_is_counted() {
        let mut digest = Digest::default();
        digest.read("failures:");
        (0..super::LINES).for_each(|n| digest.read(&n.to_string()));
        assert!(digest.told().contains("… and 1 lines more"));
    }
}
