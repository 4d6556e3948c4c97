//! `POST /v1/enrol`: a new device comes in with an invitation.

use axum::extract::State;
use wire::limits::{CONTROL_BODY, DEVICE_NAME};
use wire::{EnrolRequest, Enrolled, ProblemCode};

use super::sync::check_protocol;
use crate::app::App;
use crate::authority::Caller;
use crate::body::{Answer, Cbor};
use crate::limits::SECRET_TEXT;
use crate::log::NewDevice;
use crate::refusal::Refusal;

pub(crate) async fn enrol(
    State(app): State<App>,
    caller: Caller,
    Cbor(request): Cbor<EnrolRequest, CONTROL_BODY>,
) -> Result<Answer<Enrolled>, Refusal> {
    check_protocol(request.protocol)?;
    let name = request.device_name.trim();
    if name.is_empty() || name.len() > DEVICE_NAME {
        return Err(Refusal::new(
            ProblemCode::Malformed,
            format!("A device's name has 1 to {DEVICE_NAME} bytes."),
        ));
    }
    if request.code.len() > SECRET_TEXT {
        return Err(Refusal::new(ProblemCode::Invitation, "This is no invitation code."));
    }
    let _turn = app.turn().await?;
    let device = NewDevice { id: request.device, name: name.to_owned(), key: request.signing_key };
    let welcome = caller.enrol(&request.code, device).await?;
    tracing::info!("a device was enrolled");
    app.office.list_devices(welcome.council).await;
    Ok(Answer(Enrolled {
        council: welcome.council,
        council_name: welcome.council_name,
        member: welcome.member,
        role: welcome.role,
    }))
}
