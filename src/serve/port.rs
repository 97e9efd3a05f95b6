//! The port to listen on.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, ToSocketAddrs as _};

use anyhow::{Context as _, anyhow, bail};

/// The first port to try by default, and how many more are tried.
const DEFAULT: u16 = 3000;
const TRIED: u16 = 100;

/// A bound port.
pub(super) struct Bound {
    pub listener: TcpListener,
    pub address: SocketAddr,
    /// A note if it is not the default port.
    pub taken: Option<String>,
}

/// Binds the requested port only, or else the first free one.
///
/// # Errors
/// Returns an error if the host is not an interface of this machine, or the port is in use.
pub(super) fn bind(host: Option<&str>, port: Option<u16>) -> anyhow::Result<Bound> {
    let ip = host.map_or(Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)), resolved)?;
    let tried = match port {
        Some(port) => port..=port,
        None => DEFAULT..=DEFAULT + TRIED,
    };
    for number in tried {
        match TcpListener::bind((ip, number)) {
            Ok(listener) => {
                listener.set_nonblocking(true)?;
                let address = listener.local_addr()?;
                let is_expected = port.is_some() || number == DEFAULT;
                let taken = || format!("port {DEFAULT} is in use; using port {} instead", number);
                return Ok(Bound {
                    listener,
                    address,
                    taken: (!is_expected).then(taken),
                });
            }
            Err(error) if error.kind() == ErrorKind::AddrInUse && port.is_none() => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
                "port {number} is in use\n  = hint: choose another port with `--port`, or omit \
                 `--port` to use a free one"
            ),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot listen on {ip}:{number}"));
            }
        }
    }
    bail!(
        "all ports from {DEFAULT} to {} are in use\n  = hint: choose a free port with `--port`",
        DEFAULT + TRIED
    )
}

fn resolved(host: &str) -> anyhow::Result<IpAddr> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = bare.parse() {
        return Ok(ip);
    }
    let found = (bare, 0)
        .to_socket_addrs()
        .ok()
        .and_then(|mut found| found.next());
    found.map(|address| address.ip()).ok_or_else(|| {
        anyhow!(
            "`{host}` is not an address of this machine\n  = hint: use `--hostname 127.0.0.1` \
             for this machine only, or `--hostname 0.0.0.0` for the network"
        )
    })
}
