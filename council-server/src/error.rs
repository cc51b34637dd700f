//! What can go wrong in the server as a whole; each module has its own errors beside it.

use std::io;

use sync_protocol::RandomUnavailable;
use sync_protocol::cbor::CborError;
use sync_protocol::chain::ChainError;
use sync_protocol::class_key::ClassKeyError;
use sync_protocol::faction::roster::RosterError;
use sync_protocol::key_box::KeyBoxError;
use sync_protocol::sign::SignError;
use thiserror::Error;

use crate::audit::AuditBroken;
use crate::backup::BackupError;
use crate::blobs::BlobError;
use crate::intake::IntakeError;
use crate::master_key::MasterKeyError;
use crate::oparl::{OparlError, PlanError};
use crate::store::StoreError;

/// Why the server could not do what was asked.
#[derive(Debug, Error)]
pub enum ServerError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    #[error(transparent)]
    Intake(#[from] IntakeError),
    #[error(transparent)]
    Oparl(#[from] OparlError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(
        "Das Protokoll der Verwaltungshandlungen ist nicht mehr, was der Server geschrieben hat. Unterlagen und Geräte betrifft das nicht. Bitte eine Sicherung machen und klären, wer an der Datenbank war (OPERATING.md)"
    )]
    AuditBroken(#[from] AuditBroken),
    #[error(
        "Der Hauptschlüssel gehört nicht zu diesem Datenordner, oder die Datenbank ist beschädigt. Nichts wurde verändert. Bitte die richtige Schlüsseldatei angeben, sonst eine Sicherung zurückspielen (OPERATING.md)"
    )]
    WrongMasterKey,
    #[error("Der Datenordner ist nicht les- oder beschreibbar")]
    Io(#[from] io::Error),
    #[error("Ein Schlüssel lässt sich nicht ver- oder entsiegeln")]
    ClassKey(#[from] ClassKeyError),
    #[error("Ein Eintrag der Kette lässt sich nicht anfügen")]
    Chain(#[from] ChainError),
    #[error("Eine Schlüsselkapsel ließ sich nicht herstellen")]
    KeyBox(#[from] KeyBoxError),
    #[error("Eine Signatur ließ sich nicht herstellen")]
    Sign(#[from] SignError),
    #[error("Ein Eintrag der öffentlichen Kette ist beschädigt")]
    DamagedObject,
    #[error(
        "Die offene Schnittstelle braucht die öffentliche Adresse des Servers, etwa „--public-url https://rat.example“"
    )]
    PublicUrl,
    #[error("Die gespeicherte Mitgliederliste eines Fraktionsraums ist beschädigt")]
    DamagedRoster(#[source] RosterError),
    #[error("Gespeicherte Angaben sind beschädigt")]
    Damaged(#[from] CborError),
    #[error("Das Betriebssystem gibt keine Zufallszahlen")]
    Random(#[from] RandomUnavailable),
    #[error("Die Adresse {addr} ist belegt oder nicht erlaubt")]
    Listen {
        addr: std::net::SocketAddr,
        #[source]
        source: io::Error,
    },
    #[error("Das Zertifikat für TLS ist nicht verwendbar ({0})")]
    Tls(String),
    #[error("Es gibt keine Person „{0}“; „people list“ zeigt alle")]
    NoSuchPerson(String),
    #[error("Zu „{0}“ passen mehrere Personen; bitte den Schlüssel aus „people list“ angeben")]
    AmbiguousPerson(String),
    #[error("Es gibt kein Gremium mit dem Schlüssel „{0}“")]
    NoSuchOrganization(String),
    #[error("Es gibt kein Gerät „{0}“; „devices“ zeigt alle")]
    NoSuchDevice(String),
    #[error("Dieses Gerät ist gesperrt")]
    DeviceRevoked,
    #[error("Die vier Wörter stimmen nicht mit denen des Geräts überein")]
    WrongWords,
    #[error("Zu viele Fehlversuche: das Gerät bitte sperren und neu einladen")]
    TooManyTries,
}
