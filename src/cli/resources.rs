//! What happens when the system gives no more threads or memory: one message and exit code 2.

use std::io;
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::anyhow;

/// Set by the panic of a thread that could not be started.
static NO_THREADS: AtomicBool = AtomicBool::new(false);

/// The variable by which a backtrace is asked for after [`without_backtraces`].
#[cfg(unix)]
const BACKTRACE: &str = "WHOSAID_BACKTRACE";

/// Prepares the process for a lack of memory. The first thing that it does.
pub(super) fn watch_memory() {
    #[cfg(unix)]
    {
        exit_when_memory_is_over();
        without_backtraces();
    }
}

/// Prepares the process for a lack of threads.
///
/// # Errors
/// If the threads that every command needs cannot be started.
pub(super) fn prepare() -> anyhow::Result<()> {
    let default_hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if is_about_threads(panic) {
            // The message comes from `main`.
            NO_THREADS.store(true, Ordering::Relaxed);
            return;
        }
        default_hook(panic);
        #[cfg(unix)]
        if std::env::var_os(BACKTRACE).is_some() {
            super::term::talk(&format!("{}\n", std::backtrace::Backtrace::force_capture()));
        }
    }));
    start_threads().map_err(|_| no_threads())
}

/// The error after a panic that was caught.
pub(super) fn after_panic() -> anyhow::Error {
    if NO_THREADS.load(Ordering::Relaxed) {
        return no_threads();
    }
    anyhow!(
        "whosaid crashed; this is a bug in whosaid, not in the book\n  = hint: report it with \
         the message above"
    )
}

fn no_threads() -> anyhow::Error {
    anyhow!(
        "the system has no more threads or memory\n  = hint: close other programs, or raise the \
         limits that `ulimit -a` lists"
    )
}

/// Makes sure that the pool of threads can be started: it would panic far from here.
fn start_threads() -> io::Result<()> {
    let wanted = std::thread::available_parallelism().map_or(1, usize::from);
    let mut threads = Vec::with_capacity(wanted);
    // All at the same time, and one more for the signals.
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let ended = std::sync::Arc::new(std::sync::Mutex::new(ended));
    let mut result = Ok(());
    for _ in 0..=wanted {
        let ended = ended.clone();
        let wait = move || {
            let ended = ended.lock().map(|ended| ended.recv());
            drop(ended);
        };
        match std::thread::Builder::new().spawn(wait) {
            Ok(thread) => threads.push(thread),
            Err(error) => {
                result = Err(error);
                break;
            }
        }
    }
    drop(end);
    for thread in threads {
        // It cannot panic.
        let _ = thread.join();
    }
    result
}

fn is_about_threads(panic: &PanicHookInfo<'_>) -> bool {
    let text = panic.payload().downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.payload().downcast_ref::<&str>().copied());
    text.is_some_and(|text| {
        [
            "failed to spawn thread",
            "spawn worker thread",
            "ThreadPoolBuildError",
            "global thread pool has not been initialized",
        ]
        .iter()
        .any(|words| text.contains(words))
    })
}

/// Starts the program again without `RUST_BACKTRACE`, with [`BACKTRACE`] instead.
///
/// With it, the standard library prints a backtrace when memory is over. Printing takes a lock and
/// needs memory itself, so that it waits for its own lock forever.
#[cfg(unix)]
fn without_backtraces() {
    use std::os::unix::process::CommandExt as _;
    let is_on = |name: &str| std::env::var_os(name).is_some_and(|value| value != "0");
    if !is_on("RUST_BACKTRACE") {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let mut arguments = std::env::args_os();
    let mut command = std::process::Command::new(program);
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    // It returns only if the program cannot be started, and then this one continues.
    let _ = command
        .args(arguments)
        .env("RUST_BACKTRACE", "0")
        .env(BACKTRACE, "1")
        .exec();
}

/// When an allocation fails, the standard library says so and aborts the process. This makes that
/// an exit with code 2.
#[cfg(unix)]
fn exit_when_memory_is_over() {
    let always = std::sync::Arc::new(AtomicBool::new(true));
    // Without it, the code is 134.
    let _ = signal_hook::flag::register_conditional_shutdown(
        signal_hook::consts::SIGABRT,
        super::Exit::Failed as i32,
        always,
    );
}
