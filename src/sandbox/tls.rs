//! The sandbox's own certificate authority and the certificate of its API server.
//!
//! The authority is kept for ten years, so that kubeconfigs stay good; the server's certificate is made anew when less
//! than [`RENEW_BEFORE`] of its year is left. The two are never the same certificate: rustls refuses an authority that
//! serves (`CaUsedAsEndEntity`), and so would clients of a real cluster.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize};

use super::state::StateFolder;
use crate::error::{Error, Result};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const AUTHORITY_DAYS: i32 = 3650;
const SERVER_DAYS: i32 = 365;
/// With less than this left a certificate is made anew.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);

const AUTHORITY: &str = "ca.crt";
const AUTHORITY_KEY: &str = "ca.key";
const SERVER: &str = "server.crt";
const SERVER_KEY: &str = "server.key";
const EXPIRY: &str = "certificates.json";

/// When the certificates end.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expiry {
    authority: Timestamp,
    server: Timestamp,
}

/// The certificates of a sandbox.
#[derive(Clone, Debug)]
pub struct Certificates {
    /// The authority, in PEM: what a kubeconfig holds.
    pub authority_pem: String,
    /// What the API server's listener speaks.
    pub server: Arc<ServerConfig>,
}

impl Certificates {
    /// The certificates in the folder, made or made anew as needed at the time `now`.
    pub fn load_or_make(folder: &StateFolder, now: Timestamp) -> Result<Self> {
        let expiry: Option<Expiry> = folder.read(EXPIRY)?.and_then(|text| serde_json::from_slice(&text).ok());
        let lasts = |end: Timestamp| end.duration_since(now) > RENEW_BEFORE;
        let text =
            |name| -> Result<Option<String>> { Ok(folder.read(name)?.and_then(|bytes| String::from_utf8(bytes).ok())) };
        let kept = match (expiry, text(AUTHORITY)?, text(AUTHORITY_KEY)?) {
            (Some(expiry), Some(pem), Some(key)) if lasts(expiry.authority) => {
                KeyPair::from_pem(&key).ok().map(|key| (expiry, pem, key))
            }
            _ => None,
        };
        let (authority_end, authority_pem, authority_key, expiry) = if let Some((expiry, pem, key)) = kept {
            (expiry.authority, pem, key, Some(expiry))
        } else {
            let key = KeyPair::generate().map_err(|error| failed(&error))?;
            let end = after(now, AUTHORITY_DAYS)?;
            let mut params = authority();
            lasting(&mut params, now, end)?;
            let pem = params.self_signed(&key).map_err(|error| failed(&error))?.pem();
            folder.write(AUTHORITY_KEY, key.serialize_pem().as_bytes())?;
            folder.write(AUTHORITY, pem.as_bytes())?;
            (end, pem, key, None)
        };
        let kept = match (expiry, text(SERVER)?, text(SERVER_KEY)?) {
            (Some(expiry), Some(pem), Some(key)) if lasts(expiry.server) => server_config(&pem, &key).ok(),
            _ => None,
        };
        if let Some(server) = kept {
            return Ok(Self { authority_pem, server });
        }
        let key = KeyPair::generate().map_err(|error| failed(&error))?;
        let end = after(now, SERVER_DAYS)?;
        let mut params = server()?;
        lasting(&mut params, now, end)?;
        let issuer = Issuer::new(authority(), authority_key);
        let pem = params.signed_by(&key, &issuer).map_err(|error| failed(&error))?.pem();
        let key = key.serialize_pem();
        let config = server_config(&pem, &key)?;
        folder.write(SERVER_KEY, key.as_bytes())?;
        folder.write(SERVER, pem.as_bytes())?;
        let expiry = Expiry { authority: authority_end, server: end };
        let expiry = serde_json::to_vec(&expiry).map_err(|error| failed(&error))?;
        folder.write(EXPIRY, &expiry)?;
        Ok(Self { authority_pem, server: config })
    }
}

fn authority() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name("opencode-sandbox-ca");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    params
}

