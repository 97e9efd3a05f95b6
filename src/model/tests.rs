use super::*;

fn date(text: &str) -> PartialDate {
    PartialDate::parse(text).expect("a date in a test")
}

#[test]
fn dates_keep_the_precision_they_were_given() {
    for text in [
        "2021",
        "2021-07",
        "2021-07-19",
        "2021-07?",
        "2021~",
        "2011/2018",
        "2021-01%/..",
    ] {
        assert_eq!(date(text).to_string(), text);
    }
    assert_eq!(date("2021-02").last_day().to_string(), "2021-02-28");
    assert_eq!(date("2011/2018").first_day().to_string(), "2011-01-01");
    assert_eq!(date("2021-07-19").in_words(), "19 July 2021");
    assert_eq!(date("2011/2018").in_words(), "2011 to 2018");
    assert_eq!(date("2021-07~").in_words(), "about July 2021");
}

#[test]
fn a_slip_is_told_from_a_day_that_never_was() {
    assert_eq!(PartialDate::parse("2021-02-30"), Err(DateFault::Impossible));
    assert_eq!(PartialDate::parse("2021-13"), Err(DateFault::Impossible));
    assert_eq!(PartialDate::parse("0000"), Err(DateFault::Impossible));
    assert_eq!(PartialDate::parse("19 July"), Err(DateFault::Unreadable));
    assert_eq!(PartialDate::parse("2021-7-1"), Err(DateFault::Unreadable));
    assert_eq!(PartialDate::parse("2021/2020"), Err(DateFault::Backwards));
}

#[test]
fn days_are_counted_between_exact_days_only() {
    assert_eq!(date("2021-07-19").days_until(&date("2021-07-20")), Some(1));
    assert_eq!(
        date("2021-07-19").days_until(&date("2021-03-03")),
        Some(-138)
    );
    assert_eq!(date("2021-07").days_until(&date("2021-07-20")), None);
    assert_eq!(date("2021-07-19?").days_until(&date("2021-07-20")), None);
}

#[test]
fn every_verb_leads_back_to_its_stance() {
    for stance in Stance::ALL {
        assert_eq!(Stance::from_verb(stance.verb()), Some(stance));
    }
    assert_eq!(Stance::from_verb("event"), None);
}

#[test]
fn grades_are_letters_and_digits_of_the_admiralty_code() {
    assert_eq!(
        Grade::parse("B2").map(|grade| grade.to_string()).as_deref(),
        Some("B2")
    );
    assert_eq!(
        Grade::parse("F").map(|grade| grade.to_string()).as_deref(),
        Some("F")
    );
    assert_eq!(Grade::parse("G1"), None);
    assert_eq!(Grade::parse("B7"), None);
    assert_eq!(Grade::parse(""), None);
}

#[test]
fn a_node_is_no_larger_than_words_are() {
    use crate::text::Span;
    let words = size_of::<Box<str>>() + size_of::<usize>();
    assert_eq!(size_of::<Item<Target>>(), words + size_of::<Span>());
}
