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
    for file in ["app.ftl", "problems.ftl"] {
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
        let mut reason = serde_json::json!({ "reason": kind });
        for field in fields {
            reason[field] = match field.as_str() {
                "line" | "number" | "most" => 3.into(),
                "field" => "title".into(),
                "what" => serde_json::json!({ "reason": "form" }),
                _ => "x".into(),
            };
        }
        serde_json::from_value::<Reason>(reason).unwrap_or_else(|_| panic!("reason-{kind}"))
    };
    for (key, fields) in sentences("fr") {
        if let Some(kind) = key.strip_prefix("reason-") {
            let said = Words::new(Language::Fr).problem(&named(kind, &fields).into());
            assert!(!said.contains("reason-") && !said.contains("field-"), "{said}");
        } else if let Some(field) = key.strip_prefix("field-") {
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
