//! Diagnostics for invalid dates, with suggestions in our format.

use crate::diag::{Code, Diagnostic, Fix};
use crate::model::{DateFault, PartialDate};
use crate::text::Place;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Returns the dates that `value` can mean: one, two if day and month can be swapped, or none.
pub fn meant(value: &str) -> Vec<PartialDate> {
    let is_apart = |c: char| matches!(c, '-' | '/' | '.' | ',' | '–') || c.is_whitespace();
    let parts: Vec<&str> = value
        .split(is_apart)
        .filter(|part| !part.is_empty())
        .collect();
    let number = |part: &str| -> Option<u16> {
        let month = |name: &&str| part.len() > 2 && name.starts_with(&part.to_lowercase());
        match MONTHS.iter().position(month) {
            Some(at) => u16::try_from(at + 1).ok(),
            None => part.parse().ok(),
        }
    };
    let is_name = |part: &str| part.starts_with(char::is_alphabetic);
    let is_year = |part: &str| part.len() == 4 && !is_name(part);
    let written = match *parts.as_slice() {
        [year, month] if is_year(year) => vec![(year, month, None)],
        [month, year] if is_year(year) => vec![(year, month, None)],
        [year, month, day] if is_year(year) => vec![(year, month, Some(day))],
        [month, day, year] if is_year(year) && is_name(month) => vec![(year, month, Some(day))],
        [day, month, year] if is_year(year) && is_name(month) => vec![(year, month, Some(day))],
        [first, second, year] if is_year(year) => {
            vec![(year, second, Some(first)), (year, first, Some(second))]
        }
        _ => Vec::new(),
    };
    let mut dates: Vec<PartialDate> = Vec::new();
    for (year, month, day) in written {
        let date = || {
            let (year, month) = (number(year)?, number(month)?);
            let text = match day {
                Some(day) => format!("{year:04}-{month:02}-{:02}", number(day)?),
                None => format!("{year:04}-{month:02}"),
            };
            PartialDate::parse(&text).ok()
        };
        dates.extend(date().filter(|date| !dates.contains(date)));
    }
    dates
}

/// Returns the diagnostic for an invalid date, with a suggestion.
pub fn impossible(place: &Place, value: &str, fault: DateFault) -> Diagnostic {
    let (message, label) = match fault {
        DateFault::Unreadable => (format!("`{value}` is not a date"), "expected a date"),
        DateFault::Impossible => (
            format!("impossible date `{value}`"),
            "this day does not exist",
        ),
        DateFault::Backwards => (
            format!("the interval `{value}` ends before it begins"),
            "the end is before the beginning",
        ),
    };
    let told = Diagnostic::new(Code::ImpossibleDate, place.clone(), message).label(label);
    let meant = meant(value);
    let listed: Vec<String> = meant
        .iter()
        .map(|date| match meant.len() {
            1 => format!("`{date}`"),
            _ => format!("`{date}` ({})", date.in_words()),
        })
        .collect();
    if listed.is_empty() {
        told.hint(
            "write a date such as `2021`, `2021-07` or `2021-07-19`, or an interval \
                       such as `2021-01/2021-03`",
        )
    } else {
        meant
            .iter()
            .map(|date| Fix::replace(place.clone(), date.to_string()))
            .fold(
                told.hint(format!("write {}", listed.join(" or "))),
                Diagnostic::fix,
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_other_forms_are_offered_in_ours() {
        for (written, dates) in [
            ("2018-2-16", "2018-02-16"),
            ("16/02/2018", "2018-02-16"),
            ("16.2.2018", "2018-02-16"),
            ("2018/02/16", "2018-02-16"),
            ("02/16/2018", "2018-02-16"),
            ("03/02/2018", "2018-02-03 2018-03-02"),
            ("03/03/2018", "2018-03-03"),
            ("16 February 2018", "2018-02-16"),
            ("Feb 16, 2018", "2018-02-16"),
            ("2018-2", "2018-02"),
            ("July 2021", "2021-07"),
            ("2021-02-30", ""),
            ("99/99/2018", ""),
            ("yesterday", ""),
            ("1-2-3-4", ""),
        ] {
            let meant: Vec<String> = meant(written).iter().map(PartialDate::to_string).collect();
            assert_eq!(meant.join(" "), dates, "{written}");
        }
    }
}
