//! What the server grants at most, beside the protocol's own [`wire::limits`].

use std::time::Duration;

/// Devices one person may have enrolled at the same time.
pub const DEVICES_PER_MEMBER: i64 = 16;
/// Longest bearer token, invitation code or nonce in text, in bytes, looked at at all.
pub const SECRET_TEXT: usize = 200;

/// A rate: so many at once, then so many per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Requests granted at once.
    pub burst: f64,
    /// Requests granted per second in the long run.
    pub per_second: f64,
}

/// The limits of one server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Open connections. Some more are accepted, to be told so.
    pub connections: usize,
    /// Requests worked on at the same time, papers not counted.
    pub requests: usize,
    /// Papers going up or down at the same time.
    pub transfers: usize,
    /// Open poke sockets.
    pub sockets: usize,
    /// Open poke sockets of one device.
    pub sockets_per_device: usize,
    /// Requests of one device.
    pub device_rate: Rate,
    /// Enrolments, challenges and logins from one address; a whole council may share one.
    pub address_rate: Rate,
    /// Wrong invitation codes from one address: more than a whole council mistypes in an evening.
    pub guess_rate: Rate,
    /// Sittings that one account of drafting software brings: a council's whole week, then one every
    /// two minutes.
    pub connector_rate: Rate,
    /// Forms of drafting software taken in at the same time; each may be as large as a sitting.
    pub connector_posts: usize,
    /// Time for such a form to arrive: a gigabyte over ten megabits per second.
    pub connector_timeout: Duration,
    /// Readings of one member's calendar: a phone, a computer and a watch each quarter of an hour, and
    /// a person who tries it out.
    pub calendar_rate: Rate,
    /// Time for a request's head to arrive.
    pub head_timeout: Duration,
    /// Time for a request's body to arrive, papers excepted.
    pub body_timeout: Duration,
    /// How long a paper's body may stand still, and how long a peer may leave an answer unread.
    pub idle_timeout: Duration,
    /// Time between two pings on a poke socket; a session that has ended is noticed then.
    pub ping: Duration,
    /// Pokes are held back this long, so that many commits make one.
    pub coalesce: Duration,
    /// How long a stopping server waits for requests that are under way.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 20_000,
            requests: 256,
            transfers: 128,
            sockets: 16_000,
            sockets_per_device: 4,
            device_rate: Rate { burst: 1_000.0, per_second: 100.0 },
            address_rate: Rate { burst: 1_000.0, per_second: 50.0 },
            guess_rate: Rate { burst: 50.0, per_second: 0.05 },
            connector_rate: Rate { burst: 30.0, per_second: 1.0 / 120.0 },
            connector_posts: 4,
            connector_timeout: Duration::from_secs(900),
            calendar_rate: Rate { burst: 30.0, per_second: 1.0 / 60.0 },
            head_timeout: Duration::from_secs(20),
            body_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(30),
            ping: Duration::from_secs(30),
            coalesce: Duration::from_millis(50),
            farewell: Duration::from_secs(10),
        }
    }
}
