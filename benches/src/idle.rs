//! An exchange with nothing new, on a session that is open: bytes both ways and server processor.

use anyhow::{Context, Result, bail};
use ipc::{Command, Reply};

use crate::council;
use crate::figure::{Figure, Target};

// Within the burst that the server grants one device, so that no limit is measured.
const ROUNDS: usize = 30;
const EXCHANGES: usize = 30;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let scene = council::with_one_paper()?;
    let (bytes, cpu) = tokio::runtime::Runtime::new()?.block_on(async {
        let client = council::open(&scene.official)?;
        client.handle(Command::Sync).await.context("a first exchange")?;
        let (mut bytes, mut cpu) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let before = scene.server.cpu()?;
            for _ in 0..EXCHANGES {
                let reply = client.handle(Command::Sync).await.context("an exchange")?;
                let Reply::Synced(done) = reply else { bail!("another reply") };
                bytes.push((done.bytes_up + done.bytes_down) as f64);
            }
            let spent = scene.server.cpu()?.saturating_sub(before);
            cpu.push(spent.as_secs_f64() * 1e6 / EXCHANGES as f64);
        }
        client.shutdown().await;
        anyhow::Ok((bytes, cpu))
    })?;
    Ok(vec![
        Figure::of("sync with nothing new: bytes both ways", "B", bytes, Target::Median(1_000.0))
            .peer("automerge-repo 2.5.6, 200 papers", 71_400.0),
        Figure::of("sync with nothing new: server processor", "µs", cpu, Target::Median(200.0))
            .peer("automerge-repo 2.5.6, 200 papers", 278_000.0)
            .limit("the indexed query alone", 2.4),
    ])
}
