//! What the form says of the sitting, and the draft that it makes with the form's papers.
//!
//! Clients are written in languages without types: a number may come as text, nothing as `null`, as an
//! empty list or as an empty text. All of it is read; what the interface requires is required.

use std::collections::{BTreeMap, BTreeSet};

use domain::member::BodyKind;
use domain::sitting::{Brought, Invitee};
use domain::{
    AgendaItem, CouncilId, Document, DocumentId, DocumentRole, DocumentVersion, ItemId, Sitting,
    SittingId, Timestamp,
};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::form::{Form, Place, Staged};
use super::{Unacceptable, Words};

/// Most people whose names are kept with a draft: the largest assembly of the country, the Senate set
/// aside, is a third of it.
const PEOPLE: usize = 500;

/// Where and when a form came in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) council: CouncilId,
    /// The council's own, in which it writes its days.
    pub(crate) zone: &'a str,
    /// The software, as the clerks know it.
    pub(crate) by: &'a str,
    pub(crate) now: Timestamp,
    pub(crate) words: &'a Words,
}

/// The draft that a form makes.
///
/// # Errors
/// What the interface requires and the form lacks.
pub(crate) fn sitting(form: &Form, on: Ground<'_>) -> Result<Sitting, Unacceptable> {
    let posted: Value = serde_json::from_slice(&form.json).map_err(|_| Unacceptable::Json)?;
    if !posted.is_object() {
        return Err(Unacceptable::Json);
    }
    let written = required(field(&posted, "date_seance"), "date_seance")?;
    let kind = required(field(&posted, "type_seance"), "type_seance")?;
    let starts = instant(&written, on.zone)?;
    let id = SittingId::from_bytes(named(&[
        b"sitting",
        &on.council.to_bytes(),
        kind.to_lowercase().as_bytes(),
        &starts.as_second().to_be_bytes(),
    ]));
    let mut drawing = Drawing { id, on, papers: &form.papers, used: BTreeSet::new() };
    let convocation = drawing.paper(Place::Convocation, on.words.convocation.clone())?;
    let items = drawing.items(field(&posted, "projets"))?;
    if let Some(stray) = form.papers.keys().find(|place| !drawing.used.contains(place)) {
        return Err(Unacceptable::Stray(stray.to_string()));
    }
    let invitees = people(field(&posted, "acteurs_convoques"))?;
    let people = invitees.iter().map(Invitee::full_name).collect();
    Ok(Sitting {
        kind: body_kind(&kind),
        title: kind,
        starts,
        place: text(field(&posted, "place")),
        convocation: Some(convocation),
        items,
        brought: Some(Brought { by: on.by.to_owned(), at: on.now, people, invitees }),
        ..Sitting::untitled(id)
    })
}

/// Draws the draft, and knows which papers of the form it has used.
struct Drawing<'a> {
    id: SittingId,
    on: Ground<'a>,
    papers: &'a BTreeMap<Place, Staged>,
    used: BTreeSet<Place>,
}

