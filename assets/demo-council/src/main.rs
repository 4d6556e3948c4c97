//! `demo-council --out DIR [--date YYYY-MM-DD]`: writes the papers of Valbrune, a commune that does not exist.
#![allow(clippy::print_stdout, reason = "a binary answers on standard output")]

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use jiff::civil::Date;

/// Makes the papers of a fictional French commune, ready to be published with `pupitre-cli`.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The folder to write into; created when it is missing, its demo files replaced.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The day the papers are made for; today in Paris when it is not given.
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let today = match arguments.date {
        Some(date) => date,
        None => {
            jiff::ZonedDateTime::now().in_tz("Europe/Paris").context("reading today's date")?.date()
        }
    };
    let written = demo_council::write(&arguments.out, today)?;
    for folder in &written.sittings {
        println!("{}: {} documents, {} pages", folder.name, folder.documents, folder.pages);
    }
    Ok(())
}
