//! What is fetched from providers: one file each, in one list.
//!
//! A feed turns a question into requests and answers into rows ([`feed::Feed`]); asking is elsewhere. What was answered
//! is kept as it came, with the question ([`exchange`]), and read again by the same code. Feeds that come as files are in
//! `received::feeds`.

pub mod about;
pub mod answer;
pub mod ask;
mod custom;
mod eia;
mod electricity_maps;
mod energy_charts;
mod entsoe;
pub mod exchange;
pub mod feed;
mod gb;
mod json;
mod market;
mod open_meteo;
mod prometheus;
pub mod sink;
mod sums;
mod table;
mod watttime;

pub use about::About;
pub use answer::{Answer, Fault, Next};
pub use ask::{Ask, Request, Wanted};
pub use exchange::Exchange;
pub use feed::Feed;
pub use sink::{Numbered, Sink};
pub use table::{ALL, NAMES, named};
