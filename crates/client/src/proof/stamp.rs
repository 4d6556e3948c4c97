//! A time-stamp by an authority (RFC 3161): bytes in, bytes out; nothing else is needed.
//!
//! What is stamped is the digest that closes a proof's chain, as it is: `openssl ts -verify -digest`
//! takes it too. A stamp is believed when the authority's certificate leads to a root that the reader
//! trusts, was valid at the moment it tells, and may stamp times at all; and when the reader brings lists
//! of revoked certificates, when none of them takes it back.

use std::time::Duration;

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Any, Int, ObjectIdentifier, OctetString};
use der::{Decode, Encode, Sequence, Tag, Tagged};
use domain::{Sha256, Timestamp};
use ring::digest;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage, ring as algorithms};
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::spki::AlgorithmIdentifier;
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion};

use super::revocations::Revocations;

const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// id-kp-timeStamping, 1.3.6.1.5.5.7.3.8, as it is encoded.
pub(super) const TIME_STAMPING: &[u8] = &[43, 6, 1, 5, 5, 7, 3, 8];

/// Algorithms of a certificate chain.
pub(super) const CHAIN: &[&dyn SignatureVerificationAlgorithm] = &[
    algorithms::RSA_PKCS1_2048_8192_SHA256,
    algorithms::RSA_PKCS1_2048_8192_SHA384,
    algorithms::RSA_PKCS1_2048_8192_SHA512,
    algorithms::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    algorithms::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    algorithms::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
    algorithms::ECDSA_P256_SHA256,
    algorithms::ECDSA_P256_SHA384,
    algorithms::ECDSA_P384_SHA256,
    algorithms::ECDSA_P384_SHA384,
    algorithms::ED25519,
];

/// Why a stamp is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StampError {
    /// These bytes are no answer of an authority, or of a form this version does not read.
    #[error("the answer is not that of a time-stamping authority")]
    Unreadable,
    /// The authority has not stamped.
    #[error("the authority refuses: {0}")]
    Refused(String),
    /// It stamps something else.
    #[error("the stamp is of something else")]
    OtherDigest,
    /// It answers another question.
    #[error("the stamp answers another question")]
    OtherNonce,
    /// Its signature is not its certificate's.
    #[error("the signature of the stamp is false")]
    Signature,
    /// Its certificate does not lead to a trusted root, or may not stamp.
    #[error("the certificate of the stamp leads to no trusted authority")]
    Untrusted,
    /// Its certificate was revoked.
    #[error("the certificate of the stamp was revoked")]
    Revoked,
    /// The lists that the reader brings do not tell whether its certificate was revoked.
    #[error("no list of revoked certificates is of the stamp's authority and time")]
    NoRevocations,
}

impl From<der::Error> for StampError {
    fn from(_: der::Error) -> Self {
        Self::Unreadable
    }
}

/// A stamp that is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// The moment it tells.
    pub at: Timestamp,
    /// Who stamps, as its certificate says.
    pub authority: String,
    /// SHA-256 of the root to which it leads.
    pub root: Sha256,
}

/// What is stamped, as `TSTInfo` of RFC 3161 says it. Only the moment is kept as its bytes: the
/// general reader takes no fractions of a second.
#[derive(Sequence)]
struct TstInfo {
    version: u8,
    policy: ObjectIdentifier,
    message_imprint: MessageImprint,
    serial_number: Int,
    gen_time: Any,
    #[asn1(optional = "true")]
    accuracy: Option<x509_tsp::Accuracy>,
    #[asn1(default = "Default::default")]
    ordering: bool,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    tsa: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<x509_cert::ext::Extensions>,
}

/// `SigningCertificate` (RFC 2634) and `SigningCertificateV2` (RFC 5035): which certificate signs.
#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<EssCertificate>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

#[derive(Sequence)]
struct EssCertificate {
    /// SHA-1 in the first version, SHA-256 in the second when absent.
    #[asn1(optional = "true")]
    algorithm: Option<AlgorithmIdentifier<Any>>,
    hash: OctetString,
    #[asn1(optional = "true")]
    issuer: Option<Any>,
}

/// The question to an authority; `nonce` is random.
///
/// # Errors
/// Never for these values; kept as a value rather than a panic.
pub fn question(root: &Sha256, nonce: [u8; 8]) -> Result<Vec<u8>, StampError> {
    let question = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: MessageImprint {
            hash_algorithm: AlgorithmIdentifier { oid: SHA_256, parameters: Some(Any::null()) },
            hashed_message: OctetString::new(root.as_bytes().to_vec())?,
        },
        req_policy: None,
        nonce: Some(positive(nonce)?),
        cert_req: true,
        extensions: None,
    };
    Ok(question.to_der()?)
}

/// A number that is not negative, whatever its bytes, without leading zeros.
fn positive(mut bytes: [u8; 8]) -> Result<Int, der::Error> {
    let [first, ..] = &mut bytes;
    *first = *first & 0x3f | 0x40;
    Int::new(&bytes)
}

