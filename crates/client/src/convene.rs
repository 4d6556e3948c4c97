//! Convening a sitting: the clerk's acts, the members' answers, and the receipts between them.
//!
//! A convocation is one signed record in the log, drawn from the sitting's record as the log holds
//! it. What happens to it afterwards are receipts, each signed by the device that saw it and chained
//! to what that device signed before; they are made here by themselves, without a network too.

use std::path::PathBuf;
use std::sync::Arc;

use domain::SittingId;
use ipc::{ConvocationCommand, Problem, Reply};

use crate::core::Core;
use crate::notebook::new_pair;
use crate::{ledger, proof, views};

pub(crate) mod act;
pub(crate) mod answer;
pub(crate) mod letter;
pub(crate) mod printed;
pub(crate) mod proceedings;
pub(crate) mod receipts;
pub(crate) mod ruling;
pub(crate) mod tracking;

/// Answers what is asked about convocations.
pub(crate) async fn command(
    core: &Arc<Core>,
    command: ConvocationCommand,
) -> Result<Reply, Problem> {
    match command {
        ConvocationCommand::Judge(wanted) => {
            Ok(Reply::Convened(Box::new(act::judge(core, &wanted)?)))
        }
        ConvocationCommand::Convene(wanted) => {
            Ok(Reply::Convened(Box::new(act::convene(core, &wanted).await?)))
        }
        ConvocationCommand::Postpone { convening, starts, place } => {
            let convened = act::postpone(core, &convening, starts, place).await?;
            Ok(Reply::Convened(Box::new(convened)))
        }
        ConvocationCommand::CallOff { sitting, reason } => {
            act::call_off(core, sitting, &reason).await?;
            tracked(core, sitting)
        }
        ConvocationCommand::Tracking { sitting } => tracked(core, sitting),
        ConvocationCommand::Posted { sitting, member, at, proof } => {
            act::posted(core, sitting, member, at, proof).await?;
            tracked(core, sitting)
        }
        ConvocationCommand::Answer { sitting, answer, member } => {
            answer::answer(core, sitting, answer, member).await?;
            shown(core, sitting)
        }
        ConvocationCommand::Remind { sitting } => {
            act::remind(core, sitting).await?;
            tracked(core, sitting)
        }
        ConvocationCommand::Export { sitting, out } => ledger::of_sitting(core, sitting, out).await,
        ConvocationCommand::Calendar { sitting, out } => {
            printed::calendar(core, sitting, &out).await?;
            Ok(Reply::Done)
        }
        ConvocationCommand::Letters { sitting, member, out } => {
            let file = place(core, sitting, out, ("pdf", "pdf"))?;
            printed::letters(core, sitting, member, &file).await?;
            Ok(Reply::Written { file })
        }
        ConvocationCommand::Prove { sitting, out } => {
            // The readable sheets stand beside it under the same name.
            let file = place(core, sitting, out, ("pupitre", "pdf"))?;
            proof::prove(core, sitting, &file).await.map(Reply::Proved)
        }
        ConvocationCommand::Bear { sitting, giver, accepts } => {
            answer::bear(core, sitting, giver, accepts).await?;
            shown(core, sitting)
        }
    }
}

/// Where a file goes: as it was said, or a new one among the downloads under the sitting's title.
fn place(
    core: &Core,
    sitting: SittingId,
    said: Option<PathBuf>,
    (ending, beside): (&str, &str),
) -> Result<PathBuf, Problem> {
    let picture = core.now();
    let title = &picture.catalogue.sitting(sitting)?.title;
    Ok(said.unwrap_or_else(|| new_pair(&core.world.downloads(), title, ending, beside)))
}

fn tracked(core: &Core, sitting: SittingId) -> Result<Reply, Problem> {
    Ok(Reply::Tracking(Box::new(tracking::view(&core.now(), sitting)?)))
}

fn shown(core: &Core, sitting: SittingId) -> Result<Reply, Problem> {
    let picture = core.now();
    let known = picture.catalogue.sitting(sitting)?;
    let view = views::sitting::view(&picture, &*core.files, known, core.world.now_ms());
    Ok(Reply::Sitting(Box::new(view)))
}
