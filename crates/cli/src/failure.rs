//! How a command fails: one sentence and an exit code.

use std::process::ExitCode;

use ipc::{Problem, Words};

/// A command that failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The client's problem, said in the person's language.
    Problem(Problem),
    /// A sentence.
    Said(String),
    /// Rows that stop a list, one line each, and what to do.
    Rows {
        /// What is wrong, row by row.
        lines: Vec<String>,
        /// The last sentence.
        end: String,
    },
    /// Words of the command line that do not fit together.
    Usage(String),
}

impl Failure {
    /// The sentence for standard error, on one line; a list's bad rows have one each.
    pub(crate) fn sentence(&self, words: &Words) -> String {
        let sentence = match self {
            Self::Problem(problem) => words.problem(problem),
            Self::Said(sentence) | Self::Usage(sentence) => sentence.clone(),
            Self::Rows { lines, end } => return format!("{}\n{end}", lines.join("\n")),
        };
        sentence.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// 2 for bad usage, 1 for everything else.
    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Problem(_) | Self::Said(_) | Self::Rows { .. } => ExitCode::from(1),
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}
