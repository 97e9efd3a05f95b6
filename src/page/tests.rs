use super::position::{line, stance_class};
use super::routes::tag_slug;
use crate::derive::Headline;
use crate::model::Stance;

#[test]
fn every_headline_has_a_line_and_only_a_dispute_is_double() {
    let doubled: Vec<_> = Headline::ALL
        .into_iter()
        .filter(|headline| line(*headline) == "contested")
        .map(Headline::word)
        .collect();
    assert_eq!(doubled, ["denial-only", "contested", "denied"]);
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
    assert_eq!(super::at::shortened("one two  three", 40), "one two three");
    assert_eq!(super::at::shortened("one two three", 9), "one two…");
}
