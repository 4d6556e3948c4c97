//! `cargo xtask demo`.

use anyhow::Result;

use crate::places::Places;

pub(crate) fn run(_places: &Places, _browser: bool, _fresh: bool) -> Result<()> {
    anyhow::bail!("not yet")
}
