//! Members of the council.

use ipc::MemberView;

use crate::picture::Picture;

/// Members by last and first name.
pub(crate) fn members(picture: &Picture) -> Vec<MemberView> {
    let catalogue = &picture.catalogue;
    let view = |member: &domain::Member| MemberView {
        member: member.id,
        first_name: member.first_name.clone(),
        last_name: member.last_name.clone(),
        email: member.email.clone(),
        role: member.role,
        function: member.function.clone(),
        groups: member
            .groups
            .iter()
            .filter_map(|id| catalogue.group(*id))
            .map(|group| group.name.clone())
            .collect(),
        phone: member.phone.clone(),
        on_paper: member.on_paper,
        constituency: member.constituency.clone(),
        seat: member.seat,
        mandate_from: member.mandate_from,
        left: member.left,
    };
    catalogue.members.iter().map(view).collect()
}
