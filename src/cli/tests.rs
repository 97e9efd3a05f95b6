use std::collections::BTreeSet;
use std::env::VarError;
use std::time::{Duration, SystemTime};

use clap::CommandFactory as _;
use jiff::civil::date;

use super::*;
use crate::compile::Counts;
use crate::config;
use crate::diag::{Code, Diagnostic};
use crate::text::{Place, SitePath};

fn fault(code: Code) -> Diagnostic {
    let file = SitePath::new("a.md").expect("a path in a test");
    Diagnostic::new(code, Place::whole(&file), "x")
}

#[test]
fn the_exit_code_tells_mistakes_from_failures() {
    let exit = |codes: &[Code], deny| {
        let told: Vec<_> = codes.iter().copied().map(fault).collect();
        book::exit(&told, deny)
    };
    assert_eq!(exit(&[], true), Exit::Clean);
    assert_eq!(exit(&[Code::OrphanActor], false), Exit::Clean);
    assert_eq!(exit(&[Code::OrphanActor], true), Exit::Mistakes);
    assert_eq!(
        exit(&[Code::OrphanActor, Code::BrokenLink], false),
        Exit::Mistakes
    );
    assert_eq!(
        exit(&[Code::BrokenLink, Code::UnreadableConfig], false),
        Exit::Failed
    );
    assert_eq!(
        [Exit::Clean, Exit::Mistakes, Exit::Failed].map(|it| it as u8),
        [0, 1, 2]
    );
}

#[test]
fn today_is_the_day_in_utc_or_the_one_that_was_set() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(86_400 * 365);
    let today = |epoch: Result<&str, VarError>| book::today(epoch.map(str::to_owned), now);
    let unset = today(Err(VarError::NotPresent)).expect("a day");
    assert_eq!(unset, date(1971, 1, 1));
    assert_eq!(today(Ok("0")).expect("a day"), date(1970, 1, 1));
    assert_eq!(today(Ok("1700000000")).expect("a day"), date(2023, 11, 14));
    for epoch in [
        "",
        "x",
        "-1",
        "+1",
        "1.5",
        " 1",
        "99999999999999",
        "99999999999999999999",
    ] {
        let error = today(Ok(epoch)).expect_err(epoch).to_string();
        assert!(
            error.contains(&format!("invalid `SOURCE_DATE_EPOCH`: `{epoch}`")),
            "{error}"
        );
    }
}

#[test]
fn as_of_takes_the_last_day_of_a_date() {
    assert_eq!(book::last_day("2024"), Ok(date(2024, 12, 31)));
    assert_eq!(book::last_day("2024-02"), Ok(date(2024, 2, 29)));
    assert_eq!(book::last_day("2021-07-19"), Ok(date(2021, 7, 19)));
    for text in [
        "2023-02-29",
        "yesterday",
        "2021-7-1",
        "2021/..",
        "2021/2020",
        "",
    ] {
        assert!(book::last_day(text).is_err(), "{text}");
    }
}

#[test]
fn a_site_is_counted_in_words() {
    let counts = Counts {
        pages: 61,
        briefings: 1,
        actors: 42,
        claims: 0,
        sources: 22,
    };
    assert_eq!(
        book::counted(counts),
        "61 pages from 1 briefing, 42 actors, 0 claims, 22 sources"
    );
}

#[test]
fn an_unknown_code_is_met_with_the_nearest() {
    insta::assert_snapshot!(explain::unknown("WS06"), @r"
    unknown code or name `WS06`
      = hint: did you mean `WS006` (ambiguous-name)?
    ");
    insta::assert_snapshot!(explain::unknown("ambigous-name"), @r"
    unknown code or name `ambigous-name`
      = hint: did you mean `WS006` (ambiguous-name)?
    ");
    insta::assert_snapshot!(explain::unknown("\u{1b}[2J"), @r"
    unknown code or name `\u{1b}[2J`
      = hint: list all codes with `whosaid explain --list`
    ");
}

#[test]
fn every_code_is_listed() {
    let list = explain::list();
    assert_eq!(list.lines().count(), Code::ALL.len());
    assert_eq!(
        list.lines().next(),
        Some("WS001  unknown-actor              error  unknown actor")
    );
}

#[test]
fn the_commands_fit_together_and_every_option_is_explained() {
    let mut command = Cli::command();
    command.build();
    command.clone().debug_assert();
    for command in command.get_subcommands() {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        for argument in command.get_arguments() {
            let name = (command.get_name(), argument.get_id());
            assert!(argument.get_help().is_some(), "{name:?}");
        }
    }
}

/// Returns the texts in backticks outside of fenced blocks.
fn quoted(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    prose
        .flat_map(|prose| prose.split('`').skip(1).step_by(2))
        .collect()
}

#[test]
fn the_manual_has_every_command_with_every_option() {
    let manual = include_str!("../../docs/commands.md");
    let mut sections: Vec<(&str, &str)> = manual
        .split("\n## whosaid ")
        .skip(1)
        .filter_map(|section| section.split_once('\n'))
        .collect();
    let mut command = Cli::command();
    command.build();
    for command in command.get_subcommands() {
        let name = command.get_name();
        let at = sections.iter().position(|(title, _)| *title == name);
        let at = at.unwrap_or_else(|| panic!("docs/commands.md has no section for `{name}`"));
        let quoted = quoted(sections.swap_remove(at).1);
        // Every option is shown as it is typed, and no option is shown that does not exist.
        let shown: BTreeSet<&str> = quoted
            .iter()
            .flat_map(|words| words.split_whitespace())
            .filter(|word| word.starts_with("--"))
            .collect();
        // A command with subcommands has the options of its subcommands.
        let all = || std::iter::once(command).chain(command.get_subcommands());
        let options = || {
            let arguments = all().flat_map(clap::Command::get_arguments);
            arguments.filter(|it| it.get_id() != "help")
        };
        let known: BTreeSet<String> = options()
            .filter_map(|it| Some(format!("--{}", it.get_long()?)))
            .collect();
        assert!(
            shown.iter().copied().eq(known.iter().map(String::as_str)),
            "`{name}` has {known:?}, and its section {shown:?}"
        );
        for option in options() {
            let words = |text: &str| {
                quoted
                    .iter()
                    .any(|words| words.split(['[', ']', ' ']).any(|word| word == text))
            };
            if let Some(short) = option.get_short() {
                assert!(words(&format!("-{short}")), "`{name}`: -{short}");
            }
            let takes_value = option
                .get_num_args()
                .is_none_or(|count| count.takes_values());
            for value in option
                .get_value_names()
                .unwrap_or_default()
                .iter()
                .filter(|_| takes_value)
            {
                assert!(words(value), "`{name}`: {value}");
            }
            for value in option.get_possible_values().iter().filter(|_| takes_value) {
                assert!(words(value.get_name()), "`{name}`: {}", value.get_name());
            }
        }
    }
    assert!(sections.is_empty(), "no such commands: {sections:?}");
}

#[test]
fn a_title_of_the_authors_own_is_written_as_toml() {
    let title = "What \"they\" said\nand 'why' \\ \u{7}";
    for title in ["Plain", title, ""] {
        let files = init::starter(Some(title));
        let (path, text) = &files[0];
        let (config, diagnostics) = config::read(path, text);
        assert_eq!(
            (config.title.as_deref(), diagnostics),
            (Some(title), vec![])
        );
    }
}
