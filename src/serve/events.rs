//! Telling browsers: one stream of server-sent events for each page that is open.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use tokio::sync::watch::Receiver;

use super::shown::{Changes, Shown};

/// How soon a browser looks for a server that has gone; it would wait for seconds by itself.
const RETRY: Duration = Duration::from_millis(500);

/// Tells every state from now on, the present one first.
pub(super) fn stream(newest: Receiver<Arc<Shown>>) -> Response {
    let told = stream::unfold((newest, 0), |(mut newest, last)| async move {
        if last > 0 {
            // It fails when there is no author any more; then there is nothing left to tell.
            newest.changed().await.ok()?;
        }
        let (number, event) = {
            let shown = newest.borrow_and_update();
            (shown.number, event(&shown, last))
        };
        Some((Ok::<_, Infallible>(event), (newest, number)))
    });
    Sse::new(told)
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// The event that tells a browser of a state, when `last` is the one that it heard of before.
fn event(shown: &Shown, last: u64) -> Event {
    let changes = match last + 1 == shown.number && last > 0 {
        true => shown.changes.clone().shortened(),
        // It has missed states, or heard of none: it asks for its own page.
        false => Changes {
            many: true,
            follow: shown.changes.follow.clone().filter(|_| last > 0),
            ..Changes::default()
        },
    };
    let changes = serde_json::to_string(&changes).expect("changes hold texts only");
    let event = Event::default().event("state").retry(RETRY);
    event.data(format!(
        r#"{{"number":{},"changes":{changes},"faults":{}}}"#,
        shown.number, shown.faults
    ))
}
