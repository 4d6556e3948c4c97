//! The law in sentences: one place for the window, the command line and the proof.

use domain::Date;
use domain::law::agenda::{AgendaChange, Freeze};
use domain::law::proxy::ProxyRefusal;
use domain::law::{
    Caution, Certainty, CountedDay, Counting, Deadline, Judgement, Procedure, Prospect, Reception,
    Requirement, Standing, Verdict, Why,
};
use fluent_bundle::FluentValue;
use serde::Serialize;

use super::Words;

/// The name of a value as its JSON has it, which is also the end of its key.
fn name_of(value: impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().map(ToOwned::to_owned).unwrap_or_default()
}

impl Words {
    /// "mardi 22 septembre 2026".
    #[must_use]
    pub fn day(&self, date: Date) -> String {
        let day = self.say_with("date-day", &[("day", date.day().into())]);
        let weekday = format!("weekday-{}", date.weekday().to_monday_one_offset());
        let month = format!("month-{}", date.month());
        self.say_with(
            "date-year",
            &[
                ("weekday", self.say(&weekday).into()),
                ("day", day.into()),
                ("month", self.say(&month).into()),
                ("year", date.year().to_string().into()),
            ],
        )
    }

    /// What a rule is about: "Commune de 3 500 habitants et plus".
    #[must_use]
    pub fn rule(&self, id: &str) -> String {
        self.say(&format!("law-rule-{}", id.to_ascii_lowercase()))
    }

    /// "séance ordinaire".
    #[must_use]
    pub fn procedure(&self, procedure: Procedure) -> String {
        self.say(&format!("law-procedure-{}", name_of(procedure)))
    }

    /// "5 jours francs".
    #[must_use]
    pub fn delay(&self, days: u16, counting: Counting) -> String {
        self.say_with(&format!("law-days-{}", name_of(counting)), &[("n", days.into())])
    }

    /// What must come with a convocation.
    #[must_use]
    pub fn requirement(&self, requirement: Requirement) -> String {
        self.say(&format!("law-requires-{}", name_of(requirement)))
    }

    /// What a person should look at.
    #[must_use]
    pub fn caution(&self, caution: Caution) -> String {
        self.say(&format!("law-caution-{}", name_of(caution)))
    }

    /// Whether a lawyer must be asked.
    #[must_use]
    pub fn certainty(&self, certainty: Certainty) -> String {
        self.say(&format!("law-{}", name_of(certainty)))
    }

    /// How a deadline stands.
    #[must_use]
    pub fn standing(&self, standing: Standing) -> String {
        self.say(&format!("law-standing-{}", name_of(standing)))
    }

    /// How a member stands with a convocation.
    #[must_use]
    pub fn reception(&self, reception: &Reception) -> String {
        self.say(match reception {
            Reception::Regular => "law-reception-regular",
            Reception::Cured { .. } => "law-reception-cured",
            Reception::Defective => "law-reception-defective",
        })
    }

    /// What the replies let expect of the quorum.
    #[must_use]
    pub fn prospect(&self, prospect: Prospect) -> String {
        self.say(&format!("law-prospect-{}", name_of(prospect)))
    }

    /// One change of a frozen agenda.
    #[must_use]
    pub fn agenda_change(&self, change: &AgendaChange) -> String {
        let said = |key: &str, title: &str| self.say_with(key, &[("title", title.into())]);
        match change {
            AgendaChange::Added { title, .. } => said("law-change-added", title),
            AgendaChange::NowDecided { title, .. } => said("law-change-now-decided", title),
            AgendaChange::Retitled { before, title, .. } => self.say_with(
                "law-change-retitled",
                &[("before", before.as_str().into()), ("title", title.as_str().into())],
            ),
            AgendaChange::Corrected { title, .. } => said("law-change-corrected", title),
            AgendaChange::Information { title, .. } => said("law-change-information", title),
            AgendaChange::Withdrawn { title, .. } => said("law-change-withdrawn", title),
        }
    }

    /// What changes of a frozen agenda ask for.
    #[must_use]
    pub fn freeze(&self, freeze: Freeze) -> String {
        self.say(&format!("law-freeze-{}", name_of(freeze)))
    }

