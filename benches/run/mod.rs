//! Runs a program and measures its cost.

use std::fmt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// The cost of a run, or its ratio to that of another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// Wall time in seconds.
    pub wall: f64,
    /// Processor time in seconds, user and system.
    pub cpu: f64,
    /// Peak memory in megabytes.
    pub memory: f64,
}

impl Cost {
    pub fn over(&self, other: &Cost) -> Cost {
        Cost {
            wall: self.wall / other.wall,
            cpu: self.cpu / other.cpu.max(0.005),
            memory: self.memory / other.memory.max(1.0),
        }
    }

    /// Returns the median of each figure.
    pub fn median(costs: &[Cost]) -> Cost {
        let middle = |of: fn(&Cost) -> f64| {
            let mut all: Vec<f64> = costs.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
        };
        Cost {
            wall: middle(|cost| cost.wall),
            cpu: middle(|cost| cost.cpu),
            memory: middle(|cost| cost.memory),
        }
    }

    pub fn ratio(&self) -> String {
        let Cost { wall, cpu, memory } = self;
        format!(
            "{wall:.1} times the wall, {cpu:.1} times the processor, {memory:.1} times the memory"
        )
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cost { wall, cpu, memory } = self;
        write!(f, "{wall:7.2} s wall {cpu:7.2} s processor {memory:6.0} MB")
    }
}

/// Runs the program, which must succeed.
#[cfg(target_os = "linux")]
pub fn run(command: &mut Command) -> anyhow::Result<Cost> {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

    let started = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{command:?}"))?;
    let id = child.id();
    let pid = Pid::from_raw(id as i32).context("a process has an id")?;
    let mut memory = 0.0;
    // The system reports the peak while the process is alive, and the times until it is waited for.
    loop {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        if waitid(WaitId::Pid(pid), options)?.is_some() {
            break;
        }
        memory = peak(id).unwrap_or(memory);
        std::thread::sleep(Duration::from_millis(2));
    }
    let wall = started.elapsed().as_secs_f64();
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    let status = child.wait()?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    // After the name in parentheses, utime and stime are the 12th and 13th field, in hundredths of
    // a second.
    let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
    let times = behind.split_whitespace().skip(11).take(2);
    let ticks: f64 = times.filter_map(|it| it.parse::<f64>().ok()).sum();
    Ok(Cost {
        wall,
        cpu: ticks / 100.0,
        memory,
    })
}

/// Returns the peak memory of a process so far, in megabytes.
#[cfg(target_os = "linux")]
fn peak(id: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// Runs the program; without `/proc`, only the wall time is measured.
#[cfg(not(target_os = "linux"))]
pub fn run(command: &mut Command) -> anyhow::Result<Cost> {
    let started = Instant::now();
    let status = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    let _ = Duration::ZERO;
    Ok(Cost {
        wall: started.elapsed().as_secs_f64(),
        cpu: f64::NAN,
        memory: f64::NAN,
    })
}
