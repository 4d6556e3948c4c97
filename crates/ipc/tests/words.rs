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

use pupitre_ipc::{ErrorCode, Language, Problem, Words};

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
fn a_language_is_known_by_its_tag() {
    assert_eq!(Language::of_tag("fr-FR"), Some(Language::Fr));
    assert_eq!(Language::of_tag("en_GB.UTF-8"), Some(Language::En));
    assert_eq!(Language::of_tag("de"), None);
    assert_eq!(Language::of_tag(""), None);
}
