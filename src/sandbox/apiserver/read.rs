//! List and watch.
//!
//! A continue token is base64 of `{"v":"meta.k8s.io/v1","rv":REVISION,"start":"NAMESPACE/NAME"}`, as the real server's;
//! later pages show the state of the first one, from the event ring (`k8s.io/apiserver/pkg/storage/continue.go`).

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures::stream;
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::State;
use super::representation::Representation;
use super::request::ListOptions;
use super::resources::Resource;
use super::selector::{Fields, Labels, Selector};
use super::status::{ApiError, ApiResult};
use crate::sandbox::store::{self, Event, Expired, Object, Scope, Watch};

/// How often an idle watch learns the revision, where it asked for bookmarks.
const BOOKMARK_EVERY: Duration = Duration::from_secs(60);
/// How long a watch lasts that does not say (`--min-request-timeout`; the real server adds up to as much again).
const WATCH_LASTS: Duration = Duration::from_secs(1800);

#[derive(Serialize, Deserialize)]
struct Token {
    v: String,
    rv: u64,
    start: String,
}

const EXPIRED_TOKEN: &str = "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

fn token(revision: u64, start: &str) -> String {
    let token = Token { v: "meta.k8s.io/v1".to_owned(), rv: revision, start: start.to_owned() };
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&token).unwrap_or_default())
}

fn parse_token(text: &str) -> ApiResult<Token> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
    let token = bytes.ok().and_then(|bytes| serde_json::from_slice::<Token>(&bytes).ok());
    token
        .filter(|token| token.v == "meta.k8s.io/v1")
        .ok_or_else(|| ApiError::bad_request("continue key is not valid: invalid continue token"))
}

/// The objects that a selector picks.
pub(super) fn selector(resource: &Resource, options: &ListOptions, name: &str) -> ApiResult<Selector> {
    let mut fields = options.field_selector.clone();
    if !name.is_empty() {
        fields = format!("metadata.name={name},{fields}");
    }
    Ok(Selector { labels: Labels::parse(&options.label_selector)?, fields: Fields::parse(&fields, resource)? })
}

/// One page of a list.
pub(super) struct Page {
    /// The objects.
    pub objects: Vec<Object>,
    /// `ListMeta`.
    pub metadata: Value,
}

impl State {
    /// One page of the objects that match.
    pub(super) fn page(
        &self,
        resource: &Resource,
        namespace: Option<&str>,
        selector: &Selector,
        options: &ListOptions,
    ) -> ApiResult<Page> {
        let (mut start, mut revision) = self.moment(options)?;
        let limit = if options.limit == 0 { usize::MAX } else { options.limit };
        let (mut count, mut objects) = (limit, Vec::new());
        loop {
            let after = (!start.is_empty()).then(|| split(&start));
            let scope = Scope { collection: &resource.collection, namespace, after, count };
            let part = self.store.page(&scope, revision).map_err(|expired| expired_list(expired, &start))?;
            let mut rest = part.remaining + part.objects.len();
            let mut last = None;
            for (key, object) in part.objects {
                rest -= 1;
                if selector.is_empty() || selector.matches(&object.json) {
                    objects.push(object);
                }
                last = Some(key);
                if objects.len() == limit {
                    break;
                }
            }
            if let Some(key) = last {
                start = format!("{}/{}", key.namespace, key.name);
            }
            if rest > 0 && objects.len() < limit {
                // What the selector left out is made up for from the same moment, in ever larger steps.
                revision = Some(part.revision);
                count = count.saturating_mul(2);
                continue;
            }
            let mut metadata = json!({"resourceVersion": part.revision.to_string()});
            if rest > 0 {
                metadata["continue"] = token(part.revision, &start).into();
                if selector.is_empty() {
                    metadata["remainingItemCount"] = rest.into();
                }
            }
            return Ok(Page { objects, metadata });
        }
    }

    /// After which key a list begins, and at which revision; now, if at none.
    fn moment(&self, options: &ListOptions) -> ApiResult<(String, Option<u64>)> {
        let named = options.resource_version.unwrap_or_default();
        if options.continue_token.is_empty() {
            self.check_revision(named)?;
            // A page that names a revision and not how means that one, since before there were rules.
            let exactly = match options.resource_version_match.as_str() {
                "Exact" => options.resource_version.is_some(),
                "" => named > 0 && options.limit > 0,
                _ => false,
            };
            return Ok((String::new(), exactly.then_some(named)));
        }
        if named > 0 {
            let why = "specifying resource version is not allowed when using continue";
            return Err(ApiError::bad_request(why));
        }
        let token = parse_token(&options.continue_token)?;
        // Revision -1 of the real server, 0 here: the rest of the list as it is now.
        Ok((token.start, Some(token.rv).filter(|revision| *revision > 0)))
    }

    fn check_revision(&self, wanted: u64) -> ApiResult<()> {
        let current = self.store.revision();
        if wanted <= current { Ok(()) } else { Err(ApiError::revision_too_large(wanted, current)) }
    }

