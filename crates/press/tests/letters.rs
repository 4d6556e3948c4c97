//! A convocation says what the law asks it to say, in our template or the council's own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use domain::{Letter, LetterItem, Letterhead};
use jiff::civil::date;
use pupitre_press::convocation;

fn letter() -> Letter {
    let item = |number, title: &str, deliberative| LetterItem {
        number,
        title: title.to_owned(),
        rapporteur: Some("Paul Astier".to_owned()),
        closed_doors: number == 2,
        deliberative,
        papers: vec![format!("Rapport n° {number}")],
    };
    Letter {
        council: "Ville de Valbrune".to_owned(),
        letterhead: Letterhead {
            lines: vec!["Secrétariat des assemblées".to_owned()],
            town: "Valbrune".to_owned(),
            signatory: "Claire Delmas".to_owned(),
            capacity: "La maire".to_owned(),
            emblem: Some(
                "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><circle cx='4' \
                 cy='4' r='4'/></svg>"
                    .to_owned(),
            ),
            template: None,
        },
        title: "Conseil municipal".to_owned(),
        starts: date(2026, 10, 1).at(18, 5, 0, 0),
        made: date(2026, 9, 22).at(9, 0, 0, 0),
        place: "Salle du conseil".to_owned(),
        items: vec![
            item(1, "Approbation du procès-verbal", true),
            item(2, "Protection fonctionnelle", true),
            item(3, "Décisions prises par délégation", false),
        ],
        urgency: None,
        replaces: false,
        article: Some("L2121-12".to_owned()),
        note_required: true,
    }
}

fn pages(pdf: &[u8]) -> usize {
    lopdf::Document::load_mem(pdf).unwrap().get_pages().len()
}

#[test]
fn the_explanatory_note_is_a_page_of_its_own_where_the_law_asks_for_it() {
    let with = convocation(&letter()).unwrap();
    let without = convocation(&Letter { note_required: false, ..letter() }).unwrap();
    assert_eq!((pages(&with), pages(&without)), (2, 1));
}

#[test]
fn the_same_letter_is_the_same_file() {
    assert_eq!(convocation(&letter()).unwrap(), convocation(&letter()).unwrap());
    let moved = Letter { place: "Salle des fêtes".to_owned(), ..letter() };
    assert_ne!(convocation(&letter()).unwrap(), convocation(&moved).unwrap());
}

#[test]
fn a_letter_of_many_items_an_urgent_one_and_an_empty_one_set() {
    let one = letter().items.remove(0);
    let items = (1..=160).map(|number| LetterItem { number, ..one.clone() }).collect();
    let urgency = Some("rupture d’une canalisation".to_owned());
    let long = Letter { items, urgency, replaces: true, ..letter() };
    assert!(pages(&convocation(&long).unwrap()) > 5);
    let bare = Letter { letterhead: Letterhead::default(), items: Vec::new(), ..letter() };
    assert_eq!(pages(&convocation(&bare).unwrap()), 2);
}

#[test]
fn a_council_brings_its_own_template_and_is_told_the_line_of_its_mistake() {
    let own = |template: &str| Letter {
        letterhead: Letterhead { template: Some(template.to_owned()), ..Letterhead::default() },
        ..letter()
    };
    let good = own("#let lettre = json(\"/letter.json\")\n= #lettre.title\n");
    assert_eq!(pages(&convocation(&good).unwrap()), 1);
    let wrong = convocation(&own("= Convocation\n#nothing\n")).unwrap_err();
    assert!(wrong.detail.contains(":2:"), "{}", wrong.detail);
    // A template reads nothing that it was not given.
    let curious = convocation(&own("#read(\"/etc/passwd\")\n")).unwrap_err();
    assert!(curious.detail.contains("not found"), "{}", curious.detail);
}
