//! Time that nobody can set: how long the device has been running, sleep included. Not the date, which anybody who holds
//! the device can put forward or back.

use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Instant;

/// A moment on a stopwatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Which stopwatch: moments of two different ones cannot be compared.
    pub run: [u8; 16],
    /// Time on it, ms.
    pub elapsed_ms: u64,
}

impl Moment {
    /// Time that has passed since `earlier`, ms. `None` if nothing is known of it: another run, or a watch that went back.
    pub fn since(self, earlier: Self) -> Option<u64> {
        if self.run == earlier.run {
            self.elapsed_ms.checked_sub(earlier.elapsed_ms)
        } else {
            None
        }
    }
}

/// What tells the moment. A test has one of its own.
pub type Stopwatch = Arc<dyn Fn() -> Moment + Send + Sync>;

/// The stopwatch of this device: it runs from one start of the device to the next where the system tells both the start and
/// the time since, and from the start of the program elsewhere.
pub fn system_stopwatch() -> Stopwatch {
    Arc::new(system_moment)
}

/// The moment on [`system_stopwatch`].
pub fn system_moment() -> Moment {
    static PROGRAM: OnceLock<(Option<[u8; 16]>, [u8; 16], Instant)> = OnceLock::new();
    let (device, program, begun) = PROGRAM.get_or_init(|| {
        let mut run = [0; 16];
        // Without randomness all programs have the same run, and their times begin at 0 all the same: a wait begins anew.
        let _ = crate::secret::fill_random(&mut run);
        (device_run(), run, Instant::now())
    });
    match (device, device_elapsed_ms()) {
        (Some(run), Some(elapsed_ms)) => Moment {
            run: *run,
            elapsed_ms,
        },
        _ => Moment {
            run: *program,
            elapsed_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        },
    }
}

/// A random number that the kernel draws at every start.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn device_run() -> Option<[u8; 16]> {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    let number = u128::from_str_radix(&digits, 16).ok()?;
    (digits.len() == 32).then(|| number.to_be_bytes())
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn device_elapsed_ms() -> Option<u64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let ms = i128::from(time.tv_sec) * 1000 + i128::from(time.tv_nsec) / 1_000_000;
    u64::try_from(ms).ok()
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn device_run() -> Option<[u8; 16]> {
    None
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn device_elapsed_ms() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_goes_on_and_stays_the_same() {
        let first = system_moment();
        let second = system_moment();
        assert_eq!(first.run, second.run);
        assert!(second.since(first).is_some());
    }

    #[test]
    fn moments_of_two_runs_tell_nothing() {
        let moment = |run, elapsed_ms| Moment {
            run: [run; 16],
            elapsed_ms,
        };
        assert_eq!(moment(1, 70).since(moment(1, 50)), Some(20));
        assert_eq!(moment(1, 50).since(moment(1, 70)), None, "it went back");
        assert_eq!(moment(2, 70).since(moment(1, 50)), None);
    }
}
