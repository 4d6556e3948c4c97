//! A folder of PDFs without description: file names give the order, their leading numbers the
//! items, and the folder's name the title.

use std::cmp::Ordering;
use std::path::Path;

use domain::{BodyKind, DocumentRole, Timestamp};
use ipc::{ErrorCode, Problem, Reason};
use jiff::civil;
use jiff::tz::TimeZone;

use super::titles::{self, leading_number};
use super::{Plan, PlannedItem, PlannedPaper};

/// Longest leading number that groups papers; four digits are a year.
const NUMBER: usize = 3;

/// Reads a folder.
pub(super) fn read(folder: &Path, zone: &TimeZone, now_ms: i64) -> Result<Plan, Problem> {
    let name = folder
        .canonicalize()
        .ok()
        .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .unwrap_or_default();
    let unreadable = |_| Problem::about(ErrorCode::FileUnreadable, folder.display().to_string());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_pdf = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("pdf"));
        let file = path.file_name().and_then(|name| name.to_str());
        if let Some(file) = file.filter(|file| is_pdf && !file.starts_with('.'))
            && path.is_file()
        {
            files.push(file.to_owned());
        }
    }
    if files.is_empty() {
        let reason = Reason::FolderEmpty { folder: name };
        return Err(Problem::because(ErrorCode::SittingDescription, reason));
    }
    files.sort_by(|a, b| natural(a, b).then_with(|| a.cmp(b)));
    let day = titles::day_in(&name).or_else(|| day_of_most(&files));
    let starts = day.and_then(|day| evening(day, zone));
    let starts = starts.unwrap_or_else(|| evening_in_a_week(zone, now_ms));
    let (convocation, items) = arranged(&files, folder);
    Ok(Plan {
        title: titles::of_folder(&name),
        kind: kind_of(&name),
        starts,
        place: String::new(),
        described: false,
        convocation,
        items,
    })
}

/// Convocation and items of files in natural order.
fn arranged(files: &[String], folder: &Path) -> (Option<PlannedPaper>, Vec<PlannedItem>) {
    let mut convocation = None;
    let mut items: Vec<(Option<u32>, Vec<&String>)> = Vec::new();
    for file in files {
        if convocation.is_none() && titles::is_convocation(file) {
            convocation = Some(paper(DocumentRole::Convocation, file, folder));
            continue;
        }
        let number = leading_number(file).filter(|(_, digits)| *digits <= NUMBER).map(|(n, _)| n);
        match items.last_mut() {
            Some((last, group)) if number.is_some() && *last == number => group.push(file),
            _ => items.push((number, vec![file])),
        }
    }
    let items = items.into_iter().map(|(_, group)| item(&group, folder)).collect();
    (convocation, items)
}

fn item(group: &[&String], folder: &Path) -> PlannedItem {
    let report = group.iter().position(|file| !titles::is_annex(file)).unwrap_or(0);
    let mut papers = Vec::with_capacity(group.len());
    papers.extend(group.get(report).map(|file| paper(DocumentRole::Report, file, folder)));
    for (index, file) in group.iter().enumerate() {
        if index != report {
            papers.push(paper(DocumentRole::Annex, file, folder));
        }
    }
    PlannedItem { papers, deliberative: true, ..PlannedItem::default() }
}

fn paper(role: DocumentRole, file: &str, folder: &Path) -> PlannedPaper {
    PlannedPaper { role, file_name: file.to_owned(), path: folder.join(file) }
}

fn kind_of(folder: &str) -> BodyKind {
    let folder = folder.to_lowercase();
    if folder.contains("commission") || folder.contains("committee") {
        BodyKind::Committee
    } else if folder.contains("bureau") {
        BodyKind::Bureau
    } else {
        BodyKind::Council
    }
}

