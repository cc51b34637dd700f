//! The desktop program: the entry and nothing else.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    ratsmappe_shell::run();
}
