//! A real mail server for the tests of the post: aiosmtpd from PyPI, in an environment of its own.

use std::process::Command;

use anyhow::Result;

use crate::places::Places;
use crate::process::run;

/// The release that the tests were written against.
const AIOSMTPD: &str = "aiosmtpd==1.4.6";

/// Installs it into `vendor/mail`, unless it is there.
pub(super) fn install(places: &Places) -> Result<()> {
    let folder = places.vendor.join("mail");
    let python = folder.join("bin/python");
    let there = Command::new(&python).args(["-c", "import aiosmtpd"]).output();
    if there.is_ok_and(|done| done.status.success()) {
        return Ok(());
    }
    println!("setup: installing {AIOSMTPD}");
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    run(Command::new(folder.join("bin/pip")).args(["install", "--quiet", AIOSMTPD]))
}
