//! Starting programs: run to the end, or keep as a child that is ended by its own id.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long a program that has ended may be silent before nothing more is expected of it.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// A command in the checkout's top folder.
pub fn command(program: impl AsRef<Path>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program.as_ref());
    command.args(arguments).current_dir(crate::paths::root());
    // Cargo describes this very program in these; build scripts of others take them for their own and build anew.
    for (name, _) in std::env::vars_os() {
        let described = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if described {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command to its end and fails with its words if it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let words = words(command);
    let status = command
        .status()
        .with_context(|| format!("cannot start: {words}"))?;
    if !status.success() {
        bail!("{words}: {status}");
    }
    Ok(())
}

/// Runs a command beside others: each line it prints begins with a name.
pub fn run_named(name: &str, command: &mut Command) -> Result<()> {
    let words = words(command);
    let status = each_line(command, |line| println!("{name} │ {line}"))?;
    if !status.success() {
        bail!("{words}: {status}");
    }
    Ok(())
}

/// Runs a command to its end and gives each line that it prints, on whichever of the two streams.
pub fn each_line(command: &mut Command, mut take: impl FnMut(&str)) -> Result<ExitStatus> {
    let words = words(command);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start: {words}"))?;
    let (send, lines) = channel();
    if let Some(pipe) = child.stdout.take() {
        pass(pipe, send.clone());
    }
    if let Some(pipe) = child.stderr.take() {
        pass(pipe, send);
    }
    let lost = || format!("{words}: lost");
    loop {
        match lines.recv_timeout(LAST_WORDS) {
            Ok(line) => take(&line),
            Err(RecvTimeoutError::Disconnected) => return child.wait().with_context(lost),
            // Somebody it has started holds the streams open still.
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = child.try_wait().with_context(lost)? {
                    return Ok(status);
                }
            }
        }
    }
}

fn pass(pipe: impl Read + Send + 'static, to: Sender<String>) {
    thread::spawn(move || {
        let mut lines = BufReader::new(pipe).split(b'\n');
        while let Some(Ok(line)) = lines.next() {
            if to
                .send(String::from_utf8_lossy(&line).into_owned())
                .is_err()
            {
                return;
            }
        }
    });
}

/// Runs a command and returns what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let words = words(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start: {words}"))?;
    if !output.status.success() {
        bail!("{words}: {}", output.status);
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{words}: printed bytes that are no text"))
}

/// True if the program can be started at all.
pub fn exists(program: &str, argument: &str) -> bool {
    Command::new(program)
        .arg(argument)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Runs a named step and prints its seconds.
pub fn timed<T>(name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("── {name}");
    let start = Instant::now();
    let result = step();
    let verdict = if result.is_ok() { "ok" } else { "FAILED" };
    println!(
        "── {name}: {verdict}, {:.1} s",
        start.elapsed().as_secs_f64()
    );
    result
}

/// A child process that ends with its owner.
pub struct Kept(pub Child);

impl Kept {
    /// Starts a command and keeps it until dropped.
    pub fn start(command: &mut Command) -> Result<Self> {
        let words = words(command);
        Ok(Self(
            command
                .spawn()
                .with_context(|| format!("cannot start: {words}"))?,
        ))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait()
            && let Err(error) = self.0.kill()
        {
            eprintln!("process {} could not be ended: {error}", self.0.id());
        }
        if let Err(error) = self.0.wait() {
            eprintln!("process {} was lost: {error}", self.0.id());
        }
    }
}

fn words(command: &Command) -> String {
    let mut words = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        words.push(' ');
        words.push_str(&argument.to_string_lossy());
    }
    words
}
