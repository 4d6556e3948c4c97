//! One figure: what was measured, beside its peer, its physical limit and what it must reach.

use serde::Serialize;

/// One measured figure with its neighbours, all in the same unit.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub name: String,
    /// Unit of every number here.
    pub unit: &'static str,
    /// How many times.
    pub runs: usize,
    /// Median.
    pub median: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99th percentile.
    pub p99: f64,
    /// What is to be reached, and which of the three numbers it is about.
    pub target: Target,
    /// The same job by others on this machine.
    pub peers: Vec<Peer>,
    /// What the machine itself needs for the bytes of this job.
    pub limit: Option<(&'static str, f64)>,
}

/// What is to be reached.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) enum Target {
    /// The median is at most this.
    Median(f64),
    /// The 99th percentile is at most this.
    P99(f64),
    /// Nothing, or what it depends on is not here.
    None,
}

/// The same job by something else on this machine.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Peer {
    pub who: &'static str,
    /// Median and 95th percentile; none when it is not here.
    pub took: Option<(f64, f64)>,
}

impl Figure {
    /// A figure from its samples; the order of the samples does not matter.
    pub(crate) fn of(
        name: impl Into<String>,
        unit: &'static str,
        samples: Vec<f64>,
        target: Target,
    ) -> Self {
        let (name, runs) = (name.into(), samples.len());
        let [median, p95, p99] = shares(samples, [0.5, 0.95, 0.99]);
        Self { name, unit, runs, median, p95, p99, target, peers: Vec::new(), limit: None }
    }

    /// The figure beside the same job by something else.
    pub(crate) fn peer(self, who: &'static str, value: f64) -> Self {
        self.beside(who, Some(vec![value]))
    }

    /// The figure beside samples of the same job by something else; none when it is not here.
    pub(crate) fn beside(mut self, who: &'static str, samples: Option<Vec<f64>>) -> Self {
        let took = samples.map(|samples| shares(samples, [0.5, 0.95]));
        self.peers.push(Peer { who, took: took.map(|[median, p95]| (median, p95)) });
        self
    }

    /// The same, and the median is to be at most this many times the other's.
    pub(crate) fn at_most_of(
        self,
        who: &'static str,
        samples: Option<Vec<f64>>,
        times: f64,
    ) -> Self {
        let mut figure = self.beside(who, samples);
        if let Some((median, _)) = figure.peers.last().and_then(|peer| peer.took) {
            figure.target = Target::Median(median * times);
        }
        figure
    }

    /// The figure beside the median of what the machine itself needs.
    pub(crate) fn limit_of(self, what: &'static str, samples: Vec<f64>) -> Self {
        let [median] = shares(samples, [0.5]);
        self.limit(what, median)
    }

    /// The figure beside what the machine itself needs.
    pub(crate) fn limit(mut self, what: &'static str, value: f64) -> Self {
        self.limit = Some((what, value));
        self
    }

    /// Whether the target is reached.
    pub(crate) fn reached(&self) -> Option<bool> {
        match self.target {
            Target::Median(most) => Some(self.median <= most),
            Target::P99(most) => Some(self.p99 <= most),
            Target::None => None,
        }
    }

    /// The figure as one row of a table.
    fn row(&self) -> [String; 8] {
        let number = |value: f64| match value {
            v if v >= 100.0 => format!("{v:.0}"),
            v if v >= 10.0 => format!("{v:.1}"),
            v => format!("{v:.3}"),
        };
        let peer = |peer: &Peer| match peer.took {
            Some((median, _)) => format!("{} ({})", number(median), peer.who),
            None => format!("absent ({})", peer.who),
        };
        let peers: Vec<String> = self.peers.iter().map(peer).collect();
        let limit = self.limit.map(|(what, value)| format!("{} ({what})", number(value)));
        let dash = || "–".to_owned();
        let target = match self.target {
            Target::Median(most) => format!("≤ {}", number(most)),
            Target::P99(most) => format!("p99 ≤ {}", number(most)),
            Target::None => dash(),
        };
        [
            format!("{} [{}]", self.name, self.unit),
            number(self.median),
            number(self.p95),
            number(self.p99),
            target,
            self.reached().map_or("–", |reached| if reached { "yes" } else { "NO" }).to_owned(),
            if peers.is_empty() { dash() } else { peers.join("; ") },
            limit.unwrap_or_else(dash),
        ]
    }
}

/// What so many parts of the samples do not exceed; not a number when there are none.
fn shares<const N: usize>(mut samples: Vec<f64>, shares: [f64; N]) -> [f64; N] {
    samples.sort_by(f64::total_cmp);
    let last = samples.len().saturating_sub(1) as f64;
    shares.map(|share| samples.get((share * last).ceil() as usize).copied().unwrap_or(f64::NAN))
}

/// All figures as a table for people.
pub(crate) fn table(figures: &[Figure]) -> String {
    let head = ["what", "median", "p95", "p99", "to reach", "reached", "peers", "physical limit"];
    let mut rows = vec![head.map(ToOwned::to_owned)];
    rows.extend(figures.iter().map(Figure::row));
    let mut widths = [0; 8];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(widths) {
            let room = width - cell.chars().count();
            text.push_str("| ");
            text.push_str(cell);
            text.push_str(&" ".repeat(room + 1));
        }
        text.push_str("|\n");
        if index == 0 {
            for width in widths {
                text.push_str(&format!("|{}", "-".repeat(width + 2)));
            }
            text.push_str("|\n");
        }
    }
    text
}
