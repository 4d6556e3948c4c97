//! The release products as processes: the server, tablets, and what the system charged them.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Path of a product in the folder of this program.
pub(crate) fn product(name: &str) -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    ensure!(path.exists(), "{} is not built", path.display());
    Ok(path)
}

/// A running server on a free port with an empty council.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: String,
    pub(crate) clerk_invitation: String,
    child: Child,
}

impl Server {
    pub(crate) fn start(data: &Path) -> Result<Self> {
        Self::start_with(data, &[])
    }

    /// The same with further options of `serve`.
    pub(crate) fn start_with(data: &Path, options: &[&str]) -> Result<Self> {
        let init = json(
            Command::new(product("pupitre-server")?)
                .args([
                    "init",
                    "--council",
                    "Valbrune",
                    "--kind",
                    "commune",
                    "--population",
                    "9000",
                ])
                .args(["--json", "--data"])
                .arg(data),
        )?;
        let clerk_invitation =
            init["clerk_invitation"].as_str().context("an invitation")?.to_owned();
        let mut child = Command::new(product("pupitre-server")?)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("output")?).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line)?;
        let address = said["listening"].as_str().context("an address")?.to_owned();
        Ok(Self { address, clerk_invitation, child })
    }

    /// Processor time of the server's threads so far, to the nanosecond (the hundredths of a second
    /// in `stat` are as long as fifty exchanges).
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let mut spent = 0;
        for task in std::fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            // The first of three numbers is the time on a processor (Documentation/scheduler).
            let Ok(stat) = std::fs::read_to_string(task?.path().join("schedstat")) else {
                continue;
            };
            spent += stat.split_whitespace().next().context("a number")?.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(spent))
    }
}

impl Server {
    /// The most memory the server has had so far, in bytes.
    pub(crate) fn peak(&self) -> Result<u64> {
        peak_of(self.child.id())
    }
}

/// The most memory a process has had so far, in bytes.
fn peak_of(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("VmHWM")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1_024)
}

/// Runs `pupitre-cli` and tells how long the process took, in milliseconds, and the most memory it
/// had, in bytes, as far as a look every few milliseconds saw it.
pub(crate) fn weighed(profile: &Path, words: &[&str]) -> Result<(f64, u64)> {
    let start = Instant::now();
    let mut child = Command::new(product("pupitre-cli")?)
        .arg("--profile")
        .arg(profile)
        .arg("--json")
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()?;
    let mut peak = 0;
    let status = loop {
        // The process may end between the two looks.
        peak = peak_of(child.id()).unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    ensure!(status.success(), "{words:?} ended with {status}");
    Ok((start.elapsed().as_secs_f64() * 1_000.0, peak))
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Runs `pupitre-cli` on a profile and reads its JSON; also how long the process took.
pub(crate) fn tablet(profile: &Path, words: &[&str]) -> Result<(Value, f64)> {
    let start = Instant::now();
    let answer = json(
        Command::new(product("pupitre-cli")?)
            .arg("--profile")
            .arg(profile)
            .arg("--json")
            .args(words),
    )?;
    Ok((answer, start.elapsed().as_secs_f64() * 1_000.0))
}

fn json(command: &mut Command) -> Result<Value> {
    let output = command.stdin(Stdio::null()).output()?;
    ensure!(
        output.status.success(),
        "{command:?} ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}
