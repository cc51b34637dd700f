//! A child program that is ended, by its own id, when its owner goes.

use std::path::PathBuf;
use std::process::{Child, Command};

use anyhow::{Context, Result};

/// A running child. Dropping it ends it.
pub struct Kept(Child);

impl Kept {
    /// Starts the command.
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        Ok(Self(
            command
                .spawn()
                .with_context(|| format!("cannot start {name}"))?,
        ))
    }

    /// The child itself, for its pipes and its id.
    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Ends the child now and waits until it is gone.
    pub fn end(mut self) -> Result<()> {
        self.0.kill().context("cannot end the child")?;
        self.0.wait().context("the child was lost")?;
        Ok(())
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait()
            && let Err(error) = self.0.kill().and_then(|()| self.0.wait().map(|_| ()))
        {
            eprintln!("process {} could not be ended: {error}", self.0.id());
        }
    }
}

/// A program built beside this one.
pub fn sibling(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("this program does not know where it lies")?;
    let mut folder = own
        .parent()
        .context("this program lies in no folder")?
        .to_path_buf();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    anyhow::ensure!(
        program.is_file(),
        "{} is missing: run `cargo xtask setup`, then build the workspace",
        program.display()
    );
    Ok(program)
}
