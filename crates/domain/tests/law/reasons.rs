//! What an answer says beside its date.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use pupitre_domain::CouncilKind;
use pupitre_domain::law::{
    Caution, Certainty, Counting, LawError, LocalLaw, Procedure, Proof, ProofKind, Question,
    Reception, Standing, Verdict, Why, counted_from, deadline, reception, worst,
};
use pupitre_domain::member::BodyKind;

use crate::{commune, question};

fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_deadline_counts_its_days_aloud() {
    let found = deadline(&commune(5_000, date(2026, 5, 26))).unwrap();
    let told: Vec<_> = found
        .explanation
        .iter()
        .map(|day| (day.date.day(), day.weekday, day.why, day.holiday.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (20, 3, Why::DispatchDay, None),
            (21, 4, Why::Whole { nth: 1 }, None),
            (22, 5, Why::Whole { nth: 2 }, None),
            (23, 6, Why::Whole { nth: 3 }, None),
            (24, 7, Why::Whole { nth: 4 }, None),
            (25, 1, Why::Whole { nth: 5 }, Some("whit-monday")),
            (26, 2, Why::SittingDay, None),
        ]
    );
}

#[test]
fn a_late_dispatch_is_shown_day_by_day_and_what_it_lacks() {
    let asked = Question { dispatch: Some(date(2026, 9, 25)), ..commune(5_000, date(2026, 9, 28)) };
    let found = deadline(&asked).unwrap();
    let judged = found.judgement.clone().unwrap();
    assert_eq!((judged.verdict, judged.clear_days, judged.missing_days), (Verdict::Late, 2, 3));
    assert_eq!(judged.earliest_sitting, date(2026, 10, 1));
    let why: Vec<_> = found.explanation.iter().map(|day| day.why).collect();
    let not_yet = [Why::NotSentYet; 3];
    assert_eq!(why[..3], not_yet);
    assert_eq!(
        why[3..],
        [Why::DispatchDay, Why::Whole { nth: 1 }, Why::Whole { nth: 2 }, Why::SittingDay]
    );
}

#[test]
fn from_date_to_date_the_day_of_the_sitting_is_the_last_that_counts() {
    let asked =
        question(CouncilKind::Departement, 600_000, None, Procedure::Ordinary, date(2026, 6, 22));
    let found = deadline(&asked).unwrap();
    assert_eq!(found.explanation.iter().filter(|day| day.counts).count(), 12);
    assert_eq!(found.explanation.last().unwrap().why, Why::SittingDayCounts { nth: 12 });
    assert!(found.has_two_readings());
    assert_eq!(
        (found.at_least_dispatch, found.clear_dispatch),
        (date(2026, 6, 10), date(2026, 6, 9))
    );
}

#[test]
fn the_last_lawful_minute_follows_the_bodys_clock() {
    let found = deadline(&commune(5_000, date(2026, 9, 28))).unwrap();
    assert_eq!(found.last_minute, at("2026-09-22T23:59:00+02:00"));
    let overseas = Question {
        zone: TimeZone::get("Indian/Reunion").unwrap(),
        ..commune(5_000, date(2026, 9, 28))
    };
    assert_eq!(deadline(&overseas).unwrap().last_minute, at("2026-09-22T23:59:00+04:00"));
}

#[test]
fn an_instant_falls_on_the_day_of_the_bodys_zone() {
    // 22:30 on the 22nd in Paris is the 23rd in La Réunion.
    let sent = at("2026-09-22T22:30:00+02:00");
    let verdict = |zone: &str| {
        let asked =
            Question { zone: TimeZone::get(zone).unwrap(), ..commune(5_000, date(2026, 9, 28)) };
        deadline(&asked.dispatched(sent)).unwrap().verdict()
    };
    assert_eq!(verdict("Europe/Paris"), Some(Verdict::Regular));
    assert_eq!(verdict("Indian/Reunion"), Some(Verdict::Late));
}

