//! State of this tablet.

use domain::Member;
use ipc::{Audience, AudienceView, Session, Status};

use crate::picture::Picture;

/// State of this tablet; `lease` as in [`Status::lease`].
pub(crate) fn status(picture: &Picture, lease: Option<u32>) -> Status {
    Status {
        session: session(picture),
        sync: picture.sync.clone(),
        cursor: picture.cursor,
        preferences: picture.preferences.clone(),
        lease,
        emptied: None,
        mended: picture.mended,
    }
}

fn session(picture: &Picture) -> Option<Session> {
    let profile = picture.profile.as_ref()?;
    let catalogue = &picture.catalogue;
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
        groups: picture.groups().map(|group| (group.name.clone(), group.colour.clone())).collect(),
        audiences: audiences(picture),
    })
}

/// With whom the member may share a note, the widest last; nobody when the member only reads.
fn audiences(picture: &Picture) -> Vec<AudienceView> {
    if picture.is_guest() {
        return Vec::new();
    }
    let readers = |sees: &dyn Fn(&Member) -> bool| {
        let others = picture.catalogue.members.iter();
        others
            .filter(|member| Some(member.id) != picture.member() && sees(member))
            .map(Member::full_name)
            .collect()
    };
    let private = AudienceView { audience: Audience::Private, colour: None, readers: Vec::new() };
    let groups = picture.groups().map(|group| AudienceView {
        audience: Audience::Group(group.name.clone()),
        colour: Some(group.colour.clone()),
        readers: readers(&|member| member.groups.contains(&group.id)),
    });
    let council =
        AudienceView { audience: Audience::Council, colour: None, readers: readers(&|_| true) };
    std::iter::once(private).chain(groups).chain([council]).collect()
}
