//! Every limit of the protocol, in one place; the server refuses what passes them before parsing.

/// Largest payload of one operation, in bytes.
pub const OP_PAYLOAD: usize = 256 * 1024;
/// Largest list of a member's devices, in bytes.
pub const DIRECTORY_PAYLOAD: usize = 4 * 1024;
/// Largest letter between devices (wrapped keys), in bytes.
pub const KEYS_PAYLOAD: usize = 64 * 1024;
/// Largest sync request or page of an answer, in bytes of payload.
pub const BATCH: usize = 1024 * 1024;
/// Most operations in one sync request.
pub const BATCH_OPS: usize = 1_024;
/// Largest body of a sync request, in bytes: a full batch and its envelopes.
pub const SYNC_BODY: usize = 2 * BATCH;
/// Largest body of a control message, in bytes.
pub const CONTROL_BODY: usize = 16 * 1024;
/// Largest paper, in bytes.
pub const BLOB: u64 = 1024 * 1024 * 1024;
/// Longest device name, in bytes of UTF-8.
pub const DEVICE_NAME: usize = 100;
/// Most lines in one page of the audit log.
pub const AUDIT_LINES: usize = 200;
/// How long a challenge may be answered, in milliseconds.
pub const CHALLENGE_MS: i64 = 60_000;
/// How long a session token lives, in milliseconds.
pub const SESSION_MS: i64 = 15 * 60_000;
/// How long an invitation may be used, in milliseconds.
pub const INVITATION_MS: i64 = 14 * 24 * 3_600_000;
