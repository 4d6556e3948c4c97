//! Where dropped files go, by their names: the number in front is the item's, what says "annexe" is
//! one, and a name that is known is the paper's next version.

use std::collections::{BTreeMap, BTreeSet};

use domain::{AgendaItem, DocumentRole, ItemId, Sitting};
use ipc::Target;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::ports::KeptFile;
use crate::publish::{folder, titles};

/// Most digits of an item's number; four are a year.
const DIGITS: usize = 3;
/// Files without a number become items after the numbered ones.
const UNNUMBERED: u32 = 10_000;

/// A place for each file, in their order; what the clerk has said stands.
pub(super) fn targets(sitting: &Sitting, files: &[KeptFile]) -> Vec<Target> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    let name = |at: usize| files.get(at).map_or("", |file| file.name.as_str());
    order.sort_by(|a, b| folder::natural(name(*a), name(*b)));
    let mut reported: BTreeSet<ItemId> = BTreeSet::new();
    for item in &sitting.items {
        if item.documents.iter().any(|paper| paper.role == DocumentRole::Report) {
            reported.insert(item.id);
        }
    }
    for file in files {
        if let Some(Target::Report(item)) = file.target {
            reported.insert(item);
        }
    }
    let mut found = BTreeMap::new();
    for (nth, at) in (0..).zip(order) {
        let Some(file) = files.get(at) else { continue };
        let target = file.target.unwrap_or_else(|| {
            let target = target(sitting, &file.name, nth);
            // A second report of an item is an annex to it.
            if let Target::Report(item) = target
                && !reported.insert(item)
            {
                return Target::Annex(item);
            }
            target
        });
        found.insert(at, target);
    }
    found.into_values().collect()
}

fn target(sitting: &Sitting, name: &str, nth: u32) -> Target {
    if let Some(known) = sitting.packet().find(|entry| entry.document.file_name == name) {
        return Target::Version(known.document.id);
    }
    if titles::is_convocation(name) {
        return Target::Convocation;
    }
    let role = |item: &AgendaItem| {
        if is_annex(name) { Target::Annex(item.id) } else { Target::Report(item.id) }
    };
    if let Some(number) = number(name) {
        let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        return at.and_then(|at| sitting.items.get(at)).map_or(Target::NewItem(number), role);
    }
    if sitting.items.is_empty() {
        return Target::NewItem(UNNUMBERED.saturating_add(nth));
    }
    alike(sitting, name).map_or(Target::Nowhere, role)
}

fn is_annex(name: &str) -> bool {
    let folded = folded(name);
    titles::is_annex(name) || folded.split(' ').any(|word| word == "annexe" || word == "annexes")
}

/// The number of the item in a file's name: in front ("03-budget.pdf"), or after a word that says
/// what it is ("Point 3 budget.pdf", "rapport_03.pdf", "DCM n°3.pdf").
fn number(name: &str) -> Option<u32> {
    let leading = titles::leading_number(name).filter(|(_, digits)| *digits <= DIGITS);
    if let Some((number, _)) = leading {
        return Some(number);
    }
    let folded = folded(name);
    let words: Vec<&str> = folded.split(' ').collect();
    let named = [
        "point",
        "rapport",
        "delib",
        "deliberation",
        "dcm",
        "question",
        "item",
        "report",
        "n",
        "no",
        "numero",
    ];
    words.windows(2).find_map(|pair| match pair {
        [word, number] if named.contains(word) && number.len() <= DIGITS => number.parse().ok(),
        _ => None,
    })
}

/// The item whose title holds most of the words of a file's name, when it is clearly one.
fn alike<'a>(sitting: &'a Sitting, name: &str) -> Option<&'a AgendaItem> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let wanted = telling(stem);
    if wanted.is_empty() {
        return None;
    }
    let mut scored: Vec<(usize, &AgendaItem)> = sitting
        .items
        .iter()
        .map(|item| (telling(&item.title).intersection(&wanted).count(), item))
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let (best, item) = *scored.first()?;
    let second = scored.get(1).map_or(0, |(score, _)| *score);
    (best * 5 >= wanted.len() * 3 && best > second).then_some(item)
}

/// Words long enough to tell something, folded.
fn telling(text: &str) -> BTreeSet<String> {
    let folded = folded(text);
    let words = folded.split(' ').filter(|word| word.chars().count() >= 4);
    words.filter(|word| *word != "annexe" && *word != "rapport").map(str::to_owned).collect()
}

