//! The app's sentences, in every language: Fluent files of `assets/i18n`.

mod law;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use ink::Sign;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::convocation::Finding;
use crate::problem::Problem;
use crate::reason::Reason;
use crate::views::Mended;

/// A language the app speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// French.
    #[default]
    Fr,
    /// English.
    En,
}

impl Language {
    /// The language of a tag such as `fr-FR` or `en_GB.UTF-8`; none when the app does not speak it.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.get(..2)?.to_ascii_lowercase().as_str() {
            "fr" => Some(Self::Fr),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The tag for `<html lang>`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    const fn sources(self) -> [&'static str; 5] {
        match self {
            Self::Fr => [
                include_str!("../../../assets/i18n/fr/app.ftl"),
                include_str!("../../../assets/i18n/fr/convocation.ftl"),
                include_str!("../../../assets/i18n/fr/problems.ftl"),
                include_str!("../../../assets/i18n/fr/law.ftl"),
                include_str!("../../../assets/i18n/fr/clerk.ftl"),
            ],
            Self::En => [
                include_str!("../../../assets/i18n/en/app.ftl"),
                include_str!("../../../assets/i18n/en/convocation.ftl"),
                include_str!("../../../assets/i18n/en/problems.ftl"),
                include_str!("../../../assets/i18n/en/law.ftl"),
                include_str!("../../../assets/i18n/en/clerk.ftl"),
            ],
        }
    }
}

/// All sentences of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({:?})", self.language)
    }
}

impl Words {
    /// The sentences of a language, as compiled in.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self::of_sources(language, &language.sources())
    }

    /// The sentences of these Fluent files, which are in this language. A later one overrides an
    /// earlier one.
    #[must_use]
    pub fn of_sources(language: Language, sources: &[&str]) -> Self {
        let id = match language {
            Language::Fr => unic_langid::langid!("fr"),
            Language::En => unic_langid::langid!("en"),
        };
        let mut bundle = FluentBundle::new(vec![id]);
        bundle.set_use_isolating(false);
        for source in sources {
            // A broken line loses one sentence, not the app; the tests read every file whole.
            let resource = match FluentResource::try_new((*source).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The sentence with this key; the key itself when there is none.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// The sentence with this key, its places filled.
    #[must_use]
    pub fn say_with(&self, key: &str, places: &[(&str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut args = FluentArgs::with_capacity(places.len());
        for (name, value) in places {
            args.set(*name, value.clone());
        }
        let mut mistakes = Vec::new();
        self.bundle.format_pattern(pattern, Some(&args), &mut mistakes).into_owned()
    }

    /// What became of a damaged store.
    #[must_use]
    pub fn mended(&self, mended: Mended) -> String {
        if mended.enrolled {
            self.say_with("store-mended", &[("n", mended.unsent.into())])
        } else {
            self.say("store-mended-unknown")
        }
    }

    /// The word on a stamp.
    #[must_use]
    pub fn sign(&self, sign: Sign) -> String {
        self.say(match sign {
            Sign::Question => "sign-question",
            Sign::Agree => "sign-agree",
            Sign::Disagree => "sign-disagree",
            Sign::Raise => "sign-raise",
        })
    }

    /// The sentence for a difficulty of a proof.
    #[must_use]
    pub fn finding(&self, finding: &Finding) -> String {
        let kind = serde_json::to_value(finding.kind).ok();
        let kind = kind.as_ref().and_then(serde_json::Value::as_str).unwrap_or("unreadable");
        self.say_with(
            &format!("proof-{kind}"),
            &[
                ("line", FluentValue::from(finding.line.to_string())),
                ("about", FluentValue::from(finding.about.as_str())),
            ],
        )
    }

    /// The sentence for a problem: what happened, that nothing is lost, what to do.
    #[must_use]
    pub fn problem(&self, problem: &Problem) -> String {
        let code = serde_json::to_value(problem.code).ok();
        let code = code.as_ref().and_then(Value::as_str).unwrap_or("internal");
        let reason = problem.reason.as_ref().map(|reason| self.reason(reason));
        let subject = reason.as_deref().unwrap_or(&problem.subject);
        self.say_with(
            &format!("problem-{code}"),
            &[
                ("subject", FluentValue::from(subject)),
                ("named", FluentValue::from(i32::from(!subject.is_empty()))),
            ],
        )
    }

    /// The words for a reason: its fields are the places in them.
    #[must_use]
    pub fn reason(&self, reason: &Reason) -> String {
        // A reason without fields is its name alone.
        let (kind, fields) = match serde_json::to_value(reason) {
            Ok(Value::String(kind)) => (kind, Map::new()),
            Ok(Value::Object(named)) => match named.into_iter().next() {
                Some((kind, Value::Object(fields))) => (kind, fields),
                Some(_) | None => return String::new(),
            },
            Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_)) | Err(_) => {
                return String::new();
            }
        };
        let inner = if let Reason::InFile { what, .. } = reason {
            self.reason(what)
        } else {
            String::new()
        };
        let mut places = Vec::with_capacity(fields.len());
        for (name, value) in &fields {
            let value = match value {
                Value::String(_) | Value::Object(_) if name == "what" => {
                    FluentValue::from(inner.as_str())
                }
                Value::String(field) if name == "field" => {
                    FluentValue::from(self.say(&format!("named-{field}")))
                }
                Value::String(text) => FluentValue::from(text.as_str()),
                Value::Number(number) => FluentValue::from(number.as_u64().unwrap_or_default()),
                Value::Object(_) | Value::Array(_) | Value::Bool(_) | Value::Null => continue,
            };
            places.push((name.as_str(), value));
        }
        self.say_with(&format!("reason-{kind}"), &places)
    }
}
