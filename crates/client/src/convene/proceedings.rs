//! Proceedings as the store's signed operations tell them.

use std::collections::BTreeMap;

use domain::{Convocation, Proceedings, Receipt, Record, Sent, SittingId, Timestamp, Witnessed};
use wire::{Kind, RecordPayload};

use crate::ports::{Evidence, EvidenceOf, Store, StoreError};

/// Those of every sitting.
pub(crate) fn all(store: &dyn Store) -> Result<BTreeMap<SittingId, Proceedings>, StoreError> {
    Ok(gather(store.evidence(EvidenceOf::Sittings)?))
}

/// Those of one sitting; empty when it was never convened.
pub(crate) fn of(store: &dyn Store, sitting: SittingId) -> Result<Proceedings, StoreError> {
    let mut gathered = gather(store.evidence(EvidenceOf::Sitting(sitting))?);
    Ok(gathered.remove(&sitting).unwrap_or_default())
}

fn gather(evidence: Vec<Evidence>) -> BTreeMap<SittingId, Proceedings> {
    let mut all: BTreeMap<SittingId, Proceedings> = BTreeMap::new();
    for piece in evidence {
        let received =
            piece.logged.and_then(|place| Timestamp::from_millisecond(place.received_ms).ok());
        let op = piece.op.hash();
        match piece.op.header.kind {
            Kind::Note | Kind::Directory | Kind::Keys => {}
            Kind::Record => {
                if let (Some(convocation), Some(received)) = (convocation(&piece), received) {
                    let of_sitting = all.entry(convocation.sitting).or_default();
                    of_sitting.sent.push(Sent { convocation, op, received });
                }
            }
            Kind::Receipt => {
                if let Ok(receipt) = Receipt::from_json(&piece.op.payload) {
                    let device = piece.op.header.device;
                    let of_sitting = all.entry(receipt.sitting).or_default();
                    of_sitting.witnessed.push(Witnessed { receipt, op, device, received });
                }
            }
        }
    }
    for proceedings in all.values_mut() {
        proceedings.sent.sort_by_key(|sent| sent.convocation.number);
    }
    all
}

fn convocation(piece: &Evidence) -> Option<Convocation> {
    let payload: RecordPayload = wire::decode(&piece.op.payload).ok()?;
    Record::from_json(&payload.record).ok()?.into_convocation().map(|convocation| *convocation)
}
