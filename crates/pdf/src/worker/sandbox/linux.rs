//! The prison on Linux: after it, a worker that a paper has taken over can compute, and talk to the
//! tablet over the one socket it was given. It can open nothing but fonts, and only to read them;
//! it has no network, starts no process, maps no code.
//!
//! Two walls, because either may have a hole: Landlock limits which files can be opened (and, where
//! the kernel is new enough, TCP, abstract sockets and signals), seccomp limits which system calls
//! exist at all. What is not allowed answers "not permitted" instead of killing, so that a library
//! that only asks goes on; nothing hostile gains from being answered.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope, path_beneath_rules,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};

/// The newest Landlock that is asked for; an older kernel gives what it has.
const LANDLOCK: ABI = ABI::V6;

/// Where pdfium looks for fonts when none are bundled.
const SYSTEM_FONTS: [&str; 4] = [
    "/usr/share/fonts",
    "/usr/share/X11/fonts/Type1",
    "/usr/share/X11/fonts/TTF",
    "/usr/local/share/fonts",
];

/// Calls that take nothing from outside and give nothing to it, beyond what the worker holds.
const ALLOWED: &[i64] = &[
    // The descriptors it holds: the socket, the papers, the fonts.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_getdents64,
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_recvmsg,
    libc::SYS_sendmsg,
    libc::SYS_recvfrom,
    libc::SYS_sendto,
    libc::SYS_setsockopt,
    libc::SYS_ppoll,
    // Memory.
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // Time, chance, waiting.
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_restart_syscall,
    // Itself, and its end.
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_gettid,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Locks the door. Call it after the library is loaded and the fonts are found, and before the first
/// byte of a paper is read.
///
/// # Errors
/// There is no prison: then there must be no worker.
pub(super) fn confine(fonts: Option<&Path>) -> io::Result<()> {
    let files = limit_files(fonts)?;
    let filter = filter(files).map_err(io::Error::other)?;
    apply_filter(&filter).map_err(io::Error::other)
}

/// What of the file system is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Files {
    /// The fonts, to be read: Landlock sees to it.
    Fonts,
    /// Nothing: this kernel has no Landlock.
    None,
}

fn limit_files(fonts: Option<&Path>) -> io::Result<Files> {
    let folders: Vec<PathBuf> = match fonts {
        Some(fonts) => vec![fonts.to_owned()],
        None => SYSTEM_FONTS.map(PathBuf::from).to_vec(),
    };
    let restrict = || {
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(LANDLOCK))?
            .handle_access(AccessNet::from_all(LANDLOCK))?
            .scope(Scope::from_all(LANDLOCK))?
            .create()?
            .add_rules(path_beneath_rules(folders, AccessFs::ReadFile | AccessFs::ReadDir))?
            .restrict_self()
    };
    match restrict().map_err(io::Error::other)?.ruleset {
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(Files::Fonts),
        RulesetStatus::NotEnforced => Ok(Files::None),
    }
}

fn filter(files: Files) -> Result<BpfProgram, seccompiler::Error> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    // No code but what is loaded.
    let no_code = || argument(2, SeccompCmpOp::MaskedEq(flag(libc::PROT_EXEC)), 0);
    rules.insert(libc::SYS_mmap, vec![no_code()?]);
    rules.insert(libc::SYS_mprotect, vec![no_code()?]);
    // A descriptor may be doubled, not turned into something else.
    let doubled = flag(libc::F_DUPFD_CLOEXEC);
    let kept = [doubled, flag(libc::F_GETFD), flag(libc::F_GETFL)];
    let fcntl = kept.into_iter().map(|command| argument(1, SeccompCmpOp::Eq, command));
    rules.insert(libc::SYS_fcntl, fcntl.collect::<Result<_, _>>()?);
    // Its own end, as `abort` makes it.
    let own = u64::from(std::process::id());
    rules.insert(libc::SYS_tgkill, vec![argument(0, SeccompCmpOp::Eq, own)?]);
    if files == Files::Fonts {
        let writing = flag(libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC);
        let reading = argument(2, SeccompCmpOp::MaskedEq(writing), 0)?;
        rules.insert(libc::SYS_openat, vec![reading]);
    }
    let not_permitted = SeccompAction::Errno(flag(libc::EPERM) as u32);
    let architecture = std::env::consts::ARCH.try_into().map_err(seccompiler::Error::Backend)?;
    let filter = SeccompFilter::new(rules, not_permitted, SeccompAction::Allow, architecture)
        .map_err(seccompiler::Error::Backend)?;
    filter.try_into().map_err(seccompiler::Error::Backend)
}

/// The call is allowed when this argument compares so.
fn argument(index: u8, how: SeccompCmpOp, value: u64) -> Result<SeccompRule, seccompiler::Error> {
    SeccompCondition::new(index, SeccompCmpArgLen::Dword, how, value)
        .and_then(|condition| SeccompRule::new(vec![condition]))
        .map_err(seccompiler::Error::Backend)
}

/// A constant of C as the kernel sees it.
fn flag(constant: i32) -> u64 {
    u64::from(constant.unsigned_abs())
}
