//! `cargo xtask package`: the Debian package.

use anyhow::Result;

use crate::places::Places;

pub(crate) fn run(_places: &Places) -> Result<()> {
    anyhow::bail!("not yet")
}