impl Drawing<'_> {
    fn items(&mut self, projects: &Value) -> Result<Vec<AgendaItem>, Unacceptable> {
        let mut items = BTreeMap::new();
        for project in list(projects)? {
            let order = order(project, "projets[] ordre")?;
            let item = self.item(project, order)?;
            if items.insert(order, item).is_some() {
                return Err(Unacceptable::Twice(format!("projets[] ordre {order}")));
            }
        }
        Ok(items.into_values().collect())
    }

    fn item(&mut self, project: &Value, order: u32) -> Result<AgendaItem, Unacceptable> {
        let title = required(field(project, "libelle"), "projets[] libelle")?;
        let report = self.paper(Place::Report(order), title.clone())?;
        let mut annexes = BTreeMap::new();
        for annex in list(field(project, "annexes"))? {
            let own = self::order(annex, "annexes[] ordre")?;
            let said = text(field(annex, "libelle"));
            let title = Some(said).filter(|title| !title.is_empty());
            let number = u64::from(own) + 1;
            let title = title.unwrap_or_else(|| format!("{} {number}", self.on.words.annex));
            let paper = self.paper(Place::Annex(order, own), title)?;
            if annexes.insert(own, paper).is_some() {
                return Err(Unacceptable::Twice(format!("annexes[] ordre {own}")));
            }
        }
        let theme = text(field(project, "theme"));
        let themes = theme.split(',').map(str::trim).filter(|theme| !theme.is_empty());
        let rapporteur = field(project, "Rapporteur");
        let [first, last] =
            ["rapporteurfirstname", "rapporteurlastname"].map(|name| text(field(rapporteur, name)));
        Ok(AgendaItem {
            id: ItemId::from_bytes(named(&[b"item", &self.id.to_bytes(), &order.to_be_bytes()])),
            title,
            documents: std::iter::once(report).chain(annexes.into_values()).collect(),
            theme: themes.map(str::to_owned).collect(),
            rapporteur: full_name(&first, &last),
            closed_doors: false,
            deliberative: true,
        })
    }

    /// A paper of the form. How many pages it has, and whether it can be read at all, the clerk's tablet
    /// will say.
    fn paper(&mut self, place: Place, title: String) -> Result<Document, Unacceptable> {
        let staged =
            self.papers.get(&place).ok_or_else(|| Unacceptable::Missing(place.to_string()))?;
        self.used.insert(place);
        let role = match place {
            Place::Convocation => DocumentRole::Convocation,
            Place::Report(_) => DocumentRole::Report,
            Place::Annex(..) => DocumentRole::Annex,
        };
        let name = place.to_string();
        Ok(Document {
            id: DocumentId::from_bytes(named(&[b"paper", &self.id.to_bytes(), name.as_bytes()])),
            title,
            role,
            file_name: format!("{name}{}", staged.foreign.as_deref().unwrap_or(".pdf")),
            versions: vec![DocumentVersion {
                number: 1,
                sha256: staged.sha256,
                bytes: staged.bytes,
                pages: 0,
                searchable: false,
                published: self.on.now,
                note: None,
            }],
        })
    }
}

/// A field of an object; nothing when it is none.
fn field<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}

/// A text on one line; empty for nothing.
fn text(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    };
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn required(value: &Value, name: &str) -> Result<String, Unacceptable> {
    let text = text(value);
    if text.is_empty() {
        return Err(Unacceptable::Missing(name.to_owned()));
    }
    Ok(text)
}

/// A list, or nothing.
fn list(value: &Value) -> Result<Vec<&Value>, Unacceptable> {
    match value {
        Value::Array(all) => Ok(all.iter().collect()),
        // What PHP makes of a list with gaps.
        Value::Object(all) => Ok(all.values().collect()),
        Value::Null => Ok(Vec::new()),
        Value::String(text) if text.trim().is_empty() => Ok(Vec::new()),
        Value::String(_) | Value::Bool(_) | Value::Number(_) => Err(Unacceptable::Json),
    }
}

fn order(value: &Value, name: &str) -> Result<u32, Unacceptable> {
    let text = text(field(value, "ordre"));
    text.parse().map_err(|_| Unacceptable::Missing(name.to_owned()))
}

/// A moment of the council's clock; an hour that the clock skips or repeats is taken as calendars take
/// it.
fn instant(text: &str, zone: &str) -> Result<Timestamp, Unacceptable> {
    let read = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|form| DateTime::strptime(form, text).ok());
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let zoned =
        read.and_then(|civil| civil.to_zoned_datetime(zone).ok()).ok_or(Unacceptable::Day)?;
    Ok(zoned.timestamp())
}

/// Which kind of body sits, by the words of its type; the clerk corrects it.
fn body_kind(kind: &str) -> BodyKind {
    let kind = kind.to_lowercase();
    if kind.contains("bureau") {
        BodyKind::Bureau
    } else if kind.contains("commission") || kind.contains("comité") || kind.contains("comite") {
        BodyKind::Committee
    } else {
        BodyKind::Council
    }
}

