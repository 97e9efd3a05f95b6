//! Stress tests of `serve`: malformed requests, and a thousand edits.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run the program on folders of their own"
)]

use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::repository;
use crate::serve::{PATIENCE, Served, write};

impl Served {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.host).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        stream
    }

    /// Sends raw bytes and returns the whole response.
    fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        // The server can and should close the connection early.
        let _ = stream.write_all(bytes);
        let mut answer = vec![0; 1024];
        // A connection that is closed early gets no response.
        let first = stream.read(&mut answer).unwrap_or(0);
        answer.truncate(first);
        if memchr::memmem::find(bytes, b"Connection: close").is_none() {
            let _ = stream.shutdown(Shutdown::Write);
        }
        match stream.read_to_end(&mut answer) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
        }
        answer
    }

    /// Returns the statuses of all responses to these bytes.
    fn statuses(&self, bytes: &[u8]) -> Vec<u16> {
        let answer = self.raw(bytes);
        let heads = answer.split(|byte| *byte == b'\n');
        let heads = heads.filter_map(|line| line.strip_prefix(b"HTTP/1."));
        let codes = heads.filter_map(|line| str::from_utf8(line.get(2..5)?).ok()?.parse().ok());
        codes.collect()
    }

    fn still_serves(&self, after: &str) {
        let home = self.get("/");
        assert_eq!(home.status, 200, "after {after}");
        assert!(home.body.contains("Words at home."), "after {after}");
    }

    /// Returns the memory that the program uses, in bytes.
    #[cfg(target_os = "linux")]
    fn memory(&self) -> u64 {
        let told = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let told = told.expect("the program is there");
        let line = told.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        1024 * kilobytes
            .and_then(|it| it.parse::<u64>().ok())
            .expect("a size")
    }
}

