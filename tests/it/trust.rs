//! Tests that a book from somebody else runs no program: every way to name one, in every command.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run the program on folders of their own"
)]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use walkdir::WalkDir;

use crate::book::files;

/// A machine with one user, and one book that somebody else wrote.
struct Machine {
    dir: TempDir,
    /// Additional folders for programs, before the usual ones.
    path: &'static str,
    variables: Vec<(&'static str, String)>,
}

/// The exit code and output of a run.
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Machine {
    /// Creates a machine with the book in `text`. Every program that the book wants to run is
    /// `touch pwned…`.
    fn new(text: &str) -> Machine {
        let dir = TempDir::new().expect("a temporary folder");
        let machine = Machine {
            dir,
            path: "",
            variables: Vec::new(),
        };
        fs::create_dir_all(machine.home()).expect("a folder");
        machine.put(text);
        machine
    }

    fn put(&self, text: &str) {
        for (path, bytes) in files(text) {
            let path = self.book().join(path.as_str());
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(&path, &bytes).expect("a file");
            let is_program = bytes.starts_with(b"#!");
            let mode = if is_program { 0o755 } else { 0o644 };
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
        }
    }

    fn book(&self) -> PathBuf {
        self.dir.path().join("book")
    }

    fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    fn store(&self) -> PathBuf {
        self.home().join(".config/whosaid/trust")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_whosaid"));
        let path = format!("{}{}", self.path, std::env::var("PATH").expect("a PATH"));
        command.current_dir(self.book()).args(arguments);
        command.env("HOME", self.home()).env("PATH", path);
        command.env_remove("XDG_CONFIG_HOME");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = self.command(arguments);
        let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = streams.stderr(Stdio::piped()).spawn().expect("it runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A command that does not read its input closes the pipe.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        Run {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Starts `serve` and waits until it shows the book. Its messages go to a file.
    fn serve(&self, arguments: &[&str]) -> Server {
        let said = self.dir.path().join("said");
        let log = fs::File::create(&said).expect("a file");
        let mut command = self.command(&["serve"]);
        let child = command.args(arguments).stdout(Stdio::piped()).stderr(log);
        let mut child = child.stdin(Stdio::null()).spawn().expect("it runs");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        // If the book cannot be read, the server ends here, which is fine.
        out.read_line(&mut line).expect("a line");
        Server {
            child,
            said,
            _out: out,
        }
    }

    /// Returns the files that programs of the book created, anywhere.
    fn canaries(&self) -> Vec<PathBuf> {
        let entries = WalkDir::new(self.dir.path()).into_iter().flatten();
        let paths = entries.map(|entry| entry.into_path());
        paths
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with("pwned")
            })
            .collect()
    }

    /// Runs every command that reads a book.
    fn run_everything(&self) {
        for arguments in [
            &["check"][..],
            &["check", "--format", "json"],
            &["build"],
            &["build", "--verify"],
            &[
                "build",
                "--drafts",
                "--raw-html",
                "allow",
                "-d",
                "elsewhere",
            ],
            &["export", "json"],
            &["export", "csv", "-o", "data/"],
            &["sites", "update"],
            &["init"],
            &["init", "--host", "github"],
            &["import", "stix", "bundle.json", "--force"],
            &["import", "bibtex", "refs.bib", "--force"],
            &["trust", "--list"],
            // No one is there to say yes.
            &["trust"],
            &["trust", "--revoke"],
            &["mdbook", "supports", "html"],
        ] {
            self.run(arguments);
        }
        let root = self.book();
        let request = serde_json::json!([
            { "root": root, "config": { "book": { "src": "content" } }, "renderer": "html" },
            { "items": [{ "Chapter": { "name": "A", "content": "# A", "path": "a.md",
              "sub_items": [], "parent_names": [] } }] }
        ]);
        self.run_with(&["mdbook"], &request.to_string());
        drop(self.serve(&[]));
    }
}

struct Server {
    child: Child,
    said: PathBuf,
    _out: BufReader<std::process::ChildStdout>,
}

impl Server {
    fn said(&self) -> String {
        fs::read_to_string(&self.said).expect("what it said")
    }

