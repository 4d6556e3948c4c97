//! Devices of the council: the server knows them, nobody else.

use std::sync::Arc;

use domain::DeviceId;
use ipc::{DeviceView, Problem};
use wire::{DeviceStanding, RevokeRequest, WipeOrder};

use crate::core::Core;
use crate::{exchange, problem};

pub(super) async fn all(core: &Arc<Core>) -> Result<Vec<DeviceView>, Problem> {
    let devices = core.remote()?.devices().await.map_err(|error| exchange::told(core, error))?;
    Ok(views(core, devices.devices))
}

/// Shuts a device out, and has it empty itself at its next contact when that is asked.
pub(super) async fn revoke(
    core: &Arc<Core>,
    device: DeviceId,
    wipe: bool,
) -> Result<Vec<DeviceView>, Problem> {
    let request = RevokeRequest { device, wipe: order(core, device, wipe)? };
    let devices = core.remote()?.revoke(&request).await;
    Ok(views(core, devices.map_err(|error| exchange::told(core, error))?.devices))
}

/// The member's own devices.
pub(crate) async fn own(core: &Arc<Core>) -> Result<Vec<DeviceView>, Problem> {
    let devices = core.remote()?.own_devices().await;
    Ok(views(core, devices.map_err(|error| exchange::told(core, error))?.devices))
}

/// Shuts another device of the member out.
pub(crate) async fn revoke_own(
    core: &Arc<Core>,
    device: DeviceId,
    wipe: bool,
) -> Result<Vec<DeviceView>, Problem> {
    let request = RevokeRequest { device, wipe: order(core, device, wipe)? };
    let devices = core.remote()?.revoke_own(&request).await;
    Ok(views(core, devices.map_err(|error| exchange::told(core, error))?.devices))
}

/// The order to empty a device, signed by this one.
fn order(core: &Core, device: DeviceId, wipe: bool) -> Result<Option<WipeOrder>, Problem> {
    if !wipe {
        return Ok(None);
    }
    let profile = Arc::clone(core.now().enrolled()?);
    let mut order = WipeOrder {
        council: profile.council,
        device,
        by: profile.device,
        ordered_ms: core.world.now_ms(),
        signature: [0; 64],
    };
    let signed = core.keys.sign(&order.signing_bytes());
    order.signature = signed.map_err(|error| problem::of_keys(&error))?;
    Ok(Some(order))
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
            wipe: entry.wipe_ms.is_some(),
            emptied: entry.emptied_ms.and_then(local),
        })
    };
    devices.into_iter().filter_map(view).collect()
}
