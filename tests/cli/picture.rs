//! The README's picture of a terminal: the last full screen of `docs/terminal.cast`, as SVG. `docs/record` makes the recording.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;
use vt100::{Cell, Color, Parser, Screen};

/// Size of a character, in units of the picture.
const CELL: (f32, f32) = (8.4, 18.0);
/// What stands round the screen: the margin, and the bar of the window.
const MARGIN: f32 = 14.0;
const BAR: f32 = 32.0;
const BACKGROUND: &str = "#101216";
const FOREGROUND: &str = "#e6e6e6";
/// The colours 0 to 15.
const PALETTE: [&str; 16] = [
    "#16181d", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dae0", "#5c6370", "#e88388",
    "#a8cc8c", "#ecce8f", "#7cbcf2", "#d290e4", "#6bc6d0", "#ffffff",
];

#[test]
fn the_picture_is_that_of_the_recording() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let picture = drawn(&std::fs::read_to_string(docs.join("terminal.cast")).unwrap());
    assert!(picture.contains("refuse"), "the recording shows something else");
    let file = docs.join("terminal.svg");
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        std::fs::write(&file, &picture).unwrap();
    }
    assert!(
        std::fs::read_to_string(&file).unwrap() == picture,
        "docs/terminal.svg is stale; run with SNAPSHOTS=overwrite"
    );
}

/// The last screen that a full-screen program showed in a recording.
fn drawn(recording: &str) -> String {
    let mut lines = recording.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().unwrap();
    let number = |value: &Value| u16::try_from(value.as_u64().unwrap()).unwrap();
    let (rows, cols) = (number(&header["term"]["rows"]), number(&header["term"]["cols"]));
    let mut terminal = Parser::new(rows, cols, 0);
    let mut last = None;
    for event in lines.filter(|event| event[1] == "o") {
        terminal.process(event[2].as_str().unwrap().as_bytes());
        if terminal.screen().alternate_screen() {
            last = Some(terminal.screen().clone());
        }
    }
    svg(&last.expect("a full-screen program ran"), "kubectl opencode attach review")
}

fn svg(screen: &Screen, title: &str) -> String {
    let (rows, cols) = screen.size();
    let (width, height) = (f32::from(cols) * CELL.0 + 2.0 * MARGIN, f32::from(rows) * CELL.1 + MARGIN + BAR);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{title}\">\n\
         <style>text{{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre}}</style>\n\
         <rect width=\"{width:.0}\" height=\"{height:.0}\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n"
    );
    for (index, colour) in ["#e06c75", "#e5c07b", "#98c379"].into_iter().enumerate() {
        writeln!(text, "<circle cx=\"{}\" cy=\"16\" r=\"5\" fill=\"{colour}\"/>", 20 + 18 * index).unwrap();
    }
    let middle = width / 2.0;
    writeln!(text, "<text x=\"{middle:.0}\" y=\"21\" fill=\"#9aa0a6\" text-anchor=\"middle\">{title}</text>").unwrap();
    for row in 0..rows {
        let mut col = 0;
        while col < cols {
            let first = screen.cell(row, col).unwrap();
            let mut end = col + 1;
            while end < cols && style(screen.cell(row, end).unwrap()) == style(first) {
                end += 1;
            }
            run(&mut text, screen, row, col..end);
            col = end;
        }
    }
    text.push_str("</svg>\n");
    text
}

/// Cells that look the same: their background, if it is not the window's, and their text, if there is any.
fn run(text: &mut String, screen: &Screen, row: u16, cols: std::ops::Range<u16>) {
    let (foreground, background, bold, italic) = style(screen.cell(row, cols.start).unwrap());
    let (x, y) = (f32::from(cols.start) * CELL.0 + MARGIN, f32::from(row) * CELL.1 + BAR);
    if background != BACKGROUND {
        let width = f32::from(cols.end - cols.start) * CELL.0;
        let height = CELL.1;
        writeln!(
            text,
            "<rect x=\"{x:.1}\" y=\"{y:.0}\" width=\"{width:.1}\" height=\"{height:.0}\" fill=\"{background}\"/>"
        )
        .unwrap();
    }
    let shown: String = cols
        .map(|col| match screen.cell(row, col).unwrap().contents() {
            "" => " ".to_owned(),
            contents => contents.replace('&', "&amp;").replace('<', "&lt;"),
        })
        .collect();
    let before = shown.len() - shown.trim_start().len();
    let shown = shown.trim();
    if shown.is_empty() {
        return;
    }
    let x = x + f32::from(u16::try_from(before).unwrap()) * CELL.0;
    let bold = if bold { " font-weight=\"bold\"" } else { "" };
    let italic = if italic { " font-style=\"italic\"" } else { "" };
    writeln!(text, "<text x=\"{x:.1}\" y=\"{:.0}\" fill=\"{foreground}\"{bold}{italic}>{shown}</text>", y + 13.0)
        .unwrap();
}

fn style(cell: &Cell) -> (String, String, bool, bool) {
    let (foreground, background) = (colour(cell.fgcolor(), FOREGROUND), colour(cell.bgcolor(), BACKGROUND));
    let (foreground, background) = if cell.inverse() { (background, foreground) } else { (foreground, background) };
    (foreground, background, cell.bold(), cell.italic())
}

/// As a picture names it; the 256 colours are those of xterm.
fn colour(colour: Color, default: &str) -> String {
    match colour {
        Color::Default => default.to_owned(),
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        Color::Idx(index @ 0..=15) => PALETTE[usize::from(index)].to_owned(),
        Color::Idx(index @ 16..=231) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let index = index - 16;
            format!("#{:02x}{:02x}{:02x}", level(index / 36), level(index / 6 % 6), level(index % 6))
        }
        Color::Idx(index) => format!("#{0:02x}{0:02x}{0:02x}", 8 + 10 * (index - 232)),
    }
}
