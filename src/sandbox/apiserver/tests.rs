//! The protocol around objects: who may come in, what is refused and in which words.

use axum::body::Body;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::*;
use crate::sandbox::apiserver::streams::fake::Fake;

/// A server in memory; `tokens` is a list of token and user, none for open doors.
fn server(tokens: &[(&str, Identity)]) -> ApiServer {
    let mut known = Tokens::default();
    for (token, identity) in tokens {
        known.insert(token, identity.clone());
    }
    let tokens = (!tokens.is_empty()).then_some(known);
    ApiServer::new(Arc::new(Store::in_memory()), Arc::new(Fake::default()), Options { tokens, ..Options::default() })
        .unwrap()
}

struct Answer {
    code: u16,
    media_type: String,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Code, reason and message of a Status.
    fn status(&self) -> (u16, String, String) {
        let status = self.json();
        assert_eq!((&status["kind"], &status["code"]), (&json!("Status"), &json!(self.code)));
        let text = |name: &str| status[name].as_str().unwrap_or_default().to_owned();
        (self.code, text("reason"), text("message"))
    }
}

async fn ask(server: &ApiServer, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = server.router().oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let code = response.status().as_u16();
    let media_type = response.headers().get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap().to_owned());
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    Answer { code, media_type: media_type.unwrap_or_default(), text: String::from_utf8(bytes.to_vec()).unwrap() }
}

async fn get(server: &ApiServer, path: &str) -> Answer {
    ask(server, "GET", path, &[], "").await
}

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

async fn create(server: &ApiServer, path: &str, object: &Value) -> Answer {
    ask(server, "POST", path, &[("content-type", "application/json")], object.to_string()).await
}

fn map(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}})
}

#[tokio::test]
async fn only_who_is_known_comes_in() {
    let server = server(&[("secret", Identity::master("admin"))]);
    let answer = get(&server, MAPS).await;
    assert_eq!(answer.status(), (401, "Unauthorized".into(), "Unauthorized".into()));
    let answer = ask(&server, "GET", MAPS, &[("authorization", "Bearer wrong")], "").await;
    assert_eq!(answer.code, 401);
    let answer = ask(&server, "GET", MAPS, &[("authorization", "Bearer secret")], "").await;
    assert_eq!(answer.json()["kind"], "ConfigMapList");
    assert_eq!(get(&server, "/readyz").await.text, "ok");
    // The in-process client is vouched for by its transport.
    assert!(server.client().apiserver_version().await.is_ok());
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_as_the_real_server_does() {
    let server = server(&[]);
    for path in ["/nothing", "/apis/nowhere.example.org/v1/things", "/apis/apps/v9/deployments"] {
        let answer = get(&server, path).await;
        assert_eq!((answer.code, answer.text.as_str()), (404, "404 page not found\n"), "{path}");
    }
    let missing = "the server could not find the requested resource".to_owned();
    assert_eq!(get(&server, "/api/v1/nothings").await.status(), (404, "NotFound".into(), missing));
    let refused = "the server does not allow this method on the requested resource".to_owned();
    let answer = ask(&server, "POST", &format!("{MAPS}/a"), &[], "{}").await;
    assert_eq!(answer.status(), (405, "MethodNotAllowed".into(), refused));
    let answer = ask(&server, "GET", MAPS, &[("accept", "text/html")], "").await;
    assert_eq!(answer.status().0, 406);
    let answer = ask(&server, "POST", MAPS, &[("content-type", "text/plain")], "x").await;
    assert_eq!((answer.status().0, answer.status().1), (415, "UnsupportedMediaType".into()));
    let answer = ask(&server, "POST", MAPS, &[], "{").await;
    assert_eq!(answer.status().0, 400);
}

#[tokio::test]
async fn what_is_too_large_is_refused_by_whom_it_would_be() {
    let server = server(&[]);
    let mut large = map("a");
    large["data"] = json!({"x": "x".repeat(body::LIMIT)});
    let expected = (413, "RequestEntityTooLarge".to_owned(), "Request entity too large: limit is 3145728".to_owned());
    assert_eq!(create(&server, MAPS, &large).await.status(), expected);
    large["data"] = json!({"x": "x".repeat(body::LIMIT / 2)});
    let answer = create(&server, MAPS, &large).await;
    assert_eq!(answer.status(), (500, String::new(), "etcdserver: request is too large".into()));
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 404);
}

