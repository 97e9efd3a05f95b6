//! Partial, uncertain and approximate dates, and intervals.

use std::fmt;

use jiff::civil::Date;

/// A date in a subset of EDTF level 1: `2021`, `2021-07`, `2021-07-19`, each with an optional `?`
/// (uncertain), `~` (approximate) or `%` (both), or an interval `a/b` whose end can be `..` (open).
/// A single day can have a time of day, `2018-02-15T20:00Z`, which orders the statements of that
/// day.
///
/// Years are 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartialDate {
    pub start: Point,
    /// The end of an interval; `Some(None)` if it is open.
    pub end: Option<Option<Point>>,
    /// The time of day, only for a single day.
    pub time: Option<Time>,
}

/// A time of day in minutes, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    /// Minutes since midnight, 0 to 1439.
    pub minute: i16,
    /// Minutes ahead of UTC, -1439 to 1439; `None` if no zone is written, which means UTC.
    pub offset: Option<i16>,
}

/// One end of a date, with its precision.
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
    /// It does not have the form of a date.
    Unreadable,
    /// It has the form of a date but does not exist, such as `2021-02-30`.
    Impossible,
    /// An interval that ends before it begins.
    Backwards,
}

impl PartialDate {
    /// Parses a date.
    ///
    /// # Errors
    /// Returns a [`DateFault`], which distinguishes a typing error from a day that does not exist.
    pub fn parse(text: &str) -> Result<PartialDate, DateFault> {
        let text = text.trim();
        let Some((start, end)) = text.split_once('/') else {
            let (day, time) = match text.split_once(['T', 't']) {
                Some((day, time)) => (day, Some(Time::parse(time)?)),
                None => (text, None),
            };
            let start = Point::parse(day)?;
            if time.is_some() && start.day.is_none() {
                return Err(DateFault::Unreadable);
            }
            return Ok(PartialDate {
                start,
                end: None,
                time,
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
            time: None,
        })
    }

    /// Returns the exact day `day`.
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
            time: None,
        }
    }

    /// Returns the sort key of statements: the first day, then the minute in UTC. A day without a
    /// time sorts before all times of that day, in any zone.
    pub fn order(&self) -> (Date, i16) {
        let minute = self
            .time
            .map_or(i16::MIN, |time| time.minute - time.offset.unwrap_or(0));
        (self.first_day(), minute)
    }

    /// Returns the first day that it can mean; dates are sorted by it.
    pub fn first_day(&self) -> Date {
        self.start.first_day()
    }

    /// Returns the last day that it can mean; `Date::MAX` for an open interval.
    pub fn last_day(&self) -> Date {
        match self.end {
            None => self.start.last_day(),
            Some(Some(end)) => end.last_day(),
            Some(None) => Date::MAX,
        }
    }

    /// Returns the tolerance of an uncertain or approximate date in days: a month for a day, a year
    /// for a month, ten years for a year. 0 for any other date.
    pub fn slack(&self) -> i32 {
        let ends = [Some(self.start), self.end.flatten()];
        let slacks = ends.into_iter().flatten().map(|point| {
            match (point.uncertain || point.approximate, point.month, point.day) {
                (false, ..) => 0,
                (true, _, Some(_)) => 31,
                (true, Some(_), None) => 366,
                (true, None, None) => 3_660,
            }
        });
        slacks.max().unwrap_or(0)
    }

    /// Returns the day, if the date is exactly one certain day.
    pub fn exact_day(&self) -> Option<Date> {
        let plain = !self.start.uncertain && !self.start.approximate;
        (self.end.is_none() && plain && self.start.day.is_some()).then(|| self.first_day())
    }

    /// Returns the days from this date to `later`, if both are exact days.
    pub fn days_until(&self, later: &PartialDate) -> Option<i32> {
        let (from, to) = (self.exact_day()?, later.exact_day()?);
        Some(from.until(to).ok()?.get_days())
    }

    /// Returns the date in words: `19 July 2021`, `about July 2021`, `2011 to 2018`.
    pub fn in_words(&self) -> String {
        match self.end {
            None => self.start.in_words(),
            Some(Some(end)) => format!("{} to {}", self.start.in_words(), end.in_words()),
            Some(None) => format!("since {}", self.start.in_words()),
        }
    }

    /// Returns the value of HTML's `datetime` attribute: the start, with its precision.
    pub fn machine(&self) -> String {
        Point {
            uncertain: false,
            approximate: false,
            ..self.start
        }
        .to_string()
    }
}

impl Time {
    /// Parses `20:00`, `20:00:59Z`, `20:00+02:00`. Seconds are dropped.
    fn parse(text: &str) -> Result<Time, DateFault> {
        let zone_at = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
        let (clock, zone) = text.split_at(zone_at);
        let offset = match zone.as_bytes().first() {
            None => None,
            Some(b'Z' | b'z') if zone.len() == 1 => Some(0),
            Some(b'+') => Some(minutes(&zone[1..])?),
            Some(b'-') => Some(-minutes(&zone[1..])?),
            Some(_) => return Err(DateFault::Unreadable),
        };
        Ok(Time {
            minute: minutes(clock)?,
            offset,
        })
    }
}

/// Returns the minutes of `20:00`, `2000` or `20:00:59.5`; seconds are dropped.
fn minutes(clock: &str) -> Result<i16, DateFault> {
    let whole = clock
        .split_once(['.', ','])
        .map_or(clock, |(whole, _)| whole);
    let mut parts = whole.split(':');
    let (hour, minute) = match (parts.next(), parts.next()) {
        (Some(hour), Some(minute)) => (number(Some(hour), 2)?, number(Some(minute), 2)?),
        (Some(both), None) if both.len() == 4 && both.is_ascii() => {
            (number(Some(&both[..2]), 2)?, number(Some(&both[2..]), 2)?)
        }
        (Some(hour), None) => (number(Some(hour), 2)?, Some(0)),
        (None, _) => return Err(DateFault::Unreadable),
    };
    let second = number(parts.next(), 2)?.unwrap_or(0);
    let (hour, minute) = hour.zip(minute).ok_or(DateFault::Unreadable)?;
    if parts.next().is_some() {
        return Err(DateFault::Unreadable);
    }
    // 60 is valid for a leap second.
    if hour > 23 || minute > 59 || second > 60 {
        return Err(DateFault::Impossible);
    }
    Ok(hour * 60 + minute)
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

/// Parses exactly `width` ASCII digits; `None` if `part` is `None`.
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

/// Splits minutes into hours and minutes.
fn clock(minutes: i16) -> (i16, i16) {
    (minutes / 60, minutes % 60)
}

impl Time {
    /// Returns the time for readers: `20:00 UTC`, or `20:00 (+02:00)` in another zone.
    pub fn in_words(self) -> String {
        let (hour, minute) = clock(self.minute);
        match self.offset {
            None | Some(0) => format!("{hour:02}:{minute:02} UTC"),
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                let (hours, minutes) = clock(offset.abs());
                format!("{hour:02}:{minute:02} ({sign}{hours:02}:{minutes:02})")
            }
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute) = clock(self.minute);
        write!(f, "T{hour:02}:{minute:02}")?;
        match self.offset {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(offset) => {
                let (hour, minute) = clock(offset.abs());
                let sign = if offset < 0 { '-' } else { '+' };
                write!(f, "{sign}{hour:02}:{minute:02}")
            }
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.start)?;
        if let Some(time) = self.time {
            write!(f, "{time}")?;
        }
        match self.end {
            None => Ok(()),
            Some(Some(end)) => write!(f, "/{end}"),
            Some(None) => f.write_str("/.."),
        }
    }
}
