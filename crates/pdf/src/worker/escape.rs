//! What a paper that has taken the worker over would try. Debug builds only: tests ask for it.

use std::fs::{self, File};
use std::io::Write;
use std::net::{TcpStream, UdpSocket};
use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::Command;

type Attempt = (&'static str, fn() -> bool);

const ATTEMPTS: &[Attempt] = &[
    ("read a file", || fs::read("/etc/passwd").is_ok()),
    ("read its own memory", || fs::read("/proc/self/maps").is_ok()),
    ("read the parent's descriptors", || {
        let parent = rustix::process::getppid().map(rustix::process::Pid::as_raw_nonzero);
        parent.is_some_and(|parent| fs::read_dir(format!("/proc/{parent}/fd")).is_ok())
    }),
    ("list a folder", || fs::read_dir("/").is_ok()),
    ("write a file", || File::create(at("file")).and_then(|mut f| f.write_all(b"x")).is_ok()),
    ("make a folder", || fs::create_dir(at("folder")).is_ok()),
    ("take a file away", || fs::remove_file(at("file")).is_ok()),
    ("make a link", || std::os::unix::fs::symlink("/etc/passwd", at("link")).is_ok()),
    ("open a TCP connection", || {
        // Refused by nobody listening is an opened socket all the same.
        let error = TcpStream::connect(("127.0.0.1", 9)).err();
        error.is_none_or(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
    }),
    ("open a UDP socket", || UdpSocket::bind(("127.0.0.1", 0)).is_ok()),
    ("listen on a local socket", || UnixListener::bind(at("socket")).is_ok()),
    ("make a pair of sockets", || UnixStream::pair().is_ok()),
    ("start a process", || Command::new("/bin/true").status().is_ok()),
    ("start a thread", || std::thread::Builder::new().spawn(|| {}).is_ok()),
    ("signal its parent", || {
        rustix::process::getppid()
            .is_some_and(|parent| rustix::process::test_kill_process(parent).is_ok())
    }),
    ("map code", map_code),
    ("turn its socket into another", || {
        rustix::io::fcntl_setfd(std::io::stdin().as_fd(), rustix::io::FdFlags::empty()).is_ok()
    }),
];

/// Tries everything and names what went through.
pub(super) fn escape() -> Vec<&'static str> {
    ATTEMPTS.iter().filter(|(_, attempt)| attempt()).map(|(name, _)| *name).collect()
}

/// How many things are tried.
pub(super) const fn attempts() -> usize {
    ATTEMPTS.len()
}

fn at(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("pupitre-escape-{}-{name}", std::process::id()))
}

#[allow(unsafe_code, reason = "maps a page of its own and unmaps it")]
fn map_code() -> bool {
    use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};
    let protection = ProtFlags::READ | ProtFlags::EXEC;
    // SAFETY: a fresh anonymous mapping, used by nobody, is unmapped at once.
    unsafe {
        match mmap_anonymous(std::ptr::null_mut(), 4096, protection, MapFlags::PRIVATE) {
            Ok(page) => munmap(page, 4096).is_ok(),
            Err(_) => false,
        }
    }
}
