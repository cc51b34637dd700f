//! The contract between tablet and council server: formats and rules, no I/O.
