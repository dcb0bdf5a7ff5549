//! A collection, page by page: nothing is kept but the place where the next page begins.
//!
//! Pages belong to one moment of the server. When it forgets that moment before the last page is read (410), the list is
//! read again whole, as kubectl's own client does; since lists come in the order of namespace and name, whoever shows
//! pages as they come goes on after the last object that was shown ([`Place`]).

use serde_json::Value;

use super::chunk::Query;
use super::objects::text_at;
use crate::api::kinds::Kind;
use crate::commands::{Context, api_error};
use crate::error::Result;

/// The pages of one collection that are still to be read.
pub struct Pages<'a> {
    client: &'a kube::Client,
    kind: &'static Kind,
    namespace: Option<&'a str>,
    query: Query,
    /// Objects per page; 0 for all at once.
    size: u32,
    next: Next,
    place: Place,
}

enum Next {
    First,
    Token(String),
    Whole,
    None,
}

impl<'a> Pages<'a> {
    /// Of what `query` asks for.
    pub async fn of(
        context: &'a Context,
        kind: &'static Kind,
        namespace: Option<&'a str>,
        query: Query,
        size: u32,
    ) -> Result<Self> {
        let client = &context.cluster().await?.client;
        Ok(Self { client, kind, namespace, query, size, next: Next::First, place: Place::default() })
    }

    /// The text of the next page; None after the last. [`Pages::turn`] has to follow.
    pub async fn next(&mut self) -> Result<Option<String>> {
        loop {
            let limited =
                || if self.size > 0 { self.query.clone().with("limit", &self.size) } else { self.query.clone() };
            let query = match &self.next {
                Next::First => limited(),
                Next::Token(token) => limited().with("continue", token),
                Next::Whole => self.query.clone(),
                Next::None => return Ok(None),
            };
            match self.client.request_text(query.request()?).await {
                Err(kube::Error::Api(status)) if status.code == 410 && matches!(self.next, Next::Token(_)) => {
                    self.next = Next::Whole;
                    self.place.again();
                }
                answer => {
                    let refused = |error| api_error(error, "list", self.kind, self.namespace, None);
                    return answer.map(Some).map_err(refused);
                }
            }
        }
    }

    /// Says which token the page had for the next one; empty on the last page.
    pub fn turn(&mut self, token: &str) {
        self.next = if token.is_empty() { Next::None } else { Next::Token(token.to_owned()) };
    }

    /// Whether an object was not on a page before.
    pub fn is_new(&mut self, namespace: &str, name: &str) -> bool {
        self.place.is_new(format!("{namespace}/{name}"))
    }

    /// As [`Pages::is_new`], of a whole object.
    pub fn is_new_object(&mut self, object: &Value) -> bool {
        self.is_new(&text_at(object, "/metadata/namespace"), &text_at(object, "/metadata/name"))
    }
}

/// How far a list was read, in the order of the keys.
#[derive(Debug, Default)]
struct Place {
    last: String,
    skip: Option<String>,
}

impl Place {
    /// From now on the list is read from its start.
    fn again(&mut self) {
        self.skip = Some(self.last.clone());
    }

    fn is_new(&mut self, key: String) -> bool {
        let new = self.skip.as_ref().is_none_or(|skip| key > *skip);
        if new {
            self.last = key;
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_read_again_goes_on_where_it_was() {
        let mut place = Place::default();
        let mut shown = Vec::new();
        let mut read = |place: &mut Place, keys: &[&str]| {
            shown.extend(keys.iter().filter(|key| place.is_new((**key).to_owned())).map(|key| (*key).to_owned()));
        };
        read(&mut place, &["n/a", "n/c"]);
        place.again();
        // One was made meanwhile before the place, one after it, and one that was shown is gone.
        read(&mut place, &["n/a", "n/b", "n/d", "o/a"]);
        assert_eq!(shown, ["n/a", "n/c", "n/d", "o/a"]);
    }
}
