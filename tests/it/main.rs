//! One integration binary: what a user sees of a book, by a small language for books.

mod book;
#[cfg(feature = "cards")]
mod cards;
mod cli;
mod commonmark;
mod contract;
mod data;
mod dom;
mod exports;
mod facts;
mod faults;
mod fire;
mod fuzzed;
mod hosts;
mod house;
mod import;
mod laws;
mod limits;
mod listings;
mod manual;
mod pages;
mod plugins;
mod preprocess;
mod print;
mod promises;
mod publish;
mod repository;
mod retouch;
mod sample;
mod search;
mod serve;
mod shape;
mod share;
mod sites;
mod spec;
mod withheld;
