//! `pupitre-cli`: the tablet without a window, for scripts, connectors and tests.
//!
//! Every command opens the profile's folder, asks the client once and ends. People's text or, with
//! `--json`, one JSON value on standard output; one sentence on standard error when it fails. Ends
//! with 0 on success, 2 on bad usage, 1 on failure.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the answer of a command line")]

mod answers;
mod args;
mod deadline;
mod deliberations;
mod devices;
mod failure;
mod marks;
mod members;
mod messages;
mod page;
mod run;
mod tablet;
mod text;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use ipc::{Language, Words};

use crate::answers::Answer;
use crate::args::Args;
use crate::failure::Failure;

fn main() -> ExitCode {
    pdf::worker_main_if_asked();
    // Keys are in memory from here on. Where the system does not let it, the work is done all the same.
    let dumps = store::leave_no_dump();
    let args = Args::parse();
    log();
    if let Err(error) = dumps {
        tracing::warn!(%error, "a crash may leave a core file");
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run::run(&args)),
        Err(error) => Err(Failure::Said(format!("Pupitre cannot start: {error}."))),
    };
    let printed = done.and_then(|answer| print(&answer, args.json).map(|()| answer));
    match printed {
        // JSON says it in `valid`; for people and their shell scripts the code says it too.
        Ok(Answer::Verified(found)) if !found.valid && !args.json => ExitCode::FAILURE,
        Ok(_) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.sentence(&Words::new(language())));
            failure.code()
        }
    }
}

fn print(answer: &Answer, json: bool) -> Result<(), Failure> {
    let text = if json { answer.json()? } else { text::of(answer, &Words::new(language())) };
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
    match written {
        // Whoever reads has heard enough, as `head` does.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => {
            other.map_err(|error| Failure::Said(format!("The answer cannot be written: {error}.")))
        }
    }
}

/// Logs go to standard error, and only when asked for with `PUPITRE_LOG=debug` or finer filters.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("PUPITRE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

pub(crate) fn language() -> Language {
    let set =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    let first = set.into_iter().find(|tag| !tag.is_empty());
    first.and_then(|tag| Language::of_tag(&tag)).unwrap_or(Language::En)
}
