//! Long work that can be stopped.

use std::fmt;

/// Pixels between two looks: some 20 ms of the slowest conversion on a slow processor.
const PIXELS: usize = 1 << 18;

/// Asks whether to go on, once for every quarter of a million pixels that were worked on. What several calls share counts on from one
/// to the next.
pub struct Pace<'a> {
    go_on: &'a mut dyn FnMut() -> bool,
    pixels: usize,
    stopped: bool,
}

impl fmt::Debug for Pace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace")
            .field("pixels", &self.pixels)
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}

impl<'a> Pace<'a> {
    /// `go_on` answers false to stop; it is not asked again then.
    pub fn new(go_on: &'a mut dyn FnMut() -> bool) -> Self {
        Self {
            go_on,
            pixels: 0,
            stopped: false,
        }
    }

    /// Counts pixels that were worked on; whether to go on.
    pub fn after(&mut self, pixels: usize) -> bool {
        self.pixels = self.pixels.saturating_add(pixels);
        if self.pixels >= PIXELS && !self.stopped {
            self.pixels = 0;
            self.stopped = !(self.go_on)();
        }
        !self.stopped
    }

    /// Whether the answer was to stop.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_asks_once_for_so_many_pixels_and_never_after_a_stop() {
        let mut asked = 0;
        let mut go_on = || {
            asked += 1;
            asked < 3
        };
        let mut pace = Pace::new(&mut go_on);
        let steps = (0..1000).take_while(|_| pace.after(PIXELS / 100)).count();
        assert_eq!(
            steps,
            3 * 101 - 1,
            "asked at every 101st step of a hundredth"
        );
        assert!(pace.is_stopped() && !pace.after(usize::MAX) && !pace.after(usize::MAX));
        assert_eq!(asked, 3);
    }
}
