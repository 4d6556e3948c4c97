//! A large sitting leaves the clerk's tablet: 100 papers of 3 MB over the loopback, and how much
//! memory both sides need for it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::council::one_page;
use crate::figure::{Figure, Target};
use crate::products::{Server, tablet, weighed};

const RUNS: usize = 3;
const PAPERS: usize = 100;
const PAPER: usize = 3_000_000;
/// A smaller sitting beside it: memory that does not grow is about the same for both.
const FEW: usize = 10;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let many = papers(&folder.path().join("many"), PAPERS)?;
    let few = papers(&folder.path().join("few"), FEW)?;
    let (mut times, mut tablets, mut servers) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..RUNS {
        let (ms, tablet, server) = publish(&folder.path().join(format!("many-{run}")), &many)?;
        let (_, small_tablet, small_server) =
            publish(&folder.path().join(format!("few-{run}")), &few)?;
        times.push(ms);
        tablets.push(tablet as f64 / small_tablet as f64);
        servers.push(server as f64 / small_server as f64);
    }
    let limit = crate::sitting::copy_ms(&files(&many)?)?;
    Ok(vec![
        Figure::of("publish 100 papers of 300 MB", "ms", times, Target::Median(15_000.0))
            .limit("hash, copy and sync the same bytes", limit),
        Figure::of(
            "… the tablet's memory, to that of 10 papers",
            "x",
            tablets,
            Target::Median(1.3),
        ),
        Figure::of(
            "… the server's memory, to that of 10 papers",
            "x",
            servers,
            Target::Median(1.3),
        ),
    ])
}

fn publish(folder: &Path, papers: &Path) -> Result<(f64, u64, u64)> {
    std::fs::create_dir_all(folder)?;
    let server = Server::start(&folder.join("server"))?;
    let clerk = folder.join("clerk");
    let invitation = server.clerk_invitation.as_str();
    tablet(&clerk, &["enrol", &server.address, invitation, "--device", "Greffe"])?;
    let (ms, peak) = weighed(&clerk, &["publish", papers.to_str().context("a path")?])?;
    let served = server.peak()?;
    drop(server);
    // What was measured need not fill the disk.
    std::fs::remove_dir_all(folder)?;
    Ok((ms, peak, served))
}

/// A folder of PDFs, each one page and noise that nothing compresses.
fn papers(folder: &Path, count: usize) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for number in 0..count {
        let mut pdf = one_page()?;
        pdf.extend(b"\n5 0 obj\n");
        pdf.extend(format!("<< /Length {PAPER} >>\nstream\n").bytes());
        let end = pdf.len() + PAPER;
        while pdf.len() < end {
            // Marsaglia's xorshift: the same noise on every machine.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            pdf.extend(state.to_le_bytes());
        }
        pdf.truncate(end);
        pdf.extend(b"\nendstream\nendobj\n");
        // The table of the page's own objects ends the file again.
        pdf.extend(one_page_tail(&pdf)?);
        std::fs::write(folder.join(format!("{:03}.pdf", number + 1)), pdf)?;
    }
    Ok(folder.to_owned())
}

/// `startxref` of the page that stands at the beginning.
fn one_page_tail(pdf: &[u8]) -> Result<Vec<u8>> {
    let at = pdf.windows(5).position(|bytes| bytes == b"xref\n").context("a table")?;
    let trailer = format!("trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n");
    Ok(trailer.into_bytes())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}
