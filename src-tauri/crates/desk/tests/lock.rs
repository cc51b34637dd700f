//! The lock as the page meets it: waits after wrong tries, locking by itself, changing what opens the portfolio.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use desk::{Desk, DeskConfig, DeskEvent, ErrorCode, Moment};
use serde_json::{Value, json};
use vault::{KeyStore, KeyStoreInMemory, StoreMood};

const PASSPHRASE: &str = "Wolke Brunnen Fahrrad Kastanie Lampe Donner";
const OTHER: &str = "Segel Nagel Vogel Hafen Tinte Mantel";
const MINUTE_MS: u64 = 60_000;

/// A tablet whose clocks a test holds: the date that anybody can set, and the stopwatch that nobody can.
struct Tablet {
    dir: tempfile::TempDir,
    date_ms: Arc<AtomicI64>,
    elapsed_ms: Arc<AtomicU64>,
    run: Arc<Mutex<u8>>,
    key_store: Option<Arc<dyn KeyStore>>,
    desk: Option<Desk>,
}

impl Tablet {
    fn new() -> Self {
        Self::made(None)
    }

    fn with_key_store(store: Arc<dyn KeyStore>) -> Self {
        Self::made(Some(store))
    }

    fn made(key_store: Option<Arc<dyn KeyStore>>) -> Self {
        let mut tablet = Self {
            dir: tempfile::tempdir().unwrap(),
            date_ms: Arc::new(AtomicI64::new(1_795_000_000_000)),
            elapsed_ms: Arc::new(AtomicU64::new(1_000_000)),
            run: Arc::default(),
            key_store,
            desk: None,
        };
        tablet.start();
        tablet
    }

    /// Starts the program, after ending the one that runs.
    fn start(&mut self) {
        self.desk = None;
        let (date, elapsed, run) = (
            Arc::clone(&self.date_ms),
            Arc::clone(&self.elapsed_ms),
            Arc::clone(&self.run),
        );
        let dir: &Path = self.dir.path();
        let config = DeskConfig {
            data_dir: dir.join("data"),
            pdfium: dir.join("no-pdfium.so"),
            pdf_helper: dir.join("no-helper"),
            export_dir: dir.join("downloads"),
            clock: Arc::new(move || date.load(Ordering::Relaxed)),
            locale: Some("de_DE.UTF-8".to_owned()),
            key_store: self.key_store.clone(),
            open_address: desk::opens_nothing(),
        };
        let stopwatch = Arc::new(move || Moment {
            run: [*run.lock().unwrap(); 16],
            elapsed_ms: elapsed.load(Ordering::Relaxed),
        });
        self.desk = Some(Desk::with_stopwatch(config, stopwatch).unwrap());
    }

    fn desk(&self) -> &Desk {
        self.desk.as_ref().unwrap()
    }

    fn pass(&self, ms: u64) {
        self.elapsed_ms.fetch_add(ms, Ordering::Relaxed);
    }

    fn ask(&self, name: &str, request: Value) -> Value {
        self.desk()
            .call(name, request)
            .unwrap_or_else(|error| panic!("{name}: {:?}", error.code))
    }

    fn refusal(&self, name: &str, request: Value) -> ErrorCode {
        self.desk().call(name, request).expect_err("refused").code
    }

    /// Makes the vault; its recovery code.
    fn set_up(&self) -> Value {
        self.ask("vault_create", json!({"passphrase": PASSPHRASE}))["recoveryCode"].clone()
    }

    fn wait_ms(&self) -> u64 {
        self.ask("unlock_state", json!({}))["waitMs"]
            .as_u64()
            .unwrap()
    }

    fn wrong(&self) -> ErrorCode {
        self.refusal("vault_unlock", json!({"passphrase": "falsch"}))
    }
}

