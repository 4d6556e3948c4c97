//! Work that may panic or never end, kept away from everything else.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

use crate::error::Reason;

/// Runs `work` on a thread of its own. When it panics, or has not ended by the deadline, its result
/// is given up; a thread that hangs is left behind, because Rust cannot end it.
pub(crate) fn guarded<T: Send + 'static>(
    deadline: Duration,
    work: impl FnOnce() -> Result<T, Reason> + Send + 'static,
) -> Result<T, Reason> {
    let (answer, answers) = mpsc::sync_channel(1);
    std::thread::Builder::new()
        .name("notes".to_owned())
        .spawn(move || {
            let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Reason::Panicked));
            // Nobody listens any more when the deadline has passed.
            drop(answer.send(result));
        })
        .map_err(|_| Reason::Hung)?;
    answers.recv_timeout(deadline).unwrap_or(Err(Reason::Hung))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_hangs_is_given_up_and_work_that_panics_is_caught() {
        let (release, held) = mpsc::channel::<()>();
        let hung: Result<(), _> = guarded(Duration::from_millis(1), move || {
            held.recv().unwrap_or_default();
            Ok(())
        });
        assert_eq!(hung, Err(Reason::Hung));
        drop(release);
        let minute = Duration::from_secs(60);
        assert_eq!(guarded::<()>(minute, || panic!("on purpose")), Err(Reason::Panicked));
        assert_eq!(guarded(minute, || Ok(7)), Ok(7));
    }
}
