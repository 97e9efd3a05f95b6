use super::*;

#[test]
fn every_code_has_a_section_in_the_manual() {
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| !explain(**code).contains(code.title()))
        .map(|code| format!("{code} {}", code.title()))
        .collect();
    assert!(
        missing.is_empty(),
        "codes without a section `## CODE title`: {missing:#?}"
    );
}

#[test]
fn every_section_of_the_manual_has_a_code() {
    let strays: Vec<_> = MANUAL
        .lines()
        .filter_map(|line| line.strip_prefix("## WS"))
        .filter(|rest| Code::find(&format!("WS{}", rest.split(' ').next().unwrap_or(""))).is_none())
        .collect();
    assert!(strays.is_empty(), "sections without a code: {strays:?}");
}

#[test]
fn ids_and_names_are_unique() {
    let mut ids: Vec<_> = Code::ALL.iter().map(|code| code.id()).collect();
    let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
    ids.dedup();
    names.sort_unstable();
    names.dedup();
    assert_eq!((ids.len(), names.len()), (Code::ALL.len(), Code::ALL.len()));
    assert_eq!(Code::find("ws006"), Some(Code::AmbiguousName));
    assert_eq!(Code::find("ambiguous-name"), Some(Code::AmbiguousName));
}