    /// Answers a watch with the stream of its events.
    pub(super) fn watch(
        self: &Arc<Self>,
        resource: &Arc<Resource>,
        namespace: Option<&str>,
        selector: Selector,
        options: &ListOptions,
        representation: Representation,
    ) -> ApiResult<Response> {
        let from_now = options.resource_version.unwrap_or_default() == 0;
        let begins_with_state = match options.send_initial_events {
            Some(wanted) => wanted,
            None => from_now,
        };
        let mut feed = Feed {
            watch: None,
            expired: None,
            namespace: namespace.map(str::to_owned),
            selector,
            representation,
            queue: VecDeque::new(),
            bookmarks: options.bookmarks,
            next_bookmark: Instant::now() + BOOKMARK_EVERY,
            ends: Instant::now() + options.timeout_seconds.map_or(WATCH_LASTS, Duration::from_secs),
            ended: false,
            stop: self.options.stop.clone(),
        };
        let revision = if begins_with_state {
            self.check_revision(options.resource_version.unwrap_or_default())?;
            let listing = self.store.list(&resource.collection, namespace);
            for (_, object) in &listing.objects {
                if feed.selector.is_empty() || feed.selector.matches(&object.json) {
                    feed.push("ADDED", object);
                }
            }
            if options.send_initial_events == Some(true) && options.bookmarks {
                feed.bookmark(listing.revision, true);
            }
            listing.revision
        } else if from_now {
            self.store.revision()
        } else {
            options.resource_version.unwrap_or_default()
        };
        match self.store.watch(Some(&resource.collection), revision) {
            Ok(watch) => feed.watch = Some(watch),
            Err(expired) => feed.expired = Some(expired),
        }
        let body =
            stream::unfold(
                feed,
                |mut feed| async move { feed.next().await.map(|line| (Ok::<_, Infallible>(line), feed)) },
            );
        let mut response = Response::new(Body::from_stream(body));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
        Ok(response)
    }
}

fn expired_list(expired: Expired, start: &str) -> ApiError {
    if start.is_empty() {
        return ApiError::expired(format!("The resourceVersion for the provided list is too old. ({expired})"));
    }
    let mut error = ApiError::expired(EXPIRED_TOKEN);
    error.continue_token = token(0, start);
    error
}

fn split(start: &str) -> (&str, &str) {
    start.split_once('/').unwrap_or(("", start))
}

/// The state of one client's watch.
struct Feed {
    watch: Option<Watch>,
    expired: Option<Expired>,
    namespace: Option<String>,
    selector: Selector,
    representation: Representation,
    queue: VecDeque<Bytes>,
    bookmarks: bool,
    next_bookmark: Instant,
    ends: Instant,
    ended: bool,
    stop: tokio_util::sync::CancellationToken,
}

impl Feed {
    /// The next lines to send, as many as there are; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if !self.queue.is_empty() {
                return Some(self.flush());
            }
            if self.ended {
                return None;
            }
            if let Some(expired) = self.expired.take() {
                self.fail(expired);
                continue;
            }
            let watch = self.watch.as_mut()?;
            let bookmark = if self.bookmarks { self.next_bookmark.min(self.ends) } else { self.ends };
            tokio::select! {
                biased;
                () = self.stop.cancelled() => self.ended = true,
                events = watch.next() => match events {
                    Ok(events) => events.iter().for_each(|event| self.event(event)),
                    Err(expired) => self.fail(expired),
                },
                () = tokio::time::sleep_until(bookmark) => {
                    let cursor = watch.cursor();
                    if self.bookmarks {
                        self.bookmark(cursor, false);
                        self.next_bookmark = Instant::now() + BOOKMARK_EVERY;
                    }
                    self.ended = Instant::now() >= self.ends;
                }
            }
        }
    }

    fn flush(&mut self) -> Bytes {
        if self.queue.len() == 1 {
            return self.queue.pop_front().unwrap_or_default();
        }
        // Enough for one write, not so much that a slow reader holds a copy of everything.
        let mut lines = Vec::new();
        while let Some(line) = self.queue.pop_front() {
            lines.extend_from_slice(&line);
            if lines.len() > 1 << 16 {
                break;
            }
        }
        Bytes::from(lines)
    }

    fn event(&mut self, event: &Event) {
        if self.namespace.as_deref().is_some_and(|namespace| namespace != &*event.key.namespace) {
            return;
        }
        let matches = |object: &Object| self.selector.is_empty() || self.selector.matches(&object.json);
        let before = event.previous.as_ref().is_some_and(matches);
        let after = !event.deleted && matches(&event.object);
        match (before, after) {
            (false, false) => {}
            (false, true) => self.push("ADDED", &event.object),
            (true, true) => self.push("MODIFIED", &event.object),
            (true, false) if event.deleted => self.push("DELETED", &event.object),
            (true, false) => {
                // The object left the selection: its last state inside it, at the revision of the change.
                let mut last = event.previous.as_ref().map(Object::value).unwrap_or_default();
                last["metadata"]["resourceVersion"] = event.revision.to_string().into();
                let json = Bytes::from(last.to_string());
                self.push("DELETED", &Object { revision: event.revision, json });
            }
        }
    }

    fn push(&mut self, kind: &str, object: &Object) {
        let text = self.representation.event(object);
        self.line(kind, &text);
    }

    fn line(&mut self, kind: &str, text: &[u8]) {
        let mut line = Vec::with_capacity(text.len() + 40);
        line.extend_from_slice(format!("{{\"type\":\"{kind}\",\"object\":").as_bytes());
        line.extend_from_slice(text);
        line.extend_from_slice(b"}\n");
        self.queue.push_back(Bytes::from(line));
    }

    fn bookmark(&mut self, revision: u64, initial_events_end: bool) {
        let object = self.representation.bookmark(revision, initial_events_end).to_string();
        self.line("BOOKMARK", object.as_bytes());
    }

    fn fail(&mut self, expired: store::Expired) {
        let error = ApiError::expired(expired.to_string());
        self.line("ERROR", error.status().to_string().as_bytes());
        self.ended = true;
    }
}
