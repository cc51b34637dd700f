//! Checks the configuration and the permissions, and copies the resources beside the program.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Naming the commands takes them out of "allowed for everyone": the capability must grant them.
    let commands = tauri_build::AppManifest::new().commands(&["desk_call", "screen_shows"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))
        .map_err(Into::into)
}
