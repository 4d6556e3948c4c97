//! The time since the machine was started.

use std::sync::OnceLock;
use std::time::Instant;

use crate::ports::BootTime;

/// What the system says; where it says nothing, the time since this process first asked, under a name
/// of its own: whoever starts the app anew then waits anew.
pub(super) fn time() -> BootTime {
    of_the_system().unwrap_or_else(of_this_process)
}

/// Linux: both files are always there, and the time counts sleep.
fn of_the_system() -> Option<BootTime> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    Some(BootTime { boot: boot.trim().to_owned(), ms: milliseconds(&uptime)? })
}

/// From `12345.67 4321.00`: seconds up, seconds idle.
fn milliseconds(uptime: &str) -> Option<u64> {
    let (seconds, hundredths) = uptime.split_whitespace().next()?.split_once('.')?;
    let hundredths: u64 = hundredths.get(..2)?.parse().ok()?;
    Some(seconds.parse::<u64>().ok()?.checked_mul(1_000)? + hundredths * 10)
}

fn of_this_process() -> BootTime {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    let began = BEGAN.get_or_init(Instant::now);
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    BootTime { boot: format!("process {}", std::process::id()), ms }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_seconds_become_milliseconds() {
        assert_eq!(milliseconds("12345.67 4321.00\n"), Some(12_345_670));
        assert_eq!(milliseconds("0.05 0.00"), Some(50));
        for nonsense in ["", "12", "a.bc", "1.x"] {
            assert_eq!(milliseconds(nonsense), None);
        }
    }
}
