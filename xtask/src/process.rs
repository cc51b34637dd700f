//! Starting programs: run to the end, or keep as a child that is ended by its own id.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

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
