//! What is told of the council itself.

use std::sync::Arc;

use domain::{Council, LawChoices, Record};
use ipc::{ErrorCode, Problem};

use crate::core::Core;
use crate::exchange;

/// Changes the council's record; what changes nothing is not sent.
pub(super) async fn change(
    core: &Arc<Core>,
    how: impl FnOnce(&mut Council),
) -> Result<(), Problem> {
    exchange::catch_up(core).await?;
    let known = core.now().catalogue.council.clone().ok_or(ErrorCode::NotEnrolled)?;
    let mut council = known.clone();
    how(&mut council);
    if council == known {
        return Ok(());
    }
    exchange::send_records(core, vec![Record::Council(council)]).await
}

/// Settles what the law leaves open.
pub(super) async fn settle(
    core: &Arc<Core>,
    house_days: Option<u16>,
    strict: Option<bool>,
) -> Result<(), Problem> {
    change(core, |council| {
        let LawChoices { house_days: days, strict: safe } = &mut council.law;
        if let Some(wanted) = house_days {
            *days = Some(wanted).filter(|wanted| *wanted > 0);
        }
        *safe = strict.unwrap_or(*safe);
    })
    .await
}
