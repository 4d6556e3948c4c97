//! The council's calendar, counted from the day the papers are made.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use serde::Serialize;

/// The zone of the commune.
pub const ZONE: &str = "Europe/Paris";

/// The days the papers speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// The day the papers are made and the convocation is dated.
    pub today: Date,
    /// The council's next sitting: a Monday that is no holiday, 20 to 40 days after today.
    pub next: Date,
    /// The council's last sitting: a Monday, at least 7 weeks before the next one, always before today.
    pub past: Date,
    /// The finance committee that has given its opinion: a Thursday before today.
    pub committee_past: Date,
    /// The finance committee to come: the Thursday after the next sitting.
    pub committee_next: Date,
}

impl Calendar {
    /// Counts the calendar from `today`.
    pub fn from_day(today: Date) -> Self {
        let next = working_monday(monday_on_or_after(today.saturating_add(20.days())), 7);
        let past = working_monday(
            monday_on_or_after(today.saturating_add(20.days())).saturating_sub(49.days()),
            -7,
        );
        let since_thursday = (i64::from(today.weekday().to_monday_one_offset()) - 4).rem_euclid(7);
        let back = if since_thursday == 0 { 7 } else { since_thursday };
        Self {
            today,
            next,
            past,
            committee_past: today.saturating_sub(back.days()),
            committee_next: next.saturating_add(3.days()),
        }
    }

    /// The day the papers of a sitting held on `day` are dated: today, or eleven days before a past sitting.
    pub fn papers_of(&self, day: Date) -> Date {
        self.today.min(day.saturating_sub(11.days()))
    }
}

/// A day in the words of a French paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spelled {
    /// "lundi 14 décembre 2026"
    pub long: String,
    /// "14 décembre 2026"
    pub day: String,
    /// "14 décembre"
    pub short: String,
    /// "14/12/2026"
    pub digits: String,
    /// 2026
    pub year: i16,
}

/// Spells `day` in French.
pub fn spell(day: Date) -> Spelled {
    let weekday = match day.weekday() {
        Weekday::Monday => "lundi",
        Weekday::Tuesday => "mardi",
        Weekday::Wednesday => "mercredi",
        Weekday::Thursday => "jeudi",
        Weekday::Friday => "vendredi",
        Weekday::Saturday => "samedi",
        Weekday::Sunday => "dimanche",
    };
    let months = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let month = usize::try_from(day.month() - 1).ok().and_then(|at| months.get(at)).unwrap_or(&"");
    let number = if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() };
    let short = format!("{number} {month}");
    let with_year = format!("{short} {}", day.year());
    Spelled {
        long: format!("{weekday} {with_year}"),
        day: with_year,
        short,
        digits: format!("{:02}/{:02}/{}", day.day(), day.month(), day.year()),
        year: day.year(),
    }
}

fn monday_on_or_after(day: Date) -> Date {
    let ahead = (7 - i64::from(day.weekday().to_monday_zero_offset())).rem_euclid(7);
    day.saturating_add(ahead.days())
}

/// The council does not sit on a public holiday: moves by `step` days until it may.
fn working_monday(monday: Date, step: i64) -> Date {
    let mut day = monday;
    while is_holiday(day) {
        day = day.saturating_add(step.days());
    }
    day
}

fn is_holiday(day: Date) -> bool {
    let fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
    let easter = easter(day.year());
    let moving = [easter.saturating_add(1.day()), easter.saturating_add(50.days())];
    fixed.contains(&(day.month(), day.day())) || moving.contains(&day)
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
    let f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
    let month = i8::try_from(f / 31).unwrap_or(4);
    let day = i8::try_from(f % 31 + 1).unwrap_or(1);
    Date::new(year, month, day).unwrap_or_else(|_| date(year, 4, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_sitting_is_a_working_monday_about_three_weeks_ahead_whatever_the_day() {
        let mut today = date(2025, 1, 1);
        while today < date(2030, 1, 1) {
            let calendar = Calendar::from_day(today);
            let ahead = calendar.next.since(today).unwrap().get_days();
            assert!((20..=40).contains(&ahead), "{today}: {ahead}");
            assert_eq!(calendar.next.weekday(), Weekday::Monday);
            assert!(!is_holiday(calendar.next));
            assert!(calendar.past < today && calendar.committee_past < today);
            assert!(calendar.committee_past > calendar.past);
            today = today.tomorrow().unwrap();
        }
    }

    #[test]
    fn easter_falls_where_the_almanac_says() {
        assert_eq!(easter(2025), date(2025, 4, 20));
        assert_eq!(easter(2026), date(2026, 4, 5));
        assert_eq!(easter(2038), date(2038, 4, 25));
    }

    #[test]
    fn a_day_is_spelled_in_french() {
        assert_eq!(spell(date(2026, 12, 14)).long, "lundi 14 décembre 2026");
        assert_eq!(spell(date(2027, 2, 1)).day, "1er février 2027");
    }
}
