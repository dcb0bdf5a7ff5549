//! Descriptions that look like kubectl's: labels with a colon, their values in one column, what belongs to a label below it,
//! two blanks deeper. Values are untrusted.

use unicode_width::UnicodeWidthStr;

use super::table::Table;
use super::untrusted::{Lines, Untrusted};

/// A description, built from top to bottom.
#[derive(Clone, Debug, Default)]
pub struct Description {
    lines: Vec<Line>,
    level: usize,
}

#[derive(Clone, Debug)]
enum Line {
    Field { level: usize, label: String, value: String },
    Section { level: usize, label: String, empty: bool },
    Text { level: usize, text: String },
}

impl Description {
    /// A label and its value; later lines of the value stand below the first.
    pub fn field(&mut self, label: &str, value: impl AsRef<str>) {
        let value = Lines(value.as_ref().trim_end()).text().into_owned();
        self.lines.push(Line::Field { level: self.level, label: label.to_owned(), value });
    }

    /// As [`Description::field`], where there is a value.
    pub fn field_if(&mut self, label: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value.filter(|value| !value.as_ref().is_empty()) {
            self.field(label, value);
        }
    }

    /// A label, and below it what `describe` writes; `<none>` if that is nothing.
    pub fn section(&mut self, label: &str, describe: impl FnOnce(&mut Self)) {
        let at = self.lines.len();
        self.lines.push(Line::Section { level: self.level, label: label.to_owned(), empty: false });
        self.level += 1;
        describe(self);
        self.level -= 1;
        if let [Line::Section { empty, .. }] = &mut self.lines[at..] {
            *empty = true;
        }
    }

    /// Lines of text.
    pub fn text(&mut self, text: &str) {
        let text = Lines(text.trim_end());
        self.lines.extend(text.text().lines().map(|line| Line::Text { level: self.level, text: line.to_owned() }));
    }

    /// A table, whose cells are safe already.
    pub fn table(&mut self, table: &Table, colour: bool) {
        let level = self.level;
        let rendered = table.render(true, colour);
        self.lines.extend(rendered.lines().map(|line| Line::Text { level, text: line.to_owned() }));
    }

    /// The text, each line with its line feed. Values of neighbouring fields of one level stand in one column.
    pub fn render(&self) -> String {
        let mut text = String::new();
        let mut column = 0;
        for (at, line) in self.lines.iter().enumerate() {
            match line {
                Line::Text { level, text: line } => push(&mut text, &format!("{}{line}", "  ".repeat(*level))),
                Line::Section { level, label, empty } => {
                    let none = if *empty { "  <none>" } else { "" };
                    push(&mut text, &format!("{}{}:{none}", "  ".repeat(*level), Untrusted(label)));
                }
                Line::Field { level, label, value } => {
                    let begins =
                        at == 0 || !matches!(&self.lines[at - 1], Line::Field { level: before, .. } if before == level);
                    if begins {
                        column = self.column(at, *level);
                    }
                    let indent = "  ".repeat(*level);
                    let label = Untrusted(label);
                    let mut lines = value.lines();
                    let first = lines.next().unwrap_or_default();
                    let head = format!("{indent}{label}:");
                    let blank = (column + 2).saturating_sub(head.width()).max(1);
                    push(&mut text, &format!("{head}{}{first}", " ".repeat(blank)));
                    for line in lines {
                        push(&mut text, &format!("{}{line}", " ".repeat(column + 2)));
                    }
                }
            }
        }
        text
    }

    /// The widest label of the run of fields that begins here.
    fn column(&self, at: usize, level: usize) -> usize {
        let labels = self.lines[at..].iter().map_while(|line| match line {
            Line::Field { level: of, label, .. } if *of == level => Some(2 * level + label.width() + 1),
            _ => None,
        });
        labels.max().unwrap_or_default()
    }
}

fn push(text: &mut String, line: &str) {
    text.push_str(line.trim_end_matches(' '));
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_line_up_and_sections_stand_deeper() {
        let mut description = Description::default();
        description.field("Name", "a");
        description.field("Namespace", "default\x1b[2J");
        description.field_if("Absent", None::<&str>);
        description.section("Conditions", |conditions| {
            let mut table = Table::new(["Type", "Status"]);
            table.row(["Ready", "True"]);
            conditions.table(&table, false);
        });
        description.section("Events", |_| {});
        description.section("Tokens", |tokens| {
            tokens.field("In", "1");
            tokens.field("Cached", "2\nsince then");
        });
        let expected = "\
Name:       a
Namespace:  default\\x1b[2J
Conditions:
  TYPE    STATUS
  Ready   True
Events:  <none>
Tokens:
  In:      1
  Cached:  2
           since then
";
        assert_eq!(description.render(), expected);
    }
}
