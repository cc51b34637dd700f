//! The app's real window, driven through WebKitWebDriver: find by test id, tap, type, look.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::process::{Kept, sibling};

/// How long the window may take to show something before the story fails.
const PATIENCE: Duration = Duration::from_secs(40);

/// How long a closed app may take to end by itself.
const FAREWELL: Duration = Duration::from_secs(8);

/// Name of the folder for downloads in a run.
const DOWNLOADS: &str = "downloads";
/// Name of the folder that every run begins anew.
const RUN: &str = "run";

/// One started app and its driver.
pub struct Window {
    client: Client,
    driver: Kept,
    out: PathBuf,
}

impl Window {
    /// Starts the app on its data folder and waits for its page.
    pub async fn open(data_dir: &Path, out: &Path) -> Result<Self> {
        Self::open_with(data_dir, out, &[]).await
    }

    /// The same with more in its environment.
    pub async fn open_with(data_dir: &Path, out: &Path, more: &[(&str, &str)]) -> Result<Self> {
        let (out, port) = prepare(out)?;
        let driver = Kept::start(
            Command::new("WebKitWebDriver")
                .arg(format!("--port={port}"))
                .env("TAURI_WEBVIEW_AUTOMATION", "true")
                .env("XDG_CONFIG_HOME", own_folders(&out.join(RUN))?)
                // What libraries keep there is searched, too.
                .env("XDG_CACHE_HOME", out.join(RUN).join("cache"))
                .env("XDG_DATA_HOME", out.join(RUN).join("share"))
                .env("XDG_STATE_HOME", out.join(RUN).join("state"))
                .env("PATH", programs_of(data_dir)?)
                .envs(more.iter().copied())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        let mut capabilities = serde_json::Map::new();
        let app = sibling("ratsmappe")?;
        capabilities.insert(
            "webkitgtk:browserOptions".into(),
            json!({"binary": app, "args": ["--data-dir", data_dir]}),
        );
        let client = connect(port, capabilities).await?;
        Ok(Self {
            client,
            driver,
            out,
        })
    }

    /// Opens a page in Chromium instead of the app.
    ///
    /// * `arguments` – of Chromium's command line.
    pub async fn in_chromium(address: &str, arguments: &[String], out: &Path) -> Result<Self> {
        let (out, port) = prepare(out)?;
        let driver = Kept::start(
            Command::new("chromedriver")
                .arg(format!("--port={port}"))
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".into(), json!({"args": arguments}));
        let client = connect(port, capabilities).await?;
        client
            .goto(address)
            .await
            .with_context(|| format!("Chromium does not load {address}"))?;
        Ok(Self {
            client,
            driver,
            out,
        })
    }

    /// Where the app of this window puts files for the member.
    #[must_use]
    pub fn downloads(&self) -> PathBuf {
        self.out.join(RUN).join(DOWNLOADS)
    }

    /// The folders that the app and the libraries below it write to, beside its data.
    #[must_use]
    pub fn own_folders(out: &Path) -> Vec<PathBuf> {
        let names = ["config", "cache", "share", "state"];
        let folders = names.map(|name| out.join(RUN).join(name));
        folders
            .into_iter()
            .filter(|folder| folder.is_dir())
            .collect()
    }

    /// The app's process.
    ///
    /// Errors: it is not there.
    pub fn app(&mut self) -> Result<u32> {
        let apps = children(self.driver.child().id())?;
        apps.first().copied().context("the app does not run")
    }

    /// The element with this test id, once it is there and shown.
    pub async fn find(&self, test_id: &str) -> Result<Element> {
        self.find_css(&format!("[data-testid=\"{test_id}\"]")).await
    }

    /// The first element of this CSS selector, once it is there.
    pub async fn find_css(&self, css: &str) -> Result<Element> {
        match self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css))
            .await
        {
            Ok(element) => Ok(element),
            Err(error) => {
                let left = self.shot("failed").await;
                bail!(
                    "{css} does not appear: {error}; screenshot {left:?}; text on the page: {}",
                    self.page_text().await?
                )
            }
        }
    }

    /// True if such an element is on the page now.
    pub async fn has_css(&self, css: &str) -> Result<bool> {
        Ok(!self.client.find_all(Locator::Css(css)).await?.is_empty())
    }

    /// Taps the element with this test id.
    pub async fn tap(&self, test_id: &str) -> Result<()> {
        self.tap_css(&format!("[data-testid=\"{test_id}\"]")).await
    }

