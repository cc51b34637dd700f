//! The Secret Service of Linux desktops (gnome-keyring, KWallet, KeePassXC): one item in the default collection for each name.
//! It never unlocks anything: a locked collection is told, and the member unlocks it where she unlocks her session.
//!
//! Secrets go over the session bus as they are (algorithm `plain`): any program of the same user that can listen there can ask the
//! service itself. Source: Secret Service API Draft 0.2.

use crate::bus::{Bus, CallError};
use crate::message::{Call, Reader, Writer, garbled};
use std::io;
use std::path::PathBuf;
use vault::{KeyStore, KeyStoreError};
use zeroize::Zeroizing;

const SERVICE: &str = "org.freedesktop.secrets";
const PATH: &str = "/org/freedesktop/secrets";
const DEFAULT: &str = "/org/freedesktop/secrets/aliases/default";
const SERVICE_INTERFACE: &str = "org.freedesktop.Secret.Service";
const COLLECTION_INTERFACE: &str = "org.freedesktop.Secret.Collection";
const ITEM_INTERFACE: &str = "org.freedesktop.Secret.Item";
/// What the member sees in the program that manages her passwords.
const LABEL: &str = "Ratsmappe";
const SCHEMA: &str = "de.ratsmappe.Secret";
/// No object: nothing was found, or nothing has to be asked.
const NOTHING: &str = "/";

/// The Secret Service on one bus.
#[derive(Debug, Clone)]
pub struct SecretService {
    /// `None`: there is no session bus.
    address: Option<String>,
}

/// A connection with an open session of the service.
struct Session {
    bus: Bus,
    path: String,
}

impl SecretService {
    /// The one of the session that the app runs in.
    pub fn of_session() -> Self {
        let told = std::env::var("DBUS_SESSION_BUS_ADDRESS").ok();
        let usual = || {
            let folder = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from)?;
            Some(format!("unix:path={}", folder.join("bus").to_str()?))
        };
        Self {
            address: told.filter(|told| !told.is_empty()).or_else(usual),
        }
    }

    /// The one at an address of D-Bus.
    pub fn at(address: impl Into<String>) -> Self {
        Self {
            address: Some(address.into()),
        }
    }

    fn open(&self) -> Result<Session, KeyStoreError> {
        let address = self.address.as_ref().ok_or(KeyStoreError::Missing)?;
        let mut bus = Bus::connect(address).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => KeyStoreError::Missing,
            _ => KeyStoreError::Failed(error),
        })?;
        let mut body = Writer::new();
        body.string("plain").signature("s").string("");
        let answer = bus
            .call(&service("OpenSession", "sv", body))
            .map_err(told)?;
        let mut answer = Reader::new(&answer);
        let path = (|| {
            answer.signature()?;
            answer.string()?;
            answer.string().map(str::to_owned)
        })();
        Ok(Session {
            bus,
            path: path.map_err(KeyStoreError::Failed)?,
        })
    }
}

impl Session {
    fn call(&mut self, call: &Call<'_>) -> Result<Zeroizing<Vec<u8>>, KeyStoreError> {
        self.bus.call(call).map_err(told)
    }

    /// Items of a name: those that can be read now, and those that cannot.
    fn find(&mut self, name: &str) -> Result<(Vec<String>, Vec<String>), KeyStoreError> {
        let mut body = Writer::new();
        body.texts(&attributes(name));
        let answer = self.call(&service("SearchItems", "a{ss}", body))?;
        let mut answer = Reader::new(&answer);
        let mut read = || Ok((answer.strings()?, answer.strings()?));
        read().map_err(KeyStoreError::Failed)
    }

    fn read(&mut self, item: &str) -> Result<Zeroizing<Vec<u8>>, KeyStoreError> {
        let mut body = Writer::new();
        body.string(&self.path);
        let call = Call {
            destination: SERVICE,
            path: item,
            interface: ITEM_INTERFACE,
            member: "GetSecret",
            signature: "o",
            body: body.done(),
        };
        let answer = self.call(&call)?;
        let mut answer = Reader::new(&answer);
        let mut read = || {
            answer.align(8)?;
            answer.string()?;
            answer.bytes()?;
            answer.bytes().map(|value| Zeroizing::new(value.to_vec()))
        };
        read().map_err(KeyStoreError::Failed)
    }

