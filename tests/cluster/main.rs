//! Connecting as kubectl does: flags, kubeconfigs, TLS, credential plugins, and servers that do not answer.

#[cfg(test)]
mod api_server;
#[cfg(test)]
mod kubelet;
#[cfg(test)]
mod told;

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::time::Duration;

    use k8s_openapi::api::core::v1::{ConfigMap, Pod};
    use kube::Api;
    use kube::api::{ListParams, PostParams};
    use kubectl_opencode::cluster::{self, ConnectOptions, Request, api_error, connect, deadline, until};
    use kubectl_opencode::error::{Code, Error};
    use kubectl_opencode::sandbox::apiserver::{ApiServer, Options};
    use kubectl_opencode::sandbox::store::Store;
    use serde_json::{Value, json};

    use super::told::{is_as_in, told};

    use super::api_server::{Authority, Echo, NoNode, kubeconfig};

    static WANTED: Request<'_> =
        Request { verb: "watch", resource: "configmaps", namespace: Some("default"), name: Some("wanted") };

    fn options(file: &Path) -> ConnectOptions {
        ConnectOptions { kubeconfig: Some(file.to_owned()), ..ConnectOptions::default() }
    }

    async fn list_pods(options: &ConnectOptions) -> Result<(), Error> {
        let cluster = connect(options).await?;
        let pods: Api<Pod> = Api::namespaced(cluster.client.clone(), &cluster.namespace);
        let request = Request::new("list", "pods").namespace(&cluster.namespace);
        pods.list(&ListParams::default()).await.map(drop).map_err(|error| api_error(error, &request))
    }

    #[tokio::test]
    async fn flags_win_over_the_kubeconfig_and_every_impersonation_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        let echo = Echo::start(None).await;
        let file = kubeconfig(folder.path(), "http://127.0.0.1:1", json!({}), &json!({"token": "t0ken"}));
        let cluster = connect(&ConnectOptions {
            server: Some(echo.url()),
            namespace: Some("flag".into()),
            as_user: Some("jane".into()),
            as_groups: vec!["a".into(), "b".into()],
            as_uid: Some("uid-1".into()),
            ..options(&file)
        })
        .await
        .unwrap();
        assert_eq!(cluster.namespace, "flag");
        let request = http::Request::get("/headers").body(Vec::new()).unwrap();
        let headers: Value = cluster.client.request(request).await.unwrap();
        assert_eq!(headers["impersonate-user"], json!(["jane"]));
        assert_eq!(headers["impersonate-group"], json!(["a", "b"]));
        assert_eq!(headers["impersonate-uid"], json!(["uid-1"]));
        assert_eq!(headers["authorization"], json!(["Bearer t0ken"]));
        assert!(headers["user-agent"][0].as_str().unwrap().starts_with("kubectl-opencode/"));

        assert_eq!(connect(&options(&file)).await.unwrap().namespace, "from-context");
        let groups_alone = ConnectOptions { as_groups: vec!["a".into()], ..options(&file) };
        assert_eq!(connect(&groups_alone).await.unwrap_err().code, Code::Usage);
    }

    #[tokio::test]
    async fn a_wrong_kubeconfig_is_told_without_its_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let file = kubeconfig(folder.path(), "http://127.0.0.1:1", json!({}), &json!({}));
        let error = connect(&ConnectOptions { context: Some("nope".into()), ..options(&file) }).await.unwrap_err();
        assert_eq!(error.message, "the kubeconfig has no context \"nope\"");
        assert!(error.hint.unwrap().contains("test"));
        let broken = folder.path().join("broken");
        std::fs::write(&broken, "users: [{name: a, user: {token: hunter2").unwrap();
        let error = connect(&options(&broken)).await.unwrap_err();
        assert_eq!(error.code, Code::InvalidConfiguration);
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        let error = connect(&options(&folder.path().join("missing"))).await.unwrap_err();
        assert!(error.message.starts_with("cannot read the kubeconfig"), "{error:?}");
    }

    #[tokio::test]
    async fn credentials_that_cannot_be_used_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut shown = Vec::new();
        for (what, user) in [
            ("a token that is none", json!({"token": "a\nb"})),
            ("a plugin without a command", json!({"exec": {"apiVersion": "client.authentication.k8s.io/v1"}})),
            (
                "a certificate that is none",
                json!({"client-certificate-data": "bm9uZQ==", "client-key-data": "bm9uZQ=="}),
            ),
        ] {
            let file = kubeconfig(folder.path(), "https://127.0.0.1:1", json!({}), &user);
            shown.push(told(what, &connect(&options(&file)).await.err().unwrap()));
        }
        is_as_in("credentials", &shown);
    }

    #[test]
    fn missing_files_of_the_list_are_passed_over_and_earlier_ones_win() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("1"), folder.path().join("2"));
        std::fs::create_dir_all(&first).unwrap();
        std::fs::create_dir_all(&second).unwrap();
        let first = kubeconfig(&first, "http://127.0.0.1:1", json!({}), &json!({}));
        let second = kubeconfig(&second, "http://no-such-host.invalid", json!({}), &json!({}));
        let list = std::env::join_paths([&folder.path().join("missing"), &first, &second]).unwrap();
        let output = assert_cmd::Command::cargo_bin("kubectl-opencode")
            .unwrap()
            .args(["get", "agents"])
            .env("KUBECONFIG", list)
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(5), "{stderr}");
        assert!(stderr.contains("connection refused"), "{stderr}");
    }

    #[tokio::test]
    async fn a_server_is_unreachable_in_different_ways() {
        let folder = tempfile::tempdir().unwrap();
        let file = kubeconfig(folder.path(), "http://127.0.0.1:1", json!({}), &json!({}));
        let refused = list_pods(&options(&file)).await.unwrap_err();
        assert_eq!(refused.code, Code::ClusterUnreachable);
        assert!(refused.causes[0].starts_with("connection refused"), "{refused:?}");
        let unknown = ConnectOptions { server: Some("http://no-such-host.invalid".into()), ..options(&file) };
        let unknown = list_pods(&unknown).await.unwrap_err();
        assert!(unknown.causes[0].contains("DNS"), "{unknown:?}");
        let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let silent = ConnectOptions {
            server: Some(format!("http://{}", mute.local_addr().unwrap())),
            request_timeout: Some(Duration::from_millis(200)),
            ..options(&file)
        };
        let silent = list_pods(&silent).await.unwrap_err();
        assert_eq!((silent.code, silent.causes[0].as_str()), (Code::ClusterUnreachable, "no answer within 0.2 s"));
    }

    #[tokio::test]
    async fn certificates_are_checked_and_each_fault_is_told() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new();
        let other = Authority::new();
        let echo = Echo::start(Some(&authority)).await;
        let with = |ca: &Authority| {
            use base64::Engine as _;
            let ca = base64::engine::general_purpose::STANDARD.encode(ca.pem());
            kubeconfig(folder.path(), &echo.url(), json!({"certificate-authority-data": ca}), &json!({}))
        };
        let wrong = list_pods(&options(&with(&other))).await.unwrap_err();
        assert_eq!(wrong.code, Code::InvalidConfiguration, "{wrong:?}");
        assert_eq!(wrong.causes, ["it is not signed by the kubeconfig's certificate authority"]);
        let other_name = ConnectOptions { tls_server_name: Some("elsewhere".into()), ..options(&with(&authority)) };
        let wrong = list_pods(&other_name).await.unwrap_err();
        assert_eq!(wrong.causes, ["it is for another host name"]);

        let headers = async |options: ConnectOptions| {
            let cluster = connect(&options).await.unwrap();
            cluster.client.request::<Value>(http::Request::get("/headers").body(Vec::new()).unwrap()).await.unwrap()
        };
        headers(options(&with(&authority))).await;
        headers(ConnectOptions { insecure_skip_tls_verify: true, ..options(&with(&other)) }).await;
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, authority.pem()).unwrap();
        headers(ConnectOptions { certificate_authority: Some(file), ..options(&with(&other)) }).await;
    }

    #[tokio::test]
    async fn a_credential_plugin_gets_no_stdin_in_use_and_its_failure_tells_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let echo = Echo::start(None).await;
        let plugin = |script: &str| {
            let exec = json!({"apiVersion": "client.authentication.k8s.io/v1", "command": "sh", "args": ["-c", script],
                "env": [{"name": "PLUGIN_SECRET", "value": "hunter2"}]});
            kubeconfig(folder.path(), &echo.url(), json!({}), &json!({ "exec": exec }))
        };
        let in_use = |file: &Path| ConnectOptions { stdin_in_use: true, ..options(file) };
        let credential =
            r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"made"}}"#;
        let reads = plugin(&format!("[ -z \"$(cat)\" ] && printf '%s' '{credential}'"));
        let cluster = connect(&in_use(&reads)).await.unwrap();
        let request = http::Request::get("/headers").body(Vec::new()).unwrap();
        let headers: Value = cluster.client.request(request).await.unwrap();
        assert_eq!(headers["authorization"], json!(["Bearer made"]));

        let fails = plugin("echo secret-output; echo please log in >&2; exit 3");
        let error = connect(&in_use(&fails)).await.unwrap_err();
        assert_eq!((error.code, error.causes.as_slice()), (Code::Unauthenticated, &["please log in".to_owned()][..]));
        let shown = format!("{error:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("secret-output"), "{shown}");
    }

    #[tokio::test]
    async fn waiting_sees_what_is_created_changed_and_deleted_and_gives_up_in_time() {
        let server = ApiServer::new(Arc::new(Store::in_memory()), Arc::new(NoNode), Options::default()).unwrap();
        let client = server.client();
        let api: Api<ConfigMap> = Api::namespaced(client.clone(), "default");
        let value = |object: Option<&ConfigMap>| object?.data.as_ref()?.get("phase").cloned();

        let soon = deadline(Some(Duration::from_millis(300)));
        let error = until(api.clone(), &WANTED, soon, |_| (), |object| Ok(value(object))).await.unwrap_err();
        assert_eq!(error.code, Code::Timeout);

        let later = deadline(Some(Duration::from_secs(30)));
        let (absent_seen, absent) = tokio::sync::oneshot::channel();
        let mut absent_seen = Some(absent_seen);
        let waiting = tokio::spawn(until(
            api.clone(),
            &WANTED,
            later,
            |_| (),
            move |object| {
                if object.is_none() {
                    absent_seen.take().map(|seen| seen.send(()));
                }
                Ok(value(object).filter(|phase| phase == "Done"))
            },
        ));
        absent.await.unwrap();
        let object = |phase: &str| {
            serde_json::from_value(json!({"metadata": {"name": "wanted"}, "data": {"phase": phase}})).unwrap()
        };
        api.create(&PostParams::default(), &object("Running")).await.unwrap();
        cluster::merge_patch(&api, "wanted", &json!({"data": {"phase": "Done"}})).await.unwrap();
        assert_eq!(waiting.await.unwrap().unwrap(), "Done");

        let mut seen = false;
        let gone = until(
            api.clone(),
            &WANTED,
            later,
            |_| (),
            |object| {
                let is_gone = seen && object.is_none();
                if object.is_some() && !seen {
                    seen = true;
                    let api = api.clone();
                    tokio::spawn(async move { api.delete("wanted", &kube::api::DeleteParams::default()).await });
                }
                Ok(is_gone.then_some(()))
            },
        );
        gone.await.unwrap();
    }
}
