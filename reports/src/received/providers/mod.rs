//! What is fetched from providers: one file each, in one list.
//!
//! A feed turns a question into requests and answers into rows ([`feed::Feed`]); asking is elsewhere. What was answered
//! is kept as it came, with the question ([`exchange`]), and read again by the same code. Feeds that come as files are in
//! `received::feeds`.

pub mod about;
pub mod answer;
pub mod ask;
mod custom;
pub mod exchange;
pub mod feed;
mod gb;
pub mod json;
mod open_meteo;
mod prometheus;
pub mod sink;
mod table;

pub use about::About;
pub use answer::{Answer, Fault, Next};
pub use ask::{Ask, Request, Wanted};
pub use exchange::Exchange;
pub use feed::Feed;
pub use sink::{Numbered, Sink, Value};
pub use table::{ALL, NAMES, named};
