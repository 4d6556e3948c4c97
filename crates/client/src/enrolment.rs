//! Joining a council.

use std::sync::Arc;

use domain::DeviceId;
use ipc::{ErrorCode, Field, Problem, Reason, Reply};
use tokio::sync::oneshot;
use wire::EnrolRequest;

use crate::actor::Message;
use crate::core::{Core, stopped};
use crate::ports::Profile;
use crate::remote::{self, Address};
use crate::views::status;
use crate::{problem, world};

/// Joins with an invitation; the first exchange is the caller's or the driver's.
pub(crate) async fn enrol(
    core: &Arc<Core>,
    server: &str,
    authority: Option<String>,
    code: &str,
    device_name: &str,
) -> Result<Reply, Problem> {
    if core.now().profile.is_some() {
        return Err(ErrorCode::AlreadyEnrolled.into());
    }
    let address = Address::read(server, authority.as_deref())?;
    let device_name = device_name.trim();
    if device_name.is_empty() || device_name.len() > wire::limits::DEVICE_NAME {
        return Err(
            Reason::Length { field: Field::DeviceName, most: wire::limits::DEVICE_NAME }.into()
        );
    }
    if code.trim().is_empty() {
        return Err(ErrorCode::InvitationRefused.into());
    }
    let keys = Arc::clone(&core.keys);
    let signing_key = tokio::task::spawn_blocking(move || keys.public_key())
        .await
        .map_err(|_| problem::internal("the key of this device"))?
        .map_err(|error| problem::of_keys(&error))?;
    let (now, random) = world::id_parts(&*core.world);
    let device = DeviceId::new(now, random);
    let request = EnrolRequest {
        protocol: wire::PROTOCOL,
        code: code.trim().to_owned(),
        device,
        device_name: device_name.to_owned(),
        signing_key,
    };
    let enrolled = match remote::enrol(address.clone(), &request).await {
        // The answer may have been lost; the same request is answered as the first time.
        Err(remote::RemoteError::Offline(_)) => remote::enrol(address.clone(), &request).await,
        other => other,
    }?;
    let profile = Profile {
        server: address.as_str().to_owned(),
        authority,
        council: enrolled.council,
        council_name: enrolled.council_name,
        member: enrolled.member,
        role: enrolled.role,
        device,
        device_name: device_name.to_owned(),
    };
    let (answer, answered) = oneshot::channel();
    core.post(Message::Joined(Box::new(profile), answer));
    answered.await.map_err(|_| stopped())??;
    Ok(Reply::Status(Box::new(status::status(&core.now(), None))))
}
