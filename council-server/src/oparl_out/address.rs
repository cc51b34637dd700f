//! Addresses of the open interface: made here, read here. They are made from the configured public address alone;
//! no header of a request has a say in them.

use std::net::SocketAddr;

use sync_protocol::ids::ObjectId;

use super::kind::Kind;
use crate::error::ServerError;

/// Where the interface begins.
pub(crate) const ROOT: &str = "/oparl/";

/// Makes addresses.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    /// Scheme, name and port, without a slash at the end; empty: addresses relative to the server.
    base: String,
}

/// What an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    System,
    List(Kind),
    Object(Kind, ObjectId),
    /// The bytes of a file, to be shown.
    Access(ObjectId),
    /// The bytes of a file, to be saved.
    Download(ObjectId),
}

impl Addresses {
    /// Addresses below the configured public address, else below the address that the server listens on.
    ///
    /// Errors: `PublicUrl` where the configured address is none, or where there is none and the server listens on all.
    pub(crate) fn new(public_url: Option<&str>, listen: SocketAddr) -> Result<Self, ServerError> {
        let Some(configured) = public_url else {
            if listen.ip().is_unspecified() {
                return Err(ServerError::PublicUrl);
            }
            return Ok(Self {
                base: format!("https://{listen}"),
            });
        };
        let url = reqwest::Url::parse(configured).map_err(|_| ServerError::PublicUrl)?;
        let is_plain = matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if is_plain {
            let base = url.as_str().trim_end_matches('/').to_owned();
            Ok(Self { base })
        } else {
            Err(ServerError::PublicUrl)
        }
    }

    /// Addresses without a server's name: what an object says must not depend on where it is asked for.
    pub(crate) fn relative() -> Self {
        Self {
            base: String::new(),
        }
    }

    pub(crate) fn system(&self) -> String {
        format!("{}{ROOT}", self.base)
    }

    pub(crate) fn list(&self, kind: Kind) -> String {
        format!("{}{}", self.system(), kind.segment())
    }

    pub(crate) fn object(&self, kind: Kind, id: &ObjectId) -> String {
        match kind {
            Kind::System => self.system(),
            kind => format!("{}/{id}", self.list(kind)),
        }
    }

    pub(crate) fn access(&self, file: &ObjectId) -> String {
        format!("{}/access", self.object(Kind::File, file))
    }

    pub(crate) fn download(&self, file: &ObjectId) -> String {
        format!("{}/download", self.object(Kind::File, file))
    }
}

/// What a path names. Each thing has exactly one path: other spellings name nothing.
pub(crate) fn place_of(path: &str) -> Option<Place> {
    let rest = path.strip_prefix(ROOT)?;
    if rest.is_empty() {
        return Some(Place::System);
    }
    let mut parts = rest.split('/');
    let kind = Kind::from_segment(parts.next()?)?;
    let Some(text) = parts.next() else {
        return Some(Place::List(kind));
    };
    let id: ObjectId = text.parse().ok()?;
    if id.to_string() != text {
        return None;
    }
    match (kind, parts.next(), parts.next()) {
        (kind, None, _) => Some(Place::Object(kind, id)),
        (Kind::File, Some("access"), None) => Some(Place::Access(id)),
        (Kind::File, Some("download"), None) => Some(Place::Download(id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_names_its_own_place() {
        let id = ObjectId::from_bytes([0xab; 16]);
        let here = Addresses::relative();
        for kind in Kind::LISTED {
            assert_eq!(place_of(&here.list(kind)), Some(Place::List(kind)));
            let object = here.object(kind, &id);
            assert_eq!(place_of(&object), Some(Place::Object(kind, id)));
            assert_eq!(place_of(&object.replace("abab", "ABAB")), None);
            assert_eq!(place_of(&format!("{object}/")), None);
        }
        assert_eq!(place_of(&here.system()), Some(Place::System));
        assert_eq!(place_of(&here.access(&id)), Some(Place::Access(id)));
        assert_eq!(place_of(&here.download(&id)), Some(Place::Download(id)));
        for nothing in ["/oparl", "/oparl/x", "/oparl//", "/oparl/paper/12", "/v1/"] {
            assert_eq!(place_of(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn the_configured_address_counts_and_must_be_one() {
        let local = SocketAddr::from(([127, 0, 0, 1], 8443));
        let system = |url| Addresses::new(url, local).map(|a| a.system()).ok();
        assert_eq!(
            system(Some("https://rat.example/")).as_deref(),
            Some("https://rat.example/oparl/")
        );
        assert_eq!(
            system(None).as_deref(),
            Some("https://127.0.0.1:8443/oparl/")
        );
        for bad in [
            "rat.example",
            "ftp://rat.example",
            "https://rat.example/?a",
            "https://a@b/",
        ] {
            assert_eq!(system(Some(bad)), None, "{bad}");
        }
        let everywhere = SocketAddr::from(([0, 0, 0, 0], 8443));
        assert!(
            Addresses::new(None, everywhere).is_err(),
            "nobody is called 0.0.0.0"
        );
    }
}
