//! Tests of inventories: that of a site, and the use of those of other sites.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::book::{self, Book};
use crate::dom::Page;
use crate::repository;
use whosaid::text::SitePath;

const HARBOR: &str = "\
//- book.toml\n[book]\ntitle = \"The harbor\"\n\
//- content/actors/captain.md\n---\nname: The captain\nkind: person\nwikidata: Q42\nstatus: named\nstatus-src: log\n---\n\
//- content/actors/ship.md\n---\nname: The ship\nkind: product\n---\n\
//- content/actors/pilot.md\n---\nname: The pilot\nkind: person\nattack-id: G0001\n---\n\
//- content/sources/log.md\n---\ntitle: The log\ndate: 2031-03-01\n---\n\
//- content/claims/late.md\n---\ntext: The ship was late.\nagainst: captain\n---\n\
//- content/late.md\n---\ntitle: Late\ndate: 2031-03-02\n---\n\
[It was late](claim:late \"by=pilot\") [@log]. [No](denies:late \"by=captain on=2031-03-01\") [@log]. [[ship]]\n";

/// Returns the inventory of a book.
fn inventory(book: &Book) -> Value {
    serde_json::from_str(book.page("whosaid.json")).expect("JSON")
}

/// Returns the entries of an inventory by kind and id.
fn entries(inventory: &Value) -> BTreeMap<(String, String), Value> {
    let entries = inventory["entries"].as_array().expect("entries").iter();
    let entries = entries.map(|entry| {
        let text = |key: &str| entry[key].as_str().expect("a text").to_string();
        ((text("kind"), text("id")), entry.clone())
    });
    entries.collect()
}

#[test]
fn the_inventory_has_all_that_the_site_has() {
    let book = book::build(book::inputs(repository::sample()));
    let told = inventory(&book);
    assert_eq!(told["whosaid"], 1);
    assert_eq!(told["site"]["title"], "The Exchange Record");
    assert_eq!(told["site"]["url"], "https://exchange-record.example/");
    let entries = entries(&told);
    assert_eq!(
        entries.len(),
        told["entries"].as_array().expect("a list").len()
    );
    let counts = book.build.counts;
    for (kind, count) in [
        ("actor", counts.actors),
        ("claim", counts.claims),
        ("source", counts.sources),
        ("page", counts.briefings),
    ] {
        let found = entries.keys().filter(|(it, _)| it == kind).count();
        assert_eq!(found, count, "{kind}");
    }
    for entry in entries.values() {
        let address = SitePath::new(entry["address"].as_str().expect("a text"));
        let address = address.expect("an address");
        assert!(book.build.outputs.contains_key(&address), "{address}");
    }
    let claim = &entries[&("claim".to_string(), "exch-mss".to_string())];
    assert_eq!(claim["status"], "denied");
}

#[test]
fn a_hash_changes_with_what_an_entry_says_and_with_nothing_else() {
    let before = entries(&inventory(&book::book(HARBOR)));
    let changed = |from: &str, to: &str| -> Vec<String> {
        let text = HARBOR.replace(from, to);
        assert_ne!(text, HARBOR, "{from}");
        let after = entries(&inventory(&book::book(&text)));
        let differs = after
            .into_iter()
            .filter(|(key, entry)| before[key]["hash"] != entry["hash"]);
        differs
            .map(|((kind, id), _)| format!("{kind}:{id}"))
            .collect()
    };
    assert_eq!(
        changed("[No](denies", "[Never](denies"),
        ["claim:late", "page:late"]
    );
    assert_eq!(
        changed("[[ship]]\n", "[[ship]] So it was.\n"),
        ["page:late"]
    );
    assert_eq!(
        changed("name: The ship\n", "name: The boat\n"),
        // The text shows the name.
        ["actor:ship", "page:late"]
    );
    assert_eq!(changed("title: The log\n", "title: Log\n"), ["source:log"]);
    assert_eq!(changed("title = \"The harbor\"", "title = \"H\""), [""; 0]);
}

