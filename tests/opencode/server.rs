//! A real `opencode serve` with the offline model, in a home and workspace of its own.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use kubectl_opencode::opencode::{Client, Connector, TcpConnector};
use kubectl_opencode::sandbox::model::{self, Model};
use serde_json::json;
use tokio::process::{Child, Command};

/// Ends with the test.
pub struct Server {
    folder: tempfile::TempDir,
    address: SocketAddr,
    password: Option<String>,
    child: Child,
}

impl Server {
    pub async fn start(password: Option<&str>) -> Self {
        let model = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", model.local_addr().unwrap());
        tokio::spawn(axum::serve(model, Model::new("token").router()).into_future());

        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("home")).unwrap();
        std::fs::create_dir_all(folder.path().join("workspace")).unwrap();
        let mut config = model::agent_config(&base_url, "token");
        config["permission"] = json!({"bash": "ask", "edit": "ask"});
        std::fs::write(folder.path().join("workspace/opencode.json"), config.to_string()).unwrap();
        // An address of this process's own, so that nobody else takes the port before the server does.
        let [_, high, middle, low] = std::process::id().to_be_bytes();
        let own = Ipv4Addr::new(127, 128 | high, middle, low);
        let address = std::net::TcpListener::bind((own, 0)).unwrap().local_addr().unwrap();
        let password = password.map(str::to_owned);
        let child = serve(folder.path(), address, password.as_deref());
        let server = Self { folder, address, password, child };
        server.ready().await;
        server
    }

    /// Kills the server and starts it again on the same port and data.
    pub async fn restart(&mut self) {
        self.child.kill().await.unwrap();
        self.child = serve(self.folder.path(), self.address, self.password.as_deref());
        self.ready().await;
    }

    async fn ready(&self) {
        let client = match &self.password {
            Some(password) => {
                self.client().with_password("opencode", &kubectl_opencode::opencode::Secret::new(password))
            }
            None => self.client(),
        };
        client.ready(Duration::from_secs(60)).await.expect("opencode is on PATH and starts within a minute");
    }

    pub fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(TcpConnector::new(self.address().to_string()))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A client without a password.
    pub fn client(&self) -> Client {
        Client::new(self.connector())
    }

    pub fn workspace(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }
}

fn serve(folder: &Path, address: SocketAddr, password: Option<&str>) -> Child {
    let mut command = Command::new("opencode");
    command
        .args(["serve", "--hostname", &address.ip().to_string(), "--port", &address.port().to_string()])
        .current_dir(folder.join("workspace"))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", folder.join("home"))
        .env("OPENCODE_DISABLE_MODELS_FETCH", "1")
        .env("OPENCODE_DISABLE_AUTOUPDATE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    if let Some(password) = password {
        command.env("OPENCODE_SERVER_PASSWORD", password);
    }
    command.spawn().expect("opencode on PATH")
}
