//! The papers as `pupitre-cli publish` finds them: complete, consistent and the same on every run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jiff::civil::date;
use lopdf::{Document, Object};

/// Every file under `folder` with its bytes, by its path from there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(inside).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn text(value: &toml::Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The PDF files a sitting names: convocation, reports, annexes.
fn named(sitting: &toml::Table) -> Vec<String> {
    let mut names = vec![text(&sitting["convocation"])];
    for item in sitting["item"].as_array().unwrap() {
        names.push(text(&item["report"]));
        names.extend(item["annexes"].as_array().unwrap().iter().map(text));
    }
    names
}

/// The titles of a PDF's outline with their depth, from 1.
fn outline(document: &Document) -> Vec<usize> {
    fn walk(document: &Document, first: &Object, depth: usize, depths: &mut Vec<usize>) {
        let mut next = Some(first.as_reference().unwrap());
        while let Some(id) = next {
            let entry = document.get_dictionary(id).unwrap();
            depths.push(depth);
            if let Ok(child) = entry.get(b"First") {
                walk(document, child, depth + 1, depths);
            }
            next = entry.get(b"Next").ok().map(|next| next.as_reference().unwrap());
        }
    }
    let mut depths = Vec::new();
    let catalog = document.catalog().unwrap();
    let Ok(outlines) = catalog.get(b"Outlines") else { return depths };
    let outlines = document.get_dictionary(outlines.as_reference().unwrap()).unwrap();
    walk(document, outlines.get(b"First").unwrap(), 1, &mut depths);
    depths
}

fn has_fonts(document: &Document) -> bool {
    document.objects.values().any(|object| {
        object.as_dict().is_ok_and(|dict| {
            dict.get(b"Type").is_ok_and(|kind| kind.as_name().is_ok_and(|name| name == b"Font"))
        })
    })
}

#[test]
fn a_day_gives_three_complete_sittings_and_the_same_bytes_again() {
    let today = date(2026, 11, 24);
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let written = demo_council::write(&first, today).unwrap();
    let found = files(&first);

    // Every file a sitting names is there, and no other.
    for sitting in &written.sittings {
        let path = format!("{}/sitting.toml", sitting.name);
        let toml: toml::Table = toml::from_str(str::from_utf8(&found[&path]).unwrap()).unwrap();
        let named: BTreeSet<_> =
            named(&toml).into_iter().map(|name| format!("{}/{name}", sitting.name)).collect();
        let there: BTreeSet<_> = found
            .keys()
            .filter(|name| name.starts_with(sitting.name) && name.ends_with(".pdf"))
            .cloned()
            .collect();
        assert_eq!(named, there);
        assert_eq!(named.len(), sitting.documents);
    }

    // The next sitting: twelve items, one of them behind closed doors, twenty-five papers and the convocation.
    let next: toml::Table =
        toml::from_str(str::from_utf8(&found["seance-prochaine/sitting.toml"]).unwrap()).unwrap();
    assert_eq!(next["starts"].to_string(), "2026-12-14T18:30:00+01:00");
    let items = next["item"].as_array().unwrap();
    assert_eq!(items.len(), 12);
    assert_eq!(items.iter().filter(|i| i["closed_doors"].as_bool().unwrap()).count(), 1);
    assert_eq!(items.iter().filter(|i| !i["deliberative"].as_bool().unwrap()).count(), 1);
    assert_eq!(named(&next).len(), 26);
    let council = demo_council::council::Council::read().unwrap();
    for item in items {
        let rapporteur = text(&item["rapporteur"]);
        let known = |m: &demo_council::council::Member| {
            format!("{} {}", m.first_name, m.last_name) == rapporteur
        };
        assert!(council.member.iter().any(known), "{rapporteur} is no member");
    }

    // The papers that are special are what they claim to be.
    let open =
        |name: &str| Document::load_mem(&found[&format!("seance-prochaine/{name}.pdf")]).unwrap();
    let budget = open("02-maquette-budgetaire");
    assert_eq!(budget.get_pages().len(), 60);
    let depths = outline(&budget);
    assert_eq!(depths.iter().max(), Some(&3), "the budget's outline is nested");
    assert!(depths.len() > 60);
    assert_eq!(open("01-proces-verbal").get_pages().len(), 18);
    let letter = open("03-lettre-habitat-du-val");
    assert!(!has_fonts(&letter), "a scan has no text");
    assert!(has_fonts(&open("03-rapport-garantie-emprunt")));
    let turned = open("02-autorisations-de-programme");
    let page = turned.get_pages()[&1];
    assert_eq!(turned.get_dictionary(page).unwrap().get(b"Rotate").unwrap().as_i64().unwrap(), 90);
    let plan = open("05-plan-de-zonage");
    let page = plan.get_dictionary(plan.get_pages()[&1]).unwrap();
    let media: Vec<f32> = page
        .get(b"MediaBox")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|side| side.as_float().unwrap())
        .collect();
    assert!((media[2] - 1190.55).abs() < 0.1 && (media[3] - 841.89).abs() < 0.1, "A3 landscape");

    // The same day again: the same bytes.
    demo_council::write(&second, today).unwrap();
    let again = files(&second);
    let differing: Vec<_> = found
        .iter()
        .filter(|(name, bytes)| again.get(*name) != Some(*bytes))
        .map(|f| f.0)
        .collect();
    assert!(differing.is_empty(), "{differing:?} differ between two runs");
    assert_eq!(found.len(), again.len());
}

#[test]
fn the_tables_of_the_annexes_agree_with_the_budget() {
    let budget = demo_council::budget::Budget::read().unwrap();
    let tables = demo_council::budget::annexes::read().unwrap();
    let total = |title: &str, column: usize| {
        let table = tables.iter().find(|table| table.title.contains(title)).unwrap();
        table.totals[column].unwrap()
    };
    let article = |section: &str, side: &str, number: &str| {
        let lines = budget.side(section, side).flat_map(|chapter| &chapter.lines);
        lines.into_iter().find(|line| line.article == number).unwrap().amounts.total
    };
    // What is owed, by lender, by loan and by year.
    assert_eq!(total("par prêteur", 3), total("détail des contrats", 5));
    assert_eq!(total("par prêteur", 3), total("profil d’extinction", 1));
    // What is paid this year, in the annex and in the vote.
    assert_eq!(total("par prêteur", 4), article("I", "D", "1641"));
    assert_eq!(total("méthodes d’amortissement", 3), article("F", "D", "6811"));
    assert_eq!(total("provisions", 4), article("F", "D", "6817"));
    assert!(total("Subventions versées", 2) <= article("F", "D", "65748"));
}
