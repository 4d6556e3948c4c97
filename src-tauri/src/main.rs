//! `pupitre`: the tablet with its window, or with a browser in place of it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]
#![allow(clippy::print_stderr, reason = "a program speaks to its terminal")]

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use pupitre::desk::Desk;
use pupitre::window;

/// The councillor's desk: papers and notes of a council, with or without a network.
#[derive(Debug, Parser)]
#[command(name = "pupitre", version, about)]
struct Arguments {
    /// Folder of this tablet; one folder is one device.
    #[arg(long, value_name = "DIR")]
    profile: Option<PathBuf>,
    #[cfg(feature = "bridge")]
    #[command(flatten)]
    browser: Browser,
}

#[cfg(feature = "bridge")]
#[derive(Debug, clap::Args)]
struct Browser {
    /// Show the screens in a browser of this machine: prints the address to open, and stays.
    #[arg(long)]
    browser: bool,
    /// Where to wait for the browser; a loopback address, port 0 picks one.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0", requires = "browser")]
    listen: std::net::SocketAddr,
    /// Screens from this folder in place of the ones built in.
    #[arg(long, value_name = "DIR", requires = "browser")]
    screens: Option<PathBuf>,
}

fn main() -> ExitCode {
    pdf::worker_main_if_asked();
    // Keys are in memory from here on. Where the system does not let it, the app starts all the same.
    let dumps = store::leave_no_dump();
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("PUPITRE_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    if let Err(error) = dumps {
        tracing::warn!(%error, "a crash may leave a core file");
    }
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let profile = arguments.profile.or_else(own_profile);
    let profile =
        profile.context("There is no folder for this tablet; name one with --profile.")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("The app's threads cannot be started.")?;
    let _within = runtime.enter();
    let desk = Desk::opening(profile);
    #[cfg(feature = "bridge")]
    if arguments.browser.browser {
        let Browser { listen, screens, .. } = arguments.browser;
        return runtime.block_on(pupitre::bridge::serve(desk, listen, screens));
    }
    tauri::async_runtime::set(runtime.handle().clone());
    window::show(desk).context("The window cannot be shown; is there a display? See --browser.")
}

/// The system's folder for this app's data.
fn own_profile() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join("fr.pupitre.app"))
}
