//! The way out: hands a web or mail address to the system's browser or mail program. The page has no command for it;
//! `desk` calls it with an address that stands in a document and that the member has agreed to.

use desk::AddressOpener;

/// How long a starter that fails may take to say so; one that is still at work then has done its part.
#[cfg(not(any(target_os = "android", target_os = "ios")))]
const FAILURE_WITHIN: std::time::Duration = std::time::Duration::from_secs(2);

#[cfg(not(any(target_os = "android", target_os = "ios")))]
pub(crate) fn opener() -> AddressOpener {
    std::sync::Arc::new(|address| {
        open::that_detached_with_timeout(address.as_str(), FAILURE_WITHIN)
    })
}

#[cfg(any(target_os = "android", target_os = "ios"))]
pub(crate) fn opener() -> AddressOpener {
    desk::opens_nothing()
}
