//! Serves a book while its author writes: watches files, recompiles, keeps the newest site in
//! memory, notifies browsers.
//!
//! There are two halves with one value between them. The rebuilder (`Rebuilder`) waits for a change,
//! reads what changed, compiles with a warm cache and stores the result in a snapshot (`Snapshot`).
//! The server (`http`, `guard`, `events`) answers every request only from the newest snapshot. It
//! does not use the file system, so no path leads out of the site, no folder is listed, and no page
//! is incomplete. A snapshot is never changed, only replaced, and only a state of the book without
//! errors gives a new site.
#![expect(
    clippy::disallowed_methods,
    reason = "this room keeps time, and the server lives by it"
)]

mod debounce;
mod events;
mod guard;
mod http;
mod port;
mod rebuild;
mod signals;
mod snapshot;
mod watch;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::civil::Date;
use tokio::sync::{oneshot, watch as newest};

use crate::compile::{Build, Inputs, Options};
use crate::mdbook::Consent;
use rebuild::Rebuilder;
pub use signals::when_asked_to_end;

/// The arguments of `serve`.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The folder of the book.
    pub dir: PathBuf,
    pub options: Options,
    pub today: Date,
    /// The preprocessors that may run, even if the book changes.
    pub consent: Consent,
    /// The host name or address of the interface; `None` for loopback.
    pub host: Option<String>,
    /// The port; `None` for the first free one from 3000.
    pub port: Option<u16>,
    /// Additional host names that are accepted.
    pub allowed_hosts: Vec<String>,
    /// True if browsers go to the page that was edited last.
    pub follow: bool,
    /// True if files are scanned periodically instead of watched.
    pub poll: bool,
}

/// An event while `serve` runs.
pub enum Said<'a> {
    /// It accepts requests at this address, which ends in a slash.
    Listening(&'a str),
    /// A note for the author, in one line.
    Notice(&'a str),
    /// The book was compiled.
    Built {
        inputs: &'a Inputs,
        build: &'a Build,
        /// The number of pages and files that have changed; `None` if the new site is not shown
        /// because of an error.
        changed: Option<usize>,
        took: Duration,
    },
    /// The book could not be read; the last site without errors stays.
    Failed(&'a str),
}

/// Receives events, from several threads.
pub type Listener = dyn Fn(Said<'_>) + Send + Sync;

/// Serves the book until the process is asked to end.
///
/// # Errors
/// Returns an error if the book cannot be read at first, or the port is not available. Later errors
/// in the book do not end the server.
pub fn serve(asked: Asked, listener: Arc<Listener>) -> anyhow::Result<()> {
    let bound = port::bind(asked.host.as_deref(), asked.port)?;
    if let Some(taken) = &bound.taken {
        listener(Said::Notice(taken));
    }
    if !bound.address.ip().is_loopback() {
        listener(Said::Notice(&format!(
            "listening on {}: everyone who can reach this machine can read the book{}",
            bound.address.ip(),
            if asked.options.drafts {
                ", including drafts"
            } else {
                ""
            }
        )));
    }
    let guard = guard::Guard::new(
        bound.address.ip(),
        asked.host.as_deref(),
        &asked.allowed_hosts,
    );
    let address = format!("http://{}/", shown_host(&bound, asked.host.as_deref()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("cannot start the server")?;
    let ended = runtime.block_on(run(asked, listener, bound, guard, address));
    // Does not wait for event streams, which browsers keep open as long as they can.
    runtime.shutdown_background();
    ended
}

async fn run(
    asked: Asked,
    listener: Arc<Listener>,
    bound: port::Bound,
    guard: guard::Guard,
    address: String,
) -> anyhow::Result<()> {
    let mut end = std::pin::pin!(signals::asked_to_end()?);
    let (first, first_shown) = oneshot::channel();
    let teller = listener.clone();
    // A thread instead of a task, because it computes; it is abandoned when the process ends.
    std::thread::Builder::new()
        .name("rebuild".into())
        .spawn(move || {
            let begun = Rebuilder::begin(asked, teller);
            let begun = begun.map(|(rebuilder, shown)| {
                let (tell, newest) = newest::channel(shown);
                (rebuilder, tell, newest)
            });
            match begun {
                Ok((rebuilder, tell, newest)) => {
                    if first.send(Ok(newest)).is_ok() {
                        rebuilder.follow(&tell);
                    }
                }
                Err(error) => {
                    let _ = first.send(Err(error));
                }
            }
        })
        .context("cannot start the server")?;
    let newest = tokio::select! {
        newest = first_shown => newest.context("cannot compile the book")??,
        () = &mut end => return Ok(()),
    };
    let listen =
        tokio::net::TcpListener::from_std(bound.listener).context("cannot start the server")?;
    listener(Said::Listening(&address));
    tokio::select! {
        ended = axum::serve(listen, http::router(newest, guard)).into_future() => {
            ended.context("the server stopped")
        }
        () = &mut end => Ok(()),
    }
}

/// Returns host and port for the printed address: the requested ones, or a name that a browser on
/// this machine can use.
fn shown_host(bound: &port::Bound, host: Option<&str>) -> String {
    let port = bound.address.port();
    match (bound.address.ip(), host) {
        (IpAddr::V4(ip), _) if ip.is_unspecified() => format!("127.0.0.1:{port}"),
        (IpAddr::V6(ip), _) if ip.is_unspecified() => format!("[::1]:{port}"),
        (_, Some(name)) if name.parse::<IpAddr>().is_err() => format!("{name}:{port}"),
        _ => bound.address.to_string(),
    }
}

#[cfg(test)]
mod tests;