#[tokio::test]
async fn names_and_places_must_fit() {
    let server = server(&[]);
    let answer = create(&server, "/api/v1/namespaces/gone/configmaps", &map("a")).await;
    assert_eq!(answer.status(), (404, "NotFound".into(), "namespaces \"gone\" not found".into()));
    let mut elsewhere = map("a");
    elsewhere["metadata"]["namespace"] = "kube-system".into();
    assert_eq!(create(&server, MAPS, &elsewhere).await.status().0, 400);
    let (code, reason, message) = create(&server, MAPS, &map("Not_A_Name")).await.status();
    assert_eq!((code, reason.as_str()), (422, "Invalid"));
    assert!(message.starts_with("ConfigMap \"Not_A_Name\" is invalid: metadata.name: Invalid value: \"Not_A_Name\": a lowercase RFC 1123 subdomain"));
    let mut named = map("");
    named["metadata"] = json!({"generateName": "a-"});
    let (one, other) = (create(&server, MAPS, &named).await.json(), create(&server, MAPS, &named).await.json());
    assert_ne!(one["metadata"]["name"], other["metadata"]["name"]);
    assert!(one["metadata"]["name"].as_str().unwrap().starts_with("a-"));
    let wrong = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": "a"});
    assert_eq!(create(&server, MAPS, &wrong).await.status().0, 400);
    create(&server, MAPS, &map("b")).await;
    let merge = [("content-type", "application/merge-patch+json")];
    for patch in ["{\"metadata\":\"x\"}", "{\"metadata\":null}", "[]", "7"] {
        assert_eq!(ask(&server, "PATCH", &format!("{MAPS}/b"), &merge, patch).await.status().0, 400, "{patch}");
    }
}

#[tokio::test]
async fn a_dry_run_answers_and_does_nothing() {
    let server = server(&[]);
    let answer = create(&server, &format!("{MAPS}?dryRun=All"), &map("a")).await;
    assert_eq!(answer.code, 201);
    assert!(answer.json()["metadata"]["uid"].is_string());
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 404);
    assert_eq!(create(&server, &format!("{MAPS}?dryRun=Some"), &map("a")).await.status().0, 422);
}

#[tokio::test]
async fn discovery_is_served_in_both_forms() {
    let server = server(&[]);
    let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    let answer = ask(&server, "GET", "/apis", &[("accept", accept)], "").await;
    assert_eq!(answer.media_type, discovery::AGGREGATED);
    let aggregated = answer.json();
    let groups: Vec<&str> =
        aggregated["items"].as_array().unwrap().iter().filter_map(|item| item["metadata"]["name"].as_str()).collect();
    let legacy = get(&server, "/apis").await.json();
    let names: Vec<&str> =
        legacy["groups"].as_array().unwrap().iter().filter_map(|group| group["name"].as_str()).collect();
    assert_eq!(groups, names);
    let apps = get(&server, "/apis/apps/v1").await.json();
    assert!(apps["resources"].as_array().unwrap().iter().any(|resource| resource["name"] == "deployments/scale"));
    assert_eq!(get(&server, "/api").await.json()["versions"], json!(["v1"]));
    assert!(get(&server, "/version").await.json()["gitVersion"].as_str().unwrap().starts_with("v1.33."));
}

#[tokio::test]
async fn revisions_of_the_past_and_of_the_future_are_told_apart() {
    let server = server(&[]);
    let answer = get(&server, &format!("{MAPS}?resourceVersion=99999999")).await;
    let (code, reason, message) = answer.status();
    assert_eq!((code, reason.as_str()), (504, "Timeout"));
    assert!(message.starts_with("Too large resource version: 99999999, current: "), "{message}");
    let answer = get(&server, &format!("{MAPS}?continue=nonsense")).await;
    assert_eq!(answer.status().0, 400);
    let lines = get(&server, &format!("{MAPS}?watch=true&timeoutSeconds=1&allowWatchBookmarks=true")).await;
    let last: Value = serde_json::from_str(lines.text.lines().last().unwrap()).unwrap();
    assert_eq!((&last["type"], &last["object"]["kind"]), (&json!("BOOKMARK"), &json!("ConfigMap")));
}

