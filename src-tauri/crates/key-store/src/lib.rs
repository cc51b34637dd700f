//! The key store of the system the app runs on: on Linux desktops the Secret Service over D-Bus. Not what is kept there (see crate
//! `vault`), which is given bytes and names.
//!
//! It speaks the few messages it needs itself (`bus`, `message`): the usual crates bring an asynchronous bus and twenty others along
//! for six calls of one service, and a C library would be one more thing in the process that holds the keys.

#[cfg(unix)]
mod bus;
#[cfg(unix)]
mod message;
#[cfg(unix)]
mod secret_service;

#[cfg(unix)]
pub use secret_service::SecretService;

use std::sync::Arc;
use vault::KeyStore;

/// The key store of this platform; `None` where none is known yet. Whether it answers shows when it is asked.
pub fn of_platform() -> Option<Arc<dyn KeyStore>> {
    #[cfg(target_os = "linux")]
    return Some(Arc::new(SecretService::of_session()));
    #[cfg(not(target_os = "linux"))]
    None
}