#[test]
fn a_panel_is_green_then_amber_then_red() {
    let found = deadline(&commune(5_000, date(2026, 9, 28))).unwrap();
    let on = |day| found.standing(date(2026, 9, day));
    assert_eq!([on(21), on(22), on(23)], [Standing::Ample, Standing::Short, Standing::Late]);
    let budget = question(CouncilKind::Commune, 900, None, Procedure::Budget, date(2026, 4, 9));
    let sent = |day: Date| {
        let asked = Question { dispatch: Some(day), ..budget.clone() };
        deadline(&asked).unwrap().standing(date(2026, 4, 1))
    };
    assert_eq!(sent(date(2026, 3, 27)), Standing::Ample);
    assert_eq!(sent(date(2026, 3, 28)), Standing::Short);
    assert_eq!(sent(date(2026, 3, 29)), Standing::Late);
}

#[test]
fn the_budgets_papers_and_the_convocation_have_each_their_deadline() {
    let asked = question(CouncilKind::Commune, 900, None, Procedure::Budget, date(2026, 4, 9));
    let found = deadline(&asked).unwrap();
    let beside = found.beside.unwrap();
    assert_eq!((found.rule.as_str(), found.latest_dispatch), ("R8", date(2026, 3, 28)));
    assert_eq!((beside.rule.as_str(), beside.latest_dispatch), ("R2", date(2026, 4, 5)));
}

#[test]
fn alsace_moselle_reads_at_least_as_clear_and_says_so() {
    let law = Some(LocalLaw::AlsaceMoselle);
    let small = question(CouncilKind::Commune, 900, law, Procedure::Ordinary, date(2026, 9, 28));
    let found = deadline(&small).unwrap();
    assert_eq!((found.rule.as_str(), found.certainty), ("R10", Certainty::Check));
    assert_eq!(found.latest_dispatch, date(2026, 9, 24));
    assert_eq!(found.at_least_dispatch, date(2026, 9, 25));
    assert_eq!(found.text, Counting::AtLeast);
    let large = Question { population: 3_500, ..small.clone() };
    assert_eq!(deadline(&large).unwrap().rule, "R3");
    let again = Question { procedure: Procedure::SecondCall, ..large };
    assert_eq!(deadline(&again).unwrap().rule, "R12");
    let good_friday = Question { sitting: date(2026, 4, 4), ..small };
    let days = deadline(&good_friday).unwrap().explanation;
    assert!(days.iter().any(|day| day.holiday.as_deref() == Some("good-friday")));
}

#[test]
fn the_first_sitting_is_held_from_friday_to_sunday_after_the_round() {
    let on = |sitting, round| {
        let asked = Question {
            after: Some(round),
            ..question(CouncilKind::Commune, 20_000, None, Procedure::Installation, sitting)
        };
        deadline(&asked).unwrap().cautions
    };
    let round = date(2026, 3, 15);
    assert_eq!(on(date(2026, 3, 20), round), []);
    assert_eq!(on(date(2026, 3, 19), round), [Caution::NotFridayToSunday]);
    assert_eq!(on(date(2026, 3, 27), round), [Caution::NotAfterTheRound]);
}

#[test]
fn a_second_call_that_has_no_day_left_says_so() {
    let asked = Question {
        after: Some(date(2026, 6, 12)),
        ..question(CouncilKind::Epci, 40_000, None, Procedure::SecondCall, date(2026, 6, 15))
    };
    assert!(deadline(&asked).unwrap().cautions.contains(&Caution::NoLawfulDay));
}

#[test]
fn a_committee_keeps_what_the_council_wrote_into_its_rules() {
    let asked = Question { body: BodyKind::Committee, ..commune(5_000, date(2026, 9, 28)) };
    let free = deadline(&asked).unwrap();
    assert_eq!(
        (free.rule.as_str(), free.days, free.latest_dispatch),
        ("R15", 0, date(2026, 9, 28))
    );
    let house = Question { house_days: Some(3), ..asked };
    let found = deadline(&house).unwrap();
    assert_eq!((found.days, found.latest_dispatch), (3, date(2026, 9, 24)));
    // The law's own delay is not the council's to change.
    let council = Question { house_days: Some(1), ..commune(5_000, date(2026, 9, 28)) };
    assert_eq!(deadline(&council).unwrap().days, 5);
}

#[test]
fn where_no_rule_is_known_nothing_is_guessed() {
    let asked =
        question(CouncilKind::Region, 5_000_000, None, Procedure::Installation, date(2028, 4, 1));
    assert_eq!(deadline(&asked), Err(LawError::NoRule));
}

