//! Watch, recompile, hold the newest site in memory, tell browsers.
//!
//! Two halves and one value between them. The `Author` follows the book: it
//! waits for a change, reads what changed, compiles with a warm cache and puts the outcome into a
//! `Shown`. The server (`http`, `guard`, `events`) answers every request from the
//! newest `Shown` and from nothing else: no file system stands behind it, so there is no
//! path that leaves the site, no listing, and no half-written page. A `Shown` is never changed,
//! only replaced, and only a state of the book without an error brings a new site.
#![expect(
    clippy::disallowed_methods,
    reason = "this room keeps time, and the server lives by it"
)]

mod author;
mod ending;
mod events;
mod guard;
mod http;
mod port;
mod quiet;
mod shown;
mod watch;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::civil::Date;
use tokio::sync::{oneshot, watch as newest};

use crate::compile::{Build, Inputs, Options};
use crate::mdbook::Allowed;
use author::Author;
pub use ending::when_asked_to_end;

/// What `serve` is asked to do.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The folder of the book.
    pub dir: PathBuf,
    pub options: Options,
    pub today: Date,
    /// Which of the book's preprocessors may be run.
    pub plugins: Allowed,
    /// The name or number of the interface to listen on; without one, loopback.
    pub host: Option<String>,
    /// The port; without one, the first free one from 3000.
    pub port: Option<u16>,
    /// Further names under which browsers may ask.
    pub allowed_hosts: Vec<String>,
    /// Browsers go to the page that was edited last.
    pub follow: bool,
    /// Look at the files at intervals, in place of being told by the system.
    pub poll: bool,
}

/// What `serve` has to say while it runs.
pub enum Said<'a> {
    /// It answers requests here now. The address ends in a slash.
    Listening(&'a str),
    /// Something that the author should know, in one line.
    Notice(&'a str),
    /// The book was compiled, to this effect.
    Built {
        inputs: &'a Inputs,
        build: &'a Build,
        /// How many pages and files differ from the ones shown before; none when the new site
        /// is not shown, because there is an error.
        changed: Option<usize>,
        took: Duration,
    },
    /// The book could not be read; the last good site stays.
    Failed(&'a str),
}

/// Who listens to it, from more than one thread.
pub type Listener = dyn Fn(Said<'_>) + Send + Sync;

/// Serves the book until the process is asked to end.
///
/// # Errors
/// When the book cannot be read at first, or the port that was asked for cannot be had. After
/// that nothing in the book ends it.
pub fn serve(asked: Asked, listener: Arc<Listener>) -> anyhow::Result<()> {
    let bound = port::bind(asked.host.as_deref(), asked.port)?;
    if let Some(taken) = &bound.taken {
        listener(Said::Notice(taken));
    }
    if !bound.address.ip().is_loopback() {
        listener(Said::Notice(&format!(
            "listening on {}: everybody who reaches this machine can read the book{}",
            bound.address.ip(),
            match asked.options.drafts {
                true => ", drafts and all",
                false => "",
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
        .context("the server cannot start")?;
    let ended = runtime.block_on(run(asked, listener, bound, guard, address));
    // Browsers keep the stream of events open for as long as they can; nobody waits for them.
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
    let mut end = std::pin::pin!(ending::asked_to_end()?);
    let (first, first_shown) = oneshot::channel();
    let teller = listener.clone();
    // A thread of its own, and not a task: it computes, and is left behind when the process ends.
    std::thread::Builder::new()
        .name("author".into())
        .spawn(move || {
            let begun = Author::begin(asked, teller);
            let begun = begun.map(|(author, shown)| {
                let (tell, newest) = newest::channel(shown);
                (author, tell, newest)
            });
            match begun {
                Ok((author, tell, newest)) => {
                    if first.send(Ok(newest)).is_ok() {
                        author.follow(&tell);
                    }
                }
                Err(error) => {
                    let _ = first.send(Err(error));
                }
            }
        })
        .context("the server cannot start")?;
    let newest = tokio::select! {
        newest = first_shown => newest.context("the book could not be compiled")??,
        () = &mut end => return Ok(()),
    };
    let listen =
        tokio::net::TcpListener::from_std(bound.listener).context("the server cannot start")?;
    listener(Said::Listening(&address));
    tokio::select! {
        ended = axum::serve(listen, http::router(newest, guard)).into_future() => {
            ended.context("the server ended")
        }
        () = &mut end => Ok(()),
    }
}

/// Host and port for the address line: what was asked for, or a name that a browser here can use.
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
