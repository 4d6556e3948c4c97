//! The address of a server, as a person types it.

use std::net::IpAddr;

use ipc::{ErrorCode, Problem};
use reqwest::Certificate;

/// Scheme, host and port of a server, without a slash at the end.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    base: String,
    near: bool,
    authorities: Vec<Certificate>,
}

impl Address {
    /// Reads what a person typed: `https://` is added when there is no scheme. Without encryption
    /// only this machine and the local network are spoken to. `authority` is PEM: who may vouch for
    /// the server beside the authorities of the system.
    ///
    /// # Errors
    /// [`ErrorCode::BadAddress`], [`ErrorCode::FileUnreadable`] for the PEM.
    pub(crate) fn read(text: &str, authority: Option<&str>) -> Result<Self, Problem> {
        let bad = || Problem::about(ErrorCode::BadAddress, text.trim());
        let typed = text.trim();
        let full =
            if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        let url = reqwest::Url::parse(&full).map_err(|_| bad())?;
        let host = url.host_str().ok_or_else(bad)?;
        let near = is_near(host);
        let open = match url.scheme() {
            "https" => true,
            "http" => near,
            _ => false,
        };
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !open || !bare {
            return Err(bad());
        }
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { base, near, authorities: authority.map_or(Ok(Vec::new()), certificates)? })
    }

    /// Who may vouch for the server beside the authorities of the system.
    pub(crate) fn authorities(&self) -> &[Certificate] {
        &self.authorities
    }

    /// The address as it is kept.
    pub(crate) fn as_str(&self) -> &str {
        &self.base
    }

    /// Whether it is this machine or the local network: no proxy stands between.
    pub(crate) const fn is_near(&self) -> bool {
        self.near
    }

    pub(crate) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

fn certificates(pem: &str) -> Result<Vec<Certificate>, Problem> {
    match Certificate::from_pem_bundle(pem.as_bytes()) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) | Err(_) => Err(Problem::about(ErrorCode::FileUnreadable, "PEM")),
    }
}

fn is_near(host: &str) -> bool {
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Ok(IpAddr::V6(ip)) => {
            ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
        Err(_) => !host.contains('.') || host.ends_with(".local"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_address_becomes_scheme_host_and_port() {
        for (typed, kept) in [
            ("pupitre.valbrune.fr", "https://pupitre.valbrune.fr"),
            (" https://pupitre.valbrune.fr/ ", "https://pupitre.valbrune.fr"),
            ("http://127.0.0.1:4242", "http://127.0.0.1:4242"),
            ("http://localhost:80/", "http://localhost"),
            ("http://192.168.1.20:8080", "http://192.168.1.20:8080"),
            ("http://[::1]:9", "http://[::1]:9"),
        ] {
            assert_eq!(Address::read(typed, None).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn an_address_that_is_no_servers_or_not_encrypted_is_refused() {
        for typed in [
            "",
            "ftp://pupitre.valbrune.fr",
            "http://pupitre.valbrune.fr",
            "https://pupitre.valbrune.fr/seance",
            "https://greffe:secret@pupitre.valbrune.fr",
            "https://",
            "deux mots",
        ] {
            assert_eq!(Address::read(typed, None).unwrap_err().code, ErrorCode::BadAddress);
        }
    }
}
