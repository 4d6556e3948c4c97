//! Members out of a CSV file: everyone or, when a row is bad, nobody.

use std::path::Path;

use client::Client;
use domain::Role;
use ipc::{Command, ErrorCode, MemberView, Problem, Reply};

use crate::answers::Answer;
use crate::failure::Failure;
use crate::tablet::{ask, the};

/// One row.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    first_name: String,
    last_name: String,
    email: Option<String>,
    group: Option<String>,
    role: Role,
    function: Option<String>,
}

/// Adds everyone who is not a member yet.
pub(crate) async fn import(client: &Client, file: &Path) -> Result<Answer, Failure> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|_| Failure::Problem(Problem::about(ErrorCode::FileUnreadable, &name)))?;
    let rows = rows(&text).map_err(|mistake| {
        let what = format!("{name}, {mistake}; nobody was added");
        Failure::Problem(Problem::about(ErrorCode::BadInput, what))
    })?;
    // Whoever another clerk has added is known too.
    client.handle(Command::Sync).await?;
    let members = ask(client, Command::Members, the!(Reply::Members)).await?;
    let mut added = Vec::new();
    let mut known = 0;
    for row in rows {
        if members.iter().any(|member| row.is(member)) {
            known += 1;
            continue;
        }
        let Row { first_name, last_name, email, group, role, function } = row;
        let command = Command::AddMember {
            first_name,
            last_name,
            email,
            group,
            role,
            function,
            phone: None,
            on_paper: false,
        };
        added.push(ask(client, command, the!(Reply::Member)).await?);
    }
    Ok(Answer::Imported { added, known })
}

impl Row {
    /// An import that broke off can be repeated: the same person is not added twice.
    fn is(&self, member: &MemberView) -> bool {
        let same_name = self.first_name.eq_ignore_ascii_case(&member.first_name)
            && self.last_name.eq_ignore_ascii_case(&member.last_name);
        same_name && (self.email.is_none() || self.email == member.email)
    }
}

fn rows(text: &str) -> Result<Vec<Row>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut records = records(text)?.into_iter();
    let (_, head) = records.next().ok_or("line 1: the file is empty")?;
    let columns: Vec<Column> =
        head.iter().map(|name| Column::named(name)).collect::<Result<_, _>>()?;
    for needed in [Column::First, Column::Last] {
        if !columns.contains(&needed) {
            return Err("line 1: the columns first_name and last_name are needed".to_owned());
        }
    }
    records.map(|(line, fields)| row(&columns, line, &fields)).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    First,
    Last,
    Email,
    Group,
    Role,
    Function,
}

impl Column {
    fn named(name: &str) -> Result<Self, String> {
        match name.trim().to_lowercase().as_str() {
            "first_name" | "prénom" | "prenom" => Ok(Self::First),
            "last_name" | "nom" => Ok(Self::Last),
            "email" | "courriel" => Ok(Self::Email),
            "group" | "groupe" => Ok(Self::Group),
            "role" | "rôle" => Ok(Self::Role),
            "function" | "fonction" => Ok(Self::Function),
            other => Err(format!("line 1: the column \"{other}\" is unknown")),
        }
    }
}

fn row(columns: &[Column], line: usize, fields: &[String]) -> Result<Row, String> {
    if fields.len() != columns.len() {
        let (is, should) = (fields.len(), columns.len());
        return Err(format!("line {line}: {is} columns instead of {should}"));
    }
    let field = |column: Column| {
        let place = columns.iter().position(|known| *known == column);
        let text = place.and_then(|place| fields.get(place)).map(|text| text.trim());
        text.filter(|text| !text.is_empty()).map(ToOwned::to_owned)
    };
    let email = field(Column::Email);
    if email.as_ref().is_some_and(|email| !email.contains('@')) {
        return Err(format!(
            "line {line}: \"{}\" is not an e-mail address",
            email.unwrap_or_default()
        ));
    }
    Ok(Row {
        first_name: field(Column::First).ok_or(format!("line {line}: the first name is empty"))?,
        last_name: field(Column::Last).ok_or(format!("line {line}: the last name is empty"))?,
        email,
        group: field(Column::Group),
        function: field(Column::Function),
        role: match field(Column::Role).map(|role| role.to_lowercase()).as_deref() {
            None | Some("official" | "élu" | "élue" | "elu" | "elue") => Role::Official,
            Some("clerk" | "greffe") => Role::Clerk,
            Some("guest" | "invité" | "invitée") => Role::Guest,
            Some(other) => return Err(format!("line {line}: the role \"{other}\" is unknown")),
        },
    })
}

/// Records with the line each begins on; empty lines are passed over. Commas or semicolons,
/// whichever the first line has more of; quotes as in RFC 4180.
fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>, String> {
    let head = text.lines().next().unwrap_or_default();
    let parted = if head.matches(';').count() > head.matches(',').count() { ';' } else { ',' };
    let mut records = Vec::new();
    let (mut line, mut began) = (1, 1);
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted || field.trim().is_empty() => {
                quoted = !quoted;
            }
            '\r' if !quoted => {}
            '\n' if !quoted => {
                fields.push(std::mem::take(&mut field));
                push_record(&mut records, began, std::mem::take(&mut fields));
                began = line;
            }
            c if c == parted && !quoted => fields.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    if quoted {
        return Err(format!("line {began}: a quote is not closed"));
    }
    fields.push(field);
    push_record(&mut records, began, fields);
    Ok(records)
}

fn push_record(records: &mut Vec<(usize, Vec<String>)>, line: usize, fields: Vec<String>) {
    if fields.iter().any(|field| !field.trim().is_empty()) {
        records.push((line, fields));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_with_commas_semicolons_and_quotes() {
        let text = "first_name,last_name,email,group,role\r\nInès,Baudry,ines@valbrune.fr,\"Gauche, \
                    \"\"unie\"\"\",\r\n\r\nKarim,Ozenne,,,guest\r\n";
        let read = rows(text).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].group.as_deref(), Some("Gauche, \"unie\""));
        assert_eq!((read[0].role, read[1].role), (Role::Official, Role::Guest));
        let text = "\u{feff}Nom;Prénom;Rôle\nMartin;Claire;greffe\n";
        let read = rows(text).unwrap();
        assert_eq!((read[0].first_name.as_str(), read[0].role), ("Claire", Role::Clerk));
    }

    #[test]
    fn a_bad_row_is_named_by_its_line() {
        for (text, said) in [
            ("", "line 1: the file is empty"),
            ("first_name,email\n", "line 1: the columns first_name and last_name"),
            ("first_name,last_name,age\n", "line 1: the column \"age\""),
            ("first_name,last_name\nA,B\nC\n", "line 3: 1 columns instead of 2"),
            ("first_name,last_name\nA,B\n,D\n", "line 3: the first name"),
            ("first_name,last_name,email\nA,B,c\n", "line 2: \"c\" is not an e-mail"),
            ("first_name,last_name,role\nA,B,king\n", "line 2: the role \"king\""),
            ("first_name,last_name\n\"A,B\n", "line 2: a quote is not closed"),
        ] {
            let mistake = rows(text).unwrap_err();
            assert!(mistake.starts_with(said), "{mistake} should say: {said}");
        }
    }
}
