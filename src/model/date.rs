//! Dates as records have them: often partial, sometimes doubtful, sometimes a stretch.

use std::fmt;

use jiff::civil::Date;

/// A date of the EDTF level 1 subset: `2021`, `2021-07`, `2021-07-19`, each with a `?`
/// (uncertain), `~` (approximate) or `%` (both) after it, or an interval `a/b`
/// whose end may be `..` (open).
///
/// Years run from 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartialDate {
    pub start: Point,
    /// The end of an interval; `Some(None)` is an open one.
    pub end: Option<Option<Point>>,
}

/// One end of a date, as precise as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Point {
    pub year: i16,
    pub month: Option<i8>,
    pub day: Option<i8>,
    pub uncertain: bool,
    pub approximate: bool,
}

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFault {
    /// It does not look like a date.
    Unreadable,
    /// It looks like a date that no calendar has, such as `2021-02-30`.
    Impossible,
    /// An interval that ends before it begins.
    Backwards,
}

impl PartialDate {
    /// Reads a date.
    ///
    /// # Errors
    /// A [`DateFault`] that tells a typing slip from a day that never was.
    pub fn parse(text: &str) -> Result<PartialDate, DateFault> {
        let text = text.trim();
        let Some((start, end)) = text.split_once('/') else {
            return Ok(PartialDate {
                start: Point::parse(text)?,
                end: None,
            });
        };
        let start = Point::parse(start)?;
        let end = match end {
            ".." | "" => None,
            end => Some(Point::parse(end)?),
        };
        if end.is_some_and(|end| end.last_day() < start.first_day()) {
            return Err(DateFault::Backwards);
        }
        Ok(PartialDate {
            start,
            end: Some(end),
        })
    }

    /// The exact day `day`.
    pub fn on(day: Date) -> PartialDate {
        PartialDate {
            start: Point {
                year: day.year(),
                month: Some(day.month()),
                day: Some(day.day()),
                uncertain: false,
                approximate: false,
            },
            end: None,
        }
    }

    /// The first day it may mean; dates are ordered by it.
    pub fn first_day(&self) -> Date {
        self.start.first_day()
    }

    /// The last day it may mean; the end of time for an open interval.
    pub fn last_day(&self) -> Date {
        match self.end {
            None => self.start.last_day(),
            Some(Some(end)) => end.last_day(),
            Some(None) => Date::MAX,
        }
    }

    /// The day, where it is one certain day.
    pub fn exact_day(&self) -> Option<Date> {
        let plain = !self.start.uncertain && !self.start.approximate;
        (self.end.is_none() && plain && self.start.day.is_some()).then(|| self.first_day())
    }

    /// Days from this date to `later`, when both are exact days.
    pub fn days_until(&self, later: &PartialDate) -> Option<i32> {
        let (from, to) = (self.exact_day()?, later.exact_day()?);
        Some(from.until(to).ok()?.get_days())
    }

    /// As people write it: `19 July 2021`, `about July 2021`, `2011 to 2018`.
    pub fn in_words(&self) -> String {
        match self.end {
            None => self.start.in_words(),
            Some(Some(end)) => format!("{} to {}", self.start.in_words(), end.in_words()),
            Some(None) => format!("since {}", self.start.in_words()),
        }
    }

    /// What the `datetime` attribute of HTML can hold: the start, as precise as it is.
    pub fn machine(&self) -> String {
        Point {
            uncertain: false,
            approximate: false,
            ..self.start
        }
        .to_string()
    }
}

impl Point {
    fn parse(text: &str) -> Result<Point, DateFault> {
        let (text, uncertain, approximate) = match text.as_bytes().last() {
            Some(b'?') => (&text[..text.len() - 1], true, false),
            Some(b'~') => (&text[..text.len() - 1], false, true),
            Some(b'%') => (&text[..text.len() - 1], true, true),
            _ => (text, false, false),
        };
        let mut parts = text.split('-');
        let year = number(parts.next(), 4)?.ok_or(DateFault::Unreadable)?;
        let month = number(parts.next(), 2)?.map(|month| month as i8);
        let day = number(parts.next(), 2)?.map(|day| day as i8);
        if parts.next().is_some() {
            return Err(DateFault::Unreadable);
        }
        Date::new(year, month.unwrap_or(1), day.unwrap_or(1))
            .ok()
            .filter(|_| year > 0)
            .ok_or(DateFault::Impossible)?;
        Ok(Point {
            year,
            month,
            day,
            uncertain,
            approximate,
        })
    }

    fn first_day(&self) -> Date {
        Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
            .expect("a point was checked against the calendar")
    }

    fn last_day(&self) -> Date {
        match (self.month, self.day) {
            (None, _) => Date::new(self.year, 12, 31).expect("every year has a last day"),
            (Some(_), None) => self.first_day().last_of_month(),
            (Some(_), Some(_)) => self.first_day(),
        }
    }

    fn in_words(&self) -> String {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let month = self.month.map(|month| MONTHS[month as usize - 1]);
        let plain = match (month, self.day) {
            (Some(month), Some(day)) => format!("{day} {month} {}", self.year),
            (Some(month), None) => format!("{month} {}", self.year),
            (None, _) => self.year.to_string(),
        };
        match (self.approximate, self.uncertain) {
            (false, false) => plain,
            (true, false) => format!("about {plain}"),
            (false, true) => format!("{plain}, uncertain"),
            (true, true) => format!("about {plain}, uncertain"),
        }
    }
}

/// Exactly `width` ASCII digits, or nothing where nothing stands.
fn number(part: Option<&str>, width: usize) -> Result<Option<i16>, DateFault> {
    match part {
        None => Ok(None),
        Some(part) if part.len() == width && part.bytes().all(|b| b.is_ascii_digit()) => {
            Ok(part.parse().ok())
        }
        Some(_) => Err(DateFault::Unreadable),
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        f.write_str(match (self.uncertain, self.approximate) {
            (false, false) => "",
            (true, false) => "?",
            (false, true) => "~",
            (true, true) => "%",
        })
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.start)?;
        match self.end {
            None => Ok(()),
            Some(Some(end)) => write!(f, "/{end}"),
            Some(None) => f.write_str("/.."),
        }
    }
}
