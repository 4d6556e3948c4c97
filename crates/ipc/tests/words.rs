//! Every sentence exists in every language, whole and with the same places to fill.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pupitre_ipc::{ErrorCode, Field, Language, Problem, Reason, Words};

/// Keys of a language's files with the names of the places in each sentence.
fn sentences(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/i18n").join(language);
    let mut found = BTreeMap::new();
    for file in ["app.ftl", "convocation.ftl", "problems.ftl", "law.ftl", "clerk.ftl"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        fluent_bundle::FluentResource::try_new(text.clone())
            .unwrap_or_else(|(_, mistakes)| panic!("{language}/{file}: {mistakes:?}"));
        let mut key = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once('=')
                && !line.starts_with([' ', '}', '\t'])
            {
                key = name.trim().to_owned();
                assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
            }
            for place in line.split('$').skip(1) {
                let name: String =
                    place.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                found.get_mut(&key).unwrap().insert(name);
            }
        }
    }
    found
}

#[test]
fn french_and_english_say_the_same_things() {
    let (french, english) = (sentences("fr"), sentences("en"));
    for (key, places) in &french {
        assert_eq!(english.get(key), Some(places), "{key}");
    }
    assert_eq!(french.len(), english.len());
}

#[test]
fn every_problem_has_its_sentence() {
    let codes: Vec<ErrorCode> = sentences("fr")
        .keys()
        .filter_map(|key| key.strip_prefix("problem-"))
        .map(|code| serde_json::from_value(code.into()).unwrap_or_else(|_| panic!("{code}")))
        .collect();
    // The last variant's number tells how many there are: a code without a sentence is missed here.
    assert_eq!(codes.len(), ErrorCode::Internal as usize + 1);
    for language in [Language::Fr, Language::En] {
        let words = Words::new(language);
        for code in &codes {
            let sentence = words.problem(&Problem::about(*code, "rapport.pdf"));
            assert!(sentence.ends_with('.') && !sentence.contains("problem-"), "{sentence}");
        }
    }
}

#[test]
fn a_reason_stands_within_its_problems_sentence_in_the_persons_language() {
    let what = Box::new(Reason::UnknownKey { key: "annexe".to_owned() });
    let reason = Reason::InFile { file: "sitting.toml".to_owned(), line: 8, what };
    let problem = Problem::because(ErrorCode::SittingDescription, reason);
    assert_eq!(
        Words::new(Language::Fr).problem(&problem),
        "La description de la séance contient une erreur\u{a0}: sitting.toml, ligne 8\u{a0}: \
         «\u{a0}annexe\u{a0}» n’est pas un mot de ce fichier. Rien n’a été publié."
    );
    let short = Problem::from(Reason::Length { field: Field::DeviceName, most: 100 });
    assert_eq!(
        Words::new(Language::En).problem(&short),
        "This value does not fit: the name of the device must have 1 to 100 characters. \
         Nothing has changed."
    );
}

#[test]
fn every_reason_and_field_has_its_words_and_no_words_are_left_over() {
    let named = |kind: &str, fields: &BTreeSet<String>| {
        let of = |field: &String| match field.as_str() {
            "line" | "number" | "most" => serde_json::json!(3),
            "field" => "title".into(),
            "what" => "form".into(),
            _ => "x".into(),
        };
        let reason = if fields.is_empty() {
            kind.into()
        } else {
            let with: BTreeMap<_, _> = fields.iter().map(|field| (field, of(field))).collect();
            serde_json::json!({ kind: with })
        };
        serde_json::from_value::<Reason>(reason).unwrap_or_else(|_| panic!("reason-{kind}"))
    };
    for (key, fields) in sentences("fr") {
        if let Some(kind) = key.strip_prefix("reason-") {
            let said = Words::new(Language::Fr).problem(&named(kind, &fields).into());
            assert!(!said.contains("reason-") && !said.contains("named-"), "{said}");
        } else if let Some(field) = key.strip_prefix("named-") {
            serde_json::from_value::<Field>(field.into()).unwrap_or_else(|_| panic!("{key}"));
        }
    }
}

#[test]
fn a_language_is_known_by_its_tag() {
    assert_eq!(Language::of_tag("fr-FR"), Some(Language::Fr));
    assert_eq!(Language::of_tag("en_GB.UTF-8"), Some(Language::En));
    assert_eq!(Language::of_tag("de"), None);
    assert_eq!(Language::of_tag(""), None);
}

#[test]
fn every_rule_and_its_conditions_have_their_sentences() {
    use domain::law::Rulebook;
    for language in [Language::Fr, Language::En] {
        let words = Words::new(language);
        let said = |sentence: String| assert!(!sentence.contains("law-"), "{sentence}");
        for rule in &Rulebook::french().rules {
            said(words.rule(&rule.id));
            rule.requires.iter().for_each(|required| said(words.requirement(*required)));
        }
        for holiday in &Rulebook::french().holidays {
            said(words.say(&format!("law-holiday-{}", holiday.name)));
        }
    }
}

#[test]
fn a_deadline_is_told_whole() {
    use domain::CouncilKind;
    use domain::law::{Question, deadline};
    let council = domain::Council {
        id: domain::CouncilId::from_bytes([1; 16]),
        name: "Ville de Valbrune".to_owned(),
        kind: CouncilKind::Commune,
        population: 9_000,
        zone: "Europe/Paris".to_owned(),
        local_law: None,
        letterhead: None,
        law: Default::default(),
        stamp: None,
    };
    let starts = "2026-05-26T18:30:00+02:00".parse().unwrap();
    let sent = "2026-05-21T08:00:00+02:00".parse().unwrap();
    let late = deadline(&Question::of(&council, starts).dispatched(sent)).unwrap();
    let french = Words::new(Language::Fr);
    let mut said = french.deadline(&late);
    said.extend(late.explanation.iter().map(|day| french.counted_day(day)));
    assert_eq!(
        said.join("\n").replace(['\u{a0}', '\u{202f}'], " "),
        "Commune de 3 500 habitants et plus (CGCT, art. L2121-12) : 5 jours francs\n\
         Envoi au plus tard le mercredi 20 mai 2026, à 23 h 59.\n\
         Envoi du jeudi 21 mai 2026 : tardif d’un jour. Séance possible à partir du mercredi 27 mai 2026.\n\
         L’ordre du jour figure dans la convocation ; rien d’autre ne peut être décidé.\n\
         Une note explicative de synthèse sur chaque affaire part avec la convocation.\n\
         Les projets de contrat sont consultables à la mairie.\n\
         mercredi 20 mai 2026 : pas encore envoyée, ne compte pas\n\
         jeudi 21 mai 2026 : jour de l’envoi, ne compte pas\n\
         vendredi 22 mai 2026 : 1er jour\n\
         samedi 23 mai 2026 : 2e jour (compte même le week-end)\n\
         dimanche 24 mai 2026 : 3e jour (compte même le week-end)\n\
         lundi 25 mai 2026 : 4e jour (le lundi de Pentecôte compte comme un autre jour)\n\
         mardi 26 mai 2026 : jour de la séance, ne compte pas"
    );
}
