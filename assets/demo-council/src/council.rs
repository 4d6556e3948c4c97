//! The council and its people: `council.toml` and the members' list that `pupitre-cli members import` reads.

use serde::{Deserialize, Serialize};

/// `council.toml` as it is published, comments included.
pub const COUNCIL_TOML: &str = include_str!("../data/council.toml");

/// The council: the content of `council.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Council {
    /// "Ville de Valbrune"
    pub name: String,
    /// `commune`, `epci`, `departement` or `region`.
    pub kind: String,
    /// Legal population, in inhabitants.
    pub population: u32,
    /// IANA time zone.
    pub zone: String,
    /// Who publishes the sittings; not a member.
    pub clerk: Clerk,
    /// Political groups.
    pub group: Vec<Group>,
    /// Committees.
    pub committee: Vec<Committee>,
    /// The members in the order of the table of the council.
    pub member: Vec<Member>,
}

/// The clerk of the council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clerk {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Address on a domain that cannot exist.
    pub email: String,
    /// "Directrice générale des services"
    pub function: String,
}

/// A political group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// `#rrggbb`
    pub colour: String,
}

/// A committee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Committee {
    /// Its name.
    pub name: String,
    /// Full name of the member who chairs it.
    pub chair: String,
    /// Full names of its members, the chair included.
    pub members: Vec<String>,
}

/// A member of the council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Address on a domain that cannot exist.
    pub email: String,
    /// Name of the member's group.
    pub group: String,
    /// "Maire", "Conseillère"
    pub function: String,
}

impl Council {
    /// Reads the embedded `council.toml`.
    ///
    /// # Errors
    /// A file that has lost a field.
    pub fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(COUNCIL_TOML)
    }

    /// The members as `members.csv`: `first_name,last_name,email,group,role`.
    ///
    /// Every member has the role `official`; the clerk is not in the list.
    pub fn members_csv(&self) -> String {
        let mut csv = String::from("first_name,last_name,email,group,role\n");
        for member in &self.member {
            let fields = [
                &member.first_name,
                &member.last_name,
                &member.email,
                &member.group,
                &"official".to_owned(),
            ];
            csv.push_str(&fields.map(|field| quoted(field)).join(","));
            csv.push('\n');
        }
        csv
    }
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn twenty_nine_members_sit_in_three_groups_and_two_committees() {
        let council = Council::read().unwrap();
        assert_eq!(council.member.len(), 29);
        assert_eq!(council.group.len(), 3);
        assert_eq!(council.committee.len(), 2);
        let groups: BTreeSet<_> = council.group.iter().map(|group| &group.name).collect();
        assert!(council.member.iter().all(|member| groups.contains(&member.group)));
        assert!(council.member.iter().all(|member| member.email.ends_with(".invalid")));
        let names: BTreeSet<_> =
            council.member.iter().map(|m| format!("{} {}", m.first_name, m.last_name)).collect();
        assert_eq!(names.len(), 29);
        for committee in &council.committee {
            assert!(committee.members.contains(&committee.chair));
            assert!(committee.members.iter().all(|member| names.contains(member)));
        }
    }

    #[test]
    fn the_members_list_has_the_five_columns_that_the_import_knows() {
        let csv = Council::read().unwrap().members_csv();
        let lines: Vec<_> = csv.lines().collect();
        assert_eq!(lines[0], "first_name,last_name,email,group,role");
        assert_eq!(lines.len(), 30);
        assert!(lines.iter().all(|line| line.split(',').count() == 5));
        assert_eq!(quoted("Adjointe, finances"), "\"Adjointe, finances\"");
    }
}
