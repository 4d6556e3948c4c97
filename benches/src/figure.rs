//! One figure: what was measured, beside its peer, its physical limit and what it must reach.

use serde::Serialize;

/// One measured figure with its neighbours, all in the same unit.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub name: &'static str,
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
    /// The same job by something else on this machine.
    pub peer: Option<(&'static str, f64)>,
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
}

impl Figure {
    /// A figure from its samples; the order of the samples does not matter.
    pub(crate) fn of(
        name: &'static str,
        unit: &'static str,
        mut samples: Vec<f64>,
        target: Target,
    ) -> Self {
        samples.sort_by(f64::total_cmp);
        let runs = samples.len();
        let at = |share: f64| {
            let place = (share * runs.saturating_sub(1) as f64).ceil() as usize;
            samples.get(place).copied().unwrap_or(f64::NAN)
        };
        let (median, p95, p99) = (at(0.5), at(0.95), at(0.99));
        Self { name, unit, runs, median, p95, p99, target, peer: None, limit: None }
    }

    /// The figure beside the same job by something else.
    pub(crate) fn peer(mut self, who: &'static str, value: f64) -> Self {
        self.peer = Some((who, value));
        self
    }

    /// The figure beside what the machine itself needs.
    pub(crate) fn limit(mut self, what: &'static str, value: f64) -> Self {
        self.limit = Some((what, value));
        self
    }

    /// Whether the target is reached.
    pub(crate) fn reached(&self) -> bool {
        match self.target {
            Target::Median(most) => self.median <= most,
            Target::P99(most) => self.p99 <= most,
        }
    }

    /// The figure as one row of a table.
    fn row(&self) -> [String; 8] {
        let number = |value: f64| match value {
            v if v >= 100.0 => format!("{v:.0}"),
            v if v >= 10.0 => format!("{v:.1}"),
            v => format!("{v:.3}"),
        };
        let beside = |neighbour: &Option<(&str, f64)>| {
            neighbour.map_or_else(|| "–".to_owned(), |(who, v)| format!("{} ({who})", number(v)))
        };
        let target = match self.target {
            Target::Median(most) => format!("≤ {}", number(most)),
            Target::P99(most) => format!("p99 ≤ {}", number(most)),
        };
        [
            format!("{} [{}]", self.name, self.unit),
            number(self.median),
            number(self.p95),
            number(self.p99),
            target,
            if self.reached() { "yes" } else { "NO" }.to_owned(),
            beside(&self.peer),
            beside(&self.limit),
        ]
    }
}

/// All figures as a table for people.
pub(crate) fn table(figures: &[Figure]) -> String {
    let head = ["what", "median", "p95", "p99", "to reach", "reached", "peer", "physical limit"];
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
