//! Running other programs. Those that stay are in process groups of their own, and all of them end
//! with this program, however it ends.

use std::collections::BTreeSet;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process_group};

static GROUPS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// How long a program may take to end when asked.
const GRACE: Duration = Duration::from_secs(3);

/// Runs a program to its end; its output is this program's.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("{name} cannot be started"))?;
    ensure!(status.success(), "{name} ended with {status}");
    Ok(())
}

/// Runs a program to its end and answers what it printed.
pub(crate) fn ask(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{name} cannot be started"))?;
    if !output.status.success() {
        bail!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// A program that stays, with all it starts; ended on drop.
#[derive(Debug)]
pub(crate) struct Group(pub(crate) Child);

impl Group {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner).insert(child.id());
        Ok(Self(child))
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0.id());
        signal(self.0.id(), Signal::TERM);
        let asked = Instant::now();
        while self.runs() && asked.elapsed() < GRACE {
            std::thread::sleep(Duration::from_millis(20));
        }
        signal(self.0.id(), Signal::KILL);
        drop(self.0.wait());
    }
}

/// Ends every program that stays when this one is interrupted or terminated.
pub(crate) fn end_all_on_interrupt() -> Result<()> {
    ctrlc::set_handler(|| {
        let groups = GROUPS.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for group in &groups {
            signal(*group, Signal::TERM);
        }
        let asked = Instant::now();
        while asked.elapsed() < GRACE && groups.iter().any(|group| is_there(*group)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        for group in &groups {
            signal(*group, Signal::KILL);
        }
        std::process::exit(130);
    })?;
    Ok(())
}

fn signal(group: u32, signal: Signal) {
    if let Some(group) = pid(group) {
        // It may have ended by itself.
        kill_process_group(group, signal).ok();
    }
}

/// Whether the group's leader is neither gone nor waiting to be buried by this program.
fn is_there(group: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{group}/stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().is_some_and(|rest| rest.starts_with(" Z")))
}

fn pid(number: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(number).ok()?)
}
