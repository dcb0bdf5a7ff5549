//! Tables that look like kubectl's: upper-case headers, three blanks between columns, no lines, no trailing blanks.

use unicode_width::UnicodeWidthStr;

use super::style::Tone;
use super::untrusted::Untrusted;

/// Cells of a column at least, as in kubectl, whose columns are six wide with the three blanks between them.
const NARROWEST: usize = 3;

/// On which side of a column its cells stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Words.
    #[default]
    Left,
    /// Numbers that people compare.
    Right,
}

/// A table: a header, and rows of untrusted cells.
#[derive(Clone, Debug, Default)]
pub struct Table {
    headers: Vec<String>,
    aligns: Vec<Align>,
    tones: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these column names, which are untrusted, too: a server may name them.
    pub fn new<H: Into<String>>(headers: impl IntoIterator<Item = H>) -> Self {
        let headers: Vec<String> =
            headers.into_iter().map(|header| Untrusted(&header.into().to_uppercase()).to_string()).collect();
        let tones = headers.iter().map(|header| matches!(header.as_str(), "PHASE" | "STATUS" | "ACTIVITY")).collect();
        Self { aligns: vec![Align::Left; headers.len()], tones, headers, rows: Vec::new() }
    }

    /// Puts a column's cells on the right.
    #[must_use]
    pub fn right(mut self, column: usize) -> Self {
        if let Some(align) = self.aligns.get_mut(column) {
            *align = Align::Right;
        }
        self
    }

    /// Adds a row; its cells are untrusted, and an empty cell stays empty.
    pub fn row<C: Into<String>>(&mut self, cells: impl IntoIterator<Item = C>) {
        let cells = cells.into_iter().map(|cell| {
            let cell = cell.into();
            match Untrusted(&cell).text() {
                std::borrow::Cow::Borrowed(_) => cell,
                std::borrow::Cow::Owned(safe) => safe,
            }
        });
        self.rows.push(cells.collect());
    }

    /// Whether no row was added.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Width of each column in terminal cells, never below `least`; later parts of the same table pass the earlier widths.
    pub fn widths(&self, least: &[usize], headers: bool) -> Vec<usize> {
        let mut widths: Vec<usize> = self
            .headers
            .iter()
            .enumerate()
            .map(|(column, header)| {
                least.get(column).copied().unwrap_or(0).max(NARROWEST).max(if headers { header.width() } else { 0 })
            })
            .collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        widths
    }

    /// The table as text, each line with its line feed; phases in colour if `colour`.
    pub fn render(&self, headers: bool, colour: bool) -> String {
        self.render_with(&self.widths(&[], headers), headers, colour)
    }

    /// As [`Table::render`], with given column widths.
    pub fn render_with(&self, widths: &[usize], headers: bool, colour: bool) -> String {
        let line_length = widths.iter().sum::<usize>() + 3 * widths.len() + 1;
        let mut text = String::with_capacity(line_length * (self.rows.len() + 1));
        if headers {
            self.line(&mut text, &self.headers, widths, false);
        }
        for row in &self.rows {
            self.line(&mut text, row, widths, colour);
        }
        text
    }

    fn line(&self, text: &mut String, cells: &[String], widths: &[usize], colour: bool) {
        let start = text.len();
        for (column, cell) in cells.iter().enumerate() {
            let blank = widths.get(column).copied().unwrap_or(0).saturating_sub(cell.width());
            let right = self.aligns.get(column) == Some(&Align::Right);
            if column > 0 {
                text.push_str("   ");
            }
            if right {
                text.extend(std::iter::repeat_n(' ', blank));
            }
            if colour && self.tones.get(column) == Some(&true) {
                text.push_str(&Tone::of_phase(cell).paint(cell, true));
            } else {
                text.push_str(cell);
            }
            if !right {
                text.extend(std::iter::repeat_n(' ', blank));
            }
        }
        let length = text[start..].trim_end_matches(' ').len();
        text.truncate(start + length);
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table = Table::new(["Name", "Phase", "Count"]).right(2);
        table.row(["a", "Failed", "7"]);
        table.row(["日本", "Running", "1234567"]);
        table.row(["bad\x1b[2J", "", ""]);
        table
    }

    #[test]
    fn columns_line_up_and_nothing_trails() {
        let expected = "\
NAME         PHASE       COUNT
a            Failed          7
日本         Running   1234567
bad\\x1b[2J
";
        assert_eq!(sample().render(true, false), expected);
    }

    #[test]
    fn without_headers_they_do_not_widen_a_column() {
        let mut table = Table::new(["A long header", "B"]);
        table.row(["x", "y"]);
        assert_eq!(table.render(false, false), "x     y\n");
    }

    #[test]
    fn colour_touches_phases_alone_and_not_the_widths() {
        let text = sample().render(true, true);
        assert!(text.contains("\x1b[31mFailed\x1b[0m          7"), "{text:?}");
        assert!(!text.contains("\x1b[2J"), "{text:?}");
    }

    #[test]
    fn later_parts_keep_the_earlier_widths() {
        let first = sample();
        let widths = first.widths(&[], true);
        let mut next = Table::new(["Name", "Phase", "Count"]).right(2);
        next.row(["b", "Completed", "1"]);
        assert_eq!(next.widths(&widths, false), [10, 9, 7]);
    }
}
