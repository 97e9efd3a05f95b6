//! Runs a program: its input, its time limit, and its output.

use std::io::{ErrorKind, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The maximum size of an answer in bytes.
const LARGEST_ANSWER: u64 = 1 << 30;
/// The maximum size of the error output that is kept, in bytes.
const LARGEST_TALK: u64 = 1 << 16;
/// The interval for checking whether a program without further output has ended.
const LOOK: Duration = Duration::from_millis(2);

/// The result of a program.
pub(super) struct Answer {
    pub is_success: bool,
    /// Its exit status, in words.
    pub status: String,
    pub out: Vec<u8>,
    /// Its error output.
    pub talk: String,
}

/// Why there is no result.
#[derive(Debug)]
pub(super) enum Fault {
    /// The program does not exist.
    Missing,
    /// It could not be started.
    Unstarted(std::io::Error),
    /// It exceeded the time limit and was killed.
    Slow,
}

/// Runs a command line with further `arguments`, in the folder `root`, with the given `input` and
/// the time limit `limit`.
#[allow(clippy::wildcard_enum_match_arm, reason = "an enum of std")]
pub(super) fn ask(
    words: &[String],
    arguments: &[&str],
    root: &Path,
    input: Vec<u8>,
    limit: Duration,
) -> Result<Answer, Fault> {
    let ends = Instant::now() + limit;
    let (program, first) = words.split_first().ok_or(Fault::Missing)?;
    let program = executable(program, root).ok_or(Fault::Missing)?;
    let mut child = Command::new(program)
        .args(first)
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => Fault::Missing,
            _ => Fault::Unstarted(error),
        })?;
    if let Some(mut stdin) = child.stdin.take() {
        // The program can exit without reading all input; then the pipe breaks.
        thread::spawn(move || stdin.write_all(&input));
    }
    let out = child
        .stdout
        .take()
        .map(|pipe| drained(pipe, LARGEST_ANSWER));
    let talk = child.stderr.take().map(|pipe| drained(pipe, LARGEST_TALK));
    let answer = out.map_or(Ok(Vec::new()), |out| within(&out, ends));
    let status = answer.and_then(|out| Ok((out, ended(&mut child, ends)?)));
    let (out, status) = match status {
        Ok(ended) => ended,
        Err(slow) => {
            // It may have ended meanwhile.
            let _ = child.kill();
            let _ = child.wait();
            return Err(slow);
        }
    };
    // A background process of the program can keep this pipe open.
    let talk = talk.and_then(|talk| talk.recv_timeout(Duration::from_secs(1)).ok());
    Ok(Answer {
        is_success: status.success(),
        status: status.to_string(),
        out,
        talk: String::from_utf8_lossy(&talk.unwrap_or_default()).into_owned(),
    })
}

/// Reads a pipe to its end in a separate thread; bytes beyond `most` are discarded.
fn drained(mut pipe: impl Read + Send + 'static, most: u64) -> Receiver<Vec<u8>> {
    let (tell, told) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = (&mut pipe).take(most).read_to_end(&mut bytes);
        if read.is_ok() {
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        let _ = tell.send(bytes);
    });
    told
}

fn within(pipe: &Receiver<Vec<u8>>, ends: Instant) -> Result<Vec<u8>, Fault> {
    match pipe.recv_timeout(ends.saturating_duration_since(Instant::now())) {
        Ok(bytes) => Ok(bytes),
        Err(RecvTimeoutError::Timeout) => Err(Fault::Slow),
        Err(RecvTimeoutError::Disconnected) => Ok(Vec::new()),
    }
}

fn ended(child: &mut Child, ends: Instant) -> Result<ExitStatus, Fault> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if Instant::now() < ends => thread::sleep(LOOK),
            Ok(None) => return Err(Fault::Slow),
            Err(error) => return Err(Fault::Unstarted(error)),
        }
    }
}

/// Splits a command line into words like mdBook: by the rules of a POSIX shell for quotes,
/// backslashes and comments, without expansion. `None` if a quote is not closed or there is no
/// word.
pub(super) fn words(command: &str) -> Option<Vec<String>> {
    shlex::split(command).filter(|words| !words.is_empty())
}

/// Returns the file of a program: by name in the folders of `PATH`, or by path relative to `root`.
///
/// Relative folders in `PATH` are skipped, because programs run in the book's folder: with `.`, a
/// book could bring its own `python`.
pub fn executable(program: &str, root: &Path) -> Option<PathBuf> {
    if Path::new(program).components().count() != 1 || program.contains(['/', '\\']) {
        return Some(root.join(program));
    }
    // Windows adds extensions such as `.exe`, and never searches the current folder here.
    if cfg!(windows) {
        return Some(PathBuf::from(program));
    }
    let path = std::env::var_os("PATH")?;
    let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    folders
        .map(|folder| folder.join(program))
        .find(|file| is_executable(file))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let about = std::fs::metadata(file);
    about.is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}
