//! Controllers that belong to every cluster.

use std::sync::Arc;

use super::State;

/// Runs until the server stops.
pub(super) async fn run(state: Arc<State>) {
    state.options.stop.cancelled().await;
}
