//! `sitting.toml`: a sitting written down by a person, read strictly. Every mistake is named with
//! its line; an unknown key is a mistake, so that a typing error never loses an annex in silence.

use std::path::{Path, PathBuf};

use domain::{BodyKind, DocumentRole, Timestamp};
use ipc::{ErrorCode, Field, Problem, Reason};
use jiff::civil;
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;
use toml::value::{Datetime, Offset};

use super::{Plan, PlannedItem, PlannedPaper};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    title: Spanned<String>,
    kind: BodyKind,
    starts: Spanned<Datetime>,
    #[serde(default)]
    place: String,
    convocation: Option<Spanned<String>>,
    #[serde(default)]
    item: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    title: Spanned<String>,
    report: Option<Spanned<String>>,
    #[serde(default)]
    annexes: Vec<Spanned<String>>,
    #[serde(default)]
    theme: Vec<String>,
    rapporteur: Option<String>,
    #[serde(default)]
    closed_doors: bool,
    #[serde(default = "yes")]
    deliberative: bool,
}

const fn yes() -> bool {
    true
}

/// Reads a description; its files stand beside it.
pub(super) fn read(path: &Path, zone: &TimeZone) -> Result<Plan, Problem> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let unreadable = || Problem::about(ErrorCode::FileUnreadable, path.display().to_string());
    let bytes = std::fs::read(path).map_err(|_| unreadable())?;
    let text = String::from_utf8(bytes).map_err(|_| mistake(&name, 0, Reason::NotText))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    parse(&text, &name, folder, zone)
}

fn parse(text: &str, name: &str, folder: &Path, zone: &TimeZone) -> Result<Plan, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let description: Description = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(0, |span| line_of(text, span.start));
        mistake(name, line, form(error.message()))
    })?;
    let reader = Reader { text, name, folder };
    let title = reader.filled(description.title, Field::Title)?;
    let starts = reader.instant(&description.starts, zone)?;
    let paper = |file, role| reader.paper(file, role);
    let convocation =
        description.convocation.map(|f| paper(f, DocumentRole::Convocation)).transpose()?;
    let mut items = Vec::with_capacity(description.item.len());
    for item in description.item {
        let report = item.report.map(|file| paper(file, DocumentRole::Report)).transpose()?;
        let annexes = item.annexes.into_iter().map(|file| paper(file, DocumentRole::Annex));
        let annexes: Vec<_> = annexes.collect::<Result<_, _>>()?;
        items.push(PlannedItem {
            title: Some(reader.filled(item.title, Field::Title)?),
            papers: report.into_iter().chain(annexes).collect(),
            theme: item.theme,
            rapporteur: item.rapporteur.filter(|name| !name.trim().is_empty()),
            closed_doors: item.closed_doors,
            deliberative: item.deliberative,
        });
    }
    let kind = description.kind;
    let place = description.place.trim().to_owned();
    let plan = Plan { title, kind, starts, place, described: true, convocation, items };
    reader.check_repeats(&plan)?;
    Ok(plan)
}

struct Reader<'a> {
    text: &'a str,
    name: &'a str,
    folder: &'a Path,
}

impl Reader<'_> {
    fn mistake(&self, at: usize, what: Reason) -> Problem {
        mistake(self.name, line_of(self.text, at), what)
    }

    fn filled(&self, value: Spanned<String>, field: Field) -> Result<String, Problem> {
        let at = value.span().start;
        let value = value.into_inner().trim().to_owned();
        if value.is_empty() {
            return Err(self.mistake(at, Reason::Empty { field }));
        }
        Ok(value)
    }

    fn paper(&self, file: Spanned<String>, role: DocumentRole) -> Result<PlannedPaper, Problem> {
        let at = file.span().start;
        let file_name = self.filled(file, Field::FileName)?;
        let path: PathBuf = self.folder.join(&file_name);
        if !path.is_file() {
            return Err(self.mistake(at, Reason::FileMissing { file: file_name }));
        }
        Ok(PlannedPaper { role, file_name, path })
    }

    fn instant(&self, value: &Spanned<Datetime>, zone: &TimeZone) -> Result<Timestamp, Problem> {
        let at = value.span().start;
        instant(value.get_ref(), zone).ok_or_else(|| self.mistake(at, Reason::StartIncomplete))
    }

    fn check_repeats(&self, plan: &Plan) -> Result<(), Problem> {
        let mut seen = std::collections::BTreeSet::new();
        for paper in plan.papers() {
            if !seen.insert(&paper.file_name) {
                let at = self.text.rfind(&paper.file_name).unwrap_or(0);
                let file = paper.file_name.clone();
                return Err(self.mistake(at, Reason::FileTwice { file }));
            }
        }
        Ok(())
    }
}