/// Returns a book that mentions the harbor, with its published inventory.
fn town(text: &str, settings: &str) -> Book {
    let harbor = book::book(HARBOR);
    assert_eq!(harbor.codes(), [""; 0], "{}", harbor.report());
    let json = harbor.page("whosaid.json");
    let settings = match settings {
        "" => "harbor = \"https://harbor.example/b/\"",
        other => other,
    };
    book::book(&format!(
        "//- book.toml\n[whosaid.sites]\n{settings}\n//- sites/harbor.json\n{json}\
         //- content/actors/master.md\n---\nname: The master\nkind: person\nwikidata: Q42\n---\n\
         //- content/actors/other.md\n---\nname: Another\nkind: person\nwikidata: Q43\n---\n\
         //- content/town.md\n# Town\n\n[[master]] and [[other]]. {text}\n"
    ))
}

/// Returns the links to the harbor on a page: address and text.
fn links(book: &Book, address: &str) -> Vec<(String, String)> {
    let page = Page::parse(book.page(address));
    let links = page.all("a").filter(|it| {
        let href = it.attr("href").unwrap_or("");
        href.starts_with("https://harbor.example/")
    });
    let told = links.map(|it| (it.attr("href").unwrap_or("").to_string(), it.text()));
    told.collect()
}

#[test]
fn a_mention_leads_to_another_site_and_its_card_tells_how_the_claim_stood_there() {
    for (mention, page, words) in [
        (
            "[[harbor:claim:late]]",
            "claims/late.html",
            "The ship was late",
        ),
        ("[[harbor:The ship]]", "actors/ship.html", "The ship"),
        (
            "[[harbor:actor:ship|the boat]]",
            "actors/ship.html",
            "the boat",
        ),
        (
            "[[harbor:source:log#top]]",
            "sources/log.html#top",
            "The log",
        ),
        ("[[ harbor : page : late ]]", "late.html", "Late"),
    ] {
        let book = town(mention, "");
        assert_eq!(book.codes(), [""; 0], "{mention}: {}", book.report());
        let expected = (
            format!("https://harbor.example/b/{page}"),
            words.to_string(),
        );
        assert_eq!(links(&book, "town.html"), [expected], "{mention}");
    }
    let book = town("[[harbor:claim:late]]", "");
    let page = Page::parse(book.page("town.html"));
    let link = page
        .all("a")
        .find(|it| it.attr("href").is_some_and(|href| href.contains("harbor")));
    let card = link.and_then(|it| it.attr("data-card")).expect("a card");
    let card = page.elements().find(|it| it.attr("id") == Some(card));
    let card = card.expect("the card").text();
    assert!(card.contains("claim on The harbor"), "{card}");
    assert!(card.contains("Denied there, when last asked"), "{card}");
}

#[test]
fn an_actor_that_shares_an_id_of_the_world_is_also_on_the_other_site() {
    let book = town("", "");
    let expected = (
        "https://harbor.example/b/actors/captain.html".to_string(),
        "The harbor: The captain".to_string(),
    );
    assert_eq!(links(&book, "actors/master.html"), [expected]);
    assert_eq!(links(&book, "actors/other.html"), []);
}

#[test]
fn what_the_other_site_does_not_have_is_told_of_with_the_nearest() {
    let book = town(
        "[[harbor:claim:lake]] and [[harbor:late]] and [[harbr:late]]",
        "",
    );
    let report = book.report();
    assert_eq!(book.codes(), ["WS004", "WS006", "WS004"], "{report}");
    assert!(
        report.contains("unknown claim `lake` of the site `harbor`"),
        "{report}"
    );
    assert!(report.contains("did you mean `late`?"), "{report}");
    assert!(
        report.contains("`harbor:claim:late`, `harbor:page:late`"),
        "{report}"
    );
}

