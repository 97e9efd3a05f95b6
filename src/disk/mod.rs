//! Reads a folder into [`Inputs`](crate::compile::Inputs), and publishes
//! [`Outputs`](crate::compile::Outputs) to a folder.
//!
//! For the commands and for `serve`. [`read()`] reads a book into memory and never changes it.
//! [`publish()`] writes a site to its folder and changes only files that it wrote. [`create()`]
//! creates a book and overwrites nothing. Every error names the file. Nothing outside of the book
//! is read, nothing outside of the output folder is written, and no symbolic link is followed out
//! of either.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the room in which files are read and written"
)]

mod create;
mod existing;
mod fingerprint;
mod layout;
mod manifest;
mod publish;
mod read;
mod stage;
mod stat_cache;
mod target;
mod verify;
mod write_export;
mod write_new;

pub use create::create;
pub use fingerprint::fingerprint;
pub use publish::{How, Publication, Published, publish};
pub use read::{read, read_again};
pub use stat_cache::{Known, Stamp, read_named};
pub use target::Abort;
pub use verify::{Difference, Verification};
pub use write_export::deliver;
pub use write_new::{Existing, book, keep, named};

#[cfg(test)]
mod tests;
