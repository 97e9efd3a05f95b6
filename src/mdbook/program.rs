//! Asking a program: what it is given, how long it has, and what comes of it.

use std::io::{ErrorKind, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The most bytes that an answer may have.
const LARGEST_ANSWER: u64 = 1 << 30;
/// How much is kept of what a program says on its standard error.
const LARGEST_TALK: u64 = 1 << 16;
/// How often it is asked whether a program that has said everything has ended.
const LOOK: Duration = Duration::from_millis(2);

/// What a program gave.
pub(super) struct Answer {
    pub is_success: bool,
    /// How it ended, in words.
    pub status: String,
    pub out: Vec<u8>,
    /// What it said on its standard error.
    pub talk: String,
}

/// Why it gave nothing.
#[derive(Debug)]
pub(super) enum Fault {
    /// There is no such program.
    Missing,
    /// It could not be started.
    Unstarted(std::io::Error),
    /// It had not ended when its time was over, and was ended.
    Slow,
}

/// Asks the program of a command line, with further `arguments`, in the folder `root`. It is
/// given `input` and has the time `limit`.
pub(super) fn ask(
    words: &[String],
    arguments: &[&str],
    root: &Path,
    input: Vec<u8>,
    limit: Duration,
) -> Result<Answer, Fault> {
    let ends = Instant::now() + limit;
    let (program, first) = words.split_first().ok_or(Fault::Missing)?;
    // A program by its name is looked for where programs are, one by its path in the book.
    let program = match Path::new(program).components().count() {
        1 => PathBuf::from(program),
        _ => root.join(program),
    };
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
        // Who does not listen has a reason; the pipe breaks, and that is all.
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
            // It may have ended meanwhile, which is as well.
            let _ = child.kill();
            let _ = child.wait();
            return Err(slow);
        }
    };
    // A program that it left behind may hold this pipe for as long as it likes.
    let talk = talk.and_then(|talk| talk.recv_timeout(Duration::from_secs(1)).ok());
    Ok(Answer {
        is_success: status.success(),
        status: status.to_string(),
        out,
        talk: String::from_utf8_lossy(&talk.unwrap_or_default()).into_owned(),
    })
}

/// Reads a pipe to its end on a thread of its own; what is beyond `most` bytes is thrown away.
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

/// The words of a command line: parted by white space, quotes and backslashes read as a shell
/// reads them. Nothing else of a shell is known. None where a quote is left open.
pub(super) fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = command.chars().peekable();
    while let Some(c) = letters.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\\', Some('"')) if matches!(letters.peek(), Some('"' | '\\')) => {
                word.get_or_insert_default().extend(letters.next());
            }
            (c, Some(_)) => word.get_or_insert_default().push(c),
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('\\', None) => word.get_or_insert_default().extend(letters.next()),
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, None) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    (quote.is_none() && !words.is_empty()).then_some(words)
}
