//! A convocation as a calendar entry (RFC 5545, RFC 5546): the same `UID` for a sitting through all
//! its convocations, `SEQUENCE` one higher with each, `REQUEST` to convene and `CANCEL` to call off.
//!
//! The start is the body's own clock time with its `TZID`, and the zone's rules around that day come
//! with it, so that no calendar has to guess what "Europe/Paris" means.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::SignedDuration;
use jiff::tz::{Offset, TimeZone};

use crate::Timestamp;
use crate::convocation::{Act, Convocation};

/// Longest line, in bytes without its end (RFC 5545, 3.1).
const LINE: usize = 75;
/// How long a sitting is shown; the convocation does not say when it ends.
const SHOWN: &str = "PT3H";

/// Most changes of the clock within a calendar: two a year, for a mandate of six years and more.
const CHANGES: usize = 16;

/// Who sends and who is invited.
#[derive(Debug, Clone, Copy)]
pub struct Parties<'a> {
    /// E-mail address of the sender.
    pub organizer: &'a str,
    /// Name and e-mail address of the member; none for a file kept by the member.
    pub attendee: Option<(&'a str, &'a str)>,
}

/// What a calendar is asked to do.
#[must_use]
pub const fn method(convocation: &Convocation) -> &'static str {
    match convocation.act {
        Act::Convene => "REQUEST",
        Act::Cancel => "CANCEL",
    }
}

/// The calendar's text, lines ended by CR LF. `sent` is when the convocation became durable.
#[must_use]
pub fn entry(convocation: &Convocation, sent: Timestamp, parties: Option<Parties<'_>>) -> String {
    // A file for one's own calendar is published; an invitation asks for an answer.
    let mut calendar = Calendar::begin(parties.map_or("PUBLISH", |_| method(convocation)));
    let (name, zone) = zone_of(convocation);
    calendar.zone(name, &zone, (convocation.starts, convocation.starts));
    calendar.event(convocation, sent, true, parties);
    calendar.line("END:VCALENDAR");
    calendar.text
}

/// A member's calendar: the last convocation of each sitting, with when it became durable. Agendas are
/// left out: the address may be given to a calendar on somebody else's machine.
#[must_use]
pub fn feed(council: &str, sittings: &[(&Convocation, Timestamp)]) -> String {
    let mut calendar = Calendar::begin("PUBLISH");
    // Neither is of the standard; what reads them shows a name and looks again within the hour.
    calendar.line(&format!("X-WR-CALNAME:{}", escaped(council)));
    calendar.line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    calendar.line("X-PUBLISHED-TTL:PT1H");
    let mut zones: BTreeMap<&str, (TimeZone, (Timestamp, Timestamp))> = BTreeMap::new();
    for (convocation, _) in sittings {
        let ((name, zone), at) = (zone_of(convocation), convocation.starts);
        let (_, (first, last)) = zones.entry(name).or_insert((zone, (at, at)));
        (*first, *last) = (at.min(*first), at.max(*last));
    }
    for (name, (zone, span)) in zones {
        calendar.zone(name, &zone, span);
    }
    for (convocation, sent) in sittings {
        calendar.event(convocation, *sent, false, None);
    }
    calendar.line("END:VCALENDAR");
    calendar.text
}

/// The zone in which a convocation's council counts, and its name.
fn zone_of(convocation: &Convocation) -> (&str, TimeZone) {
    let zone = TimeZone::get(&convocation.zone).unwrap_or(TimeZone::UTC);
    let name = if zone.iana_name().is_some() { convocation.zone.as_str() } else { "UTC" };
    (name, zone)
}

#[derive(Default)]
struct Calendar {
    text: String,
}

impl Calendar {
    fn begin(method: &str) -> Self {
        let mut calendar = Self::default();
        calendar.line("BEGIN:VCALENDAR");
        calendar.line("VERSION:2.0");
        calendar.line("PRODID:-//Pupitre//Convocation//FR");
        calendar.line("CALSCALE:GREGORIAN");
        calendar.line(&format!("METHOD:{method}"));
        calendar
    }