    /// Taps the first element of this selector once it is enabled. A tap through the page's own event way: what the finger does after hit testing.
    /// One that cannot be reached, because it shows in part only or has just moved, is brought to the middle and tapped again.
    pub async fn tap_css(&self, css: &str) -> Result<()> {
        let begun = Instant::now();
        loop {
            self.find_css(css).await?;
            self.until(
                &format!("{css} is enabled"),
                "const e = document.querySelector(arguments[0]); return !!e && !e.disabled;",
                json!(css),
            )
            .await?;
            let tapped = self.find_css(css).await?.click().await;
            if tapped.is_ok() {
                return Ok(());
            }
            if begun.elapsed() >= PATIENCE {
                let left = self.shot("failed").await;
                return tapped.with_context(|| format!("cannot tap {css}; screenshot {left:?}"));
            }
            self.run(
                "document.querySelector(arguments[0])?.scrollIntoView({block: 'center'}); \
                 return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));",
                vec![json!(css)],
            )
            .await?;
        }
    }

    /// Types into the field with this test id, replacing what is there.
    pub async fn fill(&self, test_id: &str, text: &str) -> Result<()> {
        let field = self.find(test_id).await?;
        field.clear().await?;
        field
            .send_keys(text)
            .await
            .with_context(|| format!("cannot type into {test_id}"))
    }

    /// Keys where the focus is, one right after the other, apart by spaces.
    ///
    /// * `with` – held meanwhile: any of "shift control alt".
    pub async fn press(&self, keys: &str, with: &str) -> Result<()> {
        self.run(
            "const [keys, held] = arguments; for (const key of keys.split(' ')) (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', \
             {key, shiftKey: held.includes('shift'), ctrlKey: held.includes('control'), altKey: held.includes('alt'), bubbles: true, cancelable: true})); \
             return new Promise((done) => requestAnimationFrame(() => done(true)));",
            vec![json!(keys), json!(with)],
        )
        .await?;
        Ok(())
    }

    /// The text of the element with this test id.
    pub async fn text(&self, test_id: &str) -> Result<String> {
        Ok(self.find(test_id).await?.text().await?)
    }

    /// All text shown.
    pub async fn page_text(&self) -> Result<String> {
        Ok(self
            .run("return document.body.innerText;", vec![])
            .await?
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        self.client
            .execute(script, arguments)
            .await
            .context("a script failed in the page")
    }

    /// Keeps the next message with a way back on the screen: it stays while it has the focus, and goes after eight seconds
    /// otherwise, which a busy machine may need for the next step.
    pub async fn hold_toast(&self) -> Result<()> {
        let script = "const hold = () => { const undo = document.querySelector('[data-testid=toast-undo]'); if (undo) undo.focus(); return !!undo; }; \
            const seen = new MutationObserver(() => { if (hold()) seen.disconnect(); }); \
            seen.observe(document.body, { childList: true, subtree: true });";
        self.run(script, vec![]).await.map(|_| ())
    }

    /// Waits until the script returns true.
    pub async fn until(&self, what: &str, script: &str, argument: Value) -> Result<()> {
        self.until_within(PATIENCE, what, script, argument).await
    }

    /// The same with a patience of its own, for what the app does only after some time.
    pub async fn until_within(
        &self,
        patience: Duration,
        what: &str,
        script: &str,
        argument: Value,
    ) -> Result<()> {
        let wait = async {
            loop {
                if self.run(script, vec![argument.clone()]).await?.as_bool() == Some(true) {
                    return anyhow::Ok(());
                }
                // The driver's round trip paces the loop; nothing else waits here.
                tokio::task::yield_now().await;
            }
        };
        match tokio::time::timeout(patience, wait).await {
            Ok(result) => result,
            Err(_) => {
                let left = self.shot("failed").await;
                bail!(
                    "not within {} s: {what}; screenshot {left:?}; text on the page: {}",
                    patience.as_secs(),
                    self.page_text().await?
                )
            }
        }
    }

    /// Waits until all pages seen are sharp, in every pane.
    pub async fn until_sharp(&self) -> Result<()> {
        self.until(
            "the pages are sharp",
            "const all = [...document.querySelectorAll('[data-testid=pages]')]; return all.length > 0 && all.every((p) => { const tiles = [...p.querySelectorAll('[data-testid=tile]')]; \
               return p.dataset.settled === 'true' && tiles.length > 0 && tiles.every((t) => t.classList.contains('here')); });",
            Value::Null,
        )
        .await
    }

    /// Waits until the page shows this text.
    pub async fn until_text(&self, text: &str) -> Result<()> {
        self.until(
            &format!("the page shows “{text}”"),
            "return document.body.innerText.replaceAll('\\u00ad','').replaceAll('\\u00a0',' ').includes(arguments[0]);",
            json!(text),
        )
        .await
    }

    /// Loads the page again.
    pub async fn reload(&self) -> Result<()> {
        self.client
            .refresh()
            .await
            .context("the page does not load again")
    }

    /// Sets the window's size in CSS pixels and waits until the page has it.
    pub async fn size(&self, width: u32, height: u32) -> Result<()> {
        self.client
            .set_window_size(width, height)
            .await
            .context("the window cannot be resized")?;
        self.until(
            &format!("the window is {width} px wide and laid out"),
            "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(window.innerWidth === arguments[0]))));",
            json!(width),
        )
        .await
    }

    /// Takes a screenshot, prints its path.
    pub async fn shot(&self, name: &str) -> Result<PathBuf> {
        // What the page holds now is on the screen two frames later.
        self.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 60))));", vec![])
            .await?;
        let path = self.out.join(format!("{name}.png"));
        std::fs::write(
            &path,
            self.client.screenshot().await.context("no screenshot")?,
        )?;
        println!("screenshot {}", path.display());
        Ok(path)
    }

    /// Ends the app at once, as a flat battery does: nothing is asked and nothing is told.
    pub fn kill(mut self) -> Result<()> {
        for app in children(self.driver.child().id())? {
            end(app)?;
        }
        Ok(())
    }

    /// Closes the window and waits until the app is gone; an app that outlives its driver is ended by its id.
    pub async fn close(mut self) -> Result<()> {
        let apps = children(self.driver.child().id())?;
        self.client
            .close_window()
            .await
            .context("the window did not close")?;
        drop(self.client);
        drop(self.driver);
        for app in apps {
            let gone = async {
                while is_running(app) {
                    tokio::task::yield_now().await;
                }
            };
            if tokio::time::timeout(FAREWELL, gone).await.is_err() {
                println!("the app (process {app}) outlived its window and is ended");
                end(app)?;
            }
        }
        Ok(())
    }
}

