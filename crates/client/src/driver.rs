//! The background exchange.

use std::sync::Arc;

use crate::core::Core;

/// Drives.
pub(crate) async fn drive(core: Arc<Core>) {
    core.closing.cancelled().await;
}
