//! Work on parts of a whole, on as many threads as there are cores. What the parts give comes back in their order, so a
//! result depends on how the whole was cut, never on how many threads there were.

use std::sync::Mutex;

/// Parts that the local vectors are cut into, whatever the machine.
pub(super) const PARTS: usize = 16;

pub(super) fn each<T: Send, R: Send>(parts: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(parts.len());
    let count = parts.len();
    if threads <= 1 {
        return parts.into_iter().map(work).collect();
    }
    let queue = Mutex::new(parts.into_iter().enumerate());
    let made = Mutex::new(Vec::with_capacity(count));
    let next = || queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
    let run = || {
        while let Some((at, part)) = next() {
            let result = work(part);
            made.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((at, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });
    let mut made = made.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    made.sort_by_key(|part| part.0);
    made.into_iter().map(|part| part.1).collect()
}