    /// Why a proxy is refused. `bearer` and `name` are the names of the bearer asked and of the
    /// other member that the refusal speaks of.
    #[must_use]
    pub fn proxy_refusal(&self, refusal: &ProxyRefusal, bearer: &str, name: &str) -> String {
        let (key, n, allowed) = match refusal {
            ProxyRefusal::Oneself => ("oneself", 0, 0),
            ProxyRefusal::GiverNotInOffice => ("giver-not-in-office", 0, 0),
            ProxyRefusal::BearerNotInOffice => ("bearer-not-in-office", 0, 0),
            ProxyRefusal::BearerHoldsOne { .. } => ("bearer-holds-one", 0, 0),
            ProxyRefusal::BearerAbsent => ("bearer-absent", 0, 0),
            ProxyRefusal::BearerRepresented { .. } => ("bearer-represented", 0, 0),
            ProxyRefusal::GiverHoldsOne { .. } => ("giver-holds-one", 0, 0),
            ProxyRefusal::AlreadyGiven { .. } => ("already-given", 0, 0),
            ProxyRefusal::TooManySittings { in_a_row, allowed } => {
                ("too-many-sittings", *in_a_row, *allowed)
            }
        };
        self.say_with(
            &format!("law-proxy-{key}"),
            &[
                ("bearer", bearer.into()),
                ("name", name.into()),
                ("n", n.into()),
                ("allowed", allowed.into()),
            ],
        )
    }

    /// One day of the explanation: "samedi 23 mai 2026 : 3e jour (compte même le week-end)".
    #[must_use]
    pub fn counted_day(&self, day: &CountedDay) -> String {
        let why = match day.why {
            Why::DispatchDay => self.say("law-why-dispatch-day"),
            Why::NotSentYet => self.say("law-why-not-sent-yet"),
            Why::Whole { nth } => self.say_with("law-why-whole", &[("nth", nth.into())]),
            Why::SittingDayCounts { nth } => {
                self.say_with("law-why-sitting-day-counts", &[("nth", nth.into())])
            }
            Why::SittingDay => self.say("law-why-sitting-day"),
        };
        let why = match &day.holiday {
            Some(holiday) if day.counts => {
                let holiday = self.say(&format!("law-holiday-{holiday}"));
                let places = [("why", why.into()), ("holiday", FluentValue::from(holiday))];
                self.say_with("law-even-holiday", &places)
            }
            None if day.counts && day.weekend() => {
                self.say_with("law-even-weekend", &[("why", why.into())])
            }
            Some(_) | None => why,
        };
        self.say_with("law-day", &[("date", self.day(day.date).into()), ("why", why.into())])
    }

    /// The verdict on a dispatch.
    #[must_use]
    pub fn judgement(&self, judged: &Judgement) -> String {
        let key = match judged.verdict {
            Verdict::Regular => "law-verdict-regular",
            Verdict::Late => "law-verdict-late",
        };
        self.say_with(
            key,
            &[
                ("date", self.day(judged.dispatch).into()),
                ("earliest", self.day(judged.earliest_sitting).into()),
                ("n", judged.missing_days.into()),
            ],
        )
    }

    /// The whole deadline, one sentence after the other: the rule, the last minute, the verdict,
    /// what is unsure, what must come with it. The days counted are left to [`Self::counted_day`].
    #[must_use]
    pub fn deadline(&self, deadline: &Deadline) -> Vec<String> {
        let latest = |date: Date| [("date", FluentValue::from(self.day(date)))];
        let mut said = vec![self.rule_line(deadline)];
        said.push(self.say_with("law-latest", &latest(deadline.latest_dispatch)));
        if deadline.safe_dispatch != deadline.latest_dispatch {
            said.push(self.say_with("law-safe", &latest(deadline.safe_dispatch)));
        }
        said.extend(deadline.judgement.as_ref().map(|judged| self.judgement(judged)));
        said.extend(deadline.cautions.iter().map(|caution| self.caution(*caution)));
        if deadline.has_two_readings() {
            let (least, clear) = (deadline.at_least_dispatch, deadline.clear_dispatch);
            let places = [("least", self.day(least).into()), ("clear", self.day(clear).into())];
            said.push(self.say_with("law-two-readings", &places));
        }
        if deadline.strict {
            said.push(self.say("law-strict"));
        }
        if deadline.house {
            let key = if deadline.days == 0 { "law-house-none" } else { "law-house" };
            said.push(self.say(key));
        }
        said.extend(deadline.requires.iter().map(|required| self.requirement(*required)));
        if deadline.certainty == Certainty::Check {
            said.push(self.certainty(deadline.certainty));
        }
        if let Some(beside) = &deadline.beside {
            let places = [
                ("rule", self.rule(&beside.rule).into()),
                ("article", beside.article.as_str().into()),
                ("date", self.day(beside.latest_dispatch).into()),
            ];
            said.push(self.say_with("law-beside", &places));
        }
        said
    }

    /// "Commune de 3 500 habitants et plus (CGCT, art. L2121-12) : 5 jours francs".
    #[must_use]
    pub fn rule_line(&self, deadline: &Deadline) -> String {
        self.say_with(
            "law-by-rule",
            &[
                ("rule", self.rule(&deadline.rule).into()),
                ("article", deadline.article.as_str().into()),
                ("days", self.delay(deadline.days, deadline.counting).into()),
            ],
        )
    }
}
