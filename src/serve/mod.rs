//! The service: answers on loopback, plans on time, shuts down cleanly.

mod app;
mod front;
mod gate;
pub mod health;
pub mod limits;
pub mod problem;
pub mod routes;
mod seats;
mod sources;
mod turns;
mod wire;

pub use app::App;

use crate::error::{Fault, Kind};
use crate::feeds::follow::Follower;
use crate::jobs::planner::Planner;
use crate::jobs::supervise;
use crate::plan::time_limit;
use crate::store::Store;
use front::Front;
use gate::Gate;
use limits::Limits;
use reports::words::io_reason;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// How long answers under way may take once asked to stop, and then letting go of slots and closing the store. Together
/// with what a stopped plan is given (`LONGEST_LEAVE` of `cli`) well within the 10 s that supervisors give.
const LONGEST_STOP: Duration = Duration::from_secs(5);
const LONGEST_CLOSE: Duration = Duration::from_millis(1_500);
/// Between a panic of the planning task and its restart.
const RESTART_PAUSE: Duration = Duration::from_secs(1);

/// Parses the address and refuses any that others could reach: there is no authentication yet.
pub fn loopback(listen: &str) -> Result<SocketAddr, Fault> {
    let address: SocketAddr = listen.parse().map_err(|_| {
        Fault::new(format!("`{listen}` is not an address and port")).hint("write 127.0.0.1:8080 or [::1]:8080")
    })?;
    let what =
        format!("{address} can be reached from other machines, and the service does not authenticate callers yet");
    let hint = "listen on 127.0.0.1 and put an authenticating proxy in front";
    Fault::refuse_if(!address.ip().is_loopback(), &what, hint)?;
    Ok(address)
}

/// Serves until asked to stop; the listener is bound before this returns control to the caller's `ready`.
pub async fn run(app: App, address: SocketAddr, ready: impl FnOnce(SocketAddr)) -> anyhow::Result<()> {
    let listener = TcpListener::bind(address).await.map_err(|e| {
        Fault::new(format!("cannot listen on {address}: {}", io_reason(&e)))
            .kind(Kind::Unavailable)
            .hint("is another service listening there? choose another port: --listen 127.0.0.1:PORT")
    })?;
    let own = listener.local_addr()?;
    // Before anybody is told the address: from then on it may be asked to stop.
    let terminate = signal(SignalKind::terminate());
    ready(own);
    let planner = Planner::new(app.store.clone(), app.portfolio.clone(), app.clock, app.counts.clone());
    let again = planner.clone();
    let planning = tokio::spawn(supervise::for_good(app.counts.clone(), RESTART_PAUSE, move || again.clone().run()));
    let following = app.following.clone();
    let asking = following.clone().map(|following| tokio::spawn(supervise::follow(following, app.counts.clone())));
    let (stop, stopping) = watch::channel(false);
    let (store, counts) = (app.store.clone(), app.counts.clone());
    let gate = Gate::new(own, &app.portfolio.hosts);
    let front = Arc::new(Front::new(routes::router(app), gate, Limits::default(), counts));
    let mut answering = tokio::spawn(wire::serve(listener, front, stopping));
    let ended = tokio::select! {
        () = asked_to_stop(terminate) => None,
        ended = &mut answering => Some(ended),
    };
    // The plan that is being made is dropped; its slot stays due. What the solver is at ends with its next solve, or
    // with the process.
    planning.abort();
    let _ = planning.await;
    if let Some(asking) = asking {
        // What was being asked is asked again: nothing of it is stored.
        asking.abort();
        let _ = asking.await;
    }
    time_limit::stop();
    let _ = stop.send(true);
    if ended.is_none() && tokio::time::timeout(LONGEST_STOP, &mut answering).await.is_err() {
        answering.abort();
        tracing::warn!("connections that would not end were cut after {LONGEST_STOP:?}");
    }
    close(&planner, following.as_ref(), store).await;
    tracing::info!("stopped");
    Ok(ended.unwrap_or(Ok(()))?)
}

/// Lets go of slots and closes the store, each for a while: what is not let go of runs out by itself.
async fn close(planner: &Planner, following: Option<&Follower>, store: Store) {
    match tokio::time::timeout(LONGEST_CLOSE, planner.release()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!("the lease on planning could not be released: {error:#}"),
        Err(_) => tracing::warn!("the lease on planning could not be released: the store does not answer"),
    }
    if let Some(following) = following
        && !matches!(tokio::time::timeout(LONGEST_CLOSE, following.release()).await, Ok(Ok(())))
    {
        tracing::warn!(
            "sources that were being asked could not be released: they are free again in a quarter of an hour"
        );
    }
    if tokio::time::timeout(LONGEST_CLOSE, store.close()).await.is_err() {
        tracing::warn!("the store was left open: what was committed is in it");
    }
}

/// By Ctrl-C or by SIGTERM.
async fn asked_to_stop(terminate: io::Result<Signal>) {
    let interrupt = tokio::signal::ctrl_c();
    match terminate {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(interrupt.await),
    }
    tracing::info!("stopping: finishing what is under way");
}
