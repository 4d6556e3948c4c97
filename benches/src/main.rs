//! `cargo xtask bench`: every figure that matters, beside its peers and the physical limit.
//!
//! Prints a table, and with `--json FILE` writes the figures for other programs. Release builds
//! only: `cargo xtask bench` builds the products first. `--only NAME` measures one group.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for people")]
#![allow(clippy::indexing_slicing, reason = "a JSON value answers null for a missing place")]

mod again;
mod browser;
mod carry;
mod council;
mod dispatch;
mod figure;
mod first;
mod fuzz;
mod idle;
mod kill;
mod law;
mod memory;
mod peers;
mod pen;
mod plain;
mod products;
mod publication;
mod reports;
mod roster;
mod sealing;
mod search;
mod serve;
mod simulation;
mod sitting;
mod stroke;
mod turn;
mod vault;
mod wasm;
mod window;

use anyhow::{Context, Result, bail};

use figure::Figure;

type Measure = fn() -> Result<Vec<Figure>>;

const GROUPS: [(&str, Measure); 20] = [
    ("carry", carry::measure),
    ("stroke", stroke::measure),
    ("ink", pen::measure),
    ("first", first::measure),
    ("turn", turn::measure),
    ("memory", memory::measure),
    ("search", search::measure),
    ("vault", vault::measure),
    ("sealing", sealing::measure),
    ("sitting", sitting::measure),
    ("idle", idle::measure),
    ("window", window::measure),
    ("wasm", wasm::measure),
    ("law", law::measure),
    ("roster", roster::measure),
    ("dispatch", dispatch::measure),
    ("publication", publication::measure),
    ("simulation", simulation::measure),
    ("kill", kill::measure),
    ("fuzz", fuzz::measure),
];

/// The groups that count what is tried instead of measuring: minutes each, only when named.
const ONLY_WHEN_NAMED: [&str; 3] = ["simulation", "kill", "fuzz"];

/// How many of something are wished for.
fn wished(name: &str, usual: u64) -> Result<u64> {
    match std::env::var(name) {
        Ok(text) => text.parse().with_context(|| format!("{name} is a number, not {text:?}")),
        Err(_) => Ok(usual),
    }
}

fn main() -> Result<()> {
    pdf::worker_main_if_asked();
    if again::work_if_asked()? {
        return Ok(());
    }
    let mut words = std::env::args().skip(1);
    let (mut out, mut only) = (None, None);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--json" => out = Some(words.next().context("--json needs a file")?),
            "--only" => only = Some(words.next().context("--only needs a group")?),
            _ => bail!("unknown: {word}"),
        }
    }
    let mut figures = Vec::new();
    for (name, measure) in GROUPS {
        let asked = match only.as_deref() {
            Some(only) => only == name,
            None => !ONLY_WHEN_NAMED.contains(&name),
        };
        if asked {
            eprintln!("measuring: {name}");
            figures.extend(measure().with_context(|| format!("measuring {name}"))?);
        }
    }
    println!("{}", figure::table(&figures));
    if let Some(out) = out {
        std::fs::write(&out, serde_json::to_vec_pretty(&figures)?)?;
    }
    Ok(())
}
