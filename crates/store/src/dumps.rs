//! What a crash leaves behind. While the tablet is open its keys are in memory, and a core dump is memory
//! on a disk.

/// Leaves no memory of this process in a core dump, nor of those that it starts. To be called first of
/// all by each program that opens a profile.
///
/// On Linux: no core file, and for those who hand dumps to a program, none of the memory in it. The
/// process stays open to others of its user otherwise: the portals that open and save files for a window
/// look at who asks. Elsewhere it does what the system offers: no core file on macOS; Windows writes none
/// unless its administrator has asked for them.
///
/// # Errors
/// The system does not let it. Nothing else is lost by that.
pub fn leave_no_dump() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    }
    #[cfg(target_os = "linux")]
    std::fs::write("/proc/self/coredump_filter", "0")?;
    Ok(())
}
