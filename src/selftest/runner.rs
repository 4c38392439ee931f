//! Runs jobs as child processes of this very binary, several at once, and halves a mix that raised a false alarm.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::verdict::Verdict;

use super::job::{Job, JobResult};

/// How children are started.
#[derive(Debug, Clone)]
pub struct Children {
    /// The binary, this one.
    pub binary: std::path::PathBuf,
    /// How many at once.
    pub at_once: usize,
    /// After how long a child is given up.
    pub limit: Duration,
}

/// Runs the jobs and tells each result as it comes. The order of the results is that of the jobs.
pub fn run(jobs: &[Job], children: &Children, tell: &(dyn Fn(&JobResult) + Sync)) -> Vec<JobResult> {
    let next = Mutex::new(0_usize);
    let results: Mutex<Vec<Option<JobResult>>> = Mutex::new(vec![None; jobs.len()]);
    std::thread::scope(|scope| {
        for _ in 0..children.at_once.max(1) {
            scope.spawn(|| {
                while let Some((index, job)) = take(&next, jobs) {
                    let result = halved(job, children);
                    tell(&result);
                    if let Some(slot) = lock(&results).get_mut(index) {
                        *slot = Some(result);
                    }
                }
            });
        }
    });
    results
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .into_iter()
        .flatten()
        .collect()
}

fn take<'a>(next: &Mutex<usize>, jobs: &'a [Job]) -> Option<(usize, &'a Job)> {
    let mut next = lock(next);
    let job = jobs.get(*next)?;
    *next += 1;
    Some((*next - 1, job))
}

/// Runs a job; a mix that alarms is halved until the switches that do it are named.
fn halved(job: &Job, children: &Children) -> JobResult {
    let mut result = child(job, children);
    if job.defects.is_empty() && job.variants.len() > 1 && alarms(&result) {
        let named = narrow(&alarmed(job, &result), children);
        result
            .remarks
            .insert(0, format!("switches that suffice: {}", named.join(", ")));
    }
    result
}

/// The job with the requirements alone that alarmed: whole runs would take minutes to halve. Where an alarm needs what
/// others sent, nothing can be left out, and every switch is named.
fn alarmed(job: &Job, result: &JobResult) -> Job {
    let alarming = result.verdicts.iter().filter(|(_, (verdict, _))| alarm(*verdict));
    Job {
        requirements: alarming.map(|(id, _)| *id).collect(),
        ..job.clone()
    }
}

/// Removes switches as long as what is left still alarms.
fn narrow(job: &Job, children: &Children) -> Vec<String> {
    let mut kept = job.variants.clone();
    let mut size = kept.len().div_ceil(2);
    while size > 0 && kept.len() > 1 {
        let mut start = 0;
        while start < kept.len() {
            let fewer: Vec<_> = kept
                .iter()
                .enumerate()
                .filter(|(at, _)| *at < start || *at >= start + size)
                .map(|(_, name)| name.clone())
                .collect();
            if !fewer.is_empty()
                && alarms(&child(
                    &Job {
                        variants: fewer.clone(),
                        ..job.clone()
                    },
                    children,
                ))
            {
                kept = fewer;
            } else {
                start += size;
            }
        }
        size /= 2;
    }
    kept
}

fn alarms(result: &JobResult) -> bool {
    result.fault.is_some() || result.verdicts.values().any(|(verdict, _)| alarm(*verdict))
}

const fn alarm(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::Pass | Verdict::NotApplicable)
}

fn child(job: &Job, children: &Children) -> JobResult {
    spawn(job, children).unwrap_or_else(|fault| JobResult {
        name: job.name.clone(),
        verdicts: std::collections::BTreeMap::new(),
        counters: std::collections::BTreeMap::new(),
        remarks: Vec::new(),
        wall_ms: 0,
        requests: 0,
        fault: Some(fault),
    })
}

fn spawn(job: &Job, children: &Children) -> Result<JobResult, String> {
    let words = serde_json::to_string(job).map_err(|error| error.to_string())?;
    let mut process = Command::new(&children.binary)
        .args(["selftest", "--job", &words])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", children.binary.display()))?;
    let (mut out, mut err) = (process.stdout.take(), process.stderr.take());
    let reading = std::thread::spawn(move || {
        let mut text = String::new();
        out.as_mut().map(|out| out.read_to_string(&mut text));
        text
    });
    let complaining = std::thread::spawn(move || {
        let mut text = String::new();
        err.as_mut().map(|err| err.read_to_string(&mut text));
        text
    });
    let deadline = Instant::now() + children.limit;
    let ended = loop {
        match process.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break Some(status),
            None if Instant::now() >= deadline => {
                process.kill().map_err(|error| error.to_string())?;
                process.wait().map_err(|error| error.to_string())?;
                break None;
            }
            None => pause(),
        }
    };
    let text = reading.join().unwrap_or_default();
    let complaint = complaining.join().unwrap_or_default();
    let Some(status) = ended else {
        return Err(format!("given up after {} s", children.limit.as_secs()));
    };
    let line = text.lines().rfind(|line| line.starts_with('{')).unwrap_or_default();
    serde_json::from_str(line).map_err(|_| {
        let tail: String = complaint
            .chars()
            .rev()
            .take(600)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        format!("ended with {status} and no result: {}", tail.trim())
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Between two looks at a child: this thread waits for nothing else.
#[expect(
    clippy::disallowed_methods,
    reason = "a thread of its own, no runtime; bounded by the child's limit"
)]
fn pause() {
    std::thread::sleep(Duration::from_millis(5));
}
