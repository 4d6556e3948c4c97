//! `cargo xtask icons`.

use anyhow::Result;

use crate::places::Places;

pub(crate) fn draw(_places: &Places) -> Result<()> {
    anyhow::bail!("not yet")
}