#[test]
fn an_inventory_that_does_not_hold_what_it_should_is_told_of() {
    let told = |json: &str, address: &str| {
        let book = book::book(&format!(
            "//- book.toml\n[whosaid.sites]\nharbor = \"{address}\"\n//- sites/harbor.json\n{json}\n\
             //- content/a.md\n# A\n\nText.\n"
        ));
        assert_eq!(book.codes(), ["WS060"], "{json}: {}", book.report());
        book.report()
    };
    let web = "https://harbor.example/";
    let report = told("{\"whosaid\":1,\n  oops}", web);
    assert!(report.contains("sites/harbor.json:2:3"), "{report}");
    assert!(told("{\"whosaid\":2}", web).contains("is not 1"));
    assert!(told("[]", web).contains("is not 1"));
    for url in [
        "",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://a b/",
    ] {
        let json = format!("{{\"whosaid\":1,\"site\":{{\"url\":\"{url}\"}},\"entries\":[]}}");
        let report = told(&json, "inventories/harbor.json");
        assert!(report.contains("has no address of the site"), "{report}");
    }
    for (entry, why) in [
        ("\"address\":\"../x.html\"", "no valid address"),
        ("\"address\":\"/etc\"", "no valid address"),
        ("\"address\":7", "no string `address`"),
        (
            "\"kind\":\"verdict\",\"address\":\"a.html\"",
            "unknown kind `verdict`",
        ),
    ] {
        let json = format!(
            "{{\"whosaid\":1,\"entries\":[{{\"kind\":\"claim\",\"id\":\"x\",\"title\":\"X\",{entry}}}]}}"
        );
        let report = told(&json, web);
        assert!(
            report.contains(why) && report.contains("entries[0]"),
            "{report}"
        );
    }
    // One error is reported once, for any number of mentions.
    let missing = book::book(
        "//- book.toml\n[whosaid.sites]\nharbor = \"https://harbor.example/\"\n\
         //- content/a.md\n# A\n\n[[harbor:claim:late]] and [[harbor:captain]].\n",
    );
    assert_eq!(missing.codes(), ["WS060"], "{}", missing.report());
    let named = book::book(
        "//- book.toml\n[whosaid.sites]\nclaim = \"https://a.example/\"\n//- content/a.md\n# A\n",
    );
    assert_eq!(named.codes(), ["WS036"], "{}", named.report());
}

#[test]
fn nothing_of_an_inventory_becomes_markup() {
    let json = "{\"whosaid\":1,\"site\":{\"title\":\"<script>x()</script>\"},\"entries\":[\
                {\"kind\":\"claim\",\"id\":\"x\\\"><b>\",\"title\":\"<img src=x onerror=y()>\",\
                \"address\":\"a\\\"b<.html\",\"status\":\"<i>\",\"signature\":\"<u>\"}]}";
    let book = book::book(&format!(
        "//- book.toml\n[whosaid.sites]\nharbor = \"https://harbor.example/\"\n\
         //- sites/harbor.json\n{json}\n//- content/a.md\n# A\n\n[[harbor:<img src=x onerror=y()>]]\n"
    ));
    assert_eq!(book.codes(), [""; 0], "{}", book.report());
    let page = Page::parse(book.page("a.html"));
    for name in ["img", "u", "i"] {
        assert_eq!(page.all(name).count(), 0, "{name}");
    }
    let scripts = page.all("script").filter(|it| it.text().contains("x()"));
    assert_eq!(scripts.filter(|it| it.attr("type").is_none()).count(), 0);
}

fn whosaid(dir: &Path, args: &[&str]) -> Output {
    #[expect(
        clippy::disallowed_methods,
        reason = "the program itself is under test"
    )]
    let mut command = Command::new(env!("CARGO_BIN_EXE_whosaid"));
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    let told = command.args(args).current_dir(dir).output();
    told.expect("the program runs")
}

