//! The app's sentences as components use them: cheap to clone, equal when the language is.

use std::rc::Rc;

use fluent_bundle::FluentValue;
use ipc::{Language, LocalTime, Words};

use crate::bridge::Failure;

/// The sentences of the language in use.
#[derive(Debug, Clone)]
pub(crate) struct Tongue(Rc<Words>);

impl PartialEq for Tongue {
    fn eq(&self, other: &Self) -> bool {
        self.0.language() == other.0.language()
    }
}

impl Tongue {
    /// The sentences that the page has loaded: compiled in, those of every language would be a
    /// twentieth of the wasm.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn new(language: Language) -> Self {
        let loaded = crate::dom::loaded_words(language.tag());
        Self(Rc::new(Words::of_sources(language, &[&loaded])))
    }

    /// The sentences as the tests see them, which have no page.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn new(language: Language) -> Self {
        Self(Rc::new(Words::new(language)))
    }

    pub(crate) fn language(&self) -> Language {
        self.0.language()
    }

    /// All sentences, for those that are made of several.
    pub(crate) fn all(&self) -> &Words {
        &self.0
    }

    /// The sentence with this key.
    pub(crate) fn say(&self, key: &str) -> String {
        self.0.say(key)
    }

    /// The sentence with this key, its places filled.
    pub(crate) fn fill(&self, key: &str, places: &[(&str, FluentValue<'_>)]) -> String {
        self.0.say_with(key, places)
    }

    /// The sentence with one number in it.
    pub(crate) fn count(&self, key: &str, n: u32) -> String {
        self.fill(key, &[("n", n.into())])
    }

    /// The word on a stamp.
    pub(crate) fn sign(&self, sign: ink::Sign) -> String {
        self.0.sign(sign)
    }

    /// What did not work: what happened, that nothing is lost, what to do.
    pub(crate) fn failure(&self, failure: &Failure) -> String {
        match failure {
            Failure::Problem(problem) => self.0.problem(problem),
            Failure::Closed => self.say("failure-closed"),
            Failure::Gone => self.say("failure-gone"),
        }
    }

    /// "lundi".
    pub(crate) fn weekday(&self, time: &LocalTime) -> String {
        self.say(&format!("weekday-{}", time.weekday))
    }

    /// "décembre".
    pub(crate) fn month(&self, time: &LocalTime) -> String {
        self.say(&format!("month-{}", time.month))
    }

    /// "14", "1er".
    pub(crate) fn day(&self, time: &LocalTime) -> String {
        self.fill("date-day", &[("day", time.day.into())])
    }

    /// "lundi 14 décembre".
    pub(crate) fn date(&self, time: &LocalTime) -> String {
        self.fill("date-long", &self.date_places(time))
    }

    /// "lundi 14 décembre 2026".
    pub(crate) fn date_with_year(&self, time: &LocalTime) -> String {
        let mut places = self.date_places(time).to_vec();
        places.push(("year", time.year.to_string().into()));
        self.fill("date-year", &places)
    }

    /// "jeu. 17 déc."
    pub(crate) fn date_short(&self, time: &LocalTime) -> String {
        let weekday = self.say(&format!("weekday-short-{}", time.weekday));
        let month = self.say(&format!("month-short-{}", time.month));
        let places =
            [("weekday", weekday.into()), ("day", self.day(time).into()), ("month", month.into())];
        self.fill("date-long", &places)
    }

    /// "18 h 30".
    pub(crate) fn time(&self, time: &LocalTime) -> String {
        let minute = format!("{:02}", time.minute);
        let sharp = i32::from(time.minute == 0);
        let places =
            [("hour", time.hour.into()), ("minute", minute.into()), ("sharp", sharp.into())];
        self.fill("time", &places)
    }

    /// "dans 3 semaines", "demain", "il y a 2 jours".
    pub(crate) fn countdown(&self, days: i64) -> String {
        let n = days.unsigned_abs();
        match days {
            0 => self.say("days-today"),
            1 => self.say("days-tomorrow"),
            2..=13 => self.fill("days-in", &[("n", n.into())]),
            14..=59 => self.fill("weeks-in", &[("n", (n / 7).into())]),
            60.. => self.fill("months-in", &[("n", (n / 30).into())]),
            -1 => self.say("days-yesterday"),
            ..=-2 => self.fill("days-ago", &[("n", n.into())]),
        }
    }

    /// A length in bytes, "1,2 Mo", "85 ko".
    pub(crate) fn bytes(&self, bytes: u64) -> String {
        if bytes < 1_000_000 {
            return self.fill("kilobytes", &[("n", bytes.div_ceil(1_000).into())]);
        }
        let tenths = bytes.saturating_mul(10) / 1_000_000;
        let places = [("whole", (tenths / 10).into()), ("tenth", (tenths % 10).into())];
        self.fill("megabytes", &places)
    }

    fn date_places(&self, time: &LocalTime) -> [(&'static str, FluentValue<'static>); 3] {
        [
            ("weekday", self.weekday(time).into()),
            ("day", self.day(time).into()),
            ("month", self.month(time).into()),
        ]
    }
}

/// Days from one civil date to another, `(year, month, day)`.
pub(crate) fn days_between(from: (i16, i8, i8), to: (i16, i8, i8)) -> i64 {
    day_number(to) - day_number(from)
}

/// Days since 1 January 1970 in the Gregorian calendar (Howard Hinnant's algorithm).
fn day_number((year, month, day): (i16, i8, i8)) -> i64 {
    let (month, day) = (i64::from(month), i64::from(day));
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(year: i16, month: i8, day: i8, weekday: i8, hour: i8, minute: i8) -> LocalTime {
        let at = "2026-12-14T17:30:00Z".parse().unwrap();
        LocalTime { at, year, month, day, weekday, hour, minute }
    }

    #[test]
    fn a_date_reads_as_the_convocation_writes_it() {
        let french = Tongue::new(Language::Fr);
        let sitting = at(2026, 12, 14, 1, 18, 30);
        assert_eq!(french.date(&sitting), "lundi 14 décembre");
        assert_eq!(french.time(&sitting), "18\u{a0}h\u{a0}30");
        assert_eq!(french.date(&at(2026, 3, 1, 7, 9, 0)), "dimanche 1er mars");
        assert_eq!(french.time(&at(2026, 3, 1, 7, 9, 0)), "9\u{a0}h");
        assert_eq!(Tongue::new(Language::En).date_short(&sitting), "Mon 14 Dec");
    }

    #[test]
    fn days_are_counted_over_leap_years_and_new_years_eve() {
        assert_eq!(days_between((2026, 12, 31), (2027, 1, 1)), 1);
        assert_eq!(days_between((2028, 2, 28), (2028, 3, 1)), 2);
        assert_eq!(days_between((2027, 3, 1), (2027, 2, 28)), -1);
    }

    #[test]
    fn a_countdown_is_said_in_days_then_weeks_then_months() {
        let french = Tongue::new(Language::Fr);
        let said: Vec<_> = [0, 1, 6, 21, 90, -3].map(|days| french.countdown(days)).into();
        let n = "\u{a0}";
        assert_eq!(
            said,
            [
                "aujourd’hui".to_owned(),
                "demain".to_owned(),
                format!("dans 6{n}jours"),
                format!("dans 3{n}semaines"),
                format!("dans 3{n}mois"),
                format!("il y a 3{n}jours"),
            ]
        );
    }
}
