//! Ctrl-C and SIGTERM.

use super::output;
use crate::outputs::temporary;
use tokio::signal::unix::{SignalKind, signal};

/// Waits for the first of them and gives the exit status it asks for; for ever where they cannot be heard.
pub async fn asked_to_end() -> i32 {
    let listen = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    let (Ok(mut interrupt), Ok(mut terminate)) = listen else { return std::future::pending().await };
    tokio::select! {
        _ = interrupt.recv() => output::INTERRUPTED.into(),
        _ = terminate.recv() => output::TERMINATED.into(),
    }
}

/// From here on they end a command at once, but for what is temporary: that is removed. A transaction that is not
/// committed never was.
pub fn end_at_once() {
    tokio::spawn(async {
        let code = asked_to_end().await;
        temporary::leave(code);
    });
}
