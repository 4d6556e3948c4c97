//! Counters in Prometheus' text form. No councils, people or papers appear in them.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the commit histogram, in microseconds.
const COMMIT_BOUNDS: [u64; 8] = [250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000];

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds to it.
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    /// What it stands at.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A number that goes up and down.
#[derive(Debug, Default)]
pub struct Gauge(AtomicI64);

impl Gauge {
    /// Adds to it or takes from it.
    pub fn add(&self, n: i64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    /// What it stands at.
    #[must_use]
    pub fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Everything that is counted.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Answers by the hundred of their status: 1xx to 5xx.
    responses: [Counter; 5],
    /// Open connections.
    pub connections: Gauge,
    /// Open poke sockets.
    pub sockets: Gauge,
    /// Operations made durable.
    pub ops_accepted: Counter,
    /// Operations over a version that no longer stood.
    pub ops_conflicted: Counter,
    /// Operations refused.
    pub ops_refused: Counter,
    /// Entries given to tablets.
    pub entries_pulled: Counter,
    /// Bytes of papers received.
    pub paper_bytes_in: Counter,
    /// Bytes of papers given.
    pub paper_bytes_out: Counter,
    /// Requests refused by a limit.
    pub limited: Counter,
    commits: Counter,
    commits_failed: Counter,
    writes: Counter,
    commit_micros: Counter,
    commit_buckets: [Counter; COMMIT_BOUNDS.len()],
}

impl Metrics {
    /// Counts an answer.
    pub fn responded(&self, status: u16) {
        let hundred = usize::from(status / 100).saturating_sub(1);
        if let Some(counter) = self.responses.get(hundred) {
            counter.add(1);
        }
    }

    /// Counts a commit of so many writes.
    pub fn committed(&self, writes: usize, took: Duration, done: bool) {
        if !done {
            self.commits_failed.add(1);
            return;
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.commits.add(1);
        self.writes.add(writes as u64);
        self.commit_micros.add(micros);
        for (bound, counter) in COMMIT_BOUNDS.iter().zip(&self.commit_buckets) {
            if micros <= *bound {
                counter.add(1);
            }
        }
    }

    /// The text that Prometheus reads.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        family(&mut text, "pupitre_http_responses_total", "counter", "Answers by status class.");
        for (index, counter) in self.responses.iter().enumerate() {
            let class = index + 1;
            line(
                &mut text,
                &format!("pupitre_http_responses_total{{class=\"{class}xx\"}}"),
                counter.get(),
            );
        }
        for (name, help, gauge) in [
            ("pupitre_connections", "Open connections.", &self.connections),
            ("pupitre_poke_sockets", "Open poke sockets.", &self.sockets),
        ] {
            family(&mut text, name, "gauge", help);
            line(&mut text, name, gauge.get());
        }
        for (name, help, counter) in [
            ("pupitre_ops_accepted_total", "Operations made durable.", &self.ops_accepted),
            ("pupitre_ops_conflicted_total", "Operations in conflict.", &self.ops_conflicted),
            ("pupitre_ops_refused_total", "Operations refused.", &self.ops_refused),
            ("pupitre_entries_pulled_total", "Entries given.", &self.entries_pulled),
            ("pupitre_paper_bytes_in_total", "Bytes of papers received.", &self.paper_bytes_in),
            ("pupitre_paper_bytes_out_total", "Bytes of papers given.", &self.paper_bytes_out),
            ("pupitre_limited_total", "Requests refused by a limit.", &self.limited),
            ("pupitre_commits_failed_total", "Commits that failed.", &self.commits_failed),
            ("pupitre_writes_total", "Writes in all commits.", &self.writes),
        ] {
            family(&mut text, name, "counter", help);
            line(&mut text, name, counter.get());
        }
        family(&mut text, "pupitre_commit_seconds", "histogram", "Time of one commit.");
        for (bound, counter) in COMMIT_BOUNDS.iter().zip(&self.commit_buckets) {
            let seconds = *bound as f64 / 1e6;
            line(
                &mut text,
                &format!("pupitre_commit_seconds_bucket{{le=\"{seconds}\"}}"),
                counter.get(),
            );
        }
        line(&mut text, "pupitre_commit_seconds_bucket{le=\"+Inf\"}", self.commits.get());
        line(&mut text, "pupitre_commit_seconds_sum", self.commit_micros.get() as f64 / 1e6);
        line(&mut text, "pupitre_commit_seconds_count", self.commits.get());
        text
    }
}

fn family(text: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to a String cannot fail.
    writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}").ok();
}

fn line(text: &mut String, name: &str, value: impl std::fmt::Display) {
    writeln!(text, "{name} {value}").ok();
}
