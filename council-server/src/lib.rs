//! The server the tablets sync from.
