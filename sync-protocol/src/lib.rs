//! The contract between tablet and council server: formats, rules, cryptography of both.
//! Not here: network, files, databases, clocks. SPEC.md numbers the rules; each rule has a test with its number.

pub mod cbor;
pub mod chain;
pub mod class_key;
pub mod code;
pub mod encrypted_file;
pub mod faction;
pub mod head;
pub mod ids;
pub mod key_box;
pub mod model;
pub mod pairing;
mod primitive;
pub mod receipt;
pub mod recovery;
pub mod request;
pub mod root;
mod salted;
mod secret;
pub mod sign;
pub mod snapshot;
pub mod wire;
mod words;

pub use primitive::RandomUnavailable;
