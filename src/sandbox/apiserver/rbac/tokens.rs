//! Tokens of service accounts (`TokenRequest`): JWTs that this server signs and reads, RFC 7519 with HS256.
//!
//! The key lives as long as the server: after a restart tokens are asked for anew, as clients do before they expire.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::auth::Identity;
use super::super::status::FieldError;

/// Who tokens say has made them.
const ISSUER: &str = "https://kubernetes.default.svc.cluster.local";
/// Bounds of `expirationSeconds`, and what it is when it is not given.
const SHORTEST: i64 = 600;
const LONGEST: i64 = 1 << 32;
const USUAL: i64 = 3600;

/// Signs and reads tokens.
#[derive(Clone)]
pub struct Issuer {
    key: [u8; 32],
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Issuer")
    }
}

impl Default for Issuer {
    /// An issuer with a new random key.
    fn default() -> Self {
        let mut hash = Sha256::new();
        for _ in 0..2 {
            hash.update(uuid::Uuid::new_v4().as_bytes());
        }
        Self { key: hash.finalize().into() }
    }
}

impl Issuer {
    /// RFC 2104 over SHA-256, whose block is 64 bytes.
    fn sign(&self, text: &str) -> [u8; 32] {
        let pad = |with: u8| {
            let mut block = [with; 64];
            for (byte, key) in block.iter_mut().zip(self.key) {
                *byte ^= key;
            }
            block
        };
        let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
        Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
    }

    /// Answers a `TokenRequest` for a service account.
    ///
    /// # Errors
    ///
    /// `spec.expirationSeconds` out of bounds.
    pub fn issue(&self, request: &mut Value, account: &Value, now: Timestamp) -> Result<(), FieldError> {
        let spec = &mut request["spec"];
        let seconds = spec["expirationSeconds"].as_i64().unwrap_or(USUAL);
        if seconds < SHORTEST {
            let detail = "may not specify a duration less than 10 minutes";
            return Err(FieldError::invalid("spec.expirationSeconds", &spec["expirationSeconds"], detail));
        }
        if seconds > LONGEST {
            let detail = "may not specify a duration larger than 2^32 seconds";
            return Err(FieldError::invalid("spec.expirationSeconds", &spec["expirationSeconds"], detail));
        }
        if spec["audiences"].as_array().is_none_or(Vec::is_empty) {
            spec["audiences"] = json!([ISSUER]);
        }
        spec["expirationSeconds"] = seconds.into();
        let expires = now + SignedDuration::from_secs(seconds);
        let metadata = &account["metadata"];
        let (namespace, name) = (&metadata["namespace"], &metadata["name"]);
        let subject = format!(
            "system:serviceaccount:{}:{}",
            namespace.as_str().unwrap_or_default(),
            name.as_str().unwrap_or_default()
        );
        let claims = json!({
            "aud": spec["audiences"], "exp": expires.as_second(), "iat": now.as_second(), "nbf": now.as_second(),
            "iss": ISSUER, "sub": subject, "jti": uuid::Uuid::new_v4().to_string(),
            "kubernetes.io": { "namespace": namespace, "serviceaccount": { "name": name, "uid": metadata["uid"] } },
        });
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&json!({ "alg": "HS256", "typ": "JWT" })), encode(&claims));
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(self.sign(&signed)));
        let expires = Timestamp::from_second(expires.as_second()).unwrap_or(expires);
        request["status"] = json!({ "token": token, "expirationTimestamp": expires.to_string() });
        Ok(())
    }

    /// Whom a token stands for. `account` finds the UID of a service account now: a token outlives no account.
    pub fn identity(
        &self,
        token: &str,
        now: Timestamp,
        account: impl FnOnce(&str, &str) -> Option<String>,
    ) -> Option<Identity> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        // Hashing both once more makes the time of the comparison independent of how much of it is right.
        if Sha256::digest(signature) != Sha256::digest(self.sign(signed)) {
            return None;
        }
        let claims = URL_SAFE_NO_PAD.decode(signed.split_once('.')?.1).ok()?;
        let claims: Value = serde_json::from_slice(&claims).ok()?;
        if claims["exp"].as_i64()? <= now.as_second() {
            return None;
        }
        let about = &claims["kubernetes.io"];
        let (namespace, name) = (about["namespace"].as_str()?, about["serviceaccount"]["name"].as_str()?);
        let uid = about["serviceaccount"]["uid"].as_str()?;
        (account(namespace, name)? == uid).then(|| Identity::service_account(namespace, name, uid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Value {
        json!({ "metadata": { "namespace": "ns", "name": "bot", "uid": "u1" } })
    }

    fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_token_stands_for_its_account_until_it_expires_or_the_account_is_another() {
        let issuer = Issuer::default();
        let mut request = json!({ "spec": { "expirationSeconds": 600 } });
        issuer.issue(&mut request, &account(), now()).unwrap();
        let token = request["status"]["token"].as_str().unwrap();
        assert_eq!(request["status"]["expirationTimestamp"], "2026-01-01T00:10:00Z");
        let ask = |token: &str, minutes: i64, uid: &str| {
            issuer.identity(token, now() + SignedDuration::from_mins(minutes), |_, _| Some(uid.to_owned()))
        };
        assert_eq!(ask(token, 9, "u1"), Some(Identity::service_account("ns", "bot", "u1")));
        assert_eq!(ask(token, 10, "u1"), None);
        assert_eq!(ask(token, 0, "u2"), None);
        assert_eq!(issuer.identity(token, now(), |_, _| None), None);
        assert_eq!(Issuer::default().identity(token, now(), |_, _| Some("u1".to_owned())), None);
        let mut forged: Vec<&str> = token.split('.').collect();
        let claims = URL_SAFE_NO_PAD.encode(
            r#"{"exp":9999999999,"kubernetes.io":{"namespace":"ns","serviceaccount":{"name":"root","uid":"u1"}}}"#,
        );
        forged[1] = &claims;
        assert_eq!(ask(&forged.join("."), 0, "u1"), None);
        assert_eq!(ask("nonsense", 0, "u1"), None);
    }

    #[test]
    fn lifetimes_have_bounds() {
        let issuer = Issuer::default();
        for seconds in [599, (1_i64 << 32) + 1] {
            let mut request = json!({ "spec": { "expirationSeconds": seconds } });
            assert!(issuer.issue(&mut request, &account(), now()).is_err(), "{seconds}");
        }
        let mut request = json!({ "spec": {} });
        issuer.issue(&mut request, &account(), now()).unwrap();
        assert_eq!(request["spec"]["expirationSeconds"], USUAL);
    }

    #[test]
    fn signatures_are_hmac_sha256() {
        // RFC 4231, test case 1 has a key of 20 bytes, which HMAC fills up with zeros.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let signature = Issuer { key }.sign("Hi There");
        assert_eq!(signature[..8], [0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53]);
    }
}
