//! This program started again for one job: pdfium can be set up once in a process, and memory is
//! weighed a process at a time.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The jobs by their first argument.
pub(crate) const PLAIN: &str = "--plain-pdfium";
pub(crate) const READ: &str = "--read-a-report";
pub(crate) const DAY: &str = "--a-tablets-day";

/// Does a job in a process of its own.
pub(crate) fn run<T: DeserializeOwned>(what: &str, job: &impl Serialize) -> Result<T> {
    let output = Command::new(std::env::current_exe()?)
        .arg(what)
        .arg(serde_json::to_string(job)?)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "{what} ended with {}", output.status);
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Does the job that the arguments name, and answers true; false when they name none.
pub(crate) fn work_if_asked() -> Result<bool> {
    let mut words = std::env::args().skip(1);
    let Some(what) = words.next() else { return Ok(false) };
    let mut job = || words.next().context("a job");
    let done = match what.as_str() {
        PLAIN => serde_json::to_string(&crate::plain::work(&serde_json::from_str(&job()?)?)?)?,
        READ => serde_json::to_string(&crate::memory::work(&serde_json::from_str(&job()?)?)?)?,
        DAY => {
            let profile: std::path::PathBuf = serde_json::from_str(&job()?)?;
            crate::kill::work(&profile)?;
            return Ok(true);
        }
        _ => return Ok(false),
    };
    println!("{done}");
    Ok(true)
}
