//! The server as tablets and the council office meet it: real files, real TLS, nothing mocked.

mod feed;
mod publishing;
mod pairing;
mod support;
