//! Imports a municipality's public council data over OParl.

use thiserror::Error;

/// Why nothing could be imported.
#[derive(Debug, Error)]
pub enum OparlError {
    #[error("Die Adresse ist keine OParl-Adresse")]
    NotOparl,
}
