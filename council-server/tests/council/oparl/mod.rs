//! The import over OParl, against a small portal with the habits of several vendors: one file for each group of them.

mod attached;
mod deletion;
mod embedding;
mod fields;
mod hostile;
mod lists;
mod plain;
mod publicity;
mod recorded;
mod repeating;
mod schedule;
mod transport;
