//! The parts of the measuring program: one file or folder for each measurement, and what they share.

pub mod annotated;
pub mod app;
pub mod at_rest;
pub mod caged;
pub mod commands;
pub mod faction;
pub mod far_page;
pub mod figures;
pub mod find;
pub mod first_page;
pub mod first_sync;
pub mod frames;
pub mod import;
pub mod indexing;
pub mod memory;
pub mod nginx;
pub mod nothing_new;
pub mod proxy;
pub mod reading;
pub mod scroll;
pub mod search;
pub mod shared;
pub mod supply;
pub mod web_view;
