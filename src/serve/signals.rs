//! Termination of the process: Ctrl-C or a signal.

use anyhow::Context as _;

/// Resolves when a signal asks the process to end, or its terminal hangs up.
pub(super) fn asked_to_end() -> anyhow::Result<impl Future<Output = ()>> {
    let asked = numbered()?;
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut hang_up = signal(SignalKind::hangup()).context("signals")?;
        Ok(async move {
            tokio::select! {
                _ = asked => {}
                _ = hang_up.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        asked.await;
    })
}

/// Calls `then` with the number of the signal if the process receives one after this returns. For
/// commands that must clean up; `then` ends the process.
///
/// SIGHUP is not handled, so that `nohup` works.
///
/// # Errors
/// Returns an error if the system does not allow a signal handler.
pub fn when_asked_to_end(then: impl FnOnce(u8) + Send + 'static) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("signals")?;
    let entered = runtime.enter();
    let asked = numbered()?;
    drop(entered);
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || then(runtime.block_on(asked)))
        .context("signals")?;
    Ok(())
}

/// Resolves to the number of the signal.
fn numbered() -> anyhow::Result<impl Future<Output = u8> + Send> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt()).context("signals")?;
        let mut terminate = signal(SignalKind::terminate()).context("signals")?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => 2,
                _ = terminate.recv() => 15,
            }
        })
    }
    #[cfg(not(unix))]
    {
        Ok(async {
            let _ = tokio::signal::ctrl_c().await;
            2
        })
    }
}
