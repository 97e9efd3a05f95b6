//! The table `[whosaid]`, and the same keys in `[preprocessor.whosaid]`.

use super::reader::{Choice, Reader};
use super::table::{Entry, Table};
use super::{Config, Export, Neighbor, RawHtml, WithheldReply, plugins};
use crate::diag::{Code, Level};
use crate::model::{EntryKind, Tlp};
use crate::text::nearest;

/// Reads the keys: first those in `[preprocessor.whosaid]`, then those in `[whosaid]`, which take
/// precedence.
pub(super) fn read<'a>(reader: &mut Reader<'a>, root: &Table<'a>, config: &mut Config) {
    let is_preprocessor = root
        .entry("preprocessor")
        .is_some_and(|entry| entry.value.get_ref().is_table());
    if is_preprocessor {
        let preprocessors = reader.table(root, "preprocessor");
        let table = reader.table(&preprocessors, "whosaid");
        reader.only_keys(&table, &[KEYS, &PREPROCESSOR].concat());
        read_table(reader, &table, config);
        config.is_annotated |= !table.entries().is_empty();
    }
    let table = reader.table(root, "whosaid");
    reader.only_keys(&table, KEYS);
    read_table(reader, &table, config);
}

/// The keys of `[whosaid]`, as listed in the manual.
pub(super) const KEYS: &[&str] = &[
    "actors",
    "claims",
    "sources",
    "bibliography",
    "autolink",
    "wikilinks",
    "obsidian",
    "raw-html",
    "tlp",
    "withheld-reply",
    "lints",
    "as-of",
    "drafts",
    "search",
    "contact",
    "footer",
    "allow-plugins",
    "plugin-seconds",
    "editor",
    "exports",
    "feeds",
    "cards",
    "card-fonts",
    "license",
    "license-url",
    "sites",
    "extra",
];

/// The keys that have no meaning in a plain mdBook book.
const ANNOTATIONS: [&str; 10] = [
    "sites",
    "actors",
    "claims",
    "sources",
    "bibliography",
    "autolink",
    "wikilinks",
    "tlp",
    "withheld-reply",
    "as-of",
];

/// The keys that mdBook itself reads in the table of a preprocessor.
const PREPROCESSOR: [&str; 5] = ["command", "renderers", "before", "after", "optional"];

fn read_table<'a>(reader: &mut Reader<'a>, table: &Table<'a>, config: &mut Config) {
    let is_ours = |key: &&str| table.entry(key).is_some();
    config.is_annotated |= ANNOTATIONS.iter().any(is_ours);
    read_folders(reader, table, config);
    for (key, setting) in [
        ("autolink", &mut config.autolink),
        ("wikilinks", &mut config.wikilinks),
        ("drafts", &mut config.drafts),
        ("search", &mut config.search),
        ("feeds", &mut config.feeds),
        ("cards", &mut config.cards),
    ] {
        set(setting, reader.switch(table, key));
    }
    set_some(&mut config.obsidian, reader.switch(table, "obsidian"));
    config.is_annotated |= config.obsidian == Some(true);
    let raw_html = Choice {
        words: RawHtml::WORDS,
        parse: RawHtml::parse,
    };
    set(
        &mut config.raw_html,
        reader.word(table, "raw-html", raw_html),
    );
    let tlp = Choice {
        words: Tlp::WORDS,
        parse: Tlp::parse,
    };
    if let Some(entry) = table.entry("tlp") {
        // Fails closed: a ceiling that cannot be read lets nothing marked through.
        let ceiling = reader.word(table, "tlp", tlp).unwrap_or(Tlp::Clear);
        config.tlp = Some(ceiling);
        config.tlp_place = Some(reader.place(entry.span()));
    }
    let withheld = Choice {
        words: WithheldReply::WORDS,
        parse: WithheldReply::parse,
    };
    set(
        &mut config.withheld_reply,
        reader.word(table, "withheld-reply", withheld),
    );
    set_some(&mut config.as_of, reader.date(table, "as-of"));
    let contact = reader.address(table, "contact", &["mailto"], "mailto:desk@example.org");
    set_some(&mut config.contact, contact);
    set_some(&mut config.footer, reader.text(table, "footer"));
    set_some(&mut config.editor, editor(reader, table));
    set_some(
        &mut config.allow_plugins,
        reader.texts(table, "allow-plugins"),
    );
    if let Some(entry) = table.entry("allow-plugins") {
        plugins::allowed(reader, entry, config);
    }
    set(
        &mut config.plugin_seconds,
        reader.number(table, "plugin-seconds"),
    );
    let export = Choice {
        words: Export::WORDS,
        parse: Export::parse,
    };
    if let Some(exports) = reader.words(table, "exports", export) {
        config.exports.clear();
        for format in exports {
            if !config.exports.contains(&format) {
                config.exports.push(format);
            }
        }
    }
    set_some(&mut config.license, reader.text(table, "license"));
    let terms = "https://creativecommons.org/licenses/by/4.0/";
    set_some(
        &mut config.license_url,
        reader.address(table, "license-url", &[], terms),
    );
    read_sites(reader, table, config);
    if let Some(entry) = table.entry("card-fonts") {
        config.card_fonts = reader.paths(table, "card-fonts").unwrap_or_default();
        let place = reader.place(entry.span());
        let fonts = config.card_fonts.iter();
        let places = fonts.map(|file| (file.clone(), place.clone()));
        config.additional_places.extend(places);
    }
    config.extra.extend(reader.extra(table, "extra"));
    read_lints(reader, table, config);
}

