//! One binary for every test that runs the product: the command line, the API, both stores, the house.

mod accounting;
mod api;
mod bad_input;
mod capacity;
mod certificates;
mod fleet;
mod gb;
mod help;
mod house;
mod independent;
mod ingest;
mod invoices;
mod kill;
mod pack;
mod packs;
mod planning;
mod portfolio;
mod proof;
mod real_data;
mod report;
mod restate;
mod store;
mod support;
mod tamper;
mod windows;
mod worked;