#[tokio::test]
async fn services_get_addresses_that_stay() {
    let server = server(&[]);
    let path = "/api/v1/namespaces/default/services";
    let service = |name: &str, address: Value| {
        json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
            "spec": {"clusterIP": address, "ports": [{"port": 80}]},
        })
    };
    let one = create(&server, path, &service("one", Value::Null)).await.json();
    let two = create(&server, path, &service("two", Value::Null)).await.json();
    assert_ne!(one["spec"]["clusterIP"], two["spec"]["clusterIP"]);
    assert_eq!(one["spec"]["ports"][0], json!({"port": 80, "protocol": "TCP", "targetPort": 80}));
    assert_eq!(one["spec"]["clusterIPs"], json!([one["spec"]["clusterIP"]]));
    let taken = create(&server, path, &service("three", one["spec"]["clusterIP"].clone())).await.status();
    assert_eq!(taken.0, 422);
    assert!(taken.2.ends_with("provided IP is already allocated"), "{}", taken.2);
    let headless = create(&server, path, &service("four", "None".into())).await.json();
    assert_eq!(headless["spec"]["clusterIP"], "None");
    let json = [("content-type", "application/json")];
    let kept = ask(&server, "PUT", &format!("{path}/one"), &json, service("one", Value::Null).to_string()).await.json();
    assert_eq!(kept["spec"]["clusterIP"], one["spec"]["clusterIP"]);
    let moved =
        ask(&server, "PUT", &format!("{path}/one"), &json, service("one", "127.96.9.9".into()).to_string()).await;
    assert!(moved.status().2.ends_with("may not change once set"), "{}", moved.text);
}

#[tokio::test]
async fn events_are_one_thing_in_two_groups() {
    let server = server(&[]);
    let event = json!({
        "apiVersion": "v1", "kind": "Event", "metadata": {"name": "e", "namespace": "default"}, "message": "text",
        "involvedObject": {"kind": "Pod", "name": "p", "namespace": "default"}, "reason": "Started", "type": "Normal",
    });
    assert_eq!(create(&server, "/api/v1/namespaces/default/events", &event).await.code, 201);
    let path = "/apis/events.k8s.io/v1/namespaces/default/events";
    let other = get(&server, &format!("{path}/e")).await.json();
    assert_eq!((&other["note"], &other["regarding"]["name"]), (&json!("text"), &json!("p")));
    let merge = [("content-type", "application/merge-patch+json")];
    ask(&server, "PATCH", &format!("{path}/e"), &merge, "{\"note\":\"changed\"}").await;
    let selected = "/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dp,involvedObject.kind%3DPod";
    assert_eq!(get(&server, selected).await.json()["items"][0]["message"], "changed");
}

#[tokio::test]
async fn a_pod_on_a_node_is_gone_when_the_node_says_so() {
    let server = server(&[]);
    let path = "/api/v1/namespaces/default/pods";
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
        "spec": {"nodeName": "n", "containers": [{"name": "c", "image": "x", "resources": {"limits": {"cpu": 1}}}]},
    });
    let created = create(&server, path, &pod).await;
    assert_eq!(created.code, StatusCode::CREATED.as_u16());
    assert_eq!(created.json()["spec"]["containers"][0]["resources"]["limits"]["cpu"], "1");
    for wrong in [json!("x"), json!([1]), json!(7)] {
        let wrong = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "q"}, "spec": wrong});
        assert_eq!(create(&server, path, &wrong).await.status().0, 400);
    }
    let path = format!("{path}/p");
    let marked = ask(&server, "DELETE", &path, &[], "").await.json();
    assert_eq!(marked["metadata"]["deletionGracePeriodSeconds"], 30);
    let shorter = ask(&server, "DELETE", &format!("{path}?gracePeriodSeconds=5"), &[], "").await.json();
    assert_eq!(shorter["metadata"]["deletionGracePeriodSeconds"], 5);
    let longer = ask(&server, "DELETE", &format!("{path}?gracePeriodSeconds=60"), &[], "").await.json();
    assert_eq!(longer["metadata"]["deletionGracePeriodSeconds"], 5);
    assert_eq!(get(&server, &path).await.code, 200);
    assert_eq!(ask(&server, "DELETE", &path, &[], "{\"gracePeriodSeconds\":0}").await.json()["kind"], "Pod");
    assert_eq!(get(&server, &path).await.code, 404);
}