    fn event(
        &mut self,
        convocation: &Convocation,
        sent: Timestamp,
        agenda: bool,
        parties: Option<Parties<'_>>,
    ) {
        let (name, zone) = zone_of(convocation);
        let starts = convocation.starts.to_zoned_datetime(zone);
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}@pupitre", convocation.sitting));
        self.line(&format!("SEQUENCE:{}", convocation.number.saturating_sub(1)));
        self.line(&format!("DTSTAMP:{}", utc(sent)));
        self.line(&format!("DTSTART;TZID={name}:{}", starts.strftime("%Y%m%dT%H%M%S")));
        self.line(&format!("DURATION:{SHOWN}"));
        self.line(&format!("SUMMARY:{}", escaped(&convocation.title)));
        self.line(&format!("LOCATION:{}", escaped(&convocation.place)));
        let shown = convocation.agenda.iter().filter(|_| agenda);
        let agenda = (1_u32..).zip(shown).map(|(number, line)| format!("{number}. {}", line.title));
        let mut text = vec![convocation.council.clone()];
        text.extend(convocation.note.clone());
        text.extend(agenda);
        self.line(&format!("DESCRIPTION:{}", escaped(&text.join("\n"))));
        let status = match convocation.act {
            Act::Convene => "CONFIRMED",
            Act::Cancel => "CANCELLED",
        };
        self.line(&format!("STATUS:{status}"));
        if let Some(Parties { organizer, attendee }) = parties {
            let council = quoted(&convocation.council);
            self.line(&format!("ORGANIZER;CN={council}:mailto:{organizer}"));
            if let Some((member, address)) = attendee {
                self.line(&format!(
                    "ATTENDEE;CN={};ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:{address}",
                    quoted(member)
                ));
            }
        }
        self.line("END:VEVENT");
    }

    /// One line, folded where it is too long; a letter of several bytes is never cut.
    fn line(&mut self, line: &str) {
        let mut used = 0;
        for letter in line.chars() {
            if used + letter.len_utf8() > LINE {
                self.text.push_str("\r\n ");
                used = 1;
            }
            self.text.push(letter);
            used += letter.len_utf8();
        }
        self.text.push_str("\r\n");
    }

    /// The zone's rules around a span of days: what holds since the change before, each change within,
    /// and what holds after the next.
    fn zone(&mut self, name: &str, zone: &TimeZone, (first, last): (Timestamp, Timestamp)) {
        self.line("BEGIN:VTIMEZONE");
        self.line(&format!("TZID:{name}"));
        // The day after, so that a change on the day itself is the one before.
        let after = first.checked_add(SignedDuration::from_hours(24)).unwrap_or(first);
        let before = zone.preceding(after).next();
        match before {
            Some(change) => {
                let from = zone.to_offset(earlier(change.timestamp()));
                self.observance(change.timestamp(), from, change.offset(), change.dst().is_dst());
            }
            None => {
                let info = zone.to_offset_info(first);
                let (offset, dst) = (info.offset(), info.dst().is_dst());
                self.observance(Timestamp::UNIX_EPOCH, offset, offset, dst);
            }
        }
        for change in zone.following(after).take(CHANGES) {
            let from = zone.to_offset(earlier(change.timestamp()));
            self.observance(change.timestamp(), from, change.offset(), change.dst().is_dst());
            if change.timestamp() > last {
                break;
            }
        }
        self.line("END:VTIMEZONE");
    }

    fn observance(&mut self, at: Timestamp, from: Offset, to: Offset, summer: bool) {
        let kind = if summer { "DAYLIGHT" } else { "STANDARD" };
        // The moment of a change is written in the clock time that held before it.
        let clock = from.to_datetime(at);
        self.line(&format!("BEGIN:{kind}"));
        self.line(&format!("DTSTART:{}", clock.strftime("%Y%m%dT%H%M%S")));
        self.line(&format!("TZOFFSETFROM:{}", signed(from)));
        self.line(&format!("TZOFFSETTO:{}", signed(to)));
        self.line(&format!("END:{kind}"));
    }
}

fn earlier(at: Timestamp) -> Timestamp {
    at.checked_sub(SignedDuration::from_secs(1)).unwrap_or(at)
}

fn signed(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, seconds) = if seconds < 0 { ('-', -seconds) } else { ('+', seconds) };
    format!("{sign}{:02}{:02}", seconds / 3_600, seconds % 3_600 / 60)
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value: what would end it is escaped (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, letter| {
        match letter {
            '\\' | ';' | ',' => {
                // A String takes everything.
                write!(out, "\\{letter}").ok();
            }
            '\n' => out.push_str("\\n"),
            '\r' => {}
            other => out.push(other),
        }
        out
    })
}

