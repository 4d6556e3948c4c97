//! Evenings of a council from one number each, judged by a checker that knows nothing of how anything
//! works; and the checker itself, before histories in which one thing is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::collections::BTreeSet;

use pupitre_testkit::simulation::history::{Event, History};
use pupitre_testkit::simulation::{check, play};

/// Schedules of a run without wishes.
const SCHEDULES: u64 = 20_000;

#[test]
fn twenty_thousand_evenings_keep_every_promise() {
    // The one that a failure named, or so many: SIMULATION_SEED=n, SIMULATION_SCHEDULES=n.
    let wish = |name: &str| {
        let text = std::env::var(name).ok()?;
        Some(text.parse::<u64>().unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")))
    };
    let seeds = match wish("SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..wish("SIMULATION_SCHEDULES").unwrap_or(SCHEDULES),
    };
    eprintln!("seeds {seeds:?}");
    let (mut notes, mut put_back) = (0, 0);
    for seed in seeds.clone() {
        let history = play(seed);
        if let Err(violation) = check(&history) {
            if seeds.end - seeds.start == 1 {
                for (at, event) in history.events.iter().enumerate() {
                    eprintln!("{at:>4} {event:?}");
                }
            }
            panic!("{violation} (SIMULATION_SEED={seed} shows it again, with its history)");
        }
        let count = |is: fn(&Event) -> bool| history.events.iter().filter(|e| is(e)).count();
        notes += count(|event| matches!(event, Event::Wrote { .. }));
        put_back += count(|event| {
            matches!(event, Event::ServerRestored { .. } | Event::TabletRestored { .. })
        });
    }
    eprintln!("{notes} notes, put back {put_back} times");
    let many = seeds.end - seeds.start >= 100;
    assert!(!many || (notes > 500 && put_back > 50), "{notes} notes, put back {put_back} times");
}

#[test]
fn the_same_number_plays_the_same_evening() {
    for seed in 0..20 {
        assert_eq!(play(seed), play(seed));
    }
    assert_ne!(play(1), play(2));
}

/// Evenings without any putting back, in which everything must be there once.
fn quiet() -> impl Iterator<Item = History> {
    (0..60).map(|n| play(n * 3))
}

/// Plants one wrong thing into every evening that has room for it; the checker names the promise.
fn planted(promises: &[&str], plant: impl Fn(&mut History) -> bool) {
    let mut planted = 0;
    for mut history in quiet() {
        check(&history).unwrap();
        if plant(&mut history) {
            planted += 1;
            let violation = check(&history).expect_err("it was not noticed");
            assert!(promises.contains(&violation.promise), "{violation}");
        }
    }
    assert!(planted >= 10, "planted in {planted} evenings only");
}

fn position(history: &History, is: impl Fn(&Event) -> bool) -> Option<usize> {
    history.events.iter().position(is)
}

fn last(history: &History, is: impl Fn(&Event) -> bool) -> Option<usize> {
    history.events.iter().rposition(is)
}

#[test]
fn an_answer_without_a_commit_is_noticed() {
    planted(&["I1", "I2"], |history| {
        let at = last(history, |event| matches!(event, Event::Committed { .. }));
        at.map(|at| history.events.remove(at)).is_some()
    });
}

#[test]
fn an_operation_that_stands_twice_is_noticed() {
    planted(&["I1"], |history| {
        let Some(at) = last(history, |event| matches!(event, Event::Committed { .. })) else {
            return false;
        };
        let mut again = history.events[at].clone();
        if let Event::Committed { seq, .. } = &mut again {
            *seq += 1;
        }
        history.events.insert(at + 1, again);
        true
    });
}

#[test]
fn a_gap_in_the_log_is_noticed() {
    planted(&["I1"], |history| {
        let at = last(history, |event| matches!(event, Event::Committed { .. }));
        if let Some(Event::Committed { seq, .. }) = at.map(|at| &mut history.events[at]) {
            *seq += 1;
        }
        at.is_some()
    });
}

#[test]
fn an_operation_in_anothers_name_is_noticed() {
    planted(&["I5"], |history| {
        let at = position(history, |event| matches!(event, Event::Committed { device: 0, .. }));
        if let Some(Event::Committed { device, .. }) = at.map(|at| &mut history.events[at]) {
            *device = 4;
        }
        at.is_some()
    });
}

#[test]
fn an_entry_that_was_passed_over_is_noticed() {
    planted(&["I2"], |history| {
        let full = |event: &Event| matches!(event, Event::Page { items, .. } if !items.is_empty());
        let at = last(history, full);
        if let Some(Event::Page { items, .. }) = at.map(|at| &mut history.events[at]) {
            items.pop();
        }
        at.is_some()
    });
}

#[test]
fn entries_in_another_order_are_noticed() {
    planted(&["I2"], |history| {
        let full = |event: &Event| matches!(event, Event::Page { items, .. } if items.len() > 1);
        let at = position(history, full);
        if let Some(Event::Page { items, .. }) = at.map(|at| &mut history.events[at]) {
            items.swap(0, 1);
        }
        at.is_some()
    });
}

#[test]
fn a_note_that_somebody_else_receives_is_noticed() {
    planted(&["I5"], |history| {
        // A private note of member 0 on the tablet of member 2, as if the log had shown it.
        let private = history.events.iter().find_map(|event| match event {
            Event::Wrote { tablet: 0 | 1, note }
                if note.readers == pupitre_testkit::simulation::history::Readers::Owner =>
            {
                Some(note.id)
            }
            _ => None,
        });
        let Some(private) = private else { return false };
        let committed = history.events.iter().find_map(|event| match event {
            Event::Committed { note, seq, .. } if *note == private => Some(*seq),
            _ => None,
        });
        let Some(seq) = committed else { return false };
        let after = |event: &Event| matches!(event, Event::Page { tablet: 4, cursor, .. } if *cursor >= seq);
        let at = position(history, after);
        if let Some(Event::Page { items, .. }) = at.map(|at| &mut history.events[at]) {
            items.push((seq, private));
        }
        at.is_some()
    });
}

#[test]
fn a_note_that_its_writer_no_longer_sees_is_noticed() {
    planted(&["I3"], |history| {
        let wrote = history.events.iter().find_map(|event| match event {
            Event::Wrote { tablet, note } => Some((*tablet, note.id)),
            _ => None,
        });
        let Some((writer, note)) = wrote else { return false };
        let at = position(
            history,
            |event| matches!(event, Event::Shown { tablet, .. } if *tablet == writer),
        );
        match at.map(|at| &mut history.events[at]) {
            Some(Event::Shown { notes, .. }) => notes.remove(&note),
            _ => false,
        }
    });
}

#[test]
fn tablets_of_one_member_that_differ_are_noticed() {
    planted(&["I4", "I1", "I2", "I3"], |history| {
        let at = position(history, |event| matches!(event, Event::Shown { tablet: 1, .. }));
        match at.map(|at| &mut history.events[at]) {
            Some(Event::Shown { notes, .. }) => notes.pop_first().is_some(),
            _ => false,
        }
    });
}

#[test]
fn what_still_waits_at_the_end_is_noticed() {
    planted(&["I6"], |history| {
        let at = position(history, |event| matches!(event, Event::Shown { tablet: 2, .. }));
        if let Some(Event::Shown { waiting, .. }) = at.map(|at| &mut history.events[at]) {
            *waiting = 1;
        }
        at.is_some()
    });
}

#[test]
fn an_evening_that_never_rests_is_noticed() {
    planted(&["I6"], |history| {
        let at = position(history, |event| *event == Event::Rested);
        at.map(|at| history.events.remove(at)).is_some()
    });
}

#[test]
fn a_refusal_or_a_device_shut_out_is_noticed() {
    planted(&["I6"], |history| {
        history.events.push(Event::Quarantined { device: 3 });
        true
    });
    planted(&["I6"], |history| {
        let note = history.events.iter().find_map(|event| match event {
            Event::Wrote { note, .. } => Some(note.id),
            _ => None,
        });
        history.events.extend(note.map(|note| Event::Refused { tablet: 0, note }));
        note.is_some()
    });
}

#[test]
fn a_note_that_only_its_writers_tablet_still_has_is_noticed() {
    planted(&["I1"], |history| {
        // Written, kept, shown, and never in the log.
        let tablet = 4;
        let note = pupitre_testkit::simulation::history::Note {
            id: 1_000_000,
            owner: 2,
            readers: pupitre_testkit::simulation::history::Readers::Owner,
        };
        history.events.insert(0, Event::Wrote { tablet, note });
        for event in &mut history.events {
            if let Event::Shown { tablet: 4, notes, .. } = event {
                notes.insert(note.id);
            }
        }
        true
    });
}

#[test]
fn evenings_differ_in_what_goes_wrong() {
    let kinds: BTreeSet<(bool, bool)> = (0..300)
        .map(|seed| {
            let history = play(seed);
            let any = |is: fn(&Event) -> bool| history.events.iter().any(is);
            (
                any(|event| matches!(event, Event::ServerRestored { .. })),
                any(|event| matches!(event, Event::TabletRestored { .. })),
            )
        })
        .collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
}
