//! The frozen agenda.

use jiff::civil::date;
use pupitre_domain::law::agenda::{AgendaChange, Freeze, changes, freeze};
use pupitre_domain::law::deadline;
use pupitre_domain::{AgendaItem, ItemId};

use crate::commune;

fn item(n: u8, title: &str, deliberative: bool) -> AgendaItem {
    AgendaItem {
        id: ItemId::from_bytes([n; 16]),
        title: title.to_owned(),
        documents: Vec::new(),
        theme: Vec::new(),
        rapporteur: None,
        closed_doors: false,
        deliberative,
    }
}

fn sent() -> Vec<AgendaItem> {
    vec![
        item(1, "Approbation du procès-verbal", true),
        item(2, "Subvention au club de natation de Valbrune", true),
        item(3, "Compte rendu des décisions du maire", false),
    ]
}

fn asks(now: &[AgendaItem], today: jiff::civil::Date) -> Freeze {
    let deadline = deadline(&commune(5_000, date(2026, 9, 28))).unwrap();
    freeze(&changes(&sent(), now), &deadline, today)
}

#[test]
fn an_added_item_to_decide_needs_a_new_convocation_or_urgency() {
    let mut now = sent();
    now.push(item(4, "Emprunt", true));
    assert_eq!(asks(&now, date(2026, 9, 22)), Freeze::NewConvocation);
    assert_eq!(asks(&now, date(2026, 9, 23)), Freeze::UrgencyOnly);
}

#[test]
fn an_item_for_information_is_free_until_it_is_to_be_decided() {
    let mut now = sent();
    now.push(item(4, "Point sur les travaux", false));
    assert_eq!(asks(&now, date(2026, 9, 28)), Freeze::Free);
    now[2].deliberative = true;
    assert_eq!(asks(&now, date(2026, 9, 28)), Freeze::UrgencyOnly);
}

#[test]
fn a_slip_of_the_pen_and_another_subject_are_told_apart() {
    let titled = |title: &str| {
        let mut now = sent();
        now[1].title = title.to_owned();
        changes(&sent(), &now)
    };
    let slip = titled("Subvention au club de natations de Valbrune");
    assert!(matches!(slip[..], [AgendaChange::Corrected { .. }]), "{slip:?}");
    let other = titled("Subvention au club de rugby de Valbrune");
    assert!(matches!(other[..], [AgendaChange::Retitled { .. }]), "{other:?}");
    assert!(changes(&sent(), &sent()).is_empty());
}

#[test]
fn another_figure_is_another_subject() {
    let before = vec![item(1, "Emprunt de 100 000 euros pour l’école du Parc", true)];
    let now = vec![item(1, "Emprunt de 900 000 euros pour l’école du Parc", true)];
    assert!(matches!(changes(&before, &now)[..], [AgendaChange::Retitled { .. }]));
}

#[test]
fn withdrawing_and_reordering_are_free() {
    let mut now = sent();
    now.remove(1);
    now.reverse();
    assert_eq!(asks(&now, date(2026, 9, 28)), Freeze::Free);
    assert!(matches!(changes(&sent(), &now)[..], [AgendaChange::Withdrawn { .. }]));
}
