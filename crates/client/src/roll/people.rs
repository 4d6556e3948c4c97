//! A table to people, row by row, each mistake with its line.

use domain::{Date, Role};
use ipc::{Field, ListForm, Reason};

use super::columns::{Column, folded};
use super::{mistake, table, text};
use crate::people::{address, name, phone};

/// How many rows may stand before the names of the columns (a title, a date).
const PREAMBLE: usize = 20;

/// What a list is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To make members of everyone.
    Members,
    /// To find the addresses of people who stand in another list.
    Addresses,
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Person {
    pub(super) line: u64,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) group: Option<String>,
    /// None when the list does not tell roles.
    pub(super) role: Option<Role>,
    pub(super) function: Option<String>,
    pub(super) function_from: Option<Date>,
    pub(super) constituency: Option<String>,
    pub(super) mandate_from: Option<Date>,
    /// Tells people of one name apart in this file; never leaves it.
    pub(super) birth: Option<String>,
}

impl Person {
    /// First and last name.
    pub(super) fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// The name without case, accents, hyphens.
    pub(super) fn key(&self) -> (String, String) {
        (folded(&self.last_name), folded(&self.first_name))
    }
}

/// A list as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct List {
    pub(super) file: String,
    pub(super) form: ListForm,
    pub(super) encoding: &'static str,
    pub(super) delimiter: char,
    pub(super) people: Vec<Person>,
    /// Columns that are not kept, as the file names them.
    pub(super) ignored: Vec<String>,
    pub(super) mistakes: Vec<Reason>,
    /// Whether the columns are not known, so that no row could be read.
    pub(super) headless: bool,
}

/// Reads a list.
pub(super) fn read(file: &str, bytes: &[u8], purpose: Purpose) -> List {
    let mut list = List {
        file: file.to_owned(),
        form: ListForm::Plain,
        encoding: "",
        delimiter: ';',
        people: Vec::new(),
        ignored: Vec::new(),
        mistakes: Vec::new(),
        headless: true,
    };
    let Some((text, encoding)) = text::decode(bytes) else {
        list.mistakes.push(mistake(file, 0, Reason::NoList));
        return list;
    };
    let table = table::read(&text);
    (list.encoding, list.delimiter) = (encoding, table.delimiter);
    let is_head = |row: &&table::Row| fits(&named(&row.fields), purpose).is_ok();
    let Some(head) = table.rows.iter().take(PREAMBLE).find(is_head) else {
        let (line, what) = match table.rows.first() {
            Some(first) => match fits(&named(&first.fields), purpose) {
                Err(key) => (first.line, Reason::MissingKey { key: key.to_owned() }),
                Ok(()) => (first.line, Reason::Form),
            },
            None => (0, Reason::NoRows),
        };
        list.mistakes.push(mistake(file, line, what));
        return list;
    };
    list.headless = false;
    let columns = named(&head.fields);
    if columns.contains(&Column::MandateFrom) && columns.contains(&Column::Birth) {
        list.form = ListForm::Rne;
    }
    let dropped = columns.iter().zip(&head.fields).filter(|(column, name)| {
        matches!(column, Column::Other | Column::Birth) && !name.is_empty()
    });
    list.ignored = dropped.map(|(_, name)| name.clone()).collect();
    list.mistakes.extend(table.open.map(|(line, what)| mistake(file, line, what)));
    for row in table.rows.iter().filter(|row| row.line > head.line) {
        match person(&columns, row, purpose) {
            Ok(person) => list.people.push(person),
            Err(what) => list.mistakes.push(mistake(file, row.line, what)),
        }
    }
    if list.people.is_empty() && list.mistakes.is_empty() {
        list.mistakes.push(mistake(file, 0, Reason::NoRows));
    }
    list
}

fn named(fields: &[String]) -> Vec<Column> {
    fields.iter().map(|name| Column::named(name)).collect()
}

