//! Prepares the window: its configuration, its permissions, and screens to embed.

use std::path::Path;

const PLACEHOLDER: &str = "<!doctype html><meta charset=\"utf-8\"><title>Pupitre</title>\
     <p>The screens are not built yet: run <code>cargo xtask web</code> and build again.\n";

fn main() {
    // The window embeds dist/. On a clean clone it is not there yet, and a plain `cargo check`
    // must work all the same.
    let index = Path::new("../dist/index.html");
    if !index.exists() {
        let made = index.parent().map(std::fs::create_dir_all);
        if made.is_none_or(|made| made.is_err()) || std::fs::write(index, PLACEHOLDER).is_err() {
            println!("cargo::error=dist/ cannot be written in this checkout");
        }
    }
    println!("cargo::rerun-if-changed=../dist");
    tauri_build::build();
}