/// The day that most file names begin with.
fn day_of_most(files: &[String]) -> Option<civil::Date> {
    let mut counts = std::collections::BTreeMap::new();
    for day in files.iter().filter_map(|file| titles::day_in(file)) {
        *counts.entry(day).or_insert(0_usize) += 1;
    }
    let (day, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (count * 2 > files.len()).then_some(day)
}

/// Councils sit in the evening; the clerk who wants another hour writes a description.
fn evening(day: civil::Date, zone: &TimeZone) -> Option<Timestamp> {
    Some(day.at(18, 30, 0, 0).to_zoned_datetime(zone.clone()).ok()?.timestamp())
}

fn evening_in_a_week(zone: &TimeZone, now_ms: i64) -> Timestamp {
    let now = Timestamp::from_millisecond(now_ms).unwrap_or_default();
    let week = jiff::Span::new().days(7);
    let day = now.to_zoned_datetime(zone.clone()).date().checked_add(week).ok();
    day.and_then(|day| evening(day, zone)).unwrap_or(now)
}

/// Digits count as numbers: `2.pdf` comes before `10.pdf`.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        match (a.peek().copied(), b.peek().copied()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (x, y) = (digits(&mut a), digits(&mut b));
                let by_value =
                    x.trim_start_matches('0').len().cmp(&y.trim_start_matches('0').len());
                let by_value =
                    by_value.then_with(|| x.trim_start_matches('0').cmp(y.trim_start_matches('0')));
                match by_value {
                    Ordering::Equal => {}
                    unequal @ (Ordering::Less | Ordering::Greater) => return unequal,
                }
            }
            (Some(x), Some(y)) => match x.to_lowercase().cmp(y.to_lowercase()) {
                Ordering::Equal => {
                    a.next();
                    b.next();
                }
                unequal @ (Ordering::Less | Ordering::Greater) => return unequal,
            },
        }
    }
}

fn digits(text: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    std::iter::from_fn(|| text.next_if(char::is_ascii_digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arranged_names(files: &[&str]) -> (Option<String>, Vec<Vec<String>>) {
        let mut files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
        files.sort_by(|a, b| natural(a, b));
        let (convocation, items) = arranged(&files, Path::new("x"));
        let names = |item: PlannedItem| item.papers.into_iter().map(|p| p.file_name).collect();
        (convocation.map(|paper| paper.file_name), items.into_iter().map(names).collect())
    }

    #[test]
    fn leading_numbers_make_items_and_the_report_stands_before_its_annexes() {
        let (convocation, items) = arranged_names(&[
            "10-voirie.pdf",
            "2-budget.pdf",
            "2-annexe-maquette.pdf",
            "Convocation du 3 mai.pdf",
            "01.pdf",
            "01-annexe.PDF",
            "divers.pdf",
        ]);
        assert_eq!(convocation.as_deref(), Some("Convocation du 3 mai.pdf"));
        assert_eq!(
            items,
            [
                vec!["01.pdf", "01-annexe.PDF"],
                vec!["2-budget.pdf", "2-annexe-maquette.pdf"],
                vec!["10-voirie.pdf"],
                vec!["divers.pdf"],
            ]
        );
    }

    #[test]
    fn files_that_begin_with_a_date_are_items_of_their_own() {
        let (_, items) = arranged_names(&["2014-04-24-071216.pdf", "2014-04-24-071217.pdf"]);
        assert_eq!(items.len(), 2);
    }

    #[test]
    fn a_folder_without_a_pdf_and_a_folder_that_is_not_there_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("notes.txt"), "x").unwrap();
        let zone = TimeZone::UTC;
        let problem = read(folder.path(), &zone, 0).unwrap_err();
        assert_eq!(problem.code, ErrorCode::SittingDescription);
        let problem = read(&folder.path().join("ailleurs"), &zone, 0).unwrap_err();
        assert_eq!(problem.code, ErrorCode::FileUnreadable);
    }

    #[test]
    fn the_day_comes_from_the_folder_or_from_most_of_its_files() {
        let parent = tempfile::tempdir().unwrap();
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let start = |name: &str, files: &[&str]| {
            let folder = parent.path().join(name);
            std::fs::create_dir_all(&folder).unwrap();
            for file in files {
                std::fs::write(folder.join(file), "").unwrap();
            }
            read(&folder, &zone, 1_795_000_000_000).unwrap().starts.to_string()
        };
        assert_eq!(start("conseil 2026-09-28", &["a.pdf"]), "2026-09-28T16:30:00Z");
        assert_eq!(
            start("seance", &["2014-04-24-1.pdf", "2014-04-24-2.pdf", "2014-04-05-3.pdf"]),
            "2014-04-24T16:30:00Z"
        );
        assert_eq!(start("sans date", &["a.pdf"]), "2026-11-25T17:30:00Z");
    }
}
