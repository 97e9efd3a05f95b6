//! A folder becomes [`Inputs`](crate::compile::Inputs); [`Outputs`](crate::compile::Outputs)
//! become a folder.
//!
//! For the commands and for `serve`. [`read()`] takes a book into memory and never changes it;
//! [`publish()`] brings a site to its folder and touches no file that it did not write; [`create()`]
//! begins a new book and overwrites nothing. What cannot be done is an error that names the file.
//! Nothing outside the book is read, nothing outside the output folder is written, and no link
//! is followed out of either.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the room in which files are read and written"
)]

mod create;
mod deliver;
mod fingerprint;
mod found;
mod keep;
mod known;
mod layout;
mod manifest;
mod publish;
mod read;
mod stage;
mod target;
mod verify;

pub use create::create;
pub use deliver::deliver;
pub use fingerprint::fingerprint;
pub use keep::{Existing, book, keep, named};
pub use known::{Known, Stamp, read_named};
pub use publish::{How, Publication, Published, publish};
pub use read::{read, read_again};
pub use target::Withdrawal;
pub use verify::{Difference, Verification};

#[cfg(test)]
mod tests;
