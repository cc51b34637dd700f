//! Tables `meta` and `secret`: single facts of the council, and what is sealed under the master key.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use super::StoreError;

/// The names of the single facts.
pub(crate) mod name {
    pub(crate) const COUNCIL: &str = "council";
    pub(crate) const COUNCIL_NAME: &str = "council_name";
    pub(crate) const GENERATION: &str = "generation";
    pub(crate) const SIGNED_ROOT: &str = "signed_root";
    pub(crate) const ROOT_SERIAL: &str = "root_serial";
    pub(crate) const TLS_CERTIFICATE: &str = "tls_certificate";
    pub(crate) const NEW_MEMBERS_READ_BACK: &str = "new_members_read_back";
    pub(crate) const STAFF_NONPUBLIC: &str = "staff_nonpublic";
    pub(crate) const ADDRESS: &str = "address";
    pub(crate) const SETTLED_ON: &str = "settled_on";
    pub(crate) const STAMPED_AT: &str = "stamped_at";
}

pub(crate) fn bytes(c: &Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT value FROM meta WHERE name = :name";
    Ok(
        c.query_row(sql, named_params! {":name": name}, |row| row.get(0))
            .optional()?,
    )
}

pub(crate) fn text(c: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    Ok(bytes(c, name)?.and_then(|value| String::from_utf8(value).ok()))
}

/// A number; 0 where none is stored.
pub(crate) fn number(c: &Connection, name: &str) -> Result<u64, StoreError> {
    Ok(text(c, name)?
        .and_then(|value| value.parse().ok())
        .unwrap_or(0))
}

pub(crate) fn flag(c: &Connection, name: &str, standard: bool) -> Result<bool, StoreError> {
    Ok(text(c, name)?.map_or(standard, |value| value == "1"))
}

pub(crate) fn put(tx: &Transaction<'_>, name: &str, value: &[u8]) -> Result<(), StoreError> {
    let sql = "INSERT INTO meta (name, value) VALUES (:name, :value)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, named_params! {":name": name, ":value": value})?;
    Ok(())
}

pub(crate) fn put_flag(tx: &Transaction<'_>, name: &str, value: bool) -> Result<(), StoreError> {
    put(tx, name, if value { b"1" } else { b"0" })
}

pub(crate) fn secret(c: &Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT sealed FROM secret WHERE name = :name";
    Ok(
        c.query_row(sql, named_params! {":name": name}, |row| row.get(0))
            .optional()?,
    )
}

pub(crate) fn put_secret(
    tx: &Transaction<'_>,
    name: &str,
    sealed: &[u8],
) -> Result<(), StoreError> {
    let sql = "INSERT INTO secret (name, sealed) VALUES (:name, :sealed)
               ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed";
    tx.execute(sql, named_params! {":name": name, ":sealed": sealed})?;
    Ok(())
}