/// Answers a series of requests, each with a status and a body; returns the address.
fn answering(answers: Vec<(&'static str, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for (status, body) in answers {
            let Ok((mut stream, _)) = listener.accept() else {
                return;
            };
            let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
            let asked = lines.next().and_then(Result::ok).unwrap_or_default();
            let is_end = |line: &std::io::Result<String>| line.as_ref().is_ok_and(String::is_empty);
            let _ = lines.find(is_end);
            let status = if asked.starts_with("GET /whosaid.json ") {
                status
            } else {
                "404 Not Found"
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    address
}

#[test]
fn inventories_are_fetched_on_request_and_a_bad_one_leaves_the_old() {
    let json = book::book(HARBOR).page("whosaid.json").to_string();
    let address = answering(vec![
        ("200 OK", json.clone()),
        ("500 Oops", "{}".into()),
        ("200 OK", "<p>Moved".into()),
    ]);
    let dir = tempfile::tempdir().expect("a folder");
    let path = |name: &str| dir.path().join(name);
    let write = |name: &str, text: &str| {
        #[expect(clippy::disallowed_methods, reason = "a book on disk")]
        std::fs::write(path(name), text).expect("written");
    };
    let kept = || {
        #[expect(clippy::disallowed_methods, reason = "a book on disk")]
        std::fs::read_to_string(path("sites/harbor.json")).expect("kept")
    };
    write("harbor.json", &json);
    write(
        "a.md",
        "# A\n\n[[harbor:claim:late]] and [[far:actor:pilot]].\n",
    );
    write(
        "book.toml",
        &format!(
            "[book]\nsrc = \".\"\n[whosaid.sites]\nharbor = \"{address}\"\nfar = \"harbor.json\"\n"
        ),
    );
    let told = whosaid(dir.path(), &["sites", "update", "--only", "harbor"]);
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    assert_eq!(
        String::from_utf8_lossy(&told.stdout),
        "sites/harbor.json: 6 entries\n"
    );
    assert_eq!(kept(), json);
    for words in ["500", "is not valid JSON"] {
        let told = whosaid(dir.path(), &["sites", "update", "--only", "harbor"]);
        let said = String::from_utf8_lossy(&told.stderr).into_owned();
        assert_eq!(told.status.code(), Some(2), "{said}");
        assert!(
            said.contains(words) && said.contains("the site `harbor`"),
            "{said}"
        );
        assert_eq!(kept(), json);
    }
    // By path: the inventory does not contain the address of the site, so there is nothing to link
    // to.
    let told = whosaid(dir.path(), &["sites", "update", "--only", "far"]);
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(said.contains("has no address of the site"), "{said}");
    let whole = json.replacen(
        "\"site\":{",
        "\"site\":{\"url\":\"https://far.example\",",
        1,
    );
    write("harbor.json", &whole);
    let told = whosaid(dir.path(), &["sites", "update", "--only", "far"]);
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    // A build needs no network.
    let told = whosaid(dir.path(), &["build", "--deny-warnings"]);
    assert_eq!(
        told.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
}

#[test]
fn an_answer_without_end_is_read_up_to_the_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("curl");
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).expect("its request");
        // curl cannot know the length of a chunked response in advance.
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).expect("a head");
        let chunk = [b"100000\r\n".as_slice(), &[b' '; 1 << 20], b"\r\n"].concat();
        let mut sent = 0_u64;
        // The server would continue long after the limit.
        while sent < 400 && stream.write_all(&chunk).is_ok() {
            sent += 1;
        }
        sent
    });
    let dir = tempfile::tempdir().expect("a folder");
    let toml = format!("[whosaid.sites]\nbig = \"http://127.0.0.1:{port}/whosaid.json\"\n");
    #[expect(clippy::disallowed_methods, reason = "a book on disk")]
    std::fs::write(dir.path().join("book.toml"), toml).expect("a file");
    let output = whosaid(dir.path(), &["sites", "update"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("is larger than 67108864 bytes"), "{said}");
    let sent = server.join().expect("the server");
    // The limit, and the buffers of pipes and sockets.
    assert!((64..128).contains(&sent), "{sent} MiB were taken");
    assert!(!dir.path().join("sites").exists());
}