/// The token of an authority's answer to [`question`], checked.
///
/// # Errors
/// [`StampError`].
pub fn token(
    answer: &[u8],
    root: &Sha256,
    nonce: [u8; 8],
    roots: &[CertificateDer<'_>],
) -> Result<(Vec<u8>, Stamped), StampError> {
    let answer = TimeStampResp::from_der(answer)?;
    let Some(token) = answer.time_stamp_token else {
        return Err(StampError::Refused(format!("{:?}", answer.status.status)));
    };
    let token = token.to_der()?;
    let (info, stamped) = open(&token, root, roots, None)?;
    if info.nonce != Some(positive(nonce)?) {
        return Err(StampError::OtherNonce);
    }
    Ok((token, stamped))
}

/// Checks a token against the digest it must stamp and the roots that are trusted.
///
/// # Errors
/// [`StampError`].
pub fn check(
    token: &[u8],
    root: &Sha256,
    roots: &[CertificateDer<'_>],
) -> Result<Stamped, StampError> {
    check_with(token, root, roots, None)
}

/// The same, and that no list of revoked certificates takes it back.
///
/// # Errors
/// [`StampError`].
pub fn check_with(
    token: &[u8],
    root: &Sha256,
    roots: &[CertificateDer<'_>],
    revocations: Option<&Revocations>,
) -> Result<Stamped, StampError> {
    open(token, root, roots, revocations).map(|(_, stamped)| stamped)
}

/// The certificates of a PEM file.
///
/// # Errors
/// There is none in it, or one that cannot be read.
pub fn roots(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, StampError> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let all = all.map_err(|_| StampError::Unreadable)?;
    if all.iter().any(|root| webpki::anchor_from_trusted_cert(root).is_err()) || all.is_empty() {
        return Err(StampError::Unreadable);
    }
    Ok(all)
}

fn open(
    token: &[u8],
    root: &Sha256,
    roots: &[CertificateDer<'_>],
    revocations: Option<&Revocations>,
) -> Result<(TstInfo, Stamped), StampError> {
    let content = ContentInfo::from_der(token)?;
    if content.content_type != SIGNED_DATA {
        return Err(StampError::Unreadable);
    }
    let signed: SignedData = content.content.decode_as()?;
    let inner = &signed.encap_content_info;
    if inner.econtent_type != TST_INFO {
        return Err(StampError::Unreadable);
    }
    let told = inner.econtent.as_ref().ok_or(StampError::Unreadable)?.value();
    let info = TstInfo::from_der(told)?;
    let imprint = &info.message_imprint;
    if imprint.hash_algorithm.oid != SHA_256 || imprint.hashed_message.as_bytes() != root.as_bytes()
    {
        return Err(StampError::OtherDigest);
    }
    let at = moment(&info.gen_time)?;
    let [signer] = signed.signer_infos.0.as_slice() else { return Err(StampError::Unreadable) };
    let certificates: Vec<&Certificate> = signed
        .certificates
        .iter()
        .flat_map(|all| all.0.iter())
        .filter_map(|one| match one {
            CertificateChoices::Certificate(certificate) => Some(certificate),
            CertificateChoices::Other(_) => None,
        })
        .collect();
    let own = certificates.iter().find(|one| is_signer(&signer.sid, one));
    let own = own.ok_or(StampError::Untrusted)?;
    let own_der = CertificateDer::from(own.to_der()?);
    attested(signer, told, &own_der)?;
    let end = EndEntityCert::try_from(&own_der).map_err(|_| StampError::Untrusted)?;
    signature(signer, &end)?;
    let others: Result<Vec<_>, _> =
        certificates.iter().map(|one| one.to_der().map(CertificateDer::from)).collect();
    let others = others?;
    let anchors: Vec<TrustAnchor<'_>> =
        roots.iter().filter_map(|root| webpki::anchor_from_trusted_cert(root).ok()).collect();
    let since = Duration::from_secs(u64::try_from(at.as_second()).unwrap_or(0));
    let usage = KeyUsage::required(TIME_STAMPING);
    let time = UnixTime::since_unix_epoch(since);
    let path = end
        .verify_for_usage(CHAIN, &anchors, &others, time, usage, None, None)
        .map_err(|_| StampError::Untrusted)?;
    let anchor = path.anchor();
    let led_to = roots
        .iter()
        .find(|root| webpki::anchor_from_trusted_cert(root).is_ok_and(|one| one == *anchor));
    let led_to = led_to.ok_or(StampError::Untrusted)?;
    if let Some(revocations) = revocations {
        revocations.allow(&end, &anchors, &others, time)?;
    }
    let authority = own.tbs_certificate.subject.to_string();
    Ok((info, Stamped { at, authority, root: sha256(led_to) }))
}

fn is_signer(sid: &SignerIdentifier, certificate: &Certificate) -> bool {
    let own = &certificate.tbs_certificate;
    match sid {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            id.issuer == own.issuer && id.serial_number == own.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => {
            matches!(own.get::<SubjectKeyIdentifier>(), Ok(Some((_, own))) if own == *id)
        }
    }
}

/// What the signer says of what is signed: its kind, its digest, and the certificate.
fn attested(signer: &SignerInfo, told: &[u8], own: &CertificateDer<'_>) -> Result<(), StampError> {
    let value = |wanted: ObjectIdentifier| {
        let attributes = signer.signed_attrs.iter().flat_map(|all| all.iter());
        let mut found = attributes.filter(|attribute| attribute.oid == wanted);
        let values = found.next().filter(|_| found.next().is_none())?.values.as_slice();
        match values {
            [one] => Some(one.clone()),
            _ => None,
        }
    };
    let kind: ObjectIdentifier = value(CONTENT_TYPE).ok_or(StampError::Signature)?.decode_as()?;
    let said: OctetString = value(MESSAGE_DIGEST).ok_or(StampError::Signature)?.decode_as()?;
    let counted = hash(signer.digest_alg.oid, told).ok_or(StampError::Unreadable)?;
    if kind != TST_INFO || said.as_bytes() != counted.as_ref() {
        return Err(StampError::Signature);
    }
    let (named, usual) = match (value(SIGNING_CERTIFICATE_V2), value(SIGNING_CERTIFICATE)) {
        (Some(named), _) => (named, SHA_256),
        (None, Some(named)) => (named, SHA_1),
        (None, None) => return Err(StampError::Signature),
    };
    let named: SigningCertificate = named.decode_as()?;
    let first = named.certificates.first().ok_or(StampError::Signature)?;
    let algorithm = first.algorithm.as_ref().map_or(usual, |algorithm| algorithm.oid);
    let counted = hash(algorithm, own).ok_or(StampError::Unreadable)?;
    if first.hash.as_bytes() != counted.as_ref() {
        return Err(StampError::Signature);
    }
    Ok(())
}

/// The signature stands over the DER of the attributes as a SET (RFC 5652, 5.4).
fn signature(signer: &SignerInfo, end: &EndEntityCert<'_>) -> Result<(), StampError> {
    let attributes = signer.signed_attrs.as_ref().ok_or(StampError::Signature)?.to_der()?;
    let fitting: &[&dyn SignatureVerificationAlgorithm] = match signer.digest_alg.oid {
        SHA_256 => &[
            algorithms::RSA_PKCS1_2048_8192_SHA256,
            algorithms::ECDSA_P256_SHA256,
            algorithms::ECDSA_P384_SHA256,
        ],
        SHA_384 => &[
            algorithms::RSA_PKCS1_2048_8192_SHA384,
            algorithms::ECDSA_P256_SHA384,
            algorithms::ECDSA_P384_SHA384,
        ],
        SHA_512 => &[algorithms::RSA_PKCS1_2048_8192_SHA512, algorithms::ED25519],
        _ => &[],
    };
    let signature = signer.signature.as_bytes();
    let good = fitting
        .iter()
        .any(|algorithm| end.verify_signature(*algorithm, &attributes, signature).is_ok());
    if good { Ok(()) } else { Err(StampError::Signature) }
}

fn hash(algorithm: ObjectIdentifier, bytes: &[u8]) -> Option<digest::Digest> {
    let algorithm = match algorithm {
        SHA_1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        SHA_256 => &digest::SHA256,
        SHA_384 => &digest::SHA384,
        SHA_512 => &digest::SHA512,
        _ => return None,
    };
    Some(digest::digest(algorithm, bytes))
}

fn sha256(bytes: &[u8]) -> Sha256 {
    let mut all = [0; 32];
    for (to, from) in all.iter_mut().zip(digest::digest(&digest::SHA256, bytes).as_ref()) {
        *to = *from;
    }
    Sha256::from_bytes(all)
}

/// `GeneralizedTime` with or without fractions of a second, always in UTC (RFC 3161, 2.4.2).
fn moment(told: &Any) -> Result<Timestamp, StampError> {
    if told.tag() != Tag::GeneralizedTime {
        return Err(StampError::Unreadable);
    }
    let text = std::str::from_utf8(told.value()).map_err(|_| StampError::Unreadable)?;
    civil(text).ok_or(StampError::Unreadable)
}

/// `YYYYMMDDhhmmss[.f…]Z`.
fn civil(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').map_or((text, "0"), |parts| parts);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || fraction.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let part = |from: usize, to: usize| whole.get(from..to)?.parse::<i8>().ok();
    let year = whole.get(..4)?.parse().ok()?;
    let nanoseconds = format!("{fraction:0<9.9}").parse().ok()?;
    let civil = jiff::civil::DateTime::new(
        year,
        part(4, 6)?,
        part(6, 8)?,
        part(8, 10)?,
        part(10, 12)?,
        part(12, 14)?,
        nanoseconds,
    );
    jiff::tz::TimeZone::UTC.to_timestamp(civil.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn moments_with_and_without_fractions_are_read_and_no_others() {
        let read = |text: &str| civil(text).map(|at| at.to_string());
        assert_eq!(read("20261127195907Z").as_deref(), Some("2026-11-27T19:59:07Z"));
        assert_eq!(read("20261127195907.25Z").as_deref(), Some("2026-11-27T19:59:07.25Z"));
        for wrong in ["20261127195907", "20261327195907Z", "20261127195907.Z", "2026112719590Z"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