fn full_name(first: &str, last: &str) -> Option<String> {
    let name = format!("{first} {last}");
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// Those whom the software would convene; a list, or a list written as a text.
fn people(posted: &Value) -> Result<Vec<Invitee>, Unacceptable> {
    let written: Value;
    let mut posted = posted;
    if let Value::String(text) = posted
        && !text.trim().is_empty()
    {
        written = serde_json::from_str(text).map_err(|_| Unacceptable::People)?;
        posted = &written;
    }
    let mut people = Vec::new();
    for entry in list(posted).map_err(|_| Unacceptable::People)? {
        let person = field(entry, "Acteur");
        let [first, last, email] = ["prenom", "nom", "email"].map(|name| text(field(person, name)));
        if first.is_empty() || last.is_empty() || email.is_empty() {
            let fields = "acteurs_convoques[] Acteur prenom, nom and email";
            return Err(Unacceptable::Missing(fields.to_owned()));
        }
        let [phone, title] = ["telmobile", "titre"].map(|name| text(field(person, name)));
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        people.push(Invitee {
            first_name: first,
            last_name: last,
            email,
            phone: said(phone),
            function: said(title),
        });
    }
    people.truncate(PEOPLE);
    Ok(people)
}

/// An identifier that the same words always give: what is posted twice is known to be the same.
fn named(parts: &[&[u8]]) -> [u8; 16] {
    let mut text = b"pupitre/brought/1".to_vec();
    for part in parts {
        text.extend_from_slice(&(part.len() as u64).to_be_bytes());
        text.extend_from_slice(part);
    }
    let digest = crate::digest::of(&text);
    let mut id = [0; 16];
    for (to, from) in id.iter_mut().zip(digest.as_bytes()) {
        *to = *from;
    }
    // A UUID of one's own making (RFC 9562, version 8).
    for (index, kept, set) in [(6, 0x0f, 0x80), (8, 0x3f, 0x80)] {
        if let Some(byte) = id.get_mut(index) {
            *byte = *byte & kept | set;
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_councils_and_read_with_and_without_seconds() {
        for (text, zone, expected) in [
            ("2021-05-12 09:30", "Europe/Paris", "2021-05-12T07:30:00Z"),
            ("2021-05-12 09:30:00", "Europe/Paris", "2021-05-12T07:30:00Z"),
            ("2021-12-12T09:30", "Europe/Paris", "2021-12-12T08:30:00Z"),
            ("2021-05-12 09:30", "Indian/Reunion", "2021-05-12T05:30:00Z"),
        ] {
            assert_eq!(instant(text, zone).unwrap().to_string(), expected, "{text} {zone}");
        }
        for text in ["", "12/05/2021 09:30", "2021-13-01 09:30", "2021-05-12", "demain"] {
            assert!(matches!(instant(text, "Europe/Paris"), Err(Unacceptable::Day)), "{text}");
        }
    }

    #[test]
    fn people_come_as_a_list_as_a_text_or_not_at_all() {
        let one = r#"[{"Acteur":{"nom":"DURAND","prenom":"Thomas","email":"t@example.org"}}]"#;
        let written = Value::String(one.to_owned());
        let listed: Value = serde_json::from_str(one).unwrap();
        for posted in [written, listed] {
            let people = people(&posted).unwrap();
            assert_eq!(
                people.iter().map(Invitee::full_name).collect::<Vec<_>>(),
                ["Thomas DURAND"]
            );
            assert_eq!((&*people[0].email, &people[0].phone), ("t@example.org", &None));
        }
        for nothing in [Value::Null, Value::String(String::new()), serde_json::json!([])] {
            assert!(people(&nothing).unwrap().is_empty());
        }
        assert!(matches!(people(&Value::String("{[".to_owned())), Err(Unacceptable::People)));
        let nameless = serde_json::json!([{"Acteur": {"nom": "X", "prenom": null, "email": ""}}]);
        assert!(matches!(people(&nameless), Err(Unacceptable::Missing(_))));
    }

    #[test]
    fn the_kind_of_body_is_told_by_its_words() {
        assert_eq!(body_kind("Conseil municipal"), BodyKind::Council);
        assert_eq!(body_kind("Commission webservice"), BodyKind::Committee);
        assert_eq!(body_kind("Bureau communautaire"), BodyKind::Bureau);
    }

    #[test]
    fn an_identifier_is_a_uuid_and_parts_its_words() {
        let id = SittingId::from_bytes(named(&[b"a", b"bc"]));
        assert_eq!(id.to_string().chars().nth(14), Some('8'));
        assert_ne!(named(&[b"a", b"bc"]), named(&[b"ab", b"c"]));
    }
}
