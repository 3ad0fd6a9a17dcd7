//! The service: answers on loopback, plans on time, shuts down cleanly.

pub mod pages;
pub mod problem;
pub mod routes;

use crate::clock::Clock;
use crate::error::Problem;
use crate::jobs::plan_day;
use crate::portfolio::Portfolio;
use crate::store::Store;
use crate::windows::Desk;
use std::future::IntoFuture;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long answers under way may take once asked to stop.
const LONGEST_STOP: Duration = Duration::from_secs(5);

/// What every route works with.
#[derive(Debug, Clone)]
pub struct App {
    pub store: Store,
    pub portfolio: Arc<Portfolio>,
    /// Where windows, reservations and capacity are asked for.
    pub desk: Arc<Desk>,
    pub clock: Clock,
}

impl App {
    pub fn new(store: Store, portfolio: Arc<Portfolio>, clock: Clock) -> Self {
        let desk = Arc::new(Desk::new(store.clone(), portfolio.clone()));
        Self { store, portfolio, desk, clock }
    }
}

/// Parses the address and refuses any that others could reach: there is no authentication yet.
pub fn loopback(listen: &str) -> Result<SocketAddr, Problem> {
    let address: SocketAddr = listen.parse().map_err(|_| {
        Problem::new(format!("`{listen}` is not an address and port")).hint("write 127.0.0.1:8080 or [::1]:8080")
    })?;
    if address.ip().is_loopback() {
        return Ok(address);
    }
    Err(Problem::new(format!("{address} can be reached from elsewhere, and nothing here asks who calls yet"))
        .hint("listen on 127.0.0.1 and put a proxy that authenticates in front"))
}

/// Serves until asked to stop; the listener is bound before this returns control to the caller's `ready`.
pub async fn run(app: App, address: SocketAddr, ready: impl FnOnce(SocketAddr)) -> anyhow::Result<()> {
    let listener = TcpListener::bind(address).await.map_err(|e| {
        Problem::new(format!("cannot listen on {address}: {e}"))
            .hint("is another service there? --listen 127.0.0.1:PORT")
    })?;
    ready(listener.local_addr()?);
    let planner = tokio::spawn(plan_day::on_schedule(app.store.clone(), app.portfolio.clone(), app.clock));
    let store = app.store.clone();
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let asked = async move {
        asked_to_stop().await;
        // Nobody listens only when the server is gone already.
        let _ = stopping.send(());
    };
    let deadline = async {
        if stopped.await.is_ok() {
            tokio::time::sleep(LONGEST_STOP).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    let served = tokio::select! {
        served = axum::serve(listener, routes::router(app)).with_graceful_shutdown(asked).into_future() => served,
        () = deadline => {
            tracing::warn!("connections that would not end were cut after {LONGEST_STOP:?}");
            Ok(())
        }
    };
    planner.abort();
    store.close().await;
    tracing::info!("stopped");
    Ok(served?)
}

/// Ctrl-C or SIGTERM.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
    tracing::info!("stopping: finishing what is under way");
}
