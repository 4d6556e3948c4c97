//! People become records: new members, changed ones, and those of whom nothing changes.

use std::collections::{BTreeMap, BTreeSet};

use domain::{CouncilKind, Group, GroupId, Member, MemberId, Record, Role};
use ipc::Reason;

use super::columns::folded;
use super::mistake;
use super::people::Person;
use crate::catalogue::Catalogue;
use crate::people::colour;
use crate::ports::World;
use crate::world;

/// What a list makes of the council.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) records: Vec<Record>,
    pub(super) added: Vec<MemberId>,
    pub(super) updated: u32,
    pub(super) known: u32,
    pub(super) mistakes: Vec<Reason>,
}

/// Compares people with the members that stand. Nobody is taken away: who is not in a list may have
/// come by another way, and whoever has left the council stays away unless the list tells a mandate
/// that began later.
pub(super) fn plan(
    catalogue: &Catalogue,
    file: &str,
    mut people: Vec<Person>,
    world: &dyn World,
) -> Plan {
    drop_own_commune(catalogue, &mut people);
    let mut index: BTreeMap<(String, String), Vec<&Member>> = BTreeMap::new();
    for member in &catalogue.members {
        let key = (folded(&member.last_name), folded(&member.first_name));
        index.entry(key).or_default().push(member);
    }
    let mut plan = Plan::default();
    let mut groups = Groups::of(catalogue, world);
    let mut taken = BTreeSet::new();
    for person in people {
        let namesakes = index.get(&person.key()).map(Vec::as_slice).unwrap_or_default();
        match same(namesakes, &person, &taken) {
            Ok(known) => {
                let group = person.group.as_deref().map(|name| groups.named(name));
                let member = match known {
                    Some(known) => {
                        taken.insert(known.id);
                        changed(known, person, group)
                    }
                    None => changed(&fresh(&person, world), person, group),
                };
                match known {
                    Some(known) if *known == member => plan.known += 1,
                    Some(_) => {
                        plan.updated += 1;
                        plan.records.push(Record::Member(member));
                    }
                    None => {
                        plan.added.push(member.id);
                        plan.records.push(Record::Member(member));
                    }
                }
            }
            Err(what) => plan.mistakes.push(mistake(file, person.line, what)),
        }
    }
    // A group is there before its members.
    plan.records.splice(0..0, groups.new.into_iter().map(Record::Group));
    plan
}

/// In a commune's own list every row tells the same commune, which tells nothing.
fn drop_own_commune(catalogue: &Catalogue, people: &mut [Person]) {
    let commune = catalogue.council.as_ref().is_some_and(|c| c.kind == CouncilKind::Commune);
    let places: BTreeSet<_> = people.iter().map(|person| person.constituency.clone()).collect();
    if commune && places.len() == 1 {
        people.iter_mut().for_each(|person| person.constituency = None);
    }
}

/// The member that a person is, among those of the same name that no row has claimed yet.
fn same<'a>(
    namesakes: &[&'a Member],
    person: &Person,
    taken: &BTreeSet<MemberId>,
) -> Result<Option<&'a Member>, Reason> {
    let free = || namesakes.iter().copied().filter(|member| !taken.contains(&member.id));
    if let Some(email) = &person.email
        && let Some(known) = free().find(|member| member.email.as_ref() == Some(email))
    {
        return Ok(Some(known));
    }
    let exactly: Vec<_> =
        free().filter(|member| member.constituency == person.constituency).collect();
    let open = |member: &&Member| member.constituency.is_none() || person.constituency.is_none();
    let candidates = if exactly.is_empty() { free().filter(open).collect() } else { exactly };
    match candidates.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        // The register tells people of one name and place apart: they are taken in turn.
        [first, ..] if person.birth.is_some() => Ok(Some(*first)),
        _ => Err(Reason::SeveralPeople { name: person.full_name() }),
    }
}

fn fresh(person: &Person, world: &dyn World) -> Member {
    let (now, random) = world::id_parts(world);
    let role = person.role.unwrap_or(Role::Official);
    Member::new(MemberId::new(now, random), &person.first_name, &person.last_name, role)
}

/// A member with what a row tells; an empty cell takes nothing away, and letters already written
/// with their accents are not overwritten by capitals.
fn changed(known: &Member, person: Person, group: Option<GroupId>) -> Member {
    let mut member = known.clone();
    member.email = person.email.or(member.email);
    member.phone = person.phone.or(member.phone);
    member.function = person.function.or(member.function);
    member.constituency = person.constituency.or(member.constituency);
    member.role = person.role.unwrap_or(member.role);
    let again = person.mandate_from.filter(|from| member.left.is_some_and(|left| *from > left));
    if again.is_some() {
        member.left = None;
    }
    member.mandate_from = person.mandate_from.or(member.mandate_from);
    if let Some(group) = group
        && !member.groups.contains(&group)
    {
        member.groups = vec![group];
    }
    member
}

/// Groups by name, those that a list makes included.
struct Groups<'a> {
    by_name: BTreeMap<String, GroupId>,
    new: Vec<Group>,
    world: &'a dyn World,
}

impl<'a> Groups<'a> {
    fn of(catalogue: &Catalogue, world: &'a dyn World) -> Self {
        let by_name = catalogue.groups.iter().map(|group| (folded(&group.name), group.id));
        Self { by_name: by_name.collect(), new: Vec::new(), world }
    }

    fn named(&mut self, name: &str) -> GroupId {
        let key = folded(name);
        if let Some(id) = self.by_name.get(&key) {
            return *id;
        }
        let (now, random) = world::id_parts(self.world);
        let id = GroupId::new(now, random);
        let colour = colour(self.by_name.len());
        self.new.push(Group { id, name: name.to_owned(), colour });
        self.by_name.insert(key, id);
        id
    }
}
