//! Counting days: whole civil days of the body's zone, never spans of hours, so that daylight
//! saving changes nothing. Saturdays, Sundays and public holidays count (art. 642 of the code of
//! civil procedure does not apply to convocations).

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::rulebook::{Counting, LocalLaw};

/// The civil day of an instant.
#[must_use]
pub fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned_datetime(zone.clone()).date()
}

/// The last minute of a day, 23:59 by the clock of the zone.
#[must_use]
pub fn last_minute(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    day.at(23, 59, 0, 0).to_zoned_datetime(zone.clone()).ok().map(|zoned| zoned.timestamp())
}

/// Days from the first date to the second; negative when it lies before.
#[must_use]
pub fn between(first: Date, second: Date) -> i64 {
    // Dates, not instants: a span of days between dates knows no clock.
    i64::from(first.until(second).map_or(0, |span| span.get_days()))
}

/// Clear days between two dates: neither counts. -1 on the same day.
#[must_use]
pub fn clear(first: Date, second: Date) -> i64 {
    between(first, second) - 1
}

impl Counting {
    /// Days from date to date that this many days take.
    #[must_use]
    pub fn distance(self, days: u16) -> i64 {
        match self {
            // No delay at all is no clear day either.
            Self::Clear if days > 0 => i64::from(days) + 1,
            Self::Clear | Self::AtLeast => i64::from(days),
        }
    }

    /// The latest day that keeps so many days before a sitting.
    #[must_use]
    pub fn latest(self, sitting: Date, days: u16) -> Option<Date> {
        sitting.checked_sub(Span::new().days(self.distance(days))).ok()
    }

    /// The earliest sitting that keeps so many days after a dispatch.
    #[must_use]
    pub fn earliest(self, dispatch: Date, days: u16) -> Option<Date> {
        dispatch.checked_add(Span::new().days(self.distance(days))).ok()
    }
}

/// A public holiday of the file of rules: a fixed day or a distance from Easter Sunday.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Holiday {
    /// Its name, a key of the app's sentences.
    pub name: String,
    /// Month and day, "12-25".
    pub day: Option<MonthDay>,
    /// Days after Easter Sunday.
    pub easter: Option<i16>,
    /// Only under this local law.
    pub local_law: Option<LocalLaw>,
    /// Only in this time zone.
    pub zone: Option<String>,
}

/// A day of every year, "12-25".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct MonthDay {
    month: i8,
    day: i8,
}

/// Not a month and a day.
#[derive(Debug, thiserror::Error)]
#[error("A day of the year is written MM-DD.")]
pub struct MonthDayError;

impl TryFrom<String> for MonthDay {
    type Error = MonthDayError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (month, day) = text.split_once('-').ok_or(MonthDayError)?;
        let (month, day) =
            (month.parse().map_err(|_| MonthDayError)?, day.parse().map_err(|_| MonthDayError)?);
        Date::new(2024, month, day).map_err(|_| MonthDayError)?;
        Ok(Self { month, day })
    }
}

impl Holiday {
    /// Whether a day is this holiday.
    #[must_use]
    pub fn falls_on(&self, day: Date, local_law: Option<LocalLaw>, zone: &str) -> bool {
        let here = self.local_law.is_none_or(|law| local_law == Some(law))
            && self.zone.as_deref().is_none_or(|only| only == zone);
        let fixed =
            self.day.is_some_and(|fixed| (fixed.month, fixed.day) == (day.month(), day.day()));
        let moving = self.easter.is_some_and(|after| {
            easter(day.year())
                .and_then(|sunday| sunday.checked_add(Span::new().days(i64::from(after))).ok())
                == Some(day)
        });
        here && (fixed || moving)
    }
}

/// Easter Sunday of a Gregorian year (Meeus, Jones and Butcher's method).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

/// Why a day counts or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum Why {
    /// The convocation leaves on it: it does not count.
    DispatchDay,
    /// The convocation had not left yet: it does not count.
    NotSentYet,
    /// A whole day between: it counts.
    Whole {
        /// The how-manieth it is.
        nth: u16,
    },
    /// The day of the sitting where days are counted from date to date: it counts as the last.
    SittingDayCounts {
        /// The how-manieth it is.
        nth: u16,
    },
    /// The day of the sitting where days are clear: it does not count.
    SittingDay,
}

impl Why {
    /// Whether the day counts.
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::Whole { .. } | Self::SittingDayCounts { .. })
    }
}

/// One day of the explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedDay {
    /// The day.
    pub date: Date,
    /// Day of the week, 1 = Monday … 7 = Sunday.
    pub weekday: i8,
    /// Whether it counts.
    pub counts: bool,
    /// Why.
    #[serde(flatten)]
    pub why: Why,
    /// Name of the public holiday it is, which changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holiday: Option<String>,
}

impl CountedDay {
    /// Whether it is a Saturday or a Sunday, which changes nothing.
    #[must_use]
    pub fn weekend(&self) -> bool {
        matches!(self.date.weekday(), Weekday::Saturday | Weekday::Sunday)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn easter_falls_where_it_fell() {
        for (year, month, day) in [(1961, 4, 2), (2000, 4, 23), (2008, 3, 23), (2026, 4, 5)] {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
    }
}