fn server() -> Result<CertificateParams> {
    let names = ["localhost", "127.0.0.1", "kubernetes", "kubernetes.default", "kubernetes.default.svc"];
    let mut params = CertificateParams::new(names.map(str::to_owned)).map_err(|error| failed(&error))?;
    params.distinguished_name = name("opencode-sandbox");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

fn server_config(certificate: &str, key: &str) -> Result<Arc<ServerConfig>> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| failed(&error))?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| failed(&error))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| failed(&error))?;
    // Only HTTP/1.1 carries the upgrades of exec and port-forward.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn after(now: Timestamp, days: i32) -> Result<Timestamp> {
    now.checked_add(DAY.saturating_mul(days)).map_err(|error| failed(&error))
}

/// Sets from when, a day before now for clocks that differ, to when a certificate is good; whole days are exact enough.
fn lasting(params: &mut CertificateParams, now: Timestamp, end: Timestamp) -> Result<()> {
    let begin = now.checked_sub(DAY).map_err(|error| failed(&error))?;
    let [begin, end] = [begin, end].map(|time| time.to_zoned(jiff::tz::TimeZone::UTC).date());
    let part = |value: i8| u8::try_from(value).map_err(|error| failed(&error));
    params.not_before = rcgen::date_time_ymd(begin.year().into(), part(begin.month())?, part(begin.day())?);
    params.not_after = rcgen::date_time_ymd(end.year().into(), part(end.month())?, part(end.day())?);
    Ok(())
}

fn failed(error: &(dyn std::error::Error + 'static)) -> Error {
    Error::internal("cannot make the sandbox's certificates").caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use rustls::pki_types::ServerName;
    use rustls::{ClientConfig, RootCertStore};
    use tokio_rustls::{TlsAcceptor, TlsConnector};

    fn folder() -> (tempfile::TempDir, StateFolder) {
        let parent = tempfile::tempdir().unwrap();
        let folder = StateFolder::below(parent.path(), "default").unwrap();
        drop(folder.create_and_lock().unwrap());
        (parent, folder)
    }

    async fn shakes_hands(certificates: &Certificates, name: &'static str) -> bool {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(certificates.authority_pem.as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let (near, far) = tokio::io::duplex(1 << 16);
        let server = TlsAcceptor::from(Arc::clone(&certificates.server)).accept(far);
        let client = TlsConnector::from(Arc::new(client)).connect(ServerName::try_from(name).unwrap(), near);
        let (server, client) = tokio::join!(server, client);
        server.is_ok() && client.is_ok()
    }

    #[tokio::test]
    async fn a_client_that_knows_the_authority_trusts_the_server() {
        let (_parent, folder) = folder();
        let certificates = Certificates::load_or_make(&folder, Timestamp::now()).unwrap();
        assert!(shakes_hands(&certificates, "127.0.0.1").await);
        assert!(shakes_hands(&certificates, "localhost").await);
        assert!(!shakes_hands(&certificates, "example.com").await);
    }

    #[tokio::test]
    async fn certificates_are_kept_and_renewed_in_time() {
        let (_parent, folder) = folder();
        let now = Timestamp::now();
        let read = |name| folder.read(name).unwrap().unwrap();
        Certificates::load_or_make(&folder, now).unwrap();
        let (authority, server) = (read(AUTHORITY), read(SERVER));
        Certificates::load_or_make(&folder, after(now, 300).unwrap()).unwrap();
        assert_eq!((read(AUTHORITY), read(SERVER)), (authority.clone(), server.clone()));
        // A month before the end of the year: the server's is made anew, by the same authority, and is still trusted.
        Certificates::load_or_make(&folder, after(now, 340).unwrap()).unwrap();
        assert_eq!(read(AUTHORITY), authority);
        assert_ne!(read(SERVER), server);
        // Made for 340 days from now on, less the day that clocks may differ by: the two must belong together all the same.
        let (issued, key) = (read(SERVER), read(SERVER_KEY));
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        assert!(server_config(&text(issued), &text(key)).is_ok());
        // Ten years later both are.
        Certificates::load_or_make(&folder, after(now, 3640).unwrap()).unwrap();
        assert_ne!(read(AUTHORITY), authority);
    }

    #[test]
    fn damaged_files_are_made_anew() {
        let (_parent, folder) = folder();
        Certificates::load_or_make(&folder, Timestamp::now()).unwrap();
        for name in [EXPIRY, SERVER, SERVER_KEY, AUTHORITY_KEY] {
            folder.write(name, b"damaged").unwrap();
            Certificates::load_or_make(&folder, Timestamp::now()).unwrap();
            assert_ne!(folder.read(name).unwrap().unwrap(), b"damaged", "{name}");
        }
    }
}
