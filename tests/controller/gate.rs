//! Between a controller and everything that it talks to: where it is killed in the middle of a call, refused, or cut off.

use std::future::Future;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use http::{Method, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use kube::Client;
use kube::client::Body;
use serde_json::json;
use tokio_util::sync::CancellationToken;

type AnyBody = UnsyncBoxBody<Bytes, tower::BoxError>;

/// A gate, open at first.
#[derive(Clone, Default)]
pub struct Gate(Arc<Mutex<Plan>>);

#[derive(Default)]
struct Plan {
    /// Calls until the controller dies, and whether it does so after the call was carried out.
    death: Option<(usize, bool)>,
    dead: CancellationToken,
    spared: CancellationToken,
    /// Calls whose method and path hold this text are refused, so many times, with this status.
    refusals: Vec<(String, usize, u16)>,
    refused: usize,
    cut: CancellationToken,
}

enum Step {
    Go,
    DieBefore,
    DieAfter,
}

impl Gate {
    /// The controller dies at its `step`-th call from now, before or `after` that is carried out.
    pub fn arm(&self, step: usize, after: bool) -> CancellationToken {
        let mut plan = self.0.lock().unwrap();
        plan.death = Some((step, after));
        (plan.dead, plan.spared) = (CancellationToken::new(), CancellationToken::new());
        plan.dead.clone()
    }

    /// Nothing happens any more; a controller that was to die is dead.
    pub fn disarm(&self) {
        let mut plan = self.0.lock().unwrap();
        (plan.death, plan.dead) = (None, CancellationToken::new());
    }

    /// Nothing happens any more; a controller that came to its step just now lives on.
    pub fn spare(&self) {
        self.disarm();
        self.0.lock().unwrap().spared.cancel();
    }

    /// The next calls whose `METHOD path?query` holds `part` are refused.
    pub fn refuse(&self, part: &str, times: usize, status: u16) {
        self.0.lock().unwrap().refusals.push((part.to_owned(), times, status));
    }

    /// Calls that were refused.
    pub fn refused(&self) -> usize {
        self.0.lock().unwrap().refused
    }

    /// Ends every open watch.
    pub fn cut_watches(&self) {
        let cut = std::mem::take(&mut self.0.lock().unwrap().cut);
        cut.cancel();
    }

    /// One call.
    pub async fn pass<T>(&self, call: impl Future<Output = T>) -> T {
        let (step, dead, spared) = {
            let mut plan = self.0.lock().unwrap();
            let is_dead = plan.dead.is_cancelled();
            let step = match &mut plan.death {
                _ if is_dead => Step::DieBefore,
                None => Step::Go,
                Some((0, after)) => {
                    if *after {
                        Step::DieAfter
                    } else {
                        Step::DieBefore
                    }
                }
                Some((left, _)) => {
                    *left -= 1;
                    Step::Go
                }
            };
            (step, plan.dead.clone(), plan.spared.clone())
        };
        match step {
            Step::Go => call.await,
            Step::DieBefore => {
                dead.cancel();
                spared.cancelled().await;
                call.await
            }
            Step::DieAfter => {
                let outcome = call.await;
                dead.cancel();
                spared.cancelled().await;
                outcome
            }
        }
    }

    fn refusal(&self, call: &str) -> Option<u16> {
        let mut plan = self.0.lock().unwrap();
        let found = plan.refusals.iter_mut().find(|(part, times, _)| *times > 0 && call.contains(part.as_str()))?;
        found.1 -= 1;
        let status = found.2;
        plan.refused += 1;
        Some(status)
    }

    /// `client` behind this gate. Reads change nothing, so nobody dies of them.
    pub fn client(&self, client: Client) -> Client {
        let gate = self.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let (gate, client) = (gate.clone(), client.clone());
            async move {
                if let Some(status) = gate.refusal(&format!("{} {}", request.method(), request.uri())) {
                    return Ok(refusal(status));
                }
                let is_watch = request.uri().query().is_some_and(|query| query.contains("watch=true"));
                let is_read = request.method() == Method::GET;
                let call = client.send(request);
                let response = if is_read { call.await } else { gate.pass(call).await };
                Ok::<_, tower::BoxError>(gate.until_cut(response?, is_watch))
            }
        });
        Client::new(service, "default")
    }

    fn until_cut(&self, response: Response<Body>, is_watch: bool) -> Response<AnyBody> {
        let cut = self.0.lock().unwrap().cut.clone();
        response.map(|body| {
            if !is_watch {
                return body.map_err(tower::BoxError::from).boxed_unsync();
            }
            let frames = body.into_data_stream().map_ok(hyper::body::Frame::data).map_err(tower::BoxError::from);
            StreamBody::new(frames.take_until(cut.cancelled_owned())).boxed_unsync()
        })
    }
}

fn refusal(status: u16) -> Response<AnyBody> {
    let (reason, message) = match status {
        403 => ("Forbidden", "admission webhook \"policy.example.com\" denied the request: not in this namespace"),
        410 => ("Expired", "too old resource version"),
        _ => ("TooManyRequests", "refused by the gate"),
    };
    let body = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": status,
        "reason": reason, "message": message});
    Response::builder()
        .status(StatusCode::from_u16(status).unwrap())
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body.to_string())).map_err(|never| match never {}).boxed_unsync())
        .unwrap()
}
