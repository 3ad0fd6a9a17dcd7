//! Who is connected, and who makes room: there are as many connections as seats. When all are taken, the connection
//! idle longest gives up its seat, so idle connections, however many, lock nobody out.

use crate::telemetry::Counts;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

#[derive(Debug)]
pub struct Seats {
    most: usize,
    counts: Arc<Counts>,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    /// Seats and waits are numbered in one row.
    last: u64,
    seats: BTreeMap<u64, State>,
}

#[derive(Debug)]
struct State {
    /// Its place among those that wait; none while a request of its is being answered.
    waiting: Option<u64>,
    leave: Arc<Notify>,
}

/// The place of one connection, free again when it is dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    number: u64,
    leave: Arc<Notify>,
}

/// As long as this is there a request is being answered, and its connection keeps its seat.
#[derive(Debug)]
pub struct Answering(Arc<Seat>);

impl Seats {
    pub fn new(most: usize, counts: Arc<Counts>) -> Arc<Self> {
        Arc::new(Self { most, counts, taken: Mutex::default() })
    }

    /// A seat for a new connection; none where all others are being answered.
    pub fn take(self: &Arc<Self>) -> Option<Arc<Seat>> {
        let mut taken = self.taken();
        if taken.seats.len() >= self.most && !self.close_one(&mut taken) {
            self.counts.connection_refused();
            return None;
        }
        let (number, leave) = (taken.next(), Arc::new(Notify::new()));
        taken.seats.insert(number, State { waiting: Some(number), leave: leave.clone() });
        Some(Arc::new(Seat { seats: self.clone(), number, leave }))
    }

    /// Closes the connection that has waited longest, as when the system gives no more files; whether there was one.
    pub fn make_room(&self) -> bool {
        self.close_one(&mut self.taken())
    }

    fn close_one(&self, taken: &mut Taken) -> bool {
        let waiting = taken.seats.iter().filter_map(|(number, state)| Some((state.waiting?, *number)));
        let Some((_, number)) = waiting.min() else { return false };
        if let Some(state) = taken.seats.remove(&number) {
            state.leave.notify_one();
        }
        self.counts.connection_closed();
        true
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    fn set(&mut self, number: u64, waiting: bool) {
        let now = self.next();
        if let Some(state) = self.seats.get_mut(&number) {
            state.waiting = waiting.then_some(now);
        }
    }
}

impl Seat {
    /// A request is whole, and its answer begins.
    pub fn answering(self: &Arc<Self>) -> Answering {
        self.seats.taken().set(self.number, false);
        Answering(self.clone())
    }

    /// Something came in: it waits from now on.
    pub fn heard(&self) {
        self.seats.taken().set(self.number, true);
    }

    /// Returns when the connection is to make room for another.
    pub async fn leave(&self) {
        self.leave.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.taken().seats.remove(&self.number);
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.heard();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(seat: &Seat) -> bool {
        !seat.seats.taken().seats.contains_key(&seat.number)
    }

    #[test]
    fn the_one_that_waited_longest_makes_room() {
        let counts = Arc::new(Counts::default());
        let seats = Seats::new(3, counts.clone());
        let take = || seats.take().expect("a seat");
        let (first, second, third) = (take(), take(), take());
        first.heard();
        let fourth = take();
        assert_eq!([&first, &second, &third].map(|seat| left(seat)), [false, true, false]);
        let answered = third.answering();
        let fifth = take();
        assert!(left(&first) && !left(&third), "one that is being answered stays");
        drop(answered);
        let sixth = take();
        assert_eq!([&third, &fourth, &fifth, &sixth].map(|seat| left(seat)), [false, true, false, false]);
        assert_eq!((counts.counted().closed_connections, counts.counted().refused_connections), (3, 0));
    }

    #[test]
    fn all_at_work_take_no_more_and_a_seat_given_up_is_free() {
        let counts = Arc::new(Counts::default());
        let seats = Seats::new(2, counts.clone());
        let (first, second) = (seats.take().expect("a seat"), seats.take().expect("a seat"));
        let at_work = (first.answering(), second.answering());
        assert!(seats.take().is_none() && !seats.make_room());
        assert_eq!(counts.counted().refused_connections, 1);
        drop(at_work);
        drop(second);
        let third = seats.take().expect("a seat");
        assert!(!left(&first) && !left(&third));
        assert!(seats.make_room() && left(&first), "it waits longer than the third");
    }

    #[tokio::test]
    async fn who_is_to_leave_is_told_even_before_asking() {
        let seats = Seats::new(1, Arc::default());
        let first = seats.take().expect("a seat");
        let _second = seats.take().expect("a seat");
        first.leave().await;
    }
}
