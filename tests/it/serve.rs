//! Tests of `serve` as a process, over HTTP.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run the program on folders of their own"
)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// A timeout longer than any step on a busy machine; only a failing test waits so long.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A served book.
pub struct Served {
    pub child: Child,
    _out: BufReader<ChildStdout>,
    /// `127.0.0.1:` and the port.
    pub host: String,
    dir: TempDir,
}

/// A response.
pub struct Answer {
    pub status: u16,
    headers: BTreeMap<String, String>,
    pub body: String,
}

/// The event stream of one client.
pub struct Events(BufReader<TcpStream>);

const BOOK: &[(&str, &str)] = &[
    ("book.toml", "[book]\ntitle = \"Desk\"\n"),
    ("content/index.md", "# Home\n\nWords at home.\n"),
    (
        "content/a.md",
        "# First\n\n[It was them](claim:it-was \"by=us about=them\") [@note].\n",
    ),
    ("content/actors/us.md", "---\nname: Our Desk\n---\n"),
    ("content/actors/them.md", "---\nname: The Others\n---\n"),
    (
        "content/sources/note.md",
        "---\ntitle: A note\ndate: 2021-01-01\n---\n",
    ),
];

impl Served {
    pub fn new() -> Served {
        Served::with(&[])
    }

    fn with(arguments: &[&str]) -> Served {
        let dir = TempDir::new().expect("a temporary folder");
        for (path, text) in BOOK {
            write(&dir.path().join(path), text);
        }
        Served::over(dir, arguments)
    }

    pub fn over(dir: TempDir, arguments: &[&str]) -> Served {
        let (child, out, host) = start(dir.path(), arguments);
        Served {
            child,
            _out: out,
            host,
            dir,
        }
    }

    /// Serves the same book with another process.
    pub fn another(&self) -> Served {
        let (child, out, host) = start(self.dir.path(), &[]);
        Served {
            child,
            _out: out,
            host,
            dir: TempDir::new().expect("a temporary folder"),
        }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        write(&self.path(path), text);
    }

