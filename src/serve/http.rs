//! Answers requests, only from the newest site in memory.

use std::hash::{DefaultHasher, Hasher as _};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::watch::Receiver;

use super::events;
use super::guard::Guard;
use super::snapshot::Snapshot;
use crate::text::SitePath;

/// The addresses of the event stream and the script. No page can have such an address, because
/// addresses are made from file names; a book with a folder `-` is served without these two
/// addresses of its own.
const EVENTS: &str = "/-/whosaid/events";
const SCRIPT: &str = "/-/whosaid/live.js";
const STYLE: &str = "/-/whosaid/live.css";

/// The page for unknown addresses.
const NOT_FOUND: &str = "404.html";

struct Server {
    newest: Receiver<Arc<Snapshot>>,
    guard: Guard,
}

/// Returns the router: it has one route, which looks up the address.
pub(super) fn router(newest: Receiver<Arc<Snapshot>>, guard: Guard) -> Router {
    let server = Arc::new(Server { newest, guard });
    Router::new().fallback(answer).with_state(server)
}

async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let mut response = match server.guard.check(&head.uri, &head.headers) {
        Err((status, reason)) => plain(status, reason),
        Ok(()) if !matches!(head.method, Method::GET | Method::HEAD) => {
            let mut refused = plain(
                StatusCode::METHOD_NOT_ALLOWED,
                "only GET and HEAD are \
                                                                     allowed",
            );
            let allowed = HeaderValue::from_static("GET, HEAD");
            refused.headers_mut().insert(header::ALLOW, allowed);
            refused
        }
        Ok(()) => match head.uri.path() {
            EVENTS if head.method == Method::GET => events::stream(server.newest.clone()),
            EVENTS => plain(StatusCode::OK, ""),
            SCRIPT => file("live.js", include_bytes!("live.js").to_vec(), &head.headers),
            STYLE => file(
                "live.css",
                include_bytes!("live.css").to_vec(),
                &head.headers,
            ),
            path => {
                let shown = server.newest.borrow().clone();
                page(&shown, path, &head.headers)
            }
        },
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("same-origin"),
    );
    response
}

/// Returns the content at this address of the site.
fn page(shown: &Snapshot, path: &str, asked: &HeaderMap) -> Response {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8();
    let named = decoded.ok().and_then(|path| {
        let path = path.strip_prefix('/')?;
        let path = if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path.to_owned()
        };
        // Addresses that are not normalized, such as `a/../b`, do not exist.
        SitePath::new(&path)
            .ok()
            .filter(|found| found.as_str() == path)
    });
    let Some(named) = named else {
        return not_found(shown);
    };
    if let Some(bytes) = shown.site.get(&named) {
        return file(named.as_str(), bytes.to_vec(), asked);
    }
    if let Some(search) = shown.search.as_ref().filter(|it| it.may_have(&named)) {
        // The first request builds the whole index, without blocking other requests.
        let files = tokio::task::block_in_place(|| search.files());
        if let Some(bytes) = files.get(&named) {
            return file(named.as_str(), bytes.to_vec(), asked);
        }
    }
    let index = SitePath::new(&format!("{named}/index.html"));
    if index.is_ok_and(|index| shown.site.contains_key(&index)) {
        let mut moved = plain(StatusCode::PERMANENT_REDIRECT, "");
        // The path as written, which is ASCII.
        if let Ok(to) = HeaderValue::from_str(&format!("{path}/")) {
            moved.headers_mut().insert(header::LOCATION, to);
            return moved;
        }
    }
    not_found(shown)
}

fn not_found(shown: &Snapshot) -> Response {
    let name = SitePath::new(NOT_FOUND).ok();
    let Some(bytes) = name.and_then(|name| shown.site.get(&name)) else {
        return plain(StatusCode::NOT_FOUND, "page not found");
    };
    let mut response = file(NOT_FOUND, bytes.to_vec(), &HeaderMap::new());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// Returns a file, or 304 if the browser has it already.
fn file(name: &str, bytes: Vec<u8>, asked: &HeaderMap) -> Response {
    let state = state(&bytes);
    let tag = format!("\"{state}\"");
    let known = asked.get_all(header::IF_NONE_MATCH).iter();
    let mut known = known.filter_map(|value| value.to_str().ok());
    let is_known = known.any(|value| {
        let mut tags = value
            .split(',')
            .map(|tag| tag.trim().trim_start_matches("W/"));
        tags.any(|known| known == tag || known == "*")
    });
    let kind = content_type(name);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let bytes = if kind.starts_with("text/html") {
            with_script(bytes, &state)
        } else {
            bytes
        };
        Response::new(Body::from(bytes))
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    let mut response = (status, text).into_response();
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Returns a hash of the content: the same bytes have the same hash, also after a restart.
fn state(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("{:016x}", hasher.finish())
}

/// Adds the script that updates the page. It is first in the head, so that it sees the page before
/// other scripts change it.
fn with_script(page: Vec<u8>, state: &str) -> Vec<u8> {
    let script = format!(r#"<script src="{SCRIPT}" data-state="{state}" defer></script>"#);
    let head = memchr::memmem::find(&page, b"<head>").map(|at| at + "<head>".len());
    let at = head.unwrap_or(page.len());
    let mut served = Vec::with_capacity(page.len() + script.len());
    served.extend_from_slice(&page[..at]);
    served.extend_from_slice(script.as_bytes());
    served.extend_from_slice(&page[at..]);
    served
}

/// Returns the content type by the file extension; text is UTF-8.
fn content_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "jsonld" => "application/ld+json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "atom" => "application/atom+xml; charset=utf-8",
        "txt" | "md" | "bib" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}
