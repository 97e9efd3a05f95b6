//! Decides which requests are answered.
//!
//! A web page can send requests to a server on the reader's machine, and by DNS rebinding it can
//! read the answers. So a request is answered only if it is for a known host name and no other site
//! sent it.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, StatusCode, Uri, header};

/// The known host names.
#[derive(Clone)]
pub(super) struct Guard {
    names: Vec<String>,
    /// True if it listens on more than loopback. An IP address cannot be rebound like a name.
    any_number: bool,
}

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

impl Guard {
    pub fn new(ip: IpAddr, host: Option<&str>, allowed: &[String]) -> Guard {
        let known = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
        let number = match ip {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let asked = host.into_iter().map(str::to_owned);
        let names = known.into_iter().chain([number]).chain(asked);
        // The port is ignored, because the requests arrive at this one.
        let portless = allowed.iter().map(|name| without_port(name).to_owned());
        let names = names.chain(portless);
        Guard {
            names: names.map(|name| name.to_ascii_lowercase()).collect(),
            any_number: !ip.is_loopback(),
        }
    }

    /// Checks whether a request with these headers can be answered.
    ///
    /// # Errors
    /// Returns the status and the reason of the refusal.
    pub fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), (StatusCode, &'static str)> {
        let host = one(headers, &header::HOST).ok_or((
            StatusCode::BAD_REQUEST,
            "the request must have exactly one Host header",
        ))?;
        if !self.knows(host) {
            return Err((
                StatusCode::MISDIRECTED_REQUEST,
                "unknown host; allow it with `--allow-host NAME`",
            ));
        }
        // The absolute form of a request, for proxies, names its own host.
        if uri.authority().is_some_and(|named| named.as_str() != host) {
            return Err((
                StatusCode::MISDIRECTED_REQUEST,
                "the request has two different hosts",
            ));
        }
        if headers.contains_key(header::ORIGIN) && !self.is_own(headers, host) {
            return Err((
                StatusCode::FORBIDDEN,
                "requests from other sites are refused",
            ));
        }
        let says = |name: &HeaderName| headers.get(name).map(|value| value.as_bytes());
        let is_foreign = matches!(says(&FETCH_SITE), Some(b"cross-site" | b"same-site"));
        // Following a link from another site does not let that site read the answer.
        let is_followed =
            says(&FETCH_MODE) == Some(b"navigate") && says(&FETCH_DEST) == Some(b"document");
        if is_foreign && !is_followed {
            return Err((
                StatusCode::FORBIDDEN,
                "requests from other sites are refused",
            ));
        }
        Ok(())
    }

    /// True if the origin is this server, or an allowed name.
    fn is_own(&self, headers: &HeaderMap, host: &str) -> bool {
        let origin = one(headers, &header::ORIGIN);
        let authority = origin.and_then(|origin| {
            let http = origin.strip_prefix("http://");
            http.or_else(|| origin.strip_prefix("https://"))
        });
        authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
    }

    fn knows(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let name = without_port(&host);
        let number = name.trim_start_matches('[').trim_end_matches(']');
        self.names.iter().any(|known| known == name)
            || self.any_number && number.parse::<IpAddr>().is_ok()
    }
}

/// Removes the port of a host; the colons in `[::1]` are not before a port.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            name
        }
        _ => host,
    }
}

/// Returns the value of a header that occurs exactly once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}