// Shows: O.Auth_7, MASVS-AUTH-2
#[test]
fn after_five_wrong_tries_the_next_one_waits_whatever_the_date_says() {
    let mut tablet = Tablet::new();
    let code = tablet.set_up();
    tablet.ask("vault_lock", json!({}));
    for _ in 0..5 {
        assert_eq!(tablet.wait_ms(), 0);
        assert_eq!(tablet.wrong(), ErrorCode::WrongPassphrase);
    }
    assert_eq!(tablet.wait_ms(), 30_000);
    let right = json!({"passphrase": PASSPHRASE});
    assert_eq!(
        tablet.refusal("vault_unlock", right.clone()),
        ErrorCode::UnlockWait,
        "not even the right one is looked at"
    );
    for jump_ms in [86_400_000, -900_000_000, 40_000_000_000] {
        tablet.date_ms.fetch_add(jump_ms, Ordering::Relaxed);
        tablet.start();
        assert_eq!(
            tablet.wait_ms(),
            30_000,
            "the date gives nothing and takes nothing"
        );
    }
    tablet.pass(29_999);
    assert_eq!(tablet.wrong(), ErrorCode::UnlockWait);
    tablet.start();
    assert_eq!(
        tablet.wait_ms(),
        1,
        "the time counts while the program does not run"
    );
    tablet.pass(1);
    assert_eq!(tablet.wrong(), ErrorCode::WrongPassphrase);
    for minutes in [1, 5, 15, 60] {
        assert_eq!(tablet.wait_ms(), minutes * MINUTE_MS);
        // The device starts anew: nobody knows how long it was off.
        tablet.pass(minutes * MINUTE_MS / 2);
        *tablet.run.lock().unwrap() += 1;
        assert_eq!(tablet.wait_ms(), minutes * MINUTE_MS);
        tablet.pass(minutes * MINUTE_MS);
        assert_eq!(tablet.wrong(), ErrorCode::WrongPassphrase);
    }
    assert_eq!(tablet.ask("unlock_state", json!({}))["triesLeft"], 0);
    assert_eq!(
        tablet.refusal("vault_unlock", right),
        ErrorCode::UnlockOnlyRecovery
    );
    tablet.ask("vault_unlock_recovery", json!({"code": code}));
    let state = tablet.ask("unlock_state", json!({}));
    assert_eq!(
        state,
        json!({"triesLeft": 10, "freeTries": 5, "mostTries": 10, "waitMs": 0, "pin": {
            "isSet": false, "keyStore": "missing", "triesLeft": 5, "leastDigits": 6, "mostDigits": 12
        }})
    );
}

// Shows: O.Auth_9
#[test]
fn the_portfolio_locks_by_itself_and_says_so_before() {
    let tablet = Tablet::new();
    tablet.set_up();
    let mut events = tablet.desk().events();
    let mut told = || -> Vec<DeskEvent> {
        std::iter::from_fn(|| events.try_recv().ok())
            .filter(|event| matches!(event, DeskEvent::LockSoon { .. } | DeskEvent::VaultLocked))
            .collect()
    };
    tablet.pass(4 * MINUTE_MS);
    tablet.ask("activity", json!({}));
    tablet.pass(4 * MINUTE_MS);
    tablet.desk().lock_if_idle();
    assert_eq!(told(), [], "whoever turned a page stays");
    tablet.pass(45_000);
    tablet.desk().lock_if_idle();
    tablet.desk().lock_if_idle();
    assert_eq!(
        told(),
        [DeskEvent::LockSoon { left_ms: 15_000 }],
        "told once"
    );
    tablet.ask("activity", json!({}));
    tablet.pass(15_000);
    tablet.desk().lock_if_idle();
    assert_eq!(told(), [], "one tap is enough");
    tablet.pass(4 * MINUTE_MS + 30_000);
    tablet.desk().lock_if_idle();
    assert_eq!(told().len(), 1);
    let draft = json!([{"key": "item-1", "text": "Frage nach der Grünfläche"}]);
    tablet.ask("drafts_keep", json!({"drafts": draft}));
    tablet.pass(15_000);
    tablet.desk().lock_if_idle();
    assert_eq!(told(), [DeskEvent::VaultLocked]);
    assert_eq!(tablet.refusal("today", json!({})), ErrorCode::Locked);
    assert_eq!(tablet.refusal("activity", json!({})), ErrorCode::Locked);
    assert_eq!(tablet.desk().page_image("/1/0", "s=1").status, 401);
    tablet.desk().lock_if_idle();
    assert_eq!(told(), [], "a locked one is not locked again");

    tablet.ask("vault_unlock", json!({"passphrase": PASSPHRASE}));
    tablet.desk().lock_if_idle();
    assert_eq!(tablet.ask("drafts_take", json!({}))["drafts"], draft);
    assert_eq!(
        tablet.ask("drafts_take", json!({}))["drafts"],
        json!([]),
        "given back once"
    );
}

