//! The address of a council server, as people write it.
//!
//! Only scheme, host and port count; it says where to knock, the pins say who may answer.

use reqwest::Url;

/// Why a text is no address of a council server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not an address at all.
    #[error("this is not an address")]
    Unreadable,
    /// Something else than https.
    #[error("the address must begin with https")]
    NotHttps,
    /// A path, query or user stands in it.
    #[error("the address has more than a host and a port")]
    TooMuch,
}

/// Where a council server listens: `https://host:port`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address(Url);

impl Address {
    // Meets: MASVS-NETWORK-1
    /// Reads an address; `https://` may be left out.
    pub(crate) fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let full = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&full).map_err(|_| AddressError::Unreadable)?;
        if url.scheme() != "https" {
            return Err(AddressError::NotHttps);
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(AddressError::Unreadable);
        }
        let bare =
            matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::TooMuch);
        }
        Ok(Self(url))
    }

    /// `https://host:port`, without a slash at the end.
    pub(crate) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The URL of a path with its query.
    pub(crate) fn join(&self, path_and_query: &str) -> Result<Url, AddressError> {
        self.0
            .join(path_and_query)
            .map_err(|_| AddressError::Unreadable)
    }

    /// Whether the server runs on this very machine, where no proxy helps.
    pub(crate) fn is_loopback(&self) -> bool {
        match self.0.host_str() {
            Some("localhost") => true,
            Some(host) => host
                .trim_matches(['[', ']'])
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback()),
            None => false,
        }
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, AddressError};

    #[test]
    fn people_may_leave_out_the_scheme() {
        for text in [
            "https://rat.example:8443/",
            "rat.example:8443",
            " https://rat.example:8443 ",
        ] {
            assert_eq!(
                Address::parse(text).unwrap().origin(),
                "https://rat.example:8443"
            );
        }
        assert_eq!(
            Address::parse("rat.example").unwrap().origin(),
            "https://rat.example"
        );
    }

    // Shows: MASVS-NETWORK-1
    #[test]
    fn anything_but_host_and_port_is_refused() {
        assert_eq!(
            Address::parse("http://rat.example"),
            Err(AddressError::NotHttps)
        );
        assert_eq!(
            Address::parse("https://rat.example/ris"),
            Err(AddressError::TooMuch)
        );
        assert_eq!(
            Address::parse("https://me@rat.example"),
            Err(AddressError::TooMuch)
        );
        assert_eq!(
            Address::parse("not an address"),
            Err(AddressError::Unreadable)
        );
        assert_eq!(Address::parse(""), Err(AddressError::Unreadable));
    }

    #[test]
    fn loopback_is_known_in_every_spelling() {
        for text in ["localhost:1", "127.0.0.1:1", "[::1]:1"] {
            assert!(Address::parse(text).unwrap().is_loopback(), "{text}");
        }
        assert!(!Address::parse("rat.example").unwrap().is_loopback());
    }
}