/// A parameter's value; a quotation mark cannot stand in one.
fn quoted(text: &str) -> String {
    let text: String = text.chars().filter(|c| *c != '"' && !c.is_control()).collect();
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convocation::AgendaLine;
    use crate::digest::Sha256;
    use crate::ids::{ConvocationId, ItemId, MemberId, SittingId};
    use crate::member::BodyKind;

    fn convocation(starts: &str, zone: &str) -> Convocation {
        Convocation {
            id: ConvocationId::from_bytes([1; 16]),
            sitting: SittingId::from_bytes([2; 16]),
            number: 3,
            act: Act::Convene,
            sitting_op: Sha256::from_bytes([3; 32]),
            author: MemberId::from_bytes([4; 16]),
            author_name: "Greffe".to_owned(),
            made: Timestamp::UNIX_EPOCH,
            council: "Ville de Valbrune".to_owned(),
            zone: zone.to_owned(),
            title: "Conseil municipal; budget, \"primitif\"".to_owned(),
            kind: BodyKind::Council,
            starts: starts.parse().unwrap(),
            place: "Hôtel de ville, salle d’honneur".to_owned(),
            agenda: vec![AgendaLine {
                item: ItemId::from_bytes([5; 16]),
                title: "É".repeat(60),
                deliberative: true,
                closed_doors: false,
            }],
            papers: Vec::new(),
            recipients: Vec::new(),
            urgency: None,
            ruling: None,
            note: None,
            answer_by: None,
        }
    }

    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn the_start_is_the_councils_clock_in_summer_and_in_winter() {
        let parties = Parties { organizer: "greffe@valbrune.example", attendee: None };
        for (starts, line, from, to) in [
            ("2026-09-28T18:30:00+02:00", "20260928T183000", "+0100", "+0200"),
            ("2026-12-28T18:30:00+01:00", "20261228T183000", "+0200", "+0100"),
        ] {
            let text =
                entry(&convocation(starts, "Europe/Paris"), Timestamp::UNIX_EPOCH, Some(parties));
            let lines = unfolded(&text);
            assert!(lines.contains(&format!("DTSTART;TZID=Europe/Paris:{line}")), "{text}");
            // The zone that comes with it says what held on that day.
            let offset = lines.iter().position(|l| l.starts_with("TZOFFSETFROM")).unwrap();
            assert_eq!(
                lines[offset..offset + 2],
                [format!("TZOFFSETFROM:{from}"), format!("TZOFFSETTO:{to}")]
            );
        }
        let summer = entry(
            &convocation("2026-09-28T18:30:00+02:00", "Europe/Paris"),
            Timestamp::UNIX_EPOCH,
            None,
        );
        // Sunday 29 March 2026 at two by the winter clock, Sunday 25 October at three by the summer one.
        assert!(summer.contains("BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000"), "{summer}");
        assert!(summer.contains("BEGIN:STANDARD\r\nDTSTART:20261025T030000"), "{summer}");
    }

    #[test]
    fn a_zone_without_summer_time_has_one_rule() {
        let text = entry(
            &convocation("2026-09-28T18:30:00-04:00", "America/Martinique"),
            Timestamp::UNIX_EPOCH,
            None,
        );
        assert_eq!(
            text.matches("BEGIN:STANDARD").count() + text.matches("BEGIN:DAYLIGHT").count(),
            1
        );
        assert!(text.contains("TZOFFSETTO:-0400") && text.contains("METHOD:PUBLISH"), "{text}");
    }

    #[test]
    fn a_feed_has_each_sitting_once_and_every_change_of_the_clock_between_them() {
        let mut winter = convocation("2026-12-28T18:30:00+01:00", "Europe/Paris");
        winter.sitting = SittingId::from_bytes([7; 16]);
        winter.act = Act::Cancel;
        let summer = convocation("2026-06-28T18:30:00+02:00", "Europe/Paris");
        let sittings = [(&winter, Timestamp::UNIX_EPOCH), (&summer, Timestamp::UNIX_EPOCH)];
        let text = feed("Ville de Valbrune", &sittings);
        let lines = unfolded(&text);
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
        assert_eq!(text.matches("BEGIN:VTIMEZONE").count(), 1, "{text}");
        for change in ["20260329T020000", "20261025T030000", "20270328T020000"] {
            assert_eq!(text.matches(&format!("DTSTART:{change}")).count(), 1, "{change}: {text}");
        }
        for line in [
            "DTSTART;TZID=Europe/Paris:20260628T183000",
            "DTSTART;TZID=Europe/Paris:20261228T183000",
            "STATUS:CONFIRMED",
            "STATUS:CANCELLED",
            "X-WR-CALNAME:Ville de Valbrune",
            "METHOD:PUBLISH",
        ] {
            assert!(lines.contains(&line.to_owned()), "{line} in {text}");
        }
        assert!(!text.contains('É'), "no agenda: {text}");
        assert_eq!(feed("Valbrune", &[]).matches("BEGIN").count(), 1);
    }

    #[test]
    fn lines_are_folded_between_letters_and_text_is_escaped() {
        let text = entry(
            &convocation("2026-09-28T18:30:00+02:00", "Europe/Paris"),
            Timestamp::UNIX_EPOCH,
            None,
        );
        assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{text}");
        let lines = unfolded(&text);
        assert!(lines.contains(&"SUMMARY:Conseil municipal\\; budget\\, \"primitif\"".to_owned()));
        assert!(lines.iter().any(|line| line.contains(&"É".repeat(60))));
    }

    #[test]
    fn a_sitting_keeps_its_name_and_counts_its_changes() {
        let mut cancelled = convocation("2026-09-28T18:30:00+02:00", "Europe/Paris");
        cancelled.act = Act::Cancel;
        cancelled.number = 4;
        let attendee = Some(("Élodie \"Lo\" Morel", "elodie@valbrune.example"));
        let parties = Parties { organizer: "greffe@valbrune.example", attendee };
        let lines = unfolded(&entry(&cancelled, Timestamp::UNIX_EPOCH, Some(parties)));
        for line in [
            "METHOD:CANCEL",
            "SEQUENCE:3",
            "STATUS:CANCELLED",
            "UID:02020202-0202-0202-0202-020202020202@pupitre",
            "ATTENDEE;CN=\"Élodie Lo Morel\";ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:elodie@valbrune.example",
        ] {
            assert!(lines.contains(&line.to_owned()), "{line} in {lines:?}");
        }
    }
}
