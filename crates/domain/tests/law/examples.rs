//! Every worked example of `rules.toml`, row by row.

use std::collections::BTreeSet;

use jiff::civil::date;
use pupitre_domain::CouncilKind;
use pupitre_domain::law::ballot::{Count, must_ask};
use pupitre_domain::law::days::clear;
use pupitre_domain::law::example::Example;
use pupitre_domain::law::{
    Case, Counting, Question, Quorum, Rule, Rulebook, Verdict, deadline, quorum,
};

use crate::{commune, question};

const KINDS: [CouncilKind; 4] =
    [CouncilKind::Commune, CouncilKind::Epci, CouncilKind::Departement, CouncilKind::Region];

#[test]
fn the_file_of_rules_is_read_whole() {
    let book = Rulebook::parse(include_str!("../../src/law/rules.toml")).unwrap();
    assert_eq!(&book, Rulebook::french());
    let ids: BTreeSet<u32> = book.rules.iter().map(|rule| rule.id[1..].parse().unwrap()).collect();
    assert_eq!(ids, (1..=31).collect(), "every rule of the table has its row");
}

#[test]
fn every_row_with_a_delay_has_a_worked_example() {
    for rule in &Rulebook::french().rules {
        let house = rule.delay.as_ref().is_some_and(|delay| delay.house);
        assert!(
            rule.delay.is_none() || house || !rule.examples.is_empty(),
            "{} {} has none",
            rule.id,
            rule.article
        );
    }
}

#[test]
fn a_row_of_a_general_law_never_meets_another() {
    let dates = [date(1996, 1, 1), date(2020, 2, 29), date(2020, 3, 1), date(2026, 9, 28)];
    for rule in Rulebook::french().rules.iter().filter(|rule| rule.delay.is_some()) {
        for case in dates.iter().flat_map(|on| cases(rule, *on)) {
            let meets = |other: &&Rule| {
                other.delay.is_some()
                    && other.applies(&case)
                    && other.scope.local_law == rule.scope.local_law
            };
            let rows: Vec<_> = Rulebook::french().rules.iter().filter(meets).collect();
            if rule.applies(&case) {
                assert_eq!(rows, [rule], "two rows for {case:?}");
            }
        }
    }
}

/// Every kind, both ends of the population and every procedure of a row.
fn cases(rule: &Rule, on: jiff::civil::Date) -> Vec<Case> {
    let scope = &rule.scope;
    let kinds = if scope.kinds.is_empty() { KINDS.to_vec() } else { scope.kinds.clone() };
    let last = scope.population.below.map_or(9_000_000, |below| below - 1);
    let mut cases = Vec::new();
    for kind in kinds {
        for population in [scope.population.from, last] {
            for procedure in &scope.procedures {
                for body in &scope.bodies {
                    cases.push(Case {
                        kind,
                        population,
                        local_law: scope.local_law,
                        body: *body,
                        procedure: *procedure,
                        on,
                    });
                }
            }
        }
    }
    cases
}

#[test]
fn every_worked_example_holds() {
    let mut checked = 0;
    for rule in &Rulebook::french().rules {
        for example in &rule.examples {
            holds(rule, example);
            checked += 1;
        }
    }
    assert!(checked >= 45, "only {checked} examples");
}

fn holds(rule: &Rule, example: &Example) {
    let name = format!("{} {}: {example:?}", rule.id, rule.article);
    match example {
        Example::ClearDays { days, dispatch, sitting, regular, earliest, .. } => {
            assert_eq!(clear(*dispatch, *sitting) >= i64::from(*days), *regular, "{name}");
            if let Some(earliest) = earliest {
                assert_eq!(Counting::Clear.earliest(*dispatch, *days), Some(*earliest), "{name}");
            }
        }
        Example::Latest { days, sitting, latest, .. } => {
            assert_eq!(Counting::Clear.latest(*sitting, *days), Some(*latest), "{name}");
        }
        Example::Deadline { sitting, after, latest, safe, dispatch, regular, earliest, .. } => {
            for case in cases(rule, *sitting) {
                let asked = Question {
                    body: case.body,
                    after: *after,
                    dispatch: *dispatch,
                    ..question(case.kind, case.population, case.local_law, case.procedure, *sitting)
                };
                let found = deadline(&asked).unwrap();
                assert_eq!((&found.rule, &found.article), (&rule.id, &rule.article), "{name}");
                assert_eq!(found.latest_dispatch, *latest, "{name}");
                if let Some(safe) = safe {
                    assert_eq!(found.safe_dispatch, *safe, "{name}");
                }
                let verdict = regular.map(|r| if r { Verdict::Regular } else { Verdict::Late });
                assert_eq!(found.verdict(), verdict, "{name}");
                if let Some(earliest) = earliest {
                    assert_eq!(found.judgement.unwrap().earliest_sitting, *earliest, "{name}");
                }
            }
        }
        Example::Quorum { in_office, needed, .. } => {
            assert_eq!(Quorum::new(*in_office, 0).needed, *needed, "{name}");
            assert!(Quorum::new(*in_office, *needed).reached(), "{name}");
            assert!(!Quorum::new(*in_office, needed - 1).reached(), "{name}");
        }
        Example::Majority { for_, against, president, secret, outcome, .. } => {
            let count = Count {
                in_favour: *for_,
                against: *against,
                president: *president,
                secret: *secret,
            };
            assert_eq!(count.outcome(), *outcome, "{name}");
        }
        Example::Ballot { present, asking, .. } => {
            for kind in &rule.scope.kinds {
                let found = must_ask(rule.ballot.unwrap(), *kind, *present);
                assert_eq!(found, Some(*asking), "{name}");
            }
        }
    }
}

#[test]
fn inhabitants_decide_between_three_and_five_days() {
    let rule = |population| deadline(&commune(population, date(2026, 9, 28))).unwrap().rule;
    assert_eq!([rule(0), rule(3_499), rule(3_500), rule(2_100_000)], ["R2", "R2", "R3", "R3"]);
}

#[test]
fn fifteen_of_twenty_nine_and_one_leaves_before_item_seven() {
    let quorum = quorum::Quorum::new(29, 15);
    assert!(quorum.reached());
    let after = quorum::Quorum::new(29, 14);
    assert_eq!((after.reached(), after.missing()), (false, 1));
}
