//! One binary for every test that runs the product: the command line, the API, both stores, the house.

mod api;
mod bad_input;
mod gb;
mod help;
mod house;
mod ingest;
mod kill;
mod pack;
mod planning;
mod portfolio;
mod real_data;
mod store;
mod support;
mod windows;
mod worked;
