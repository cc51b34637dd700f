//! Against a real gnome-keyring-daemon on a bus of its own: `cargo xtask setup` brings both programs.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use key_store::SecretService;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use vault::{Door, KdfCost, KeyStore, KeyStoreError, Passphrase, Pin, UnlockError, system_moment};

const BUS: &str = r#"<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#;

/// A bus and, once started, the daemon on it; both end with it.
struct Desktop {
    bus: Child,
    address: String,
    daemon: Option<Child>,
    home: tempfile::TempDir,
}

impl Desktop {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        // Without services that the bus would start by itself.
        let config = home.path().join("bus.conf");
        std::fs::write(&config, BUS).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("dbus-daemon is missing, run cargo xtask setup: {error}")
            });
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        Self {
            bus,
            address: address.trim().to_owned(),
            daemon: None,
            home,
        }
    }

    /// Starts the daemon, unlocked by the password of a session, or without one.
    fn start(&mut self, is_unlocked: bool) {
        self.stop();
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if is_unlocked {
            command.arg("--unlock");
        }
        let mut daemon = command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("XDG_RUNTIME_DIR", self.home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("gnome-keyring-daemon is missing: {error}"));
        daemon.stdin.take().unwrap().write_all(b"sitzung").unwrap();
        let begun = std::time::Instant::now();
        while matches!(self.store().get("anything"), Err(KeyStoreError::Missing)) {
            let ended = daemon.try_wait().unwrap();
            assert!(
                begun.elapsed().as_secs() < 20 && ended.is_none(),
                "the daemon does not come up: {ended:?}"
            );
            std::thread::yield_now();
        }
        self.daemon = Some(daemon);
    }

    fn stop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill().unwrap();
            daemon.wait().unwrap();
        }
    }

    fn store(&self) -> SecretService {
        SecretService::at(self.address.clone())
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        self.stop();
        drop(self.bus.kill());
        drop(self.bus.wait());
    }
}

#[test]
fn a_real_daemon_keeps_secrets_and_says_when_it_is_locked_or_not_there() {
    let mut desktop = Desktop::new();
    let store = desktop.store();
    assert!(
        matches!(store.get("a"), Err(KeyStoreError::Missing)),
        "nothing on the bus"
    );
    desktop.start(true);
    assert!(store.get("a").unwrap().is_none());
    let secret: Vec<u8> = (0..=255).collect();
    store.set("a", &secret).unwrap();
    store.set("b", b"").unwrap();
    assert_eq!(store.get("a").unwrap().unwrap().as_slice(), secret);
    assert_eq!(store.get("b").unwrap().unwrap().as_slice(), b"");
    store.set("a", b"other").unwrap();
    assert_eq!(
        store.get("a").unwrap().unwrap().as_slice(),
        b"other",
        "in its place"
    );
    store.remove("b").unwrap();
    store.remove("never").unwrap();
    assert!(store.get("b").unwrap().is_none());

    // Killed at once: what was kept is durable.
    desktop.start(true);
    assert_eq!(store.get("a").unwrap().unwrap().as_slice(), b"other");

    desktop.start(false);
    for refused in [
        store.get("a").map(drop),
        store.get("c").map(drop),
        store.set("a", b"x"),
        store.remove("a"),
    ] {
        assert!(matches!(refused, Err(KeyStoreError::Locked)), "{refused:?}");
    }
    desktop.stop();
    assert!(matches!(store.get("a"), Err(KeyStoreError::Missing)));
    assert!(matches!(
        SecretService::at("unix:path=/nowhere").get("a"),
        Err(KeyStoreError::Missing)
    ));
}

fn door(folder: &Path, desktop: &Desktop) -> Door {
    Door::new(folder, Some(std::sync::Arc::new(desktop.store())))
}

#[test]
fn a_pin_opens_with_a_real_daemon_and_an_older_counter_gives_nothing() {
    let mut desktop = Desktop::new();
    desktop.start(true);
    let folder = tempfile::tempdir().unwrap();
    let door = door(folder.path(), &desktop);
    let passphrase = Passphrase::new("apfel birne kirsche traube melone");
    let (vault, _) = door.create_with(&passphrase, KdfCost::for_tests()).unwrap();
    let (pin, wrong) = (Pin::new("731904"), Pin::new("731905"));
    vault.set_pin(&pin).unwrap();
    vault.lock();
    door.unlock_with_pin(&pin, system_moment()).unwrap().lock();

    let tries = folder.path().join("tries");
    let fresh = std::fs::read(&tries).unwrap();
    for _ in 0..5 {
        let refused = door.unlock_with_pin(&wrong, system_moment());
        assert!(matches!(refused, Err(UnlockError::WrongSecret)));
        std::fs::write(&tries, &fresh).unwrap();
    }
    let refused = door.unlock_with_pin(&pin, system_moment());
    assert!(
        matches!(refused, Err(UnlockError::PinRefused)),
        "{refused:?}"
    );

    desktop.stop();
    let alone = door.unlock_with_pin(&pin, system_moment());
    assert!(matches!(
        alone,
        Err(UnlockError::KeyStore(KeyStoreError::Missing))
    ));
    desktop.start(true);
    let again = door.unlock(&passphrase, system_moment());
    assert!(
        matches!(again, Err(UnlockError::Waiting { .. })),
        "five tries were counted"
    );
}
