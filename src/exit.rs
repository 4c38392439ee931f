//! Exit codes: a public, documented type (design.md §3.5).

use std::process;

/// What the process tells whoever started it.
///
/// Where several fit, the first of 2, 6, 5, 1, 4, 3, 0 counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ExitCode {
    /// What was selected conforms.
    Conformant = 0,
    /// A mandatory requirement failed.
    NotConformant = 1,
    /// Wrong usage or configuration, or nothing was selected.
    Usage = 2,
    /// It could not be decided.
    Undecided = 3,
    /// A fault of laik.
    Harness = 4,
    /// The application cannot be reached.
    Unreachable = 5,
    /// A signature or pack is not valid.
    Invalid = 6,
}

impl ExitCode {
    /// Every code, most important first.
    pub const PRIORITY: [Self; 7] = [
        Self::Usage,
        Self::Invalid,
        Self::Unreachable,
        Self::NotConformant,
        Self::Harness,
        Self::Undecided,
        Self::Conformant,
    ];

    /// The most important of several; conformant where there is none.
    pub fn most_important(codes: impl IntoIterator<Item = Self>) -> Self {
        let codes: Vec<_> = codes.into_iter().collect();
        Self::PRIORITY
            .into_iter()
            .find(|code| codes.contains(code))
            .unwrap_or(Self::Conformant)
    }

    /// The number.
    pub const fn number(self) -> u8 {
        self as u8
    }
}

impl From<ExitCode> for process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_design() {
        use ExitCode as E;
        assert_eq!(ExitCode::PRIORITY.map(ExitCode::number), [2, 6, 5, 1, 4, 3, 0]);
        assert_eq!(
            E::most_important([E::Undecided, E::Harness, E::NotConformant]),
            E::NotConformant
        );
        assert_eq!(E::most_important([E::Undecided, E::Harness]), E::Harness);
        assert_eq!(E::most_important([]), E::Conformant);
    }
}
