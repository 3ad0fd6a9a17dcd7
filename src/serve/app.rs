//! What every route works with.

use super::health::Health;
use super::limits::REPORTS;
use super::sources::Sources;
use crate::clock::Clock;
use crate::feeds::follow::Follower;
use crate::portfolio::Portfolio;
use crate::store::Store;
use crate::telemetry::Counts;
use crate::windows::Desk;
use std::sync::Arc;
use tokio::sync::Semaphore;

#[derive(Debug, Clone)]
pub struct App {
    pub store: Store,
    pub portfolio: Arc<Portfolio>,
    /// Where windows, reservations and capacity are asked for.
    pub desk: Arc<Desk>,
    pub clock: Clock,
    pub counts: Arc<Counts>,
    pub health: Arc<Health>,
    /// Turns at making reports.
    pub reports: Arc<Semaphore>,
    /// Who follows sources, where the service does.
    pub following: Option<Follower>,
    /// How sources stand.
    pub sources: Arc<Sources>,
}

impl App {
    pub fn new(store: Store, portfolio: Arc<Portfolio>, clock: Clock) -> Self {
        let desk = Arc::new(Desk::new(store.clone(), portfolio.clone()));
        let counts = Arc::new(Counts::default());
        let health = Arc::new(Health::new(store.clone(), counts.clone()));
        let reports = Arc::new(Semaphore::new(REPORTS));
        let sources = Arc::default();
        Self { store, portfolio, desk, clock, counts, health, reports, following: None, sources }
    }
}
