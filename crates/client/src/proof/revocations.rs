//! Lists of revoked certificates (RFC 5280) that a reader brings beside the roots, so that a stamp can be
//! checked against them without a network.
//!
//! A list must be signed by whoever issued the certificate and must not have been out of date when the
//! stamp was made. A certificate that was given up for a reason that leaves its key good (it was
//! replaced, the authority closed or was renamed) stamped well until that day; any other revocation, and
//! one without a reason, takes every stamp with it (RFC 3161, 4, 1 and 2).

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, TrustAnchor, UnixTime};
use webpki::{
    BorrowedRevokedCert, CertRevocationList, EndEntityCert, Error, ExpirationPolicy, KeyUsage,
    OwnedCertRevocationList, RevocationCheckDepth, RevocationOptionsBuilder, RevocationReason,
};

use super::stamp::{CHAIN, StampError, TIME_STAMPING};

/// Lists of revoked certificates.
#[derive(Debug)]
pub struct Revocations(Vec<CertRevocationList<'static>>);

impl Revocations {
    /// The lists of a file: any number in PEM, or one in DER.
    ///
    /// # Errors
    /// There is none in it, or one that cannot be read.
    pub fn read(file: &[u8]) -> Result<Self, StampError> {
        let pem = file.windows(11).any(|signs| signs == b"-----BEGIN ");
        let lists: Vec<CertificateRevocationListDer<'_>> = if pem {
            let read: Result<_, _> = CertificateRevocationListDer::pem_slice_iter(file).collect();
            read.map_err(|_| StampError::Unreadable)?
        } else {
            vec![CertificateRevocationListDer::from(file)]
        };
        let read = |list: &CertificateRevocationListDer<'_>| {
            OwnedCertRevocationList::from_der(list).map(CertRevocationList::from)
        };
        let lists: Result<Vec<_>, _> = lists.iter().map(read).collect();
        let lists = lists.map_err(|_| StampError::Unreadable)?;
        if lists.is_empty() { Err(StampError::Unreadable) } else { Ok(Self(lists)) }
    }

    /// Whether a stamp of this moment stands, made with this certificate whose way to one of the anchors
    /// is good.
    pub(super) fn allow(
        &self,
        end: &EndEntityCert<'_>,
        anchors: &[TrustAnchor<'_>],
        others: &[CertificateDer<'_>],
        stamped: UnixTime,
    ) -> Result<(), StampError> {
        let lists: Vec<&CertRevocationList<'_>> = self.0.iter().collect();
        let options = RevocationOptionsBuilder::new(&lists);
        let options = options
            .map_err(|_| StampError::NoRevocations)?
            .with_depth(RevocationCheckDepth::EndEntity)
            .with_expiration_policy(ExpirationPolicy::Enforce)
            .build();
        let usage = KeyUsage::required(TIME_STAMPING);
        let verdict = end
            .verify_for_usage(CHAIN, anchors, others, stamped, usage, Some(options), None)
            .map(|path| {
                let mut between = path.intermediate_certificates();
                between.any(|one| self.revokes(one.issuer(), one.serial(), stamped))
            });
        match verdict {
            Ok(false) => Ok(()),
            Ok(true) => Err(StampError::Revoked),
            Err(Error::CertRevoked) if self.revokes(end.issuer(), end.serial(), stamped) => {
                Err(StampError::Revoked)
            }
            Err(Error::CertRevoked) => Ok(()),
            // No list of the issuer's, one that was out of date, or one with a false signature.
            Err(_) => Err(StampError::NoRevocations),
        }
    }

    /// Whether a list of this issuer takes the stamps of this moment from a certificate.
    fn revokes(&self, issuer: &[u8], serial: &[u8], stamped: UnixTime) -> bool {
        let lists = self.0.iter().filter(|list| list.issuer() == issuer);
        lists.map(|list| list.find_serial(serial)).any(|found| match found {
            Ok(None) => false,
            Ok(Some(revoked)) => takes_back(&revoked, stamped),
            Err(_) => true,
        })
    }
}

fn takes_back(revoked: &BorrowedRevokedCert<'_>, stamped: UnixTime) -> bool {
    let key_is_good = matches!(
        revoked.reason_code,
        Some(
            RevocationReason::Unspecified
                | RevocationReason::AffiliationChanged
                | RevocationReason::Superseded
                | RevocationReason::CessationOfOperation
        )
    );
    !key_is_good || stamped >= revoked.revocation_date
}