#[test]
fn leaving_the_app_is_told_once_the_portfolio_is_open_and_never_while_it_is_locked() {
    let tablet = Tablet::new();
    let mut events = tablet.desk().events();
    let wait = tablet.desk().leave();
    assert!(!wait.is_zero(), "the page gets time to store its texts");
    assert!(events.try_recv().is_err(), "nothing is open yet");

    tablet.ask("vault_create", json!({"passphrase": PASSPHRASE}));
    let mut events = tablet.desk().events();
    assert_eq!(tablet.desk().leave(), wait);
    let told = events.try_recv().unwrap();
    let DeskEvent::LockSoon { left_ms } = told else {
        panic!("{told:?}");
    };
    assert_eq!(
        u128::from(left_ms),
        wait.as_millis(),
        "what is told is what is waited"
    );
    assert_eq!(
        tablet.ask("app_status", json!({}))["vault"],
        "open",
        "telling alone locks nothing"
    );

    tablet.ask("vault_lock", json!({}));
    let mut events = tablet.desk().events();
    tablet.desk().leave();
    assert!(
        events.try_recv().is_err(),
        "a locked portfolio has nothing to store"
    );
}

#[test]
fn the_time_until_it_locks_is_the_members_choice_and_never_never() {
    let tablet = Tablet::new();
    tablet.set_up();
    let mut settings = tablet.ask("settings_get", json!({}));
    assert_eq!(settings["autoLockMin"], 5);
    for (wanted, got) in [(30, 30), (0, 1), (1_000_000, 30)] {
        settings["autoLockMin"] = json!(wanted);
        assert_eq!(
            tablet.ask("settings_set", settings.clone())["autoLockMin"],
            got
        );
    }
    tablet.pass(29 * MINUTE_MS);
    tablet.desk().lock_if_idle();
    assert_eq!(tablet.ask("app_status", json!({}))["vault"], "open");
    tablet.pass(MINUTE_MS);
    tablet.desk().lock_if_idle();
    assert_eq!(tablet.ask("app_status", json!({}))["vault"], "locked");
}

// Shows: O.Auth_11, O.Pass_3, MASVS-AUTH-3
#[test]
fn a_new_passphrase_needs_the_old_one_which_is_dead_at_once() {
    let tablet = Tablet::new();
    tablet.set_up();
    let change = |old: Value| json!({"passphrase": OTHER, "old": old});
    assert_eq!(
        tablet.refusal("passphrase_change", json!({"passphrase": OTHER})),
        ErrorCode::WrongPassphrase
    );
    assert_eq!(
        tablet.refusal("passphrase_change", change(json!("falsch"))),
        ErrorCode::WrongPassphrase
    );
    assert_eq!(
        tablet.refusal(
            "passphrase_change",
            json!({"passphrase": "kurz", "old": PASSPHRASE})
        ),
        ErrorCode::WeakPassphrase
    );
    assert_eq!(
        tablet.ask("unlock_state", json!({}))["triesLeft"],
        9,
        "a wrong old one counts, a weak new one does not"
    );
    tablet.ask("passphrase_change", change(json!(PASSPHRASE)));
    assert_eq!(
        tablet.refusal("passphrase_change", change(json!(PASSPHRASE))),
        ErrorCode::WrongPassphrase
    );
    tablet.ask("vault_lock", json!({}));
    assert_eq!(
        tablet.refusal("vault_unlock", json!({"passphrase": PASSPHRASE})),
        ErrorCode::WrongPassphrase
    );
    tablet.ask("vault_unlock", json!({"passphrase": OTHER}));
}