#[test]
fn a_late_dispatch_is_cured_by_proof_and_the_worst_member_decides() {
    let found = deadline(&commune(5_000, date(2026, 9, 28))).unwrap();
    let zone = paris();
    let proof = |text: &str| Proof { at: at(text), kind: ProofKind::Opened };
    let in_time = at("2026-09-22T23:59:59+02:00");
    let late = at("2026-09-23T00:00:00+02:00");
    let regular = reception(&found, &zone, Some(in_time), &[]);
    let cured = reception(
        &found,
        &zone,
        Some(late),
        &[proof("2026-09-22T20:00:00+02:00"), proof("2026-09-21T09:00:00+02:00")],
    );
    let defective = reception(&found, &zone, Some(late), &[proof("2026-09-24T09:00:00+02:00")]);
    assert_eq!(regular, Reception::Regular);
    assert_eq!(cured, Reception::Cured { proof: proof("2026-09-21T09:00:00+02:00") });
    assert_eq!(defective, Reception::Defective);
    assert_eq!(reception(&found, &zone, None, &[]), Reception::Defective);
    assert_eq!(worst([regular, cured]), Some(cured));
    assert_eq!(worst([regular, defective, cured]), Some(Reception::Defective));
    assert_eq!(worst([]), None);
}

#[test]
fn days_count_from_the_later_of_papers_and_notice() {
    let (papers, notice) = (at("2026-09-22T09:00:00Z"), at("2026-09-22T23:00:00Z"));
    assert_eq!(counted_from(papers, notice), notice);
    assert_eq!(counted_from(notice, papers), notice);
}

/// Easter, reckoned as Gauss did it (for the years 1900 to 2099): another way than that of the product.
fn easter(year: i16) -> Date {
    let (a, b, c) = (year % 19, year % 4, year % 7);
    let d = (19 * a + 24) % 30;
    let e = (2 * b + 4 * c + 6 * d + 5) % 7;
    let late = d + e - if (d == 29 && e == 6) || (d == 28 && e == 6 && a > 10) { 7 } else { 0 };
    date(year, 3, 22).checked_add(jiff::ToSpan::days(i64::from(late))).unwrap()
}

#[test]
fn holidays_of_every_year_are_known_and_no_other_day_is_one() {
    let book = pupitre_domain::law::Rulebook::french();
    for year in 2020..=2040 {
        let after = |days: i64| easter(year).checked_add(jiff::ToSpan::days(days)).unwrap();
        let on = |month, day| date(year, month, day);
        let fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
        let fixed = fixed.map(|(month, day)| on(month, day));
        let expected: std::collections::BTreeSet<Date> =
            fixed.into_iter().chain([after(1), after(39), after(50)]).collect();
        let days = on(1, 1).series(jiff::ToSpan::days(1)).take_while(|day| day.year() == year);
        let is_one =
            |day: &Date| book.holidays.iter().any(|h| h.falls_on(*day, None, "Europe/Paris"));
        assert_eq!(days.filter(is_one).collect::<std::collections::BTreeSet<_>>(), expected);
    }
}

/// The oracle of the test data, where it lies beside the checkout: computed by two libraries.
#[test]
fn holidays_are_named_as_two_libraries_name_them() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/tables/holidays/jours-feries-2020-2040.csv"
    );
    let Ok(text) = std::fs::read_to_string(file) else {
        println!("skipped: the table of two libraries is not beside this checkout");
        return;
    };
    let book = pupitre_domain::law::Rulebook::french();
    let mut known = 0;
    for line in text.lines().skip(1) {
        let fields: Vec<_> = line.rsplitn(3, ',').collect();
        let agreed = fields[0] == "1" && fields[1] == "1";
        let mut head = fields[2].splitn(4, ',');
        let (day, zone) = (head.next().unwrap(), head.next().unwrap());
        if zone != "Métropole" || !agreed {
            continue;
        }
        let day: Date = day.parse().unwrap();
        let named = book.holidays.iter().any(|h| h.falls_on(day, None, "Europe/Paris"));
        assert!(named, "{line}");
        known += 1;
    }
    assert!(known >= 21 * 11, "{known} holidays");
}