    fn waits_for(&self, words: &str) {
        let started = Instant::now();
        while !self.said().contains(words) {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "`{words}` is not in:\n{}",
                self.said()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Files that every book below also has: a page, and a bundle and a bibliography to import.
const REST: &str = "
//- content/a.md
# A

Words.
//- bundle.json
{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[{\"type\":\"identity\",\"id\":\"identity--1\",
 \"name\":\"$(touch pwned-stix) `touch pwned-stix`\"}]}
//- refs.bib
@misc{a, title = {$(touch pwned-bib)}, note = {\\immediate\\write18{touch pwned-bib}}}
";

/// The result of `Machine::canaries` if nothing ran.
const NO_CANARY: [&Path; 0] = [];

/// A preprocessor that returns nothing: it leaves its canary and fails.
const TOOL: &str = "#!/bin/sh\ntouch pwned-tool\nexit 1\n";

/// Books that try to run a program, each in another way.
fn books() -> Vec<(&'static str, String)> {
    let tables = |name, toml: &str| (name, format!("//- book.toml\n{toml}\n"));
    let preprocessor = |name, command: &str, rest: &str| {
        let toml = format!("{rest}\n[preprocessor.evil]\ncommand = {command}");
        (name, format!("//- book.toml\n{toml}\n//- tool.sh\n{TOOL}"))
    };
    let page = |name, text: &str| (name, format!("//- content/b.md\n# B\n\n{text}\n"));
    let shell = "\"sh -c 'touch pwned; exit 1'\"";
    let mut books = vec![
        preprocessor("a command line", shell, ""),
        preprocessor(
            "permission in [whosaid]",
            shell,
            "[whosaid]\nallow-plugins = ['evil']",
        ),
        preprocessor(
            "permission under mdBook's name",
            shell,
            "[preprocessor.whosaid]\nallow-plugins = ['evil']",
        ),
        preprocessor(
            "permission by a wildcard",
            shell,
            "[whosaid]\nallow-plugins = ['*', 'evil', '']",
        ),
        preprocessor("permission by a switch", shell, "[whosaid]\nallow-plugins = true"),
        preprocessor(
            "permission by other keys",
            shell,
            "[whosaid]\ntrust = true\ntrusted = ['evil']\nallow = 'all'\n[trust]\nevil = true",
        ),
        preprocessor("a program of the book", "'./tool.sh'", ""),
        preprocessor("a script of the book", "'sh tool.sh'", ""),
        preprocessor("a path with dots", "'content/../tool.sh'", ""),
        tables(
            "every key that mdBook knows",
            &format!(
                "[preprocessor.evil]\ncommand = {shell}\nbefore = ['links']\nafter = ['index']\n\
                 renderers = ['html', 'whosaid', 'markdown']\noptional = true"
            ),
        ),
        tables(
            "names of mdBook's own preprocessors",
            &format!(
                "[preprocessor.links]\ncommand = {shell}\n[preprocessor.index]\ncommand = {shell}"
            ),
        ),
        tables(
            "our own name",
            &format!("[preprocessor.whosaid]\ncommand = {shell}"),
        ),
        tables(
            "a renderer",
            &format!("[output.evil]\ncommand = {shell}\n[output.html]\ncommand = {shell}"),
        ),
        tables(
            "keys of hooks",
            &format!(
                "[build]\ncommand = {shell}\npre-build = {shell}\n[whosaid]\ncommand = {shell}\n\
                 hook = {shell}\ncapture = {shell}\n[whosaid.capture]\ncommand = {shell}"
            ),
        ),
        tables("an editor", &format!("[whosaid]\neditor = {shell}")),
        tables("an editor by a file", "[whosaid]\neditor = 'file:///bin/sh?{path}'"),
        tables(
            "addresses of a repository",
            "[output.html]\ngit-repository-url = 'ext::sh -c touch% pwned'\n\
             edit-url-template = '$(touch pwned)/{path}'\nsite-url = '$(touch pwned)'\n\
             cname = '`touch pwned`'",
        ),
        tables(
            "an output folder",
            "[build]\nbuild-dir = '$(touch pwned)'",
        ),
        tables("a text folder", "[book]\nsrc = '|touch pwned'"),
        tables(
            "a title and a language",
            "[book]\ntitle = '$(touch pwned)'\nlanguage = 'en;touch pwned'\ndescription='`touch pwned`'",
        ),
        tables(
            "another site",
            "[whosaid.sites]\na = '$(touch pwned)'\nb = '| touch pwned'\nc = '-o pwned-curl'\n\
             d = 'file:///etc/passwd'\ne = 'http://[::1]:1/ --output pwned-curl'\n\
             f = 'ext::sh -c touch% pwned'\ng = 'http://127.0.0.1:1/x.json\\n--output\\npwned'",
        ),
        tables(
            "a style sheet, a script, a font and a theme",
            "[output.html]\nadditional-js = ['tool.sh']\nadditional-css = ['tool.sh']\n\
             theme = 'theme'\n[whosaid]\ncard-fonts = ['tool.sh']\ncards = true",
        ),
        page(
            "includes",
            "{{#include tool.sh}}\n{{#include $(touch pwned)}}\n{{#include |touch pwned}}\n\
             {{#playground tool.sh}}\n{{#rustdoc_include tool.sh}}\n{{#template tool.sh a=b}}\n\
             {{#exec touch pwned}}\n{{#shell touch pwned}}",
        ),
        page(
            "code that other tools run",
            "```sh exec\ntouch pwned\n```\n\n```{bash, exec=TRUE}\ntouch pwned\n```\n\n\
             ```dataviewjs\nrequire('child_process').execSync('touch pwned')\n```\n\n\
             <!-- cmdrun touch pwned -->\n\n<!--#exec cmd=\"touch pwned\" -->\n\n\
             <% tp.system.touch(\"pwned\") %> <?php system('touch pwned'); ?> `=dv.touch(\"pwned\")`",
        ),
        page(
            "links, names and attributes",
            "[a](shell:touch%20pwned) [b](file:///bin/sh) [[$(touch pwned)]] \
             [c](claim:c \"by='$(touch pwned)' src='`touch pwned`'\") [@$(touch pwned)] \
             ![d](|touch pwned) <a href='javascript:pwned'>e</a>",
        ),
        (
            "front matter of another language",
            "//- content/b.md\n---\ntitle: !!python/object/apply:os.system ['touch pwned']\n\
             date: !ruby/object:Gem::Installer {i: x}\ntemplate: '|touch pwned'\n---\n# B\n"
                .to_owned(),
        ),
        (
            "front matter as code",
            "//- content/b.md\n---js\nrequire('child_process').execSync('touch pwned')\n---\n# B\n"
                .to_owned(),
        ),
        (
            "templates",
            "//- templates/briefing.html\n{{ load_data(path='|touch pwned') }}\n\
             {{ exec(command='touch pwned') }}{{ get_env(name='HOME') }}\n\
             //- templates/page.html\n{{ system('touch pwned') }}\n\
             //- theme/index.hbs\n{{#exec}}touch pwned{{/exec}}\n"
                .to_owned(),
        ),
        (
            "a bibliography",
            "//- book.toml\n[whosaid]\nbibliography = 'refs.bib'\n//- content/refs.bib\n\
             @preamble{\"\\immediate\\write18{touch pwned}\"}\n@string{x = \"$(touch pwned)\"}\n\
             @misc{k, title = x, url = {|touch pwned}, file = {`touch pwned`}}\n"
                .to_owned(),
        ),
        (
            "hooks of git",
            format!(
                "//- .git/config\n[core]\n\tfsmonitor = \"touch pwned\"\n\tpager = touch pwned\n\
                 \thooksPath = hooks\n[filter \"x\"]\n\tsmudge = touch pwned\n\tclean = touch pwned\n\
                 [alias]\n\tlog = !touch pwned\n//- .git/HEAD\nref: refs/heads/main\n\
                 //- .gitattributes\n* filter=x diff=x\n//- hooks/post-checkout\n{TOOL}\
                 //- .git/hooks/post-checkout\n{TOOL}//- .git/hooks/pre-commit\n{TOOL}"
            ),
        ),
        (
            "settings of other tools",
            format!(
                "//- .envrc\ntouch pwned\n//- .env\nMDBOOK_PREPROCESSOR__X__COMMAND=\"touch pwned\"\n\
                 //- Makefile\nall:\n\ttouch pwned\n//- build.rs\nfn main() {{}}\n//- Cargo.toml\n\
                 [package]\nname = \"x\"\nbuild = \"build.rs\"\n//- .cargo/config.toml\n[build]\n\
                 rustc-wrapper = \"./tool.sh\"\n//- rust-toolchain.toml\n[toolchain]\npath = \".\"\n\
                 //- package.json\n{{\"scripts\":{{\"prebuild\":\"touch pwned\"}}}}\n\
                 //- .vscode/tasks.json\n{{\"tasks\":[{{\"command\":\"touch pwned\",\
                 \"runOptions\":{{\"runOn\":\"folderOpen\"}}}}]}}\n//- .curlrc\noutput = pwned-curl\n\
                 //- netlify.toml\n[build]\ncommand = \"touch pwned\"\n//- .gitlab-ci.yml\n\
                 a: {{script: touch pwned}}\n//- .github/workflows/x.yml\non: push\n\
                 //- capture.sh\n{TOOL}//- tool.sh\n{TOOL}"
            ),
        ),
        (
            "plugins of Obsidian",
            "//- .obsidian/community-plugins.json\n[\"evil\"]\n//- .obsidian/plugins/evil/main.js\n\
             require('child_process').execSync('touch pwned')\n//- templates/t.md\n\
             <%* await tp.system.touch('pwned') %>\n"
                .to_owned(),
        ),
        (
            "names of files",
            "//- content/$(touch pwned).md\n# B\n//- content/;touch pwned;.md\n# C\n\
             //- content/`touch pwned`.png\nx\n//- content/|touch pwned\nx\n\
             //- content/-o pwned-curl.md\n# D\n"
                .to_owned(),
        ),
        (
            "a permission that the book brings along",
            format!(
                "//- book.toml\n[preprocessor.evil]\ncommand = {shell}\n//- trusted.json\n\
                 {{\"book\":\".\",\"name\":\"evil\",\"command\":{shell}}}\n\
                 //- .whosaid/trust/evil.json\n{{\"name\":\"evil\"}}\n\
                 //- .config/whosaid/trust/evil.json\n{{\"name\":\"evil\"}}\n"
            ),
        ),
        (
            "a name that is a path",
            format!(
                "//- book.toml\n[preprocessor.\"../x/../tool\"]\n[preprocessor.\"x/tool\"]\n\
                 [preprocessor.\"$(touch pwned)\"]\n//- mdbook-x/tool\n{TOOL}//- x/tool\n{TOOL}"
            ),
        ),
    ];
    for (_, text) in &mut books {
        text.push_str(REST);
    }
    books
}

#[test]
fn no_book_runs_a_program_in_any_command() {
    let books = books();
    assert!(books.len() >= 30, "{} ways", books.len());
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some((way, text)) = books.get(at) else {
                        return;
                    };
                    let machine = Machine::new(text);
                    machine.run_everything();
                    assert_eq!(machine.canaries(), NO_CANARY, "{way}");
                }
            });
        }
    });
}

const EVIL: &str = "
//- book.toml
[preprocessor.evil]
command = 'sh tool.sh'
//- tool.sh
#!/bin/sh
touch pwned-tool
exit 1
";

/// A preprocessor named without a path, which exists as a program in the book's folder.
const BY_NAME: &str = "
//- book.toml
[preprocessor.evil]
//- mdbook-evil
#!/bin/sh
touch pwned-tool
exit 1
//- curl
#!/bin/sh
touch pwned-curl
";

fn evil() -> Machine {
    Machine::new(&format!("{EVIL}{REST}"))
}

#[test]
fn no_environment_that_points_into_a_book_runs_its_programs() {
    // The configuration folder is in the book, with a matching permission.
    for (variable, folder) in [("XDG_CONFIG_HOME", "config"), ("HOME", ".")] {
        let mut machine = evil();
        machine.run(&["trust", "--yes"]);
        let inner = match variable {
            "HOME" => ".config/whosaid/trust",
            _ => "config/whosaid/trust",
        };
        let inner = machine.book().join(inner);
        fs::create_dir_all(inner.parent().expect("a folder")).expect("a folder");
        fs::rename(machine.store(), &inner).expect("the book brings it along");
        let folder = machine
            .book()
            .join(folder)
            .canonicalize()
            .expect("a folder");
        machine.variables = vec![(variable, folder.display().to_string())];
        machine.run_everything();
        assert_eq!(machine.canaries(), NO_CANARY, "{variable}");
        let run = machine.run(&["trust", "--yes"]);
        assert_eq!(run.code, Some(2), "{}", run.err);
        assert!(run.err.contains("inside the book"), "{}", run.err);
    }
    // A relative one is ignored, as the XDG specification says.
    let mut machine = evil();
    machine.run(&["trust", "--yes"]);
    fs::create_dir_all(machine.book().join("config/whosaid")).expect("a folder");
    let inner = machine.book().join("config/whosaid/trust");
    fs::rename(machine.store(), inner).expect("the book brings it along");
    machine.variables = vec![("XDG_CONFIG_HOME", "config".to_owned())];
    machine.run_everything();
    assert_eq!(machine.canaries(), NO_CANARY);
    // A `PATH` with the current folder finds no program of the book.
    for path in [".:", ":", "./:"] {
        let mut machine = Machine::new(&format!(
            "{BY_NAME}[whosaid.sites]\na = 'http://127.0.0.1:1/'\n{REST}"
        ));
        machine.path = path;
        machine.run_everything();
        machine.run(&["build", "--allow-plugins"]);
        assert_eq!(machine.canaries(), NO_CANARY, "{path}");
    }
    // An environment variable can name a program, but gives no permission.
    let mut machine = Machine::new(REST);
    let command = "sh -c 'touch pwned; exit 1'".to_owned();
    machine.variables = vec![
        ("MDBOOK_PREPROCESSOR__EVIL__COMMAND", command),
        ("MDBOOK_WHOSAID__ALLOW_PLUGINS", "[\"evil\"]".to_owned()),
    ];
    machine.run_everything();
    assert_eq!(machine.canaries(), NO_CANARY);
}

#[test]
fn with_consent_the_same_programs_run() {
    for arguments in [
        &["check"][..],
        &["build"],
        &["export", "json"],
        &["export", "csv", "-o", "data/"],
    ] {
        let machine = evil();
        let mut allowing = arguments.to_vec();
        allowing.push("--allow-plugins");
        let run = machine.run(&allowing);
        assert_eq!(machine.canaries().len(), 1, "{arguments:?}");
        assert!(
            run.err.contains("running preprocessor evil: sh tool.sh\n"),
            "{}",
            run.err
        );
        // For this run only.
        fs::remove_file(&machine.canaries()[0]).expect("the canary");
        machine.run(arguments);
        assert_eq!(machine.canaries(), NO_CANARY);

        let run = machine.run(&["trust", "--yes"]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
        for words in ["sh tool.sh", "tool.sh (SHA-256 "] {
            assert!(run.out.contains(words), "{}", run.out);
        }
        assert_eq!(machine.canaries(), NO_CANARY, "trust runs nothing");
        machine.run(arguments);
        assert_eq!(machine.canaries().len(), 1, "{arguments:?}");
    }
    let machine = evil();
    machine.run(&["trust", "--yes"]);
    drop(machine.serve(&[]));
    assert_eq!(machine.canaries().len(), 1);
}

#[test]
fn permission_is_private_and_can_be_listed_and_revoked() {
    let machine = evil();
    assert_eq!(machine.run(&["trust", "--list"]).out, "");
    machine.run(&["trust", "--yes"]);
    let run = machine.run(&["trust", "--list"]);
    let book = machine.book().canonicalize().expect("a folder");
    assert_eq!(run.out, format!("{}: evil: sh tool.sh\n", book.display()));
    let modes: Vec<u32> = WalkDir::new(machine.store())
        .into_iter()
        .map(|entry| entry.expect("an entry"))
        .map(|entry| entry.metadata().expect("its mode").permissions().mode() & 0o777)
        .collect();
    assert_eq!(modes, [0o700, 0o600]);

    // A file that another user could have written gives no permission.
    let file = WalkDir::new(machine.store())
        .min_depth(1)
        .into_iter()
        .next();
    let file = file.expect("a file").expect("a file").into_path();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).expect("a mode");
    machine.run(&["check"]);
    assert_eq!(machine.canaries(), NO_CANARY);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a mode");

    assert_eq!(
        machine.run(&["trust", "--revoke"]).out,
        "removed 1 permission\n"
    );
    machine.run(&["check"]);
    assert_eq!(machine.canaries(), NO_CANARY);
    assert_eq!(machine.run(&["trust", "--list"]).out, "");

    // No one is there to answer.
    let run = machine.run(&["trust"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("`--yes`"), "{}", run.err);
    assert_eq!(machine.run(&["trust", "--list"]).out, "");
}

#[test]
fn a_command_line_hides_nothing_from_who_is_asked() {
    let machine = Machine::new(&format!(
        "//- book.toml\n[preprocessor.evil]\n\
         command = \"true \\u001b[2K\\r \\u202egood\\u200b && touch pwned\"\n{REST}"
    ));
    let run = machine.run(&["trust", "--yes"]);
    assert!(
        run.out
            .contains(r"command: true \u{1b}[2K\u{d} \u{202e}good\u{200b} && touch pwned"),
        "{}",
        run.out
    );
    assert!(!run.out.contains(['\u{1b}', '\r', '\u{202e}', '\u{200b}']));
    let run = machine.run(&["check", "--allow-plugins"]);
    assert!(run.err.contains(r"\u{1b}[2K\u{d}"), "{}", run.err);
}

#[test]
fn permission_ends_when_anything_that_runs_changes() {
    let python = "//- book.toml\n[preprocessor.evil]\ncommand = 'python3 -m tools.evil'\n\
                  //- tools/evil.py\nprint(1)\n";
    let inner = "//- book.toml\n[preprocessor.evil]\ncommand = \"sh -c 'exec ./tool.sh --x'\"\n\
                 //- tool.sh\n#!/bin/sh\nexit 1\n";
    let folder = "//- book.toml\n[preprocessor.evil]\ncommand = 'node tools'\n\
                  //- tools/index.js\n1\n//- tools/notes.md\n# Notes\n";
    let key = "//- book.toml\n[preprocessor.evil]\ncommand = 'true --script=tool.sh'\n\
               //- tool.sh\n#!/bin/sh\nexit 1\n";
    type Change = fn(&Machine);
    let changes: [(&str, &str, Change); 10] = [
        ("the command line", EVIL, |it| {
            it.put("//- book.toml\n[preprocessor.evil]\ncommand = 'sh ./tool.sh'\n");
        }),
        ("a setting", EVIL, |it| {
            it.put("//- book.toml\n[preprocessor.evil]\ncommand = 'sh tool.sh'\nrun = 'x'\n");
        }),
        ("the script", EVIL, |it| {
            it.put("//- tool.sh\n#!/bin/sh\ntouch pwned-2\nexit 1\n")
        }),
        ("a link in place of the script", EVIL, |it| {
            fs::write(it.home().join("other.sh"), "touch pwned-2\n").expect("a file");
            fs::remove_file(it.book().join("tool.sh")).expect("a file");
            symlink(it.home().join("other.sh"), it.book().join("tool.sh")).expect("a link");
        }),
        ("the name", EVIL, |it| {
            it.put("//- book.toml\n[preprocessor.other]\ncommand = 'sh tool.sh'\n");
        }),
        ("a module of Python", python, |it| {
            it.put("//- tools/evil.py\nprint(2)\n")
        }),
        ("a program in a line for a shell", inner, |it| {
            it.put("//- tool.sh\n#!/bin/sh\ntouch pwned-2\n");
        }),
        ("a folder of a program", folder, |it| {
            it.put("//- tools/more.js\n2\n")
        }),
        ("a script after an equals sign", key, |it| {
            it.put("//- tool.sh\n#!/bin/sh\ntouch pwned-2\n");
        }),
        (
            "a script that was not there",
            "//- book.toml\n[preprocessor.evil]\ncommand = 'sh tool.sh'\n",
            |it| {
                it.put("//- tool.sh\ntouch pwned-2\n");
            },
        ),
    ];
    for (what, text, change) in changes {
        let machine = Machine::new(&format!("{text}{REST}"));
        assert_eq!(machine.run(&["trust", "--yes"]).code, Some(0), "{what}");
        let before = machine.run(&["check"]);
        assert!(!before.err.contains("WS150"), "{what}: {}", before.err);
        for canary in machine.canaries() {
            fs::remove_file(canary).expect("a canary");
        }
        change(&machine);
        let after = machine.run(&["check"]);
        assert!(after.err.contains("WS150"), "{what}: {}", after.err);
        assert_eq!(machine.canaries(), NO_CANARY, "{what}");
        // The user is asked again, and gives permission again.
        assert_eq!(machine.run(&["trust", "--yes"]).code, Some(0), "{what}");
        let again = machine.run(&["check"]);
        assert!(!again.err.contains("WS150"), "{what}: {}", again.err);
    }
}

#[test]
fn permission_does_not_travel_with_a_copy_of_the_book() {
    let machine = evil();
    machine.run(&["trust", "--yes"]);
    let copy = machine.dir.path().join("copy");
    fs::rename(machine.book(), &copy).expect("a folder");
    fs::create_dir(machine.book()).expect("a folder");
    machine.run(&["check", &copy.display().to_string()]);
    assert_eq!(machine.canaries(), NO_CANARY);
    // The permission can be revoked, although the folder is gone.
    fs::remove_dir(machine.book()).expect("a folder");
    let mut command = machine.command(&["trust", "--revoke", "../book"]);
    let output = command.current_dir(&copy).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn serve_runs_what_it_was_started_with_and_reports_anything_else() {
    // A harmless book becomes another one, for example by `git pull`.
    let machine = Machine::new(REST);
    let server = machine.serve(&[]);
    machine.put(EVIL);
    server.waits_for("WS150");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(machine.canaries(), NO_CANARY, "{}", server.said());
    drop(server);

    // `--allow-plugins` covers the programs that the book names at the start.
    let quiet = "//- book.toml\n[preprocessor.evil]\ncommand = 'sh quiet.sh'\n\
                 //- quiet.sh\n#!/bin/sh\nexit 1\n";
    let machine = Machine::new(&format!("{quiet}{REST}"));
    let server = machine.serve(&["--allow-plugins"]);
    assert!(
        server
            .said()
            .contains("running preprocessor evil: sh quiet.sh")
    );
    machine.put(EVIL);
    server.waits_for("it changed since it was trusted");
    machine.put(
        "//- book.toml\n[preprocessor.evil]\ncommand = 'sh quiet.sh'\n[preprocessor.new]\n\
         command = 'sh tool.sh'\n//- content/a.md\n# New\n",
    );
    server.waits_for("the preprocessor `new` was not run");
    machine.put("//- quiet.sh\n#!/bin/sh\ntouch pwned\nexit 1\n//- content/a.md\n# Newer\n");
    server.waits_for("the preprocessor `evil` was not run");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(machine.canaries(), NO_CANARY, "{}", server.said());
}

/// Whether `serve` opens the book's `editor` link depends on its scheme.
#[test]
fn a_place_opens_in_an_editor_and_in_nothing_else() {
    let book = |link: &str| {
        Machine::new(&format!(
            "//- book.toml\n[whosaid]\neditor = \"{link}\"\n{REST}"
        ))
    };
    let refused = |link: &str| book(link).run(&["check"]).err.contains("WS036");
    assert!(!refused("vscode://file/{path}:{line}:{column}"));
    for link in [
        "smb://evil/{path}",
        "file:///bin/sh?{path}",
        "ssh://-oProxyCommand=touch%20pwned/{path}",
        "ms-msdt:/id?{path}",
        "search-ms:query={path}",
        "vscode://evil.extension/run?{path}",
        "https://evil.example/{path}",
    ] {
        assert!(refused(link), "{link}");
    }
}

/// Code that starts a program at a new place must be added to this list, and to the cases above.
#[test]
fn only_known_files_start_programs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut starting: Vec<String> = WalkDir::new(&root)
        .into_iter()
        .flatten()
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy();
            name.ends_with(".rs") && name != "tests.rs"
        })
        .filter(|entry| {
            let text = fs::read_to_string(entry.path()).expect("a file");
            text.contains("Command::new") || text.contains("that_detached")
        })
        .map(|entry| {
            let below = entry.path().strip_prefix(&root).expect("a path");
            below.display().to_string()
        })
        .collect();
    starting.sort();
    // Git for revisions, whosaid itself without backtraces, the browser for `serve`, `curl`, and
    // preprocessors.
    assert_eq!(
        starting,
        [
            "cli/diff.rs",
            "cli/resources.rs",
            "cli/serve.rs",
            "cli/sites.rs",
            "mdbook/program.rs"
        ]
    );
}
