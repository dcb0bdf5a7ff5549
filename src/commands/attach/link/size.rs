//! The size of the remote terminal.

use std::time::Duration;

use tokio::sync::watch;

use crate::opencode::Client;
use crate::terminal::Size;

/// How long a program is given to notice one size before it is given another.
const REPAINT_PAUSE: Duration = Duration::from_millis(150);

/// The wanted size, and how often it was wanted that the program draws again.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub size: Size,
    pub redraws: u32,
}

/// Passes sizes on, the latest wins; draws everything again where that is wanted.
pub async fn resize(client: Client, pty: String, mut sizes: watch::Receiver<Wanted>, mut redrawn: u32) {
    loop {
        let Wanted { size, redraws } = *sizes.borrow_and_update();
        let mut set = Ok(());
        if redraws != redrawn {
            // The same size twice draws nothing.
            set = client.resize_pty(&pty, size.rows.saturating_sub(1), size.cols).await;
            tokio::time::sleep(REPAINT_PAUSE).await;
            redrawn = redraws;
        }
        if set.is_ok() {
            set = client.resize_pty(&pty, size.rows, size.cols).await;
        }
        if let Err(error) = set {
            tracing::debug!("cannot set the size of the remote terminal: {error}");
        }
        if sizes.changed().await.is_err() {
            return;
        }
    }
}