/// Whether these columns are enough; the name of one that is missing otherwise.
fn fits(columns: &[Column], purpose: Purpose) -> Result<(), &'static str> {
    let has = |column| columns.contains(&column);
    let named = match purpose {
        Purpose::Members if !has(Column::Last) => Err("last_name"),
        Purpose::Members if !has(Column::First) => Err("first_name"),
        Purpose::Addresses if !has(Column::Full) && !has(Column::Last) => Err("last_name"),
        Purpose::Addresses if !has(Column::Full) && !has(Column::First) => Err("first_name"),
        Purpose::Members | Purpose::Addresses => Ok(()),
    };
    named?;
    if purpose == Purpose::Addresses && !has(Column::Email) { Err("email") } else { Ok(()) }
}

fn person(columns: &[Column], row: &table::Row, purpose: Purpose) -> Result<Person, Reason> {
    let surplus = row.fields.get(columns.len()..).unwrap_or_default();
    // Spreadsheets leave empty columns at the end of a row; anything else has slipped.
    if row.fields.len() < columns.len() || surplus.iter().any(|field| !field.is_empty()) {
        return Err(Reason::Ragged { number: row.fields.len(), most: columns.len() });
    }
    let field = |column: Column| {
        let place = columns.iter().position(|known| *known == column);
        let text = place.and_then(|place| row.fields.get(place)).map(String::as_str);
        text.filter(|text| !text.is_empty())
    };
    let named = |column, which| field(column).map(|text| said(name(text, which))).transpose();
    let (first_name, last_name) = match (purpose, field(Column::Full)) {
        (Purpose::Addresses, Some(full)) if field(Column::Last).is_none() => {
            (String::new(), full.to_owned())
        }
        _ => (
            named(Column::First, Field::FirstName)?
                .ok_or(Reason::Empty { field: Field::FirstName })?,
            named(Column::Last, Field::LastName)?
                .ok_or(Reason::Empty { field: Field::LastName })?,
        ),
    };
    let email = field(Column::Email).map(|text| said(address(text))).transpose()?;
    let code = field(Column::ConstituencyCode);
    let constituency = match (named(Column::Constituency, Field::Constituency)?, code) {
        (Some(place), Some(code)) => Some(format!("{place} ({code})")),
        (place, code) => place.or(code.map(ToOwned::to_owned)),
    };
    Ok(Person {
        line: row.line,
        first_name,
        last_name,
        email,
        phone: field(Column::Phone).map(|text| said(phone(text))).transpose()?,
        group: named(Column::Group, Field::GroupName)?,
        role: field(Column::Role).map(role).transpose()?,
        function: named(Column::Function, Field::Function)?,
        function_from: field(Column::FunctionFrom).map(day).transpose()?,
        constituency,
        mandate_from: field(Column::MandateFrom).map(day).transpose()?,
        birth: field(Column::Birth).map(ToOwned::to_owned),
    })
}

/// The reason of a problem about a value.
fn said<T>(value: Result<T, ipc::Problem>) -> Result<T, Reason> {
    value.map_err(|problem| problem.reason.unwrap_or(Reason::Form))
}

fn role(text: &str) -> Result<Role, Reason> {
    match folded(text).as_str() {
        "official" | "elu" | "elue" | "conseiller" | "conseillere" => Ok(Role::Official),
        "clerk" | "greffe" | "secretariat" => Ok(Role::Clerk),
        "guest" | "invite" | "invitee" => Ok(Role::Guest),
        _ => Err(Reason::UnknownValue { value: text.to_owned() }),
    }
}