    /// Sends the lines and reads the whole response.
    fn send(&self, lines: &[&str]) -> Answer {
        let mut stream = TcpStream::connect(&self.host).expect("a connection");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a time limit");
        let request = format!("{}\r\nConnection: close\r\n\r\n", lines.join("\r\n"));
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut text = Vec::new();
        stream.read_to_end(&mut text).expect("an answer");
        let text = String::from_utf8_lossy(&text).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let headers = lines.filter_map(|line| line.split_once(": "));
        Answer {
            status: status.and_then(|status| status.parse().ok()).unwrap_or(0),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(&[
            &format!("GET {path} HTTP/1.1"),
            &format!("Host: {}", self.host),
        ])
    }

    /// Returns the status of a request for the home page with only these headers.
    fn status(&self, headers: &[&str]) -> u16 {
        self.send(&[&["GET / HTTP/1.1"], headers].concat()).status
    }

    /// Connects a client, which receives the current state first.
    pub fn events(&self) -> Events {
        let mut stream = TcpStream::connect(&self.host).expect("a connection");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a time limit");
        let request = format!(
            "GET /-/whosaid/events HTTP/1.1\r\nHost: {}\r\n\r\n",
            self.host
        );
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut events = Events(BufReader::new(stream));
        events.next();
        events
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Events {
    /// Waits for the next state.
    pub fn next(&mut self) -> serde_json::Value {
        let mut line = String::new();
        loop {
            line.clear();
            let length = self.0.read_line(&mut line).expect("an event in time");
            assert!(length > 0, "the stream has ended");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).expect("JSON");
            }
        }
    }

    /// Waits until a state has changed this address.
    fn changed(&mut self, address: &str) -> serde_json::Value {
        loop {
            let state = self.next();
            let changed = state["changes"]["changed"].as_array().expect("a list");
            if changed.iter().any(|changed| changed == address) {
                return state;
            }
        }
    }

    /// Waits until this address is removed.
    fn gone(&mut self, address: &str) {
        loop {
            let state = self.next();
            let gone = state["changes"]["gone"].as_array().expect("a list");
            if gone.iter().any(|gone| gone == address) {
                return;
            }
        }
    }
}

/// Starts the program on a book; returns its address.
fn start(dir: &Path, arguments: &[&str]) -> (Child, BufReader<ChildStdout>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_whosaid"))
        .arg("serve")
        .arg(dir)
        .args(["--port", "0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut address = String::new();
    out.read_line(&mut address).expect("an address");
    let host = address.trim_start_matches("http://").trim_end();
    let host = host.trim_end_matches('/').to_owned();
    assert!(host.starts_with("127.0.0.1:"), "{address:?}");
    (child, out, host)
}

pub fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

#[test]
fn the_index_of_the_search_page_is_made_when_it_is_asked_for() {
    let served = Served::new();
    assert_eq!(served.get("/search.html").status, 200);
    let index = served.get("/search/index.js?abc");
    assert_eq!(index.status, 200);
    assert_eq!(
        index.headers["content-type"],
        "text/javascript; charset=utf-8"
    );
    assert!(index.body.starts_with("whosaidSearch("), "{}", index.body);
    assert!(served.get("/search/t0.js").body.contains("words"));
    assert_eq!(served.get("/search/t99.js").status, 404);
    let mut events = served.events();
    served.write("content/index.md", "# Home\n\nSentences at home.\n");
    events.next();
    assert!(served.get("/search/t0.js").body.contains("sentenc"));
}

#[test]
fn it_answers_to_known_hosts_and_to_its_own_pages_only() {
    let served = Served::new();
    let own = format!("Host: {}", served.host);
    let port = served.host.rsplit(':').next().expect("a port");
    assert_eq!(served.status(&[&own]), 200);
    assert_eq!(served.status(&[&format!("Host: localhost:{port}")]), 200);
    assert_eq!(served.status(&[&format!("Host: [::1]:{port}")]), 200);
    for foreign in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:3000",
        "0.0.0.0",
        "10.0.0.1",
        "[::ffff:127.0.0.1]",
        "localhost.",
        "localhost:",
        "localhost:x",
        "user@localhost",
        "169.254.169.254",
        "",
    ] {
        let status = served.status(&[&format!("Host: {foreign}")]);
        assert!(matches!(status, 400 | 421), "{foreign}: {status}");
    }
    assert_eq!(served.status(&[]), 400);
    assert_eq!(served.status(&[&own, "Host: evil.example"]), 400);
    let absolute = served.send(&["GET http://evil.example/ HTTP/1.1", &own]);
    assert!(matches!(absolute.status, 400 | 421), "{}", absolute.status);

    assert_eq!(
        served.status(&[&own, &format!("Origin: http://{}", served.host)]),
        200
    );
    for origin in [
        "null",
        "https://evil.example",
        "http://localhost:1",
        "http://127.0.0.1",
        "file://",
        "",
    ] {
        let origin = format!("Origin: {origin}");
        assert_eq!(served.status(&[&own, &origin]), 403, "{origin}");
        let events = served.send(&["GET /-/whosaid/events HTTP/1.1", &own, &origin]);
        assert_eq!(events.status, 403, "{origin}");
    }
    assert_eq!(served.status(&[&own, "Sec-Fetch-Site: same-origin"]), 200);
    assert_eq!(served.status(&[&own, "Sec-Fetch-Site: none"]), 200);
    for site in ["cross-site", "same-site"] {
        let site = format!("Sec-Fetch-Site: {site}");
        let navigate = "Sec-Fetch-Mode: navigate";
        assert_eq!(
            served.status(&[&own, &site, "Sec-Fetch-Mode: no-cors"]),
            403
        );
        assert_eq!(
            served.status(&[&own, &site, navigate, "Sec-Fetch-Dest: iframe"]),
            403
        );
        assert_eq!(
            served.status(&[&own, &site, navigate, "Sec-Fetch-Dest: document"]),
            200
        );
    }
}

#[test]
fn a_host_that_is_let_in_by_name_is_answered() {
    let served = Served::with(&["--allow-host", "Desk.example"]);
    assert_eq!(served.status(&["Host: desk.example"]), 200);
    assert_eq!(
        served.status(&[
            "Host: desk.example:8080",
            "Origin: https://desk.example:8080"
        ]),
        200
    );
    assert_eq!(served.status(&["Host: other.example"]), 421);
}

#[test]
fn it_answers_get_and_head_and_nothing_else() {
    let served = Served::new();
    let host = format!("Host: {}", served.host);
    for method in [
        "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECTX",
    ] {
        let answer = served.send(&[&format!("{method} / HTTP/1.1"), &host]);
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.headers["allow"], "GET, HEAD");
    }
    let get = served.get("/a.html");
    let head = served.send(&["HEAD /a.html HTTP/1.1", &host]);
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    for name in ["content-length", "content-type", "etag"] {
        assert_eq!(head.headers[name], get.headers[name]);
    }
}

#[test]
fn every_answer_has_the_headers_that_keep_it_to_itself() {
    let served = Served::new();
    for path in [
        "/",
        "/a.html",
        "/whosaid.css",
        "/no-such.html",
        "/-/whosaid/live.js",
    ] {
        let answer = served.get(path);
        let headers = &answer.headers;
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        assert_eq!(
            headers["cross-origin-resource-policy"], "same-origin",
            "{path}"
        );
        assert!(
            !headers.contains_key("access-control-allow-origin"),
            "{path}"
        );
        assert!(headers["content-type"].ends_with("charset=utf-8"), "{path}");
    }
}

#[test]
fn no_path_leaves_the_site_and_nothing_is_listed() {
    let served = Served::new();
    served.write("secret.txt", "outside the text");
    for path in [
        "/../secret.txt",
        "/a/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/./a.html",
        "/secret.txt",
        "/book.toml",
        "/content/a.md",
        "/a.html%00",
        "/%ff",
        "/a.html/",
        "/tags",
        "/images/",
        "/-/whosaid/",
    ] {
        let answer = served.get(path);
        assert!(
            matches!(answer.status, 404 | 308),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.body.contains("outside the text"), "{path}");
    }
    let missing = served.get("/no-such.html");
    assert_eq!(missing.status, 404);
    assert!(missing.body.contains("Page not found"), "{}", missing.body);
    let folder = served.get("/actors");
    assert_eq!(
        (folder.status, folder.headers["location"].as_str()),
        (308, "/actors/")
    );
    assert!(served.get("/actors/").body.contains("Our Desk"));
}

#[test]
fn a_page_that_a_browser_has_is_not_sent_again() {
    let served = Served::new();
    let host = format!("Host: {}", served.host);
    let first = served.get("/a.html");
    let known = format!("If-None-Match: \"other\", {}", first.headers["etag"]);
    let again = served.send(&["GET /a.html HTTP/1.1", &host, &known]);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let mut events = served.events();
    served.write("content/a.md", "# First\n\nOther words.\n");
    events.changed("a.html");
    let changed = served.send(&["GET /a.html HTTP/1.1", &host, &known]);
    assert_eq!(changed.status, 200);
    assert!(changed.body.contains("Other words."));
}

#[test]
fn the_script_that_keeps_pages_up_to_date_is_served_and_never_built() {
    let served = Served::new();
    assert!(
        served
            .get("/a.html")
            .body
            .contains("<head><script src=\"/-/whosaid/live.js\"")
    );
    let build = Command::new(env!("CARGO_BIN_EXE_whosaid"))
        .args(["build", "--dest-dir"])
        .arg(served.path("out"))
        .arg(served.dir.path())
        .output()
        .expect("the program runs");
    assert!(build.status.success());
    let page = fs::read_to_string(served.path("out/a.html")).expect("a page");
    assert!(!page.contains("live.js") && !page.contains("data-state"));
}

#[test]
fn the_last_good_site_stays_until_a_mistake_is_mended() {
    let served = Served::new();
    let mut events = served.events();
    served.write("content/a.md", "# First\n\nAnd [[nobody-known]].\n");
    let state = events.next();
    assert_eq!(state["faults"]["errors"], 1);
    let fault = &state["faults"]["faults"][0];
    assert_eq!(fault["at"]["file"], "content/a.md");
    assert_eq!(
        (&fault["at"]["line"], &fault["at"]["column"]),
        (&3.into(), &7.into())
    );
    assert_eq!(fault["at"]["excerpt"][0], "And [[");
    assert!(served.get("/a.html").body.contains("It was them"));

    served.write("content/a.md", "# First\n\nMended.\n");
    let state = events.changed("a.html");
    assert_eq!(state["faults"]["errors"], 0);
    assert!(served.get("/a.html").body.contains("Mended."));
}

#[test]
fn the_panel_begins_with_the_file_that_was_just_saved() {
    let served = Served::new();
    let mut events = served.events();
    let first_file = |state: &serde_json::Value| state["faults"]["faults"][0]["at"]["file"].clone();
    served.write("content/a.md", "# First\n\nAnd [[nobody-known]].\n");
    assert_eq!(first_file(&events.next()), "content/a.md");
    // This file, just saved, has a warning; the other file has an error and an earlier name.
    served.write(
        "content/z.md",
        "# Last\n\n[It was so](claim:so \"by=unnamed\").\n",
    );
    let state = events.next();
    assert_eq!(first_file(&state), "content/z.md", "{state}");
    assert_eq!(state["faults"]["faults"][0]["severity"], "warning");
    assert_eq!(state["faults"]["errors"], 1, "{state}");
    served.write("content/a.md", "# First\n\nStill [[nobody-known]].\n");
    assert_eq!(first_file(&events.next()), "content/a.md");
}

#[test]
fn a_place_opens_in_the_editor_that_the_book_names() {
    let served = Served::new();
    let mut events = served.events();
    served.write(
        "book.toml",
        "[whosaid]\neditor = \"vscode://file/{path}:{line}:{column}\"\n",
    );
    events.next();
    served.write("content/a b.md", "# Second\n\n[[nobody-known]]\n");
    let state = events.next();
    let href = state["faults"]["faults"][0]["at"]["href"]
        .as_str()
        .expect("a link");
    assert!(href.starts_with("vscode://file/"), "{href}");
    assert!(!href.contains("file//"), "{href}");
    assert!(href.ends_with("/content/a%20b.md:3:3"), "{href}");
}

#[test]
fn the_book_survives_what_editors_and_git_do_to_it() {
    let served = Served::new();
    let mut events = served.events();
    // Saved by writing a temporary file and renaming it.
    served.write("content/.a.md.swp", "# First\n\nBy rename.\n");
    fs::rename(
        served.path("content/.a.md.swp"),
        served.path("content/a.md"),
    )
    .expect("a rename");
    events.changed("a.html");
    // A new folder in a new folder, immediately with a file.
    served.write("content/deep/deeper/b.md", "# Below\n");
    events.changed("deep/deeper/b.html");
    // A file that is added later.
    served.write("content/deep/deeper/c.md", "# Beside\n");
    events.changed("deep/deeper/c.html");
    // The folder is moved, and a file is written to its new place.
    fs::rename(served.path("content/deep"), served.path("content/moved")).expect("a rename");
    events.changed("moved/deeper/b.html");
    served.write("content/moved/deeper/b.md", "# Below, moved\n");
    events.changed("moved/deeper/b.html");
    // Deleted and created again.
    fs::remove_dir_all(served.path("content/moved")).expect("a folder");
    events.gone("moved/deeper/b.html");
    assert_eq!(served.get("/moved/deeper/b.html").status, 404);
    served.write("content/moved/d.md", "# Again\n");
    events.changed("moved/d.html");
    served.write("content/moved/d.md", "# Again and again\n");
    events.changed("moved/d.html");
    // The text folder disappears and returns, as in a checkout.
    fs::rename(served.path("content"), served.path("elsewhere")).expect("a rename");
    let state = events.next();
    assert!(state["faults"]["failure"].is_string(), "{state}");
    assert_eq!(served.get("/a.html").status, 200);
    fs::rename(served.path("elsewhere"), served.path("content")).expect("a rename");
    let state = events.next();
    assert!(state["faults"]["failure"].is_null(), "{state}");
    // Templates and styles, added and removed.
    served.write("theme.css", "body { color: red }\n");
    events.changed("theme.css");
    served.write("templates/footer.html", "<p>Our own end.</p>\n");
    events.changed("a.html");
    assert!(served.get("/a.html").body.contains("Our own end."));
    fs::remove_dir_all(served.path("templates")).expect("a folder");
    events.changed("a.html");
    assert!(!served.get("/a.html").body.contains("Our own end."));
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_book_and_not_out_of_it() {
    use std::os::unix::fs::symlink;
    let served = Served::new();
    let mut events = served.events();
    served.write("content/real/b.md", "# Real\n");
    events.changed("real/b.html");
    symlink(served.path("content/real"), served.path("content/linked")).expect("a link");
    events.changed("linked/b.html");
    served.write("content/real/b.md", "# Real, edited\n");
    events.changed("linked/b.html");
    symlink("/etc", served.path("content/out")).expect("a link");
    let state = events.next();
    let failure = state["faults"]["failure"].as_str().expect("a failure");
    assert!(failure.contains("leads out of the book"), "{failure}");
    assert_eq!(served.get("/out/hostname").status, 404);
}

#[test]
fn what_is_no_part_of_the_book_changes_nothing() {
    let served = Served::new();
    let mut events = served.events();
    for path in [
        "book/index.html",
        "content/.hidden/a.md",
        ".git/HEAD",
        "notes.txt",
        "target/x",
    ] {
        served.write(path, "nothing");
    }
    // Reading a file is not a change.
    let mut text = String::new();
    let mut file = File::open(served.path("content/a.md")).expect("a file");
    file.read_to_string(&mut text).expect("text");
    // The same words are written again.
    served.write("content/a.md", &text);
    served.write("content/index.md", "# Home\n\nThe next state.\n");
    let state = events.next();
    assert_eq!(state["number"], 2);
    assert_eq!(
        state["changes"]["changed"],
        serde_json::json!(["index.html", "print.html"])
    );
    assert!(!served.path("book/.whosaid-manifest.json").exists());
}

#[test]
fn browsers_that_follow_are_told_the_page_and_the_place() {
    let served = Served::with(&["--follow"]);
    let mut events = served.events();
    served.write(
        "content/a.md",
        "# First\n\n## Early\n\nWords.\n\n## Late\n\nNew words.\n",
    );
    events.changed("a.html");
    served.write(
        "content/a.md",
        "# First\n\n## Early\n\nWords.\n\n## Late\n\nNewer words.\n",
    );
    let state = events.changed("a.html");
    assert_eq!(state["changes"]["follow"], "a.html#late");
}

#[test]
fn a_book_looked_at_in_intervals_is_followed_too() {
    let served = Served::with(&["--poll"]);
    let mut events = served.events();
    served.write("content/a.md", "# First\n\nSeen without an event.\n");
    events.changed("a.html");
}

#[test]
fn a_book_with_mistakes_is_shown_as_far_as_it_goes() {
    let dir = TempDir::new().expect("a temporary folder");
    write(
        &dir.path().join("content/a.md"),
        "# First\n\nAnd [[nobody-known]].\n",
    );
    let served = Served::over(dir, &[]);
    assert!(served.get("/a.html").body.contains("nobody-known"));
    let mut events = served.events();
    served.write("content/a.md", "# First\n\nAnd [[nobody-at-all]].\n");
    events.changed("a.html");
}

#[test]
fn a_port_that_was_asked_for_and_is_taken_is_an_error() {
    let served = Served::new();
    let port = served.host.rsplit(':').next().expect("a port");
    let second = Command::new(env!("CARGO_BIN_EXE_whosaid"))
        .arg("serve")
        .arg(served.dir.path())
        .args(["--port", port])
        .output()
        .expect("the program runs");
    assert_eq!(second.status.code(), Some(2));
    let told = String::from_utf8_lossy(&second.stderr);
    assert!(told.contains(&format!("port {port} is in use")), "{told}");
    assert!(second.stdout.is_empty());
}

#[test]
fn a_folder_without_a_book_is_an_error() {
    let dir = TempDir::new().expect("a temporary folder");
    let run = Command::new(env!("CARGO_BIN_EXE_whosaid"))
        .arg("serve")
        .arg(dir.path())
        .args(["--port", "0"])
        .output()
        .expect("the program runs");
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("no book in"));
}

#[cfg(unix)]
#[test]
fn it_ends_at_once_when_asked_to_though_browsers_listen() {
    for signal in ["INT", "TERM"] {
        let mut served = Served::new();
        let _events = served.events();
        let pid = served.child.id().to_string();
        let told = Command::new("kill").args(["-s", signal, &pid]).status();
        assert!(told.expect("kill runs").success());
        let ended = served.child.wait().expect("it ends");
        assert_eq!(ended.code(), Some(0), "{signal}");
    }
}

/// Existing pages are always available, whatever is being written; in the end, the served site
/// equals that of a build.
#[test]
fn random_edits_never_make_a_hole() {
    let served = Served::new();
    let mut events = served.events();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut roll = |sides: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % sides
    };
    for number in 0..150 {
        let name = format!("content/p{}.md", roll(6));
        match roll(8) {
            0 => drop(fs::remove_file(served.path(&name))),
            1 => served.write(&name, &format!("# P\n\n[[nobody-{number}]]\n")),
            2 => drop(fs::write(served.path(&name), [0xff, 0xfe, 0x00])),
            3 => served.write("book.toml", &format!("[book]\ntitle = \"Desk {number}\"\n")),
            4 => served.write(
                "templates/footer.html",
                ["<p>{{", "<p>end</p>"][roll(2) as usize],
            ),
            5 => drop(fs::rename(served.path(&name), served.path("content/q.md"))),
            _ => served.write(
                &name,
                &format!("# P\n\nEdit {number}. [No](denies:it-was by=them)\n"),
            ),
        }
        for page in [
            "/",
            "/a.html",
            "/claims/it-was.html",
            "/actors/us.html",
            "/whosaid.css",
        ] {
            assert_eq!(served.get(page).status, 200, "{page} after edit {number}");
        }
    }
    for name in ["p0", "p1", "p2", "p3", "p4", "p5", "q"] {
        let _ = fs::remove_file(served.path(&format!("content/{name}.md")));
    }
    served.write("templates/footer.html", "<p>end</p>");
    served.write("book.toml", "[book]\ntitle = \"The end\"\n");
    while !served.get("/").body.contains("The end") {
        events.next();
    }
    assert_eq!(served.get("/p0.html").status, 404);
}
