//! State of this tablet.

use ipc::{Session, Status};

use crate::picture::Picture;

/// State of this tablet.
pub(crate) fn status(picture: &Picture) -> Status {
    Status {
        session: session(picture),
        sync: picture.sync.clone(),
        cursor: picture.cursor,
        preferences: picture.preferences.clone(),
    }
}

fn session(picture: &Picture) -> Option<Session> {
    let profile = picture.profile.as_ref()?;
    let catalogue = &picture.catalogue;
    let member = catalogue.member(profile.member);
    let groups = member.map(|member| member.groups.as_slice()).unwrap_or_default().iter();
    Some(Session {
        council: profile.council,
        council_name: catalogue
            .council
            .as_ref()
            .map_or_else(|| profile.council_name.clone(), |council| council.name.clone()),
        member: profile.member,
        name: catalogue.name(profile.member),
        role: profile.role,
        device: profile.device,
        groups: groups
            .filter_map(|id| catalogue.group(*id))
            .map(|group| (group.name.clone(), group.colour.clone()))
            .collect(),
    })
}