// Shows: O.Auth_14, MASVS-AUTH-3
#[test]
fn a_new_recovery_code_kills_the_old_one_and_opens_the_way_to_a_new_passphrase_once() {
    let tablet = Tablet::new();
    let old = tablet.set_up();
    assert_eq!(
        tablet.refusal("recovery_renew", json!({"passphrase": "falsch"})),
        ErrorCode::WrongPassphrase
    );
    let new =
        tablet.ask("recovery_renew", json!({"passphrase": PASSPHRASE}))["recoveryCode"].clone();
    assert_ne!(old, new);
    tablet.ask("vault_lock", json!({}));
    assert_eq!(
        tablet.refusal("vault_unlock_recovery", json!({"code": old})),
        ErrorCode::WrongRecoveryCode
    );
    tablet.ask("vault_unlock_recovery", json!({"code": new}));
    tablet.ask("passphrase_change", json!({"passphrase": OTHER}));
    assert_eq!(
        tablet.refusal("passphrase_change", json!({"passphrase": PASSPHRASE})),
        ErrorCode::WrongPassphrase,
        "once, and then the passphrase is known again"
    );
}

#[test]
fn a_pin_opens_where_there_is_a_key_store_and_five_wrong_ones_end_it() {
    let store = Arc::new(KeyStoreInMemory::default());
    let tablet = Tablet::with_key_store(Arc::clone(&store) as _);
    tablet.set_up();
    let pin = || tablet.ask("unlock_state", json!({}))["pin"].clone();
    assert_eq!(
        (&pin()["isSet"], &pin()["keyStore"]),
        (&json!(false), &json!("ready"))
    );
    let set = |passphrase: &str, pin: &str| json!({"passphrase": passphrase, "pin": pin});
    let refused = |request| tablet.refusal("pin_set", request);
    assert_eq!(refused(set(PASSPHRASE, "123456")), ErrorCode::WeakPin);
    assert_eq!(refused(set("falsch", "731904")), ErrorCode::WrongPassphrase);
    tablet.ask("pin_set", set(PASSPHRASE, "731904"));
    tablet.ask("vault_lock", json!({}));
    tablet.ask("vault_unlock_pin", json!({"pin": "731904"}));
    tablet.ask("vault_lock", json!({}));

    store.be(StoreMood::Locked);
    assert_eq!(pin()["keyStore"], "locked");
    let right = || json!({"pin": "731904"});
    assert_eq!(
        tablet.refusal("vault_unlock_pin", right()),
        ErrorCode::KeyStoreLocked
    );
    store.be(StoreMood::Open);
    for left in (0..5).rev() {
        let wrong = tablet.refusal("vault_unlock_pin", json!({"pin": "731905"}));
        assert_eq!(wrong, ErrorCode::WrongPin);
        assert_eq!(pin()["triesLeft"], left);
    }
    assert_eq!(
        tablet.refusal("vault_unlock_pin", right()),
        ErrorCode::PinRefused
    );
    tablet.pass(30_000);
    tablet.ask("vault_unlock", json!({"passphrase": PASSPHRASE}));
    tablet.ask("vault_lock", json!({}));
    tablet.ask("vault_unlock_pin", right());
    tablet.ask("pin_remove", json!({}));
    tablet.ask("vault_lock", json!({}));
    assert_eq!(
        tablet.refusal("vault_unlock_pin", right()),
        ErrorCode::PinUnset
    );
}

#[test]
fn without_a_key_store_no_pin_is_chosen() {
    let tablet = Tablet::new();
    tablet.set_up();
    assert_eq!(
        tablet.ask("unlock_state", json!({}))["pin"]["keyStore"],
        "missing"
    );
    let request = json!({"passphrase": PASSPHRASE, "pin": "731904"});
    assert_eq!(
        tablet.refusal("pin_set", request),
        ErrorCode::KeyStoreMissing
    );
}
