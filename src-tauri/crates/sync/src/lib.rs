//! Pairing with a council, pulling its data, and the store of that data on this device.
mod cancel;
mod config;
mod council;
mod error;
mod plan;
mod progress;
mod pull;
mod remote;
pub mod store;
mod transport;
