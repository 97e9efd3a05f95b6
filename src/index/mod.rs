//! Which pages a book has, their addresses, and the facts and sort orders that several pages need.
//!
//! It knows nothing of what a page shows.

pub mod facts;
pub mod pagination;
pub mod profile;
pub mod routes;
pub mod sort_orders;

pub use facts::Facts;
pub use pagination::Part;
pub use profile::{Profile, Structured, Subject};
pub use routes::Route;
