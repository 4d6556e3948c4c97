//! What a worker gives up before it reads its first byte.

#[cfg(target_os = "linux")]
mod linux;

use std::io;
use std::path::Path;

use rustix::process::{Resource, Rlimit, setrlimit};

/// Address space, in bytes: the largest image, a large page and the library fit; a decompression
/// bomb does not.
const MEMORY: u64 = 1_536 << 20;
/// Descriptors: three papers and what pdfium opens for a moment.
const DESCRIPTORS: u64 = 64;

/// Closes what was inherited, bounds what may be used, and dies with the tablet.
pub(crate) fn enter() -> io::Result<()> {
    close_inherited();
    // Files cannot grow: the worker writes none.
    for (resource, most) in [
        (Resource::As, MEMORY),
        (Resource::Fsize, 0),
        (Resource::Nofile, DESCRIPTORS),
        (Resource::Core, 0),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    #[cfg(target_os = "linux")]
    {
        rustix::thread::set_no_new_privs(true)?;
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    }
    Ok(())
}

/// Gives up everything but the socket, the papers that come through it, and the fonts. The library is
/// loaded and the fonts are looked through by then.
///
/// # Errors
/// There is no prison: then there must be no worker.
#[cfg(target_os = "linux")]
pub(crate) fn confine(fonts: Option<&Path>) -> io::Result<()> {
    linux::confine(fonts)
}

/// Other systems have the limits of [`enter`] alone for now.
#[cfg(not(target_os = "linux"))]
#[allow(clippy::unnecessary_wraps, reason = "as on Linux")]
pub(crate) fn confine(_: Option<&Path>) -> io::Result<()> {
    Ok(())
}

/// Closes every descriptor but the three standard ones.
#[allow(unsafe_code, reason = "the process has just started: nobody owns these descriptors")]
fn close_inherited() {
    let Ok(entries) = std::fs::read_dir("/proc/self/fd").or_else(|_| std::fs::read_dir("/dev/fd"))
    else {
        return;
    };
    let open: Vec<i32> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|descriptor| *descriptor > 2)
        .collect();
    // The listing's own descriptor is among them and already closed by now.
    for descriptor in open {
        if rustix::io::fcntl_getfd(borrowed(descriptor)).is_ok() {
            // SAFETY: it is open, and nothing in this process uses it or will close it again.
            unsafe { rustix::io::close(descriptor) };
        }
    }
}

#[allow(unsafe_code, reason = "only asks whether the descriptor is open")]
fn borrowed(descriptor: i32) -> std::os::fd::BorrowedFd<'static> {
    // SAFETY: used for one fcntl call, which answers EBADF when it is not open.
    unsafe { std::os::fd::BorrowedFd::borrow_raw(descriptor) }
}