/// A folder for screenshots, and a free port for a driver.
fn prepare(out: &Path) -> Result<(PathBuf, u16)> {
    std::fs::create_dir_all(out)?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    Ok((out.canonicalize()?, port))
}

/// Opens what the driver at this port drives.
async fn connect(port: u16, capabilities: serde_json::Map<String, Value>) -> Result<Client> {
    let address = format!("http://127.0.0.1:{port}");
    let connect = async {
        loop {
            match tokio::net::TcpStream::connect(("127.0.0.1", port)).await {
                Ok(_) => break,
                Err(_) => tokio::task::yield_now().await,
            }
        }
        ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&address)
            .await
    };
    tokio::time::timeout(PATIENCE, connect)
        .await
        .context("the driver did not open the app; is there a display?")?
        .context("the driver refused the app")
}

/// Settings in which the folder for downloads lies below `run`, so that a story leaves nothing in a person's own.
///
/// Source: xdg-user-dirs, user-dirs.dirs(5).
fn own_folders(run: &Path) -> Result<PathBuf> {
    let config = run.join("config");
    std::fs::create_dir_all(&config)?;
    let downloads = run.join(DOWNLOADS);
    std::fs::create_dir_all(&downloads)?;
    let line = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", downloads.display());
    std::fs::write(config.join("user-dirs.dirs"), line)?;
    Ok(config)
}

/// Where the app looks for programs: in the folder `bin` beside its data first, which a story may fill.
fn programs_of(data_dir: &Path) -> Result<std::ffi::OsString> {
    let usual = std::env::var_os("PATH").unwrap_or_default();
    let own = data_dir.with_file_name("bin");
    std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&usual)))
        .context("a folder of programs cannot be named")
}

/// Ends a process by its id and waits until it is gone.
fn end(app: u32) -> Result<()> {
    Command::new("kill")
        .arg("-9")
        .arg(app.to_string())
        .status()
        .context("kill is missing")?;
    while is_running(app) {
        std::thread::yield_now();
    }
    Ok(())
}

/// The processes whose parent is this one.
pub(crate) fn children(parent: u32) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").context("/proc cannot be read")? {
        let Ok(pid) = entry?.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        if parent_and_state(pid).is_some_and(|(of, _)| of == parent) {
            found.push(pid);
        }
    }
    Ok(found)
}

/// True until the process is gone or only waits to be collected.
fn is_running(pid: u32) -> bool {
    parent_and_state(pid).is_some_and(|(_, state)| state != "Z" && state != "X")
}

/// Parent and state letter of a process. Source: proc(5), `/proc/PID/stat`, fields 3 and 4 after the name in brackets.
fn parent_and_state(pid: u32) -> Option<(u32, String)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?.to_owned();
    Some((fields.next()?.parse().ok()?, state))
}
