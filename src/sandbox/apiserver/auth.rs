//! Who asks: bearer tokens, identities that a transport vouches for, and impersonation
//! (`k8s.io/apiserver/pkg/endpoints/filters/{authentication,impersonation}.go`).

use std::collections::BTreeMap;

use http::{HeaderMap, header};
use sha2::{Digest, Sha256};

/// Members of this group may do everything.
pub const MASTERS: &str = "system:masters";
/// Group of everybody who is authenticated.
pub const AUTHENTICATED: &str = "system:authenticated";

/// A user as authorization sees one (`authentication.k8s.io/v1` `UserInfo`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// User name.
    pub user: String,
    /// UID, often empty.
    pub uid: String,
    /// Groups.
    pub groups: Vec<String>,
    /// More facts, such as the Pod of a service account token.
    pub extra: BTreeMap<String, Vec<String>>,
}

impl Identity {
    /// A user with groups, who is also in `system:authenticated`.
    pub fn new(user: &str, groups: &[&str]) -> Self {
        let mut groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        groups.push(AUTHENTICATED.to_owned());
        Self { user: user.to_owned(), groups, ..Self::default() }
    }

    /// The identity of the server's own components.
    pub fn master(user: &str) -> Self {
        Self::new(user, &[MASTERS])
    }

    /// The identity of a service account.
    pub fn service_account(namespace: &str, name: &str, uid: &str) -> Self {
        let user = format!("system:serviceaccount:{namespace}:{name}");
        let groups = ["system:serviceaccounts", &format!("system:serviceaccounts:{namespace}")];
        Self { uid: uid.to_owned(), ..Self::new(&user, &groups) }
    }

    /// Whether the user may do everything.
    pub fn is_master(&self) -> bool {
        self.groups.iter().any(|group| group == MASTERS)
    }
}

/// Static bearer tokens. Only their hashes are kept, which also makes the comparison independent of what the token is.
#[derive(Clone, Default)]
pub struct Tokens(BTreeMap<[u8; 32], Identity>);

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.values().map(|identity| &identity.user)).finish()
    }
}

impl Tokens {
    /// Lets `token` stand for `identity`.
    pub fn insert(&mut self, token: &str, identity: Identity) {
        self.0.insert(Sha256::digest(token).into(), identity);
    }

    /// Whom a token stands for.
    pub fn get(&self, token: &str) -> Option<&Identity> {
        self.0.get::<[u8; 32]>(&Sha256::digest(token).into())
    }
}

/// The bearer token of a request.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// One thing that impersonation asks to be, for authorization of the verb `impersonate`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impersonated {
    /// API group of the resource: empty, or `authentication.k8s.io`.
    pub group: &'static str,
    /// `users`, `groups`, `serviceaccounts`, `uids` or `userextras`.
    pub resource: &'static str,
    /// Key of `userextras`.
    pub subresource: String,
    /// Namespace of a service account.
    pub namespace: String,
    /// User, group, service account, UID or value.
    pub name: String,
}

/// Whom the `Impersonate-…` headers ask to be, and what must be allowed for it. `None` without such headers; an error
/// when groups or extras stand without a user.
pub fn impersonation(headers: &HeaderMap) -> Result<Option<(Identity, Vec<Impersonated>)>, String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let user = text("impersonate-user");
    let uid = text("impersonate-uid");
    let groups: Vec<String> = headers
        .get_all("impersonate-group")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .map(str::to_owned)
        .collect();
    let mut extra: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in headers {
        if let (Some(key), Ok(value)) = (name.as_str().strip_prefix("impersonate-extra-"), value.to_str()) {
            extra.entry(key.to_owned()).or_default().push(value.to_owned());
        }
    }
    if user.is_empty() {
        if groups.is_empty() && uid.is_empty() && extra.is_empty() {
            return Ok(None);
        }
        return Err(format!("requested {groups:?} without impersonating a user"));
    }
    let ask = |group, resource, name: &str| Impersonated {
        group,
        resource,
        subresource: String::new(),
        namespace: String::new(),
        name: name.to_owned(),
    };
    let mut asked = Vec::new();
    let mut identity = if let Some((namespace, name)) =
        user.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'))
    {
        asked.push(Impersonated { namespace: namespace.to_owned(), ..ask("", "serviceaccounts", name) });
        Identity::service_account(namespace, name, "")
    } else {
        asked.push(ask("", "users", &user));
        Identity::new(&user, &[])
    };
    asked.extend(groups.iter().map(|group| ask("", "groups", group)));
    if !uid.is_empty() {
        asked.push(ask("authentication.k8s.io", "uids", &uid));
    }
    for (key, values) in &extra {
        let each = values.iter().map(|value| Impersonated {
            subresource: key.clone(),
            ..ask("authentication.k8s.io", "userextras", value)
        });
        asked.extend(each);
    }
    if !groups.is_empty() {
        identity.groups = groups;
        if !identity.groups.iter().any(|group| group == AUTHENTICATED) {
            identity.groups.push(AUTHENTICATED.to_owned());
        }
    }
    (identity.uid, identity.extra) = (uid, extra);
    Ok(Some((identity, asked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn tokens_stand_for_identities() {
        let mut tokens = Tokens::default();
        tokens.insert("secret", Identity::master("admin"));
        assert_eq!(tokens.get(bearer(&headers(&[("authorization", "Bearer secret")])).unwrap()).unwrap().user, "admin");
        assert!(tokens.get("other").is_none());
        assert!(bearer(&headers(&[("authorization", "Basic x")])).is_none());
        assert!(!format!("{tokens:?}").contains("secret"));
    }

    #[test]
    fn impersonation_names_what_must_be_allowed() {
        let asked = headers(&[("impersonate-user", "system:serviceaccount:ns:sa"), ("impersonate-extra-scopes", "a")]);
        let (identity, asked) = impersonation(&asked).unwrap().unwrap();
        assert_eq!(identity.groups, ["system:serviceaccounts", "system:serviceaccounts:ns", AUTHENTICATED]);
        assert_eq!((asked[0].resource, &*asked[0].namespace, &*asked[0].name), ("serviceaccounts", "ns", "sa"));
        assert_eq!((asked[1].resource, &*asked[1].subresource, &*asked[1].name), ("userextras", "scopes", "a"));
        assert!(impersonation(&headers(&[("impersonate-group", "g")])).is_err());
        assert_eq!(impersonation(&HeaderMap::new()), Ok(None));
    }
}