#[tokio::test]
async fn pages_tell_what_is_left_and_selected_ones_only_that_there_is_more() {
    let server = server(&[]);
    for number in 0..6 {
        let labels = json!({"set": if number % 2 == 0 { "even" } else { "odd" }});
        let metadata = json!({"name": format!("m{number}"), "labels": labels});
        create(&server, MAPS, &json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})).await;
    }
    let page = async |query: &str, after: &Value| {
        let token = after["metadata"]["continue"].as_str().map(|token| format!("&continue={token}"));
        get(&server, &format!("{MAPS}?{query}{}", token.unwrap_or_default())).await.json()
    };
    let names = |list: &Value| {
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| item["metadata"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = page("limit=4", &Value::Null).await;
    assert_eq!((names(&first).len(), &first["metadata"]["remainingItemCount"]), (4, &json!(2)));
    let second = page("limit=4", &first).await;
    assert_eq!(names(&second), ["m4", "m5"]);
    assert_eq!(second["metadata"], json!({"resourceVersion": first["metadata"]["resourceVersion"]}));

    let even = "labelSelector=set%3Deven";
    let first = page(&format!("{even}&limit=2"), &Value::Null).await;
    assert_eq!((names(&first), first["metadata"].get("remainingItemCount")), (vec!["m0".into(), "m2".into()], None));
    let second = page(&format!("{even}&limit=2"), &first).await;
    assert_eq!((names(&second), second["metadata"].get("continue")), (vec!["m4".to_owned()], None));
    // As from etcd: that more objects follow says nothing about whether they are selected.
    let first = page(&format!("{even}&limit=3"), &Value::Null).await;
    assert_eq!(names(&first).len(), 3);
    let second = page(&format!("{even}&limit=3"), &first).await;
    assert_eq!((names(&second).len(), second["metadata"].get("continue")), (0, None));
}

#[tokio::test]
async fn a_list_of_any_size_shows_each_object_as_it_is_shown_alone() {
    let server = server(&[]);
    for number in 0..40 {
        let metadata = json!({"name": format!("m{number:02}"), "annotations": {"a": "\"b\""}});
        let data = json!({"k": "\n".repeat(3000)});
        create(&server, MAPS, &json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}))
            .await;
    }
    let table = "application/json;as=Table;v=v1;g=meta.k8s.io";
    let metadata = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    let partial_list = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    for (of_list, alone, query, many) in [
        ("application/json", "application/json", "", "/items"),
        (partial_list, metadata, "", "/items"),
        (table, table, "?includeObject=None", "/rows"),
        (table, table, "?includeObject=Metadata", "/rows"),
        (table, table, "?includeObject=Object", "/rows"),
    ] {
        let list = ask(&server, "GET", &format!("{MAPS}{query}"), &[("accept", of_list)], "").await.json();
        let shown = list.pointer(many).unwrap().as_array().unwrap();
        assert_eq!(shown.len(), 40, "{of_list}");
        let one = ask(&server, "GET", &format!("{MAPS}/m17{query}"), &[("accept", alone)], "").await.json();
        let mut one = one.pointer("/rows/0").unwrap_or(&one).clone();
        if of_list == "application/json" {
            // Items of typed lists carry no type.
            one.as_object_mut().unwrap().retain(|name, _| name != "apiVersion" && name != "kind");
        }
        assert_eq!(shown[17], one, "{of_list}{query}");
    }
    let yaml = ask(&server, "GET", MAPS, &[("accept", "application/yaml")], "").await;
    assert_eq!((yaml.media_type.as_str(), yaml.text.matches("resourceVersion").count()), ("application/yaml", 41));
}