fn read_folders<'a>(reader: &mut Reader<'a>, table: &Table<'a>, config: &mut Config) {
    for (key, folder) in [
        ("actors", &mut config.actors),
        ("claims", &mut config.claims),
        ("sources", &mut config.sources),
    ] {
        set(folder, reader.path(table, key));
    }
    if let Some(paths) = reader.paths(table, "bibliography") {
        config.bibliography = paths;
        config.bibliography_place = table
            .entry("bibliography")
            .map(|entry| reader.place(entry.span()));
    }
}

/// The names are prefixes of mentions, so they must differ from the built-in prefixes.
fn read_sites<'a>(reader: &mut Reader<'a>, table: &Table<'a>, config: &mut Config) {
    let sites = reader.table(table, "sites");
    for entry in sites.entries() {
        let name = entry.key;
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(is_part)
            && EntryKind::parse(name).is_none();
        if !is_name {
            reader.unreadable(
                entry.key_span,
                format!("invalid site name `{name}`"),
                "mentions use this name as a prefix",
                "write a short name in lower-case letters, such as `nato`, that is not a kind \
                 (`actor`, `claim`)"
                    .to_owned(),
            );
            continue;
        }
        if let Some(address) = reader.text(&sites, name) {
            let place = reader.place(entry.key_span);
            let neighbor = Neighbor { address, place };
            config.sites.insert(name.to_owned(), neighbor);
        }
    }
}

/// The prefixes of links that open a file in an editor. Any other link could start a program, open
/// a file share or install an extension: `editor` comes from the book, and the author clicks on it.
const EDITOR_LINKS: [&str; 24] = [
    "vscode://file/",
    "vscode-insiders://file/",
    "vscodium://file/",
    "cursor://file/",
    "windsurf://file/",
    "kiro://file/",
    "trae://file/",
    "zed://file/",
    "idea://open?",
    "pycharm://open?",
    "webstorm://open?",
    "phpstorm://open?",
    "goland://open?",
    "clion://open?",
    "rider://open?",
    "rubymine://open?",
    "rustrover://open?",
    "txmt://open?",
    "mvim://open?",
    "nvim://open?",
    "emacs://open?",
    "subl://open?",
    "bbedit://open?",
    "obsidian://open?",
];

/// Reads `editor`: a link that opens a file in an editor.
fn editor<'a>(reader: &mut Reader<'a>, table: &Table<'a>) -> Option<String> {
    let entry = table.entry("editor")?;
    let text = reader.text(table, "editor")?;
    let mut known = EDITOR_LINKS.iter();
    let is_link = known.any(|known| text.starts_with(known)) && !text.contains(char::is_control);
    if is_link {
        return Some(text);
    }
    reader.unreadable(
        entry.span(),
        format!("invalid value `{text}` for `whosaid.editor`"),
        "not the URL of a known editor",
        "write a URL such as `vscode://file/{path}:{line}:{column}`; the manual lists the editors"
            .to_owned(),
    );
    None
}

fn read_lints<'a>(reader: &mut Reader<'a>, table: &Table<'a>, config: &mut Config) {
    let levels = Choice {
        words: &["error", "warn", "allow"],
        parse: Level::parse,
    };
    let lints = reader.table(table, "lints");
    for entry in lints.entries() {
        let Some(code) = Code::find(entry.key) else {
            if !entry.key.starts_with("x-") {
                unknown_lint(reader, entry);
            }
            continue;
        };
        let level = reader.word_of(&lints, entry, levels);
        if let Some(level) = level {
            config.lints.insert(code, level);
        }
    }
}

fn unknown_lint(reader: &mut Reader<'_>, entry: Entry<'_>) {
    let names = Code::ALL.iter().map(|code| code.name());
    let ids = Code::ALL.iter().map(|code| code.id());
    let hint = match nearest(entry.key, names.chain(ids)) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "write a code such as `WS101`, or its name".to_owned(),
    };
    reader.unknown_key(
        entry,
        format!("unknown code `{}` in `[whosaid.lints]`", entry.key),
        "no diagnostic has this code or name",
        Some(hint),
    );
}

fn set<T>(setting: &mut T, read: Option<T>) {
    if let Some(read) = read {
        *setting = read;
    }
}

fn set_some<T>(setting: &mut Option<T>, read: Option<T>) {
    if read.is_some() {
        *setting = read;
    }
}