#[test]
fn whatever_bytes_come_it_answers_in_order_and_goes_on() {
    let served = Served::new();
    write(&served.path("secret.txt"), "outside the text");
    let host = format!("Host: {}\r\n", served.host);
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
    let long = "a".repeat(70_000);
    let many: String = (0..500).map(|n| format!("X-{n}: y\r\n")).collect();
    let with =
        |headers: &str| format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n{headers}\r\n");
    let cases: Vec<(&str, Vec<u8>, &[u16])> = vec![
        ("a very long path", get(&format!("/{long}")).into(), &[404, 414]),
        ("a very deep path", get(&"/a".repeat(20_000)).into(), &[404, 414]),
        ("a very long header", with(&format!("X: {}\r\n", long.repeat(10))).into(), &[431]),
        ("very many headers", with(&many).into(), &[431]),
        ("two hosts", with("Host: evil.example\r\n").into(), &[400]),
        ("another host", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n".into(), &[421]),
        ("a name that points here now", "GET / HTTP/1.1\r\nHost: a.rebind.example:3000\r\n\r\n".into(), &[421]),
        ("no host", "GET / HTTP/1.1\r\n\r\n".into(), &[400]),
        ("HTTP/1.0 without a host", "GET / HTTP/1.0\r\n\r\n".into(), &[400]),
        ("HTTP/1.0 with one", format!("GET / HTTP/1.0\r\n{host}\r\n").into(), &[200]),
        ("HTTP/0.9", "GET /\r\n\r\n".into(), &[400]),
        ("HTTP/3.0", format!("GET / HTTP/3.0\r\n{host}\r\n").into(), &[400]),
        ("HTTP/2 from the start", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(), &[0, 400]),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(), &[0, 400]),
        ("nothing but zeros", vec![0; 5000], &[400]),
        ("letters without an end", vec![b'A'; 500_000], &[400, 414, 431]),
        ("a path that is not UTF-8", [b"GET /\xff\xfe HTTP/1.1\r\n", host.as_bytes(), b"Connection: close\r\n\r\n"].concat(), &[400, 404]),
        ("a header that is not UTF-8", [with("").trim_end().as_bytes(), b"\r\nX: \xff\xfe\r\n\r\n"].concat(), &[200]),
        ("an origin that is not UTF-8", [with("").trim_end().as_bytes(), b"\r\nOrigin: \xff\r\n\r\n"].concat(), &[403]),
        ("another origin", with("Origin: https://evil.example\r\n").into(), &[403]),
        ("two origins", with(&format!("Origin: http://{0}\r\nOrigin: http://{0}\r\n", served.host)).into(), &[403]),
        ("a websocket", with("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n").into(), &[200]),
        ("HTTP/2 by upgrade", with("Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n").into(), &[200]),
        ("a range", with("Range: bytes=0-0,5-,-9999999999999999999999\r\n").into(), &[200]),
        ("an absolute address of ours", get(&format!("http://{}/", served.host)).into(), &[200]),
        ("an absolute address of others", get("http://evil.example/").into(), &[421]),
        ("an absolute file", get("file:///etc/passwd").into(), &[400, 404, 421]),
        ("a tunnel", format!("CONNECT evil.example:443 HTTP/1.1\r\n{host}\r\n").into(), &[405, 421]),
        ("an asterisk", format!("OPTIONS * HTTP/1.1\r\n{host}\r\n").into(), &[405]),
        ("a body that is said and not sent", format!("POST / HTTP/1.1\r\n{host}Content-Length: 99999999999\r\n\r\n").into(), &[405]),
        ("a length that is none", format!("GET / HTTP/1.1\r\n{host}Content-Length: -1\r\n\r\n").into(), &[400]),
        ("two lengths", format!("GET / HTTP/1.1\r\n{host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab").into(), &[400]),
        ("two encodings", format!("GET / HTTP/1.1\r\n{host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").into(), &[200, 400]),
        ("a folded header", with("X: a\r\n b\r\n").into(), &[200, 400]),
        ("a space before the colon", with("X : a\r\n").into(), &[400]),
        ("line ends without returns", with("").replace('\r', "").into(), &[200]),
    ];
    let mut faults = Vec::new();
    for (name, bytes, allowed) in cases {
        let told = served.statuses(&bytes);
        // The connection can be closed if the request is not HTTP/1.
        let first = told.first().copied().unwrap_or(0);
        if !allowed.contains(&first) {
            faults.push(format!("{name}: {told:?}, not {allowed:?}"));
        }
        served.still_serves(name);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // Three requests on one connection, answered in order.
    let three = format!(
        "GET / HTTP/1.1\r\n{host}\r\nHEAD /no HTTP/1.1\r\n{host}\r\n{}",
        get("/a.html")
    );
    assert_eq!(served.statuses(three.as_bytes()), [200, 404, 200]);
}

#[test]
fn no_way_of_writing_a_path_leaves_the_site() {
    let served = Served::new();
    write(&served.path("secret.txt"), "outside the text");
    let host = format!("Host: {}\r\nConnection: close\r\n\r\n", served.host);
    let request = |path: &[u8]| [b"GET ", path, b" HTTP/1.1\r\n", host.as_bytes()].concat();
    let ups = [
        "..",
        "%2e%2e",
        "%2E.",
        ".%2e",
        "%252e%252e",
        "..%00",
        "..;",
        "%c0%ae%c0%ae",
        "%uff0e%uff0e",
        "..%ef%bc%8f",
        "....",
        "%2e%2e%5c",
        "..\\",
        ".",
        "%2e",
    ];
    let bars = ["/", "%2f", "%5c", "\\", "//", "%252f", "%c0%af"];
    for up in ups {
        for bar in bars {
            for start in ["/", "//", "/actors/", "/-/whosaid/", ""] {
                for file in ["secret.txt", "book.toml", "content/a.md", "etc/passwd"] {
                    for depth in [1, 8] {
                        let path = format!("{start}{}{file}", format!("{up}{bar}").repeat(depth));
                        let answer = served.raw(&request(path.as_bytes()));
                        let answer = String::from_utf8_lossy(&answer);
                        let status = answer.get(9..12);
                        assert!(matches!(status, Some("400" | "404")), "{path}: {status:?}");
                        assert!(!answer.contains("outside the text"), "{path}");
                    }
                }
            }
        }
    }
    // Every byte as a path, raw and after a percent sign.
    for byte in 0..=255_u8 {
        for path in [
            vec![b'/', byte],
            format!("/%{byte:02x}").into_bytes(),
            format!("/a%{byte:02X}.html").into_bytes(),
        ] {
            let told = served.statuses(&request(&path));
            let [first, ..] = told.as_slice() else {
                panic!("{byte}: no answer");
            };
            // A space or a line end terminates the path, and a question mark begins the query.
            let is_home = matches!(byte, b'?' | b'#' | b'/' | b' ' | b'\n' | b'\r' | b'.');
            assert!(
                matches!(first, 400 | 404 | 308) || is_home && *first == 200,
                "{byte}: {told:?}"
            );
        }
    }
    served.still_serves("all of them");
}

#[test]
fn those_who_hold_lines_open_keep_nobody_out() {
    let served = Served::new();
    // Incomplete requests, and clients that listen forever.
    let mut open = Vec::new();
    for number in 0..400 {
        let mut stream = served.connect();
        let begun = match number % 4 {
            0 => "",
            1 => "GET / HT",
            2 => "GET / HTTP/1.1\r\nHost: local",
            _ => "GET /-/whosaid/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
        };
        stream.write_all(begun.as_bytes()).expect("it listens");
        open.push(stream);
    }
    served.still_serves("400 open lines");
    // One byte at a time, while others are served.
    for letter in b"host: x\r\nX: " {
        for stream in open.iter_mut().skip(1).step_by(4) {
            let _ = stream.write_all(&[*letter]);
        }
        served.still_serves("another letter");
    }
    drop(open);
    // More connections than the system allows a process to have open.
    let mut open = Vec::new();
    while open.len() < 3000 {
        match TcpStream::connect(&served.host) {
            Ok(stream) => open.push(stream),
            // The limit of this process is reached.
            Err(_) => break,
        }
    }
    assert!(open.len() > 500, "only {} lines", open.len());
    drop(open);
    served.still_serves("thousands of lines");
    write(
        &served.path("content/index.md"),
        "# Home\n\nWords at home. More of them.\n",
    );
    let mut events = served.events();
    while !served.get("/").body.contains("More of them.") {
        events.next();
    }
}

/// The number of edits; `WHOSAID_EDITS` sets it.
fn edits() -> usize {
    let edits = std::env::var("WHOSAID_EDITS").ok();
    edits.and_then(|edits| edits.parse().ok()).unwrap_or(300)
}

/// Returns the addresses of all pages below `dir`.
fn pages(dir: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter();
    let paths = entries.map(|entry| entry.expect("an entry").into_path());
    let pages = paths.filter(|path| path.extension().is_some_and(|it| it == "html"));
    let address = |path: std::path::PathBuf| {
        let below = path.strip_prefix(dir).expect("a path below");
        format!("/{}", below.to_str().expect("UTF-8"))
    };
    pages.map(address).collect()
}

/// After any edits, the served site equals that of a new server, and the memory does not grow with
/// the number of edits.
#[test]
#[cfg(target_os = "linux")]
fn edits_without_end_leave_what_a_new_start_would_show() {
    let dir = TempDir::new().expect("a temporary folder");
    for (path, bytes) in repository::sample() {
        let file = dir.path().join(path.as_str());
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, bytes).expect("a file");
    }
    let served = Served::over(dir, &[]);
    let texts: Vec<_> = repository::texts("content", "md").into_iter().collect();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut roll = |sides: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % sides as u64) as usize
    };
    let mut after_a_while = 0;
    for number in 0..edits() {
        let (path, text) = &texts[roll(texts.len())];
        let file = served.path(path.as_str());
        match roll(9) {
            0 => drop(fs::remove_file(&file)),
            1 => write(&file, &format!("{text}\n\n[[nobody-{number}]]\n")),
            2 => drop(fs::write(&file, [0xff, 0xfe, 0x00])),
            3 => write(&file, ""),
            4 => {
                let new = served.path(&format!("content/new{}.md", roll(5)));
                write(&new, &format!("# New {number}\n\nWords.\n"));
            }
            5 => write(
                &served.path("book.toml"),
                ["[book", "[book]\ntitle = \"X\"\n"][roll(2)],
            ),
            6 => write(
                &served.path("templates/footer.html"),
                ["<p>{{", "<p>end</p>"][roll(2)],
            ),
            7 => write(&file, &text[..text.floor_char_boundary(roll(text.len()))]),
            _ => write(&file, &format!("{text}\n\nEdit {number}.\n")),
        }
        assert_eq!(served.get("/").status, 200, "after edit {number}");
        if number == edits() / 5 {
            after_a_while = served.memory();
        }
    }
    let grown = served.memory().saturating_sub(after_a_while);
    assert!(grown < 100 << 20, "{} MiB more in use", grown >> 20);
    // All errors are corrected in one last edit.
    for (path, text) in &texts {
        write(&served.path(path.as_str()), text);
    }
    let _ = fs::remove_dir_all(served.path("templates"));
    let mut events = served.events();
    let title = "The end of all edits";
    let sample = repository::sample();
    let settings = sample.iter().find(|(path, _)| path.as_str() == "book.toml");
    let settings = settings.expect("a book has settings").1;
    let settings = std::str::from_utf8(settings).expect("UTF-8");
    let (before, after) = settings.split_once("title = \"").expect("a title");
    let (_, after) = after.split_once('"').expect("a title");
    write(
        &served.path("book.toml"),
        &format!("{before}title = \"{title}\"{after}"),
    );
    while !served.get("/").body.contains(title) {
        events.next();
    }
    let out = served.path("out");
    let run = Command::new(env!("CARGO_BIN_EXE_whosaid"))
        .arg("build")
        .arg(served.path(""))
        .arg("--dest-dir")
        .arg(&out)
        .output()
        .expect("the program runs");
    assert!(run.status.success(), "{run:?}");
    let anew = served.another();
    let mut pages = pages(&out);
    // `serve` generates no frames, because they are for other sites.
    pages.retain(|page| !page.ends_with(".embed.html"));
    assert!(pages.len() > 20);
    for page in pages {
        let [warm, cold] = [&served, &anew].map(|it| it.get(&page));
        assert_eq!(cold.status, 200, "{page}");
        assert!(
            warm.body == cold.body,
            "{page} is not what a new start shows"
        );
    }
    eprintln!(
        "{} edits, {} MiB, {} MiB more in the end",
        edits(),
        after_a_while >> 20,
        grown >> 20
    );
}
