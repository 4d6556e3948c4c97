//! A crash leaves nothing of what was in memory.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Command;

const CRASHES: &str = "PUPITRE_TEST_CRASHES";

/// Not a test by itself: the process that crashes,.
#[test]
fn crashes_when_asked() {
    let Ok(how) = std::env::var(CRASHES) else { return };
    let core = rustix::process::getrlimit(rustix::process::Resource::Core);
    rustix::process::setrlimit(
        rustix::process::Resource::Core,
        rustix::process::Rlimit { current: core.maximum, ..core },
    )
    .unwrap();
    if how == "careful" {
        pupitre_store::leave_no_dump().unwrap();
    }
    std::process::abort();
}

fn crash(how: &str, within: &Path) -> std::process::ExitStatus {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crashes_when_asked", "--test-threads=1"])
        .env(CRASHES, how)
        .current_dir(within)
        .output()
        .unwrap()
        .status
}

fn dumps(within: &Path) -> usize {
    std::fs::read_dir(within).unwrap().count()
}

#[test]
fn a_crash_leaves_nothing_of_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    let status = crash("careful", folder.path());
    assert!(status.signal().is_some(), "it crashed");
    assert!(!status.core_dumped(), "nothing was dumped");
    assert_eq!(dumps(folder.path()), 0);
    // Where the system writes core files beside the program, the test would have seen one.
    let pattern = std::fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap();
    let may = rustix::process::getrlimit(rustix::process::Resource::Core).maximum != Some(0);
    if pattern.trim() == "core" && may {
        assert!(crash("careless", folder.path()).core_dumped());
        assert_ne!(dumps(folder.path()), 0);
    }
    // Nor for a program that collects what crashed.
    let child = Command::new("sh")
        .args(["-c", "cat /proc/self/coredump_filter; ulimit -Hc"])
        .output()
        .unwrap();
    let before = String::from_utf8(child.stdout).unwrap();
    assert_ne!(before.lines().next(), Some("00000000"), "otherwise nothing is shown");
    pupitre_store::leave_no_dump().unwrap();
    // A process that is started later has it from this one.
    let child = Command::new("sh")
        .args(["-c", "cat /proc/self/coredump_filter; ulimit -Hc"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(child.stdout).unwrap(), "00000000\n0\n");
}
