//! What a clerk's tablet writes when it convenes, as far as the server looks at it.

use domain::{Act, Convocation, ConvocationId, MemberId, Sha256, Sitting, SittingId, Timestamp};
use wire::DocKey;

/// Identifier of a sitting's convocation of this number.
#[must_use]
pub fn id(sitting: SittingId, number: u32) -> ConvocationId {
    ConvocationId::from_bytes(DocKey::of_convocation(sitting, number).0)
}

/// A convocation drawn from a sitting, whose record is `sitting_op`; nobody is convened yet.
#[must_use]
pub fn convocation(
    sitting: &Sitting,
    number: u32,
    sitting_op: Sha256,
    author: MemberId,
) -> Convocation {
    let (agenda, papers) = Convocation::freeze(sitting);
    Convocation {
        id: id(sitting.id, number),
        sitting: sitting.id,
        number,
        act: Act::Convene,
        sitting_op,
        author,
        author_name: "Greffe".to_owned(),
        made: Timestamp::UNIX_EPOCH,
        council: "Ville de Valbrune".to_owned(),
        zone: "Europe/Paris".to_owned(),
        title: sitting.title.clone(),
        kind: sitting.kind,
        starts: sitting.starts,
        place: sitting.place.clone(),
        agenda,
        papers,
        recipients: Vec::new(),
        urgency: None,
        ruling: None,
        note: None,
        answer_by: None,
    }
}
