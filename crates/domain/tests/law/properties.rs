//! What holds for every sitting, every body and every day.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use proptest::prelude::*;
use pupitre_domain::CouncilKind;
use pupitre_domain::law::days::{between, clear};
use pupitre_domain::law::{Expected, Prospect, forecast};
use pupitre_domain::law::{
    LawError, LocalLaw, Procedure, Question, Verdict, day_of, deadline, quorum,
};

fn some_day() -> impl Strategy<Value = Date> {
    (0..36_524_i64).prop_map(|days| date(1990, 1, 1).checked_add(Span::new().days(days)).unwrap())
}

fn some_kind() -> impl Strategy<Value = CouncilKind> {
    prop_oneof![
        3 => Just(CouncilKind::Commune),
        2 => Just(CouncilKind::Epci),
        1 => Just(CouncilKind::Departement),
        1 => Just(CouncilKind::Region),
    ]
}

fn some_procedure() -> impl Strategy<Value = Procedure> {
    prop_oneof![
        Just(Procedure::Ordinary),
        Just(Procedure::Urgent),
        Just(Procedure::SecondCall),
        Just(Procedure::Budget),
        Just(Procedure::Installation),
    ]
}

fn some_question() -> impl Strategy<Value = Question> {
    let law = prop_oneof![2 => Just(None), 1 => Just(Some(LocalLaw::AlsaceMoselle))];
    let zone = prop_oneof![
        Just("Europe/Paris"),
        Just("Indian/Reunion"),
        Just("America/Martinique"),
        Just("Pacific/Noumea"),
        Just("America/Miquelon"),
    ];
    (some_kind(), 0..20_000_u32, law, some_procedure(), some_day(), zone).prop_map(
        |(kind, population, local_law, procedure, sitting, zone)| Question {
            zone: TimeZone::get(zone).unwrap(),
            ..crate::question(kind, population, local_law, procedure, sitting)
        },
    )
}

fn judged(question: &Question, dispatch: Date) -> Option<pupitre_domain::law::Deadline> {
    match deadline(&Question { dispatch: Some(dispatch), ..question.clone() }) {
        Ok(found) => Some(found),
        Err(LawError::NoRule) => None,
        Err(LawError::OutOfCalendar) => panic!("out of the calendar"),
    }
}

proptest! {
    #[test]
    fn a_day_later_never_makes_a_late_dispatch_regular(
        question in some_question(), before in -3..30_i64, later in 1..20_i64,
    ) {
        let first = question.sitting.checked_sub(before.days()).unwrap();
        let second = first.checked_add(later.days()).unwrap();
        if let (Some(first), Some(second)) = (judged(&question, first), judged(&question, second)) {
            prop_assert!(first.verdict() <= second.verdict());
            let (first, second) = (first.judgement.unwrap(), second.judgement.unwrap());
            prop_assert!(first.missing_days <= second.missing_days);
            prop_assert!(first.safe >= second.safe);
        }
    }

    #[test]
    fn the_latest_day_is_regular_and_the_next_is_late(question in some_question()) {
        let Ok(found) = deadline(&question) else { return Ok(()) };
        let next = found.latest_dispatch.tomorrow().unwrap();
        let verdict = |day| judged(&question, day).unwrap().verdict();
        prop_assert_eq!(verdict(found.latest_dispatch), Some(Verdict::Regular));
        prop_assert_eq!(verdict(next), Some(Verdict::Late));
        prop_assert!(found.safe_dispatch <= found.latest_dispatch);
        prop_assert!(found.clear_dispatch <= found.at_least_dispatch);
    }

    #[test]
    fn the_earliest_sitting_is_lawful_and_the_day_before_is_not(
        question in some_question(), dispatch in some_day(),
    ) {
        let Some(found) = judged(&question, dispatch) else { return Ok(()) };
        let earliest = found.judgement.unwrap().earliest_sitting;
        let on = |sitting| judged(&Question { sitting, ..question.clone() }, dispatch);
        // A change of the law may lie between.
        if let Some(again) = on(earliest) && again.article == found.article {
            prop_assert_eq!(again.verdict(), Some(Verdict::Regular));
        }
        if let Some(before) = on(earliest.yesterday().unwrap()) && before.article == found.article {
            prop_assert_eq!(before.verdict(), Some(Verdict::Late));
        }
    }

    #[test]
    fn the_clocks_change_nothing(
        question in some_question(), before in 0..20_i64, hour in 0..24_i8, minute in 0..60_i8,
        sits in 0..24_i8,
    ) {
        // Two instants of the same two days, whatever the hour and the offset between them.
        let dispatch = question.sitting.checked_sub(before.days()).unwrap();
        let sent = dispatch.at(hour, minute, 0, 0).to_zoned_datetime(question.zone.clone()).unwrap();
        let starts = question.sitting.at(sits, 0, 0, 0).to_zoned_datetime(question.zone.clone()).unwrap();
        prop_assert_eq!(day_of(starts.timestamp(), &question.zone), question.sitting);
        let by_instant = deadline(&question.clone().dispatched(sent.timestamp())).ok();
        prop_assert_eq!(by_instant, judged(&question, dispatch));
    }

    #[test]
    fn the_last_minute_belongs_to_the_last_day(question in some_question()) {
        let Ok(found) = deadline(&question) else { return Ok(()) };
        prop_assert_eq!(day_of(found.last_minute, &question.zone), found.latest_dispatch);
        let after = found.last_minute.checked_add(1.minute()).unwrap();
        let next = found.latest_dispatch.tomorrow().unwrap();
        prop_assert_eq!(day_of(after, &question.zone), next);
    }

    #[test]
    fn the_days_told_are_the_days_asked_for(question in some_question()) {
        let Ok(found) = deadline(&question) else { return Ok(()) };
        let counted = found.explanation.iter().filter(|day| day.counts).count();
        prop_assert_eq!(counted, usize::from(found.days));
        for pair in found.explanation.windows(2) {
            prop_assert_eq!(between(pair[0].date, pair[1].date), 1);
        }
        prop_assert_eq!(found.explanation.last().map(|day| day.date), Some(question.sitting));
    }

    #[test]
    fn leap_days_count_like_any_other(first in some_day(), days in 0..400_i64) {
        let second = first.checked_add(days.days()).unwrap();
        prop_assert_eq!(between(first, second), days);
        prop_assert_eq!(clear(first, second), days - 1);
    }

    #[test]
    fn more_people_never_lose_a_quorum(in_office in 1..200_u32, present in 0..200_u32) {
        let quorum = quorum::Quorum::new(in_office, present);
        prop_assert!(quorum.needed * 2 > in_office && (quorum.needed - 1) * 2 <= in_office);
        if quorum.reached() {
            prop_assert!(quorum::Quorum::new(in_office, present + 1).reached());
        }
    }

    #[test]
    fn another_reply_never_darkens_a_forecast_it_fulfils(
        replies in proptest::collection::vec(0..5_u8, 1..60), change in any::<prop::sample::Index>(),
    ) {
        let expected = |n: &u8| match n {
            0 => Expected::Present,
            1 => Expected::Late,
            2 => Expected::Absent,
            3 => Expected::Represented,
            _ => Expected::Silent,
        };
        let before = forecast(replies.iter().map(expected));
        let mut after = replies.clone();
        after[change.index(replies.len())] = 0;
        let after = forecast(after.iter().map(expected));
        prop_assert_eq!(before.in_office, after.in_office);
        prop_assert!(after.prospect <= before.prospect);
        if before.prospect == Prospect::Secured {
            prop_assert!(before.present >= before.needed);
        }
    }
}
