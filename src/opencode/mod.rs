//! Client of the OpenCode server (1.18.x) over any byte stream. This room knows no Kubernetes.

mod connector;

pub use connector::{ByteStream, Connector, TcpConnector};
