//! The law of local assemblies as an engine: rules are dated rows of `law/rules.toml`, answers come
//! from pure functions over civil dates in the body's time zone.
//!
//! Each answer names its rule and article and says whether it is certain or to be checked by the
//! council's lawyer. Where no rule is known there is no answer: nothing is guessed.

pub mod agenda;
pub mod ballot;
pub mod days;
pub mod deadline;
pub mod evidence;
pub mod example;
pub mod proxy;
pub mod quorum;
pub mod rulebook;

pub use days::{CountedDay, Why, day_of};
pub use deadline::{Caution, Deadline, Judgement, LawError, Question, Standing, Verdict, deadline};
pub use evidence::{Proof, ProofKind, Reception, counted_from, reception, worst};
pub use quorum::{Expected, Forecast, Prospect, Quorum, forecast};
pub use rulebook::{
    Ballot, Case, Certainty, Counting, LocalLaw, Procedure, Requirement, Rule, Rulebook,
};
