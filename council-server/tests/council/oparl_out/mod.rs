//! The open interface as citizens and other systems meet it: over real TLS, without a device, found from the system on.

mod changes;
mod crawl;
mod files;
mod interface;
mod nonpublic;
mod schema;
mod valid;

use std::net::SocketAddr;

use council_server::{ServeOptions, ServerHandle};

use crate::support::TestCouncil;

/// The server with the interface turned on.
fn open(council: &TestCouncil) -> ServerHandle {
    let options = ServeOptions {
        oparl: true,
        ..ServeOptions::default()
    };
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    council.server.serve_with(listen, options).unwrap()
}
