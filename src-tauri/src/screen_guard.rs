//! Whether the system may take pictures of the screen: only while the page says that all it shows is public.
//!
//! The system is told on Android alone (FLAG_SECURE: screenshots, recordings, the picture in the overview of apps). There
//! the window starts guarded, before any page is loaded. Other systems are told nothing.

use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use tauri::plugin::{Builder, PluginApi, TauriPlugin};
use tauri::{AppHandle, Manager, Wry};

/// What the page says of all that it shows at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shown {
    OnlyPublic,
    /// Something nonpublic or private, or something of which the page does not know yet.
    Nonpublic,
}

/// What can change the guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// A page begins to load: nothing has been said about it.
    PageStarts,
    /// What stood on the screen went with the keys; the page says anew what it shows instead.
    VaultLocked,
    PageSays(Shown),
}

// Meets: O.Data_1, O.Data_13, MASVS-PLATFORM-3
/// Whether the screen is guarded after this change. Whatever is not expressly public is.
fn is_guarded_after(change: Change) -> bool {
    change != Change::PageSays(Shown::OnlyPublic)
}

/// How the system is told, `true` to guard.
type Tell = Box<dyn Fn(bool) -> tauri::Result<()> + Send + Sync>;

/// The guard as the system was last told it.
struct ScreenGuard {
    is_guarded: Mutex<bool>,
    tell: Tell,
}

impl ScreenGuard {
    fn new(tell: Tell) -> Self {
        Self {
            is_guarded: Mutex::new(true),
            tell,
        }
    }

    /// Changes are made one after the other. A guard that is to stand is set each time, also where it should stand
    /// already: the window may be another one by now.
    ///
    /// Errors: the system did not answer; the next change tells it again.
    fn change(&self, change: Change) -> tauri::Result<()> {
        let wanted = is_guarded_after(change);
        let mut is_guarded = self
            .is_guarded
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !wanted && !*is_guarded {
            return Ok(());
        }
        *is_guarded = true;
        (self.tell)(wanted)?;
        *is_guarded = wanted;
        Ok(())
    }
}

/// The part of the app that keeps the guard; on Android `ScreenGuardPlugin.kt` is its other half.
pub(crate) fn plugin() -> TauriPlugin<Wry> {
    Builder::new("screen-guard")
        .setup(|app, api| {
            app.manage(ScreenGuard::new(teller(api)?));
            Ok(())
        })
        .build()
}

#[cfg(target_os = "android")]
fn teller(api: PluginApi<Wry, ()>) -> tauri::Result<Tell> {
    /// The arguments of the Kotlin command `guard`.
    #[derive(serde::Serialize)]
    struct GuardArgs {
        guarded: bool,
    }
    let kotlin = api.register_android_plugin("de.ratsmappe.app", "ScreenGuardPlugin")?;
    Ok(Box::new(move |guarded| {
        Ok(kotlin.run_mobile_plugin::<()>("guard", GuardArgs { guarded })?)
    }))
}

#[cfg(not(target_os = "android"))]
#[expect(clippy::unnecessary_wraps, reason = "on Android it can fail")]
fn teller(_api: PluginApi<Wry, ()>) -> tauri::Result<Tell> {
    Ok(Box::new(|_| Ok(())))
}

/// Applies a change. Waits for the system: not for the main thread.
///
/// Errors: the system did not answer.
pub(crate) fn change(app: &AppHandle, change: Change) -> tauri::Result<()> {
    app.state::<ScreenGuard>().change(change)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    const PUBLIC: Change = Change::PageSays(Shown::OnlyPublic);
    const NONPUBLIC: Change = Change::PageSays(Shown::Nonpublic);

    /// A system that notes what it is told and can fall silent.
    #[derive(Default)]
    struct System {
        told: Mutex<Vec<bool>>,
        is_silent: AtomicBool,
    }

    fn guard_over(system: &Arc<System>) -> ScreenGuard {
        let system = Arc::clone(system);
        ScreenGuard::new(Box::new(move |guarded| {
            if system.is_silent.load(Ordering::Relaxed) {
                return Err(tauri::Error::WebviewNotFound);
            }
            system.told.lock().unwrap().push(guarded);
            Ok(())
        }))
    }

    // Shows: O.Data_1, O.Data_13, MASVS-PLATFORM-3
    #[test]
    fn only_an_express_word_of_the_page_lifts_the_guard() {
        assert!(!is_guarded_after(PUBLIC));
        for change in [Change::PageStarts, Change::VaultLocked, NONPUBLIC] {
            assert!(is_guarded_after(change), "{change:?}");
        }
    }

    #[test]
    fn the_system_is_told_in_order_and_a_lifted_guard_once() {
        let system = Arc::new(System::default());
        let guard = guard_over(&system);
        for change in [
            Change::PageStarts,
            PUBLIC,
            PUBLIC,
            NONPUBLIC,
            PUBLIC,
            Change::VaultLocked,
            NONPUBLIC,
        ] {
            guard.change(change).unwrap();
        }
        assert_eq!(
            *system.told.lock().unwrap(),
            [true, false, true, false, true, true]
        );
    }

    #[test]
    fn after_silence_the_system_is_told_again() {
        let system = Arc::new(System::default());
        let guard = guard_over(&system);
        guard.change(PUBLIC).unwrap();
        system.is_silent.store(true, Ordering::Relaxed);
        assert!(guard.change(NONPUBLIC).is_err(), "silence is an error");
        assert!(guard.change(PUBLIC).is_err());
        system.is_silent.store(false, Ordering::Relaxed);
        guard.change(NONPUBLIC).unwrap();
        guard.change(PUBLIC).unwrap();
        assert_eq!(*system.told.lock().unwrap(), [false, true, false]);
    }

    #[test]
    fn the_page_says_it_in_these_words() {
        let said = |words: &str| serde_json::from_str::<Shown>(words).ok();
        assert_eq!(said("\"only-public\""), Some(Shown::OnlyPublic));
        assert_eq!(said("\"nonpublic\""), Some(Shown::Nonpublic));
        assert_eq!(said("\"public\""), None);
    }
}