/// `DD/MM/YYYY` or `YYYY-MM-DD`.
fn day(text: &str) -> Result<Date, Reason> {
    let french = || {
        let mut parts = text.splitn(3, '/');
        let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Date::new(parts.next()?.parse().ok()?, month, day).ok()
    };
    let iso = || text.parse().ok();
    french().or_else(iso).ok_or_else(|| Reason::NotADay { text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RNE: &str = "Code du département;Libellé du département;Code de la collectivité à statut particulier;Libellé de la collectivité à statut particulier;Code de la commune;Libellé de la commune;Nom de l'élu;Prénom de l'élu;Code sexe;Date de naissance;Code de la catégorie socio-professionnelle;Libellé de la catégorie socio-professionnelle;Date de début du mandat;Libellé de la fonction;Date de début de la fonction;Code nationalité\n";

    fn members(text: &str) -> List {
        read("liste.csv", text.as_bytes(), Purpose::Members)
    }

    fn said(list: &List) -> Vec<(usize, Reason)> {
        let parts = |reason: &Reason| {
            let Reason::InFile { line, what, .. } = reason else { panic!("{reason:?}") };
            (*line, (**what).clone())
        };
        list.mistakes.iter().map(parts).collect()
    }

    #[test]
    fn the_national_register_is_read_and_private_columns_are_not_kept() {
        let row = "99;Nulle-Part;;;99001;Valbrune;BAUDRY;Inès;F;01/02/1980;34;Professeur;28/06/2020;1ère adjointe au Maire;03/07/2020;FR\n";
        let list = members(&format!("{RNE}{row}"));
        assert_eq!((list.form, list.mistakes.len()), (ListForm::Rne, 0));
        let person = &list.people[0];
        assert_eq!(person.full_name(), "Inès BAUDRY");
        assert_eq!(person.constituency.as_deref(), Some("Valbrune (99001)"));
        assert_eq!(person.function.as_deref(), Some("1ère adjointe au Maire"));
        assert_eq!(person.mandate_from, Some(jiff::civil::date(2020, 6, 28)));
        for private in ["Date de naissance", "Libellé de la catégorie socio-professionnelle"] {
            assert!(list.ignored.iter().any(|name| name == private), "{private}");
        }
    }

    #[test]
    fn columns_are_known_in_any_spelling_and_below_a_title() {
        for head in [
            "first_name,last_name,email",
            "PRÉNOM ;  Nom ; Courriel",
            "Prénom\tNom\tAdresse e-mail",
        ] {
            let parted = if head.contains('\t') {
                "\t"
            } else if head.contains(';') {
                ";"
            } else {
                ","
            };
            let row = ["Inès", "Baudry", "ines@valbrune.example"].join(parted);
            let list = members(&format!("Liste des élus au 1er mars\n\n{head}\n{row}\n"));
            assert_eq!(list.mistakes, [], "{head}");
            assert_eq!(list.people[0].email.as_deref(), Some("ines@valbrune.example"));
        }
    }

    #[test]
    fn every_bad_row_is_told_with_its_line_and_the_others_are_read() {
        let list = members(
            "Nom;Prénom;Courriel;Rôle;Téléphone\nBaudry;Inès;;;\nOzenne;;;;\nMartin;Claire;claire;;\n\
             Morel;Paul;;roi;\nArdouin;Zoé\nGrand;Luc;;;12\nNoël;Léa;;;06 12 34 56 78;;\n",
        );
        assert_eq!(
            said(&list),
            [
                (3, Reason::Empty { field: Field::FirstName }),
                (4, Reason::NotAnAddress { text: "claire".to_owned() }),
                (5, Reason::UnknownValue { value: "roi".to_owned() }),
                (6, Reason::Ragged { number: 2, most: 5 }),
                (7, Reason::NotANumber { text: "12".to_owned() }),
            ]
        );
        let read: Vec<_> = list.people.iter().map(|p| p.last_name.as_str()).collect();
        assert_eq!(read, ["Baudry", "Noël"]);
        assert_eq!(list.people[1].phone.as_deref(), Some("0612345678"));
    }

    #[test]
    fn a_file_that_is_no_list_says_what_is_missing() {
        assert_eq!(said(&members("")), [(0, Reason::NoRows)]);
        let key = "first_name".to_owned();
        assert_eq!(said(&members("Nom;Age\nBaudry;3\n")), [(1, Reason::MissingKey { key })]);
        assert_eq!(said(&read("a", b"PK\x03\x04", Purpose::Members)), [(0, Reason::NoList)]);
        assert_eq!(said(&members("Nom;Prénom\n")), [(0, Reason::NoRows)]);
        let key = "email".to_owned();
        let addresses = read("a", b"Nom;Pr\xe9nom\nA;B\n", Purpose::Addresses);
        assert_eq!(said(&addresses), [(1, Reason::MissingKey { key })]);
        assert_eq!(addresses.encoding, "windows-1252");
    }
}
