use super::position::{line, stance_class};
use crate::model::{Stance, Status};
use crate::text::tag_slug;

#[test]
fn every_status_has_a_line_and_only_a_dispute_is_double() {
    let doubled: Vec<_> = Status::ALL
        .into_iter()
        .filter(|status| line(*status) == "contested")
        .map(Status::word)
        .collect();
    assert_eq!(doubled, ["denial-only", "contested", "denied", "disputed"]);
}

#[test]
fn stances_with_one_sign_have_one_class() {
    for a in Stance::ALL {
        for b in Stance::ALL {
            assert_eq!(
                a.sign() == b.sign(),
                stance_class(a) == stance_class(b),
                "{a:?} {b:?}"
            );
        }
    }
}

#[test]
fn no_tag_takes_the_address_of_their_list() {
    assert_eq!(tag_slug("Supply chain"), "supply-chain");
    assert_eq!(tag_slug("Index"), "tag-index");
    assert_eq!(tag_slug("!!"), "tag");
}

#[test]
fn descriptions_are_cut_at_a_word() {
    assert_eq!(
        super::context::shortened("one two  three", 40),
        "one two three"
    );
    assert_eq!(super::context::shortened("one two three", 9), "one two…");
}

#[test]
fn a_quotation_is_found_by_its_ends() {
    let at = |quote: &str| super::fragment::at_words("https://e.org/a", quote);
    for (quote, expected) in [
        ("“It was us.”", "https://e.org/a#:~:text=It%20was%20us"),
        (
            "well-known, so",
            "https://e.org/a#:~:text=well%2Dknown%2C%20so",
        ),
        (
            "one two three four five six seven eight nine",
            "https://e.org/a#:~:text=one%20two%20three%20four,six%20seven%20eight%20nine",
        ),
        ("a b … c d e … f g h", "https://e.org/a#:~:text=c%20d%20e"),
        ("It [the] was us", "https://e.org/a#:~:text=was%20us"),
        ("No.", "https://e.org/a"),
        ("", "https://e.org/a"),
    ] {
        assert_eq!(at(quote), expected, "{quote}");
    }
    assert_eq!(
        super::fragment::at_words("https://e.org/a#b", "It was us"),
        "https://e.org/a#b:~:text=It%20was%20us"
    );
}
