//! Devices of the council: the server knows them, nobody else.

use std::sync::Arc;

use domain::DeviceId;
use ipc::{DeviceView, Problem};
use wire::{DeviceStanding, RevokeRequest};

use crate::core::Core;
use crate::exchange;

pub(super) async fn all(core: &Arc<Core>) -> Result<Vec<DeviceView>, Problem> {
    let devices = core.remote()?.devices().await.map_err(|error| exchange::told(core, error))?;
    Ok(views(core, devices.devices))
}

pub(super) async fn revoke(core: &Arc<Core>, device: DeviceId) -> Result<Vec<DeviceView>, Problem> {
    let devices = core.remote()?.revoke(&RevokeRequest { device }).await;
    Ok(views(core, devices.map_err(|error| exchange::told(core, error))?.devices))
}

fn views(core: &Core, devices: Vec<wire::DeviceEntry>) -> Vec<DeviceView> {
    let picture = core.now();
    let own = picture.profile.as_ref().map(|profile| profile.device);
    let view = |entry: wire::DeviceEntry| {
        let local = |ms| picture.catalogue.local_ms(ms);
        Some(DeviceView {
            device: entry.device,
            name: entry.name,
            member: entry.member,
            member_name: picture.catalogue.name(entry.member),
            enrolled: local(entry.enrolled_ms)?,
            seen: entry.seen_ms.and_then(local),
            revoked: entry.standing == DeviceStanding::Revoked,
            quarantined: entry.standing == DeviceStanding::Quarantined,
            own: Some(entry.device) == own,
        })
    };
    devices.into_iter().filter_map(view).collect()
}
