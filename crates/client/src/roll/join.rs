//! Rows of one person become one, and addresses find the people of another list.

use std::collections::BTreeMap;

use ipc::Reason;

use super::people::Person;
use super::{columns::folded, mistake};

/// Everyone once. The register tells somebody with two functions in two rows: these become one, with
/// the latest function, or both when they began on one day; answers how many rows were joined. In
/// any other list a second row of one person is a mistake.
pub(super) fn once_each(
    file: &str,
    people: Vec<Person>,
    register: bool,
) -> (Vec<Person>, u32, Vec<Reason>) {
    let mut once: Vec<Person> = Vec::with_capacity(people.len());
    let mut places: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let (mut merged, mut mistakes) = (0, Vec::new());
    for person in people {
        let key = (person.key(), person.constituency.clone(), person.birth.clone());
        let known = places.entry(key).or_default();
        let same = known.iter().copied().find(|place| {
            // Two addresses are two people of one name.
            let other = once.get(*place).and_then(|other| other.email.as_ref());
            other.is_none() || person.email.is_none() || other == person.email.as_ref()
        });
        match same.and_then(|place| once.get_mut(place)) {
            None => {
                known.push(once.len());
                once.push(person);
            }
            Some(known) if register => {
                join(known, person);
                merged += 1;
            }
            Some(known) => {
                let first = usize::try_from(known.line).unwrap_or(usize::MAX);
                let what = Reason::SamePerson { name: person.full_name(), number: first };
                mistakes.push(mistake(file, person.line, what));
            }
        }
    }
    (once, merged, mistakes)
}

fn join(known: &mut Person, other: Person) {
    match (&known.function, other.function) {
        (Some(function), Some(second))
            if known.function_from == other.function_from && *function != second =>
        {
            known.function = Some(format!("{function}, {second}"));
        }
        (_, Some(second))
            if known.function.is_none() || known.function_from < other.function_from =>
        {
            (known.function, known.function_from) = (Some(second), other.function_from);
        }
        _ => {}
    }
    known.email = known.email.take().or(other.email);
    known.mandate_from = known.mandate_from.max(other.mandate_from);
}

/// Gives people the addresses of another list, by name and, where both tell it, by constituency.
pub(super) fn addresses(people: &mut [Person], file: &str, rows: Vec<Person>) -> Vec<Reason> {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, person) in people.iter().enumerate() {
        places.entry(letters(person)).or_default().push(place);
    }
    let mut mistakes = Vec::new();
    for row in rows {
        let Some(email) = row.email.clone() else { continue };
        let mut found = places.get(&letters(&row)).cloned().unwrap_or_default();
        if let Some(place) = &row.constituency {
            let place = folded(place);
            let there = |index: &usize| {
                let known = people.get(*index).and_then(|person| person.constituency.as_deref());
                known.is_none_or(|known| folded(known).starts_with(&place))
            };
            found.retain(there);
        }
        match found.as_slice() {
            [index] => {
                if let Some(person) = people.get_mut(*index) {
                    person.email = Some(email);
                    person.phone = person.phone.take().or(row.phone);
                    person.group = person.group.take().or(row.group);
                }
            }
            [] => {
                mistakes.push(mistake(file, row.line, Reason::Stranger { name: row.full_name() }));
            }
            _ => {
                let what = Reason::SeveralPeople { name: row.full_name() };
                mistakes.push(mistake(file, row.line, what));
            }
        }
    }
    mistakes
}

/// The words of a name in alphabetical order: first and last name may come either way round.
fn letters(person: &Person) -> String {
    let name = folded(&person.full_name());
    let mut words: Vec<&str> = name.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(line: u64, first: &str, last: &str, place: &str) -> Person {
        Person {
            line,
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            constituency: (!place.is_empty()).then(|| place.to_owned()),
            ..Person::default()
        }
    }

    fn holds(function: &str, day: i8, person: Person) -> Person {
        let function_from = Some(jiff::civil::date(2022, 7, day));
        Person { function: Some(function.to_owned()), function_from, ..person }
    }

    #[test]
    fn two_functions_in_the_register_are_one_person() {
        let victor = || person(2, "Victor", "JAFFRES", "Vic (1)");
        let rows = vec![holds("5e adjoint", 5, victor()), holds("Maire délégué", 5, victor())];
        let (once, merged, mistakes) = once_each("l", rows, true);
        assert_eq!((once.len(), merged, mistakes.len()), (1, 1, 0));
        assert_eq!(once[0].function.as_deref(), Some("5e adjoint, Maire délégué"));
        for rows in [
            vec![holds("Adjointe", 5, victor()), holds("Maire", 8, victor())],
            vec![holds("Maire", 8, victor()), holds("Adjointe", 5, victor())],
        ] {
            let (once, ..) = once_each("l", rows, true);
            assert_eq!(once[0].function.as_deref(), Some("Maire"));
        }
    }

    #[test]
    fn people_of_one_name_are_told_apart_by_place_birth_or_address() {
        let mut son = person(3, "Jean", "Morel", "Aignan");
        son.birth = Some("01/01/1990".to_owned());
        let rows = vec![
            person(2, "Jean", "Morel", "Aignan"),
            son,
            person(4, "Jean", "Morel", "Saffré"),
            Person { email: Some("a@b.fr".to_owned()), ..person(5, "Luc", "Grand", "") },
            Person { email: Some("c@d.fr".to_owned()), ..person(6, "Luc", "Grand", "") },
        ];
        assert_eq!(once_each("l", rows, false).0.len(), 5);
    }

    #[test]
    fn a_person_twice_in_a_plain_list_is_a_mistake() {
        let rows = vec![person(2, "Inès", "Baudry", ""), person(7, "INES", "baudry", "")];
        let (once, _, mistakes) = once_each("l", rows, false);
        let what = Reason::SamePerson { name: "INES baudry".to_owned(), number: 2 };
        assert_eq!((once.len(), mistakes), (1, vec![mistake("l", 7, what)]));
    }

    #[test]
    fn addresses_find_their_people_and_strangers_are_named() {
        let mut people = vec![
            person(2, "Jean-Pierre", "DELSOL", "Grandchamps (44066)"),
            person(3, "Jean", "MOREL", "Aignan (32001)"),
            person(4, "Jean", "MOREL", "Saffré (44149)"),
        ];
        let row = |line, first: &str, last: &str, place: &str| Person {
            email: Some(format!("{line}@example.org")),
            ..person(line, first, last, place)
        };
        let mistakes = addresses(
            &mut people,
            "m",
            vec![
                row(2, "", "Delsol Jean Pierre", ""),
                row(3, "Jean", "Morel", "saffre"),
                row(4, "Jean", "Morel", ""),
                row(5, "Zoé", "Ardouin", ""),
            ],
        );
        let emails: Vec<_> = people.iter().map(|person| person.email.as_deref()).collect();
        assert_eq!(emails, [Some("2@example.org"), None, Some("3@example.org")]);
        let several = Reason::SeveralPeople { name: "Jean Morel".to_owned() };
        let stranger = Reason::Stranger { name: "Zoé Ardouin".to_owned() };
        assert_eq!(mistakes, [mistake("m", 4, several), mistake("m", 5, stranger)]);
    }
}