/// With an offset it is that instant; without, the council's clock.
fn instant(value: &Datetime, zone: &TimeZone) -> Option<Timestamp> {
    let (date, time) = (value.date?, value.time?);
    let [month, day] = [date.month, date.day].map(|n| i8::try_from(n).ok());
    let [hour, minute] = [time.hour, time.minute].map(|n| i8::try_from(n).ok());
    let second = i8::try_from(time.second.unwrap_or(0)).ok()?;
    let year = i16::try_from(date.year).ok()?;
    let day = civil::Date::new(year, month?, day?).ok()?;
    let moment = day.to_datetime(civil::Time::new(hour?, minute?, second, 0).ok()?);
    let zone = match value.offset {
        None => zone.clone(),
        Some(Offset::Z) => TimeZone::UTC,
        Some(Offset::Custom { minutes }) => {
            let seconds = i32::from(minutes).checked_mul(60)?;
            TimeZone::fixed(jiff::tz::Offset::from_seconds(seconds).ok()?)
        }
    };
    Some(moment.to_zoned_datetime(zone).ok()?.timestamp())
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

fn mistake(name: &str, line: usize, what: Reason) -> Problem {
    let reason = Reason::InFile { file: name.to_owned(), line, what: Box::new(what) };
    Problem::because(ErrorCode::SittingDescription, reason)
}

/// What the TOML reader's message is about; it names keys and values in backquotes.
fn form(message: &str) -> Reason {
    let named = || message.split('`').nth(1).unwrap_or_default().to_owned();
    if message.starts_with("unknown field") {
        Reason::UnknownKey { key: named() }
    } else if message.starts_with("unknown variant") {
        Reason::UnknownValue { value: named() }
    } else if message.starts_with("missing field") {
        Reason::MissingKey { key: named() }
    } else {
        Reason::Form
    }
}

#[cfg(test)]
mod tests {
    use ipc::{Language, Words};

    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            std::fs::write(folder.path().join(file), "").unwrap();
        }
        folder
    }

    fn read(files: &[&str], text: &str) -> Result<Plan, String> {
        let folder = folder(files);
        let zone = TimeZone::get("Europe/Paris").unwrap();
        parse(text, "sitting.toml", folder.path(), &zone).map_err(|problem| {
            assert_eq!(problem.code, ErrorCode::SittingDescription);
            Words::new(Language::En).problem(&problem)
        })
    }

    const HEAD: &str = "title = \"Conseil municipal\"\nkind = \"council\"\n\
                        starts = 2026-09-28T18:30:00+02:00\nplace = \"Salle du conseil\"\n";

    #[test]
    fn a_whole_description_gives_the_sitting_in_its_order() {
        let text = format!(
            "{HEAD}convocation = \"convocation.pdf\"\n[[item]]\ntitle = \"Procès-verbal\"\n\
             report = \"01.pdf\"\nannexes = [\"01-b.pdf\", \"01-a.pdf\"]\n\
             theme = [\"Administration\"]\nrapporteur = \"Claire Martin\"\nclosed_doors = true\n\
             deliberative = false\n[[item]]\ntitle = \"Questions diverses\"\n"
        );
        let plan = read(&["convocation.pdf", "01.pdf", "01-a.pdf", "01-b.pdf"], &text).unwrap();
        assert_eq!(plan.starts.to_string(), "2026-09-28T16:30:00Z");
        let files: Vec<_> = plan.papers().map(|paper| paper.file_name.as_str()).collect();
        assert_eq!(files, ["convocation.pdf", "01.pdf", "01-b.pdf", "01-a.pdf"]);
        let item = &plan.items[0];
        assert!(item.closed_doors && !item.deliberative);
        assert_eq!(item.rapporteur.as_deref(), Some("Claire Martin"));
        assert!(plan.items[1].papers.is_empty() && plan.items[1].deliberative);
    }

    #[test]
    fn a_start_without_offset_is_the_councils_clock() {
        let text = HEAD.replace("+02:00", "");
        assert_eq!(read(&[], &text).unwrap().starts.to_string(), "2026-09-28T16:30:00Z");
        let winter = text.replace("09-28", "12-28");
        assert_eq!(read(&[], &winter).unwrap().starts.to_string(), "2026-12-28T17:30:00Z");
    }

    #[test]
    fn every_mistake_is_named_with_its_line() {
        let item = "[[item]]\ntitle = \"Budget\"\nreport = \"01.pdf\"\n";
        for (text, said) in [
            (
                format!("{HEAD}{item}annexe = [\"a.pdf\"]\n"),
                "sitting.toml, line 8: \"annexe\" is not a word of this file",
            ),
            (
                format!("{HEAD}{item}annexes = [\"a.pdf\"]\n"),
                "line 8: the file \"a.pdf\" is missing",
            ),
            (
                format!("{HEAD}{item}annexes = [\"01.pdf\"]\n"),
                "line 8: the file \"01.pdf\" is named twice",
            ),
            (
                HEAD.replace("council\"\n", "conseil\"\n"),
                "line 2: \"conseil\" is not one of the values",
            ),
            (HEAD.replace("T18:30:00+02:00", ""), "line 3: the start needs a day and an hour"),
            (HEAD.replace("Conseil municipal", " "), "line 1: the title is empty"),
            (HEAD.replace("title =", "title"), "line 1"),
            ("kind = \"council\"".to_owned(), "\"title\" is missing"),
        ] {
            let mistake = read(&["01.pdf"], &text).unwrap_err();
            assert!(mistake.contains(said), "{mistake} should say: {said}");
        }
    }
}
