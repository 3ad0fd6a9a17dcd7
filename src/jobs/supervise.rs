//! Tasks that must never be missing: whatever ends one, it is started again. None stands in the way of answers.

use crate::feeds::follow::Follower;
use crate::telemetry::Counts;
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Between a panic of what follows sources and the next start.
const PAUSE: Duration = Duration::from_secs(5);

/// Runs a task, again after each time it ended or panicked, until this is dropped.
pub async fn for_good<F, T>(counts: Arc<Counts>, pause: Duration, mut start: F)
where
    F: FnMut() -> T,
    T: Future<Output = ()> + Send + 'static,
{
    let _ending = Ending(counts.clone());
    loop {
        ended("the planning task", start(), |panic| counts.planner_panicked(panic)).await;
        tracing::info!("the planning task is started again in {pause:?}");
        tokio::time::sleep(pause).await;
    }
}

/// Follows sources, again after each panic, until this is dropped.
pub async fn follow(follower: Follower, counts: Arc<Counts>) {
    loop {
        ended("following", follower.clone().run(), |panic| counts.panicked("following", panic)).await;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits for a task to end; dropped, it ends the task.
async fn ended(name: &str, task: impl Future<Output = ()> + Send + 'static, panicked: impl Fn(&(dyn Any + Send))) {
    let mut tasks = JoinSet::new();
    tasks.spawn(task);
    match tasks.join_next().await {
        Some(Err(error)) if error.is_panic() => panicked(&*error.into_panic()),
        _ => tracing::error!("{name} ended, which it never should"),
    }
}

/// Says that nobody looks after the task any more.
struct Ending(Arc<Counts>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.planner_ended();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Panics twice, ends once, and then does its work: it is there all the time, and the panics are counted.
    #[tokio::test]
    async fn a_task_that_panics_is_started_again() {
        let (counts, turns) = (Arc::new(Counts::default()), Arc::new(AtomicUsize::new(0)));
        let (sender, mut done) = tokio::sync::mpsc::unbounded_channel();
        let start = {
            let (counts, turns) = (counts.clone(), turns.clone());
            move || {
                let (counts, sender) = (counts.clone(), sender.clone());
                let turn = turns.fetch_add(1, Ordering::SeqCst);
                async move {
                    match turn {
                        0 | 1 => panic!("turn {turn}"),
                        2 => {}
                        _ => {
                            counts.planner_well();
                            let _ = sender.send(turn);
                            std::future::pending::<()>().await;
                        }
                    }
                }
            }
        };
        let task = tokio::spawn(for_good(counts.clone(), Duration::from_millis(1), start));
        assert_eq!(done.recv().await, Some(3));
        assert_eq!(counts.counted().panics, 2);
        assert!(!counts.planner_down());
        task.abort();
        assert!(task.await.is_err_and(|error| error.is_cancelled()));
        assert!(counts.planner_down(), "nobody starts it again");
    }
}
