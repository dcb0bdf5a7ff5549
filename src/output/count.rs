//! Numbers of things.

use std::fmt::Display;

/// A number and what it counts, in the form that goes with it: `1 session`, `2 sessions`.
pub fn count<N: Copy + Display + PartialEq + From<u8>>(number: N, what: &str) -> String {
    let ending = if number == N::from(1) { "" } else { "s" };
    format!("{number} {what}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_one() {
        assert_eq!([0_usize, 1, 2].map(|number| count(number, "task")), ["0 tasks", "1 task", "2 tasks"]);
    }
}