    fn is_default_locked(&mut self) -> Result<bool, KeyStoreError> {
        let mut body = Writer::new();
        body.string(COLLECTION_INTERFACE).string("Locked");
        let call = Call {
            destination: SERVICE,
            path: DEFAULT,
            interface: "org.freedesktop.DBus.Properties",
            member: "Get",
            signature: "ss",
            body: body.done(),
        };
        let answer = self.call(&call)?;
        let mut answer = Reader::new(&answer);
        let mut read = || {
            if answer.signature()? != "b" {
                return Err(garbled());
            }
            Ok(answer.u32()? != 0)
        };
        read().map_err(KeyStoreError::Failed)
    }
}

impl KeyStore for SecretService {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        let mut session = self.open()?;
        let (readable, locked) = session.find(name)?;
        match readable.first() {
            Some(item) => session.read(item).map(Some),
            // A locked collection may hide what it holds.
            None if !locked.is_empty() || session.is_default_locked()? => {
                Err(KeyStoreError::Locked)
            }
            None => Ok(None),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        let mut session = self.open()?;
        if session.is_default_locked()? {
            return Err(KeyStoreError::Locked);
        }
        let mut body = Writer::new();
        body.array(8, |properties| {
            properties
                .align(8)
                .string("org.freedesktop.Secret.Item.Label");
            properties.signature("s").string(LABEL);
            properties
                .align(8)
                .string("org.freedesktop.Secret.Item.Attributes");
            properties.signature("a{ss}").texts(&attributes(name));
        });
        body.align(8).string(&session.path).bytes(&[]).bytes(secret);
        body.string("application/octet-stream").bool(true);
        let call = Call {
            destination: SERVICE,
            path: DEFAULT,
            interface: COLLECTION_INTERFACE,
            member: "CreateItem",
            signature: "a{sv}(oayays)b",
            body: body.done(),
        };
        let answer = session.call(&call)?;
        match Reader::new(&answer).string() {
            // It would ask the member first.
            Ok(NOTHING) => Err(KeyStoreError::Locked),
            Ok(_) => Ok(()),
            Err(error) => Err(KeyStoreError::Failed(error)),
        }
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        let mut session = self.open()?;
        let (readable, locked) = session.find(name)?;
        if !locked.is_empty() || session.is_default_locked()? {
            return Err(KeyStoreError::Locked);
        }
        for item in readable {
            let call = Call {
                destination: SERVICE,
                path: &item,
                interface: ITEM_INTERFACE,
                member: "Delete",
                signature: "",
                body: Zeroizing::default(),
            };
            let answer = session.call(&call)?;
            let prompt = Reader::new(&answer).string().map(str::to_owned);
            if prompt.map_err(KeyStoreError::Failed)? != NOTHING {
                return Err(KeyStoreError::Locked);
            }
        }
        Ok(())
    }
}

fn attributes(name: &str) -> [(&str, &str); 2] {
    [("xdg:schema", SCHEMA), ("name", name)]
}

fn service<'a>(member: &'a str, signature: &'a str, body: Writer) -> Call<'a> {
    Call {
        destination: SERVICE,
        path: PATH,
        interface: SERVICE_INTERFACE,
        member,
        signature,
        body: body.done(),
    }
}

fn told(error: CallError) -> KeyStoreError {
    match error {
        CallError::Refused(name) => match name.as_str() {
            "org.freedesktop.DBus.Error.ServiceUnknown"
            | "org.freedesktop.DBus.Error.NameHasNoOwner"
            | "org.freedesktop.DBus.Error.Spawn.ServiceNotFound"
            // No default collection was ever made: nothing can be kept.
            | "org.freedesktop.DBus.Error.UnknownObject"
            | "org.freedesktop.DBus.Error.UnknownMethod"
            | "org.freedesktop.Secret.Error.NoSuchObject" => KeyStoreError::Missing,
            "org.freedesktop.Secret.Error.IsLocked"
            | "org.freedesktop.DBus.Error.AccessDenied" => KeyStoreError::Locked,
            _ => KeyStoreError::Failed(io::Error::other(name)),
        },
        CallError::Io(error) => KeyStoreError::Failed(error),
    }
}