/// Lower case, without accents; whatever is neither letter nor digit parts words, and so does a
/// change between the two.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for sign in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        let sign = if sign.is_alphanumeric() { sign } else { ' ' };
        let turn = before.is_ascii_digit() != sign.is_ascii_digit() && before != ' ' && sign != ' ';
        if turn || (sign == ' ' && before != ' ') {
            out.push(' ');
        }
        if sign != ' ' {
            out.push(sign);
        }
        before = sign;
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use domain::{Document, DocumentId, SittingId};
    use uuid::Uuid;

    use super::*;
    use crate::ports::KeptRead;

    fn sitting(titles: &[&str]) -> Sitting {
        let mut sitting = Sitting::untitled(SittingId::from_bytes([1; 16]));
        for (n, title) in (0..).zip(titles) {
            sitting.items.push(AgendaItem {
                id: ItemId::from_bytes([n; 16]),
                title: (*title).to_owned(),
                documents: Vec::new(),
                theme: Vec::new(),
                rapporteur: None,
                closed_doors: false,
                deliberative: true,
            });
        }
        sitting
    }

    fn said(sitting: &Sitting, names: &[&str]) -> Vec<String> {
        let files: Vec<KeptFile> = names
            .iter()
            .map(|name| KeptFile {
                file: Uuid::nil(),
                name: (*name).to_owned(),
                read: KeptRead::Waiting,
                target: None,
                shelved: None,
            })
            .collect();
        let number = |item: ItemId| sitting.number(item).unwrap();
        let words = targets(sitting, &files).into_iter().map(|target| match target {
            Target::Report(item) => format!("report {}", number(item)),
            Target::Annex(item) => format!("annex {}", number(item)),
            Target::Convocation => "convocation".to_owned(),
            Target::Other => "other".to_owned(),
            Target::Version(_) => "version".to_owned(),
            Target::NewItem(n) => format!("new {n}"),
            Target::Nowhere => "nowhere".to_owned(),
        });
        words.collect()
    }

    const AGENDA: [&str; 4] = [
        "Approbation du procès-verbal",
        "Budget primitif 2027",
        "Garantie d’emprunt, résidence des Tilleuls",
        "Questions diverses",
    ];

    #[test]
    fn the_number_in_the_name_is_the_items_whatever_the_order_of_the_drop() {
        let names = [
            "02-annexe-1.pdf",
            "02-plan.pdf",
            "02-budget.pdf",
            "3_Garantie.pdf",
            "Point 1 - PV.pdf",
            "rapport_04.pdf",
            "12-vœu.pdf",
            "Convocation du 14 décembre.pdf",
        ];
        let expected = [
            "annex 2",
            "annex 2",
            "report 2",
            "report 3",
            "report 1",
            "report 4",
            "new 12",
            "convocation",
        ];
        assert_eq!(said(&sitting(&AGENDA), &names), expected);
    }

    #[test]
    fn a_name_without_a_number_finds_the_item_it_speaks_of_or_asks() {
        let names = [
            "Garantie emprunt Tilleuls.pdf",
            "ANNEXE_Budget-primitif.pdf",
            "2026-11-20-courrier.pdf",
            "scan.pdf",
        ];
        let expected = ["report 3", "annex 2", "nowhere", "nowhere"];
        assert_eq!(said(&sitting(&AGENDA), &names), expected);
    }

    #[test]
    fn without_an_agenda_the_files_make_one() {
        let names = ["b.pdf", "10-dix.pdf", "2-deux.pdf", "2-annexe.pdf"];
        assert_eq!(said(&sitting(&[]), &names), ["new 10003", "new 10", "new 2", "new 2"]);
    }

    #[test]
    fn a_name_that_is_known_is_the_next_version_and_an_item_has_one_report() {
        let mut sitting = sitting(&AGENDA);
        sitting.items[1].documents.push(Document {
            id: DocumentId::from_bytes([5; 16]),
            title: "Budget".to_owned(),
            role: DocumentRole::Report,
            file_name: "02.pdf".to_owned(),
            versions: Vec::new(),
        });
        assert_eq!(said(&sitting, &["02.pdf", "02-détail.pdf"]), ["version", "annex 2"]);
    }
}
