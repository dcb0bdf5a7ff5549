//! `play` where standard output is no terminal.

use crate::program::Program;

const THREE: &str = "{\"version\":3,\"term\":{\"cols\":80,\"rows\":24,\"type\":\"xterm\"}}\n\
    [0.100, \"o\", \"\\u001b[31mred\\u001b[0m\\r\\n\"]\n[60.0, \"i\", \"typed\"]\n[60.0, \"r\", \"90x30\"]\n# a comment\n\
    [60.0, \"o\", \"two\\u001b[6n\\u001b]52;c;aGk=\\u0007\\r\\n\"]\n[0.0, \"x\", \"3\"]\n";
const TWO: &str = "{\"version\":2,\"width\":80,\"height\":24}\n[1.5, \"o\", \"one\"]\n[90.1, \"o\", \" two\\n\"]\n";

#[test]
fn all_output_is_written_at_once_and_nothing_that_is_more_than_seen() {
    let program = Program::new();
    let file = program.file("a.cast", THREE);
    let file = file.to_str().unwrap();
    let begun = std::time::Instant::now();
    program.run(&["play", file]).exits(0).prints("\x1b[31mred\x1b[0m\r\ntwo\r\n").says("");
    let raw = program.run(&["play", file, "--raw", "--speed", "0.001"]).exits(0);
    assert_eq!(raw.stdout, "\x1b[31mred\x1b[0m\r\ntwo\x1b[6n\x1b]52;c;aGk=\x07\r\n");
    program.run_with(&["play", "-"], TWO.as_bytes()).exits(0).prints("one two\n");
    assert!(begun.elapsed().as_secs() < 60, "the pauses are left out");
}

#[test]
fn what_is_damaged_is_shown_up_to_the_damage() {
    let program = Program::new();
    let lines: Vec<_> = THREE.lines().collect();
    let cut = format!("{}\n{}\n{}", lines[0], lines[1], &lines[2][..9]);
    let file = program.file("cut.cast", cut);
    let seen = program.run(&["play", file.to_str().unwrap()]).exits(7).prints("\x1b[31mred\x1b[0m\r\n");
    seen.says("cut.cast\" is a damaged recording").says("line 3: ").says("what comes before that was shown");
    // A recording that broke off between two lines is whole.
    let file = program.file("broken-off.cast", format!("{}\n{}\n", lines[0], lines[1]));
    program.run(&["play", file.to_str().unwrap()]).exits(0).prints("\x1b[31mred\x1b[0m\r\n");
}

#[test]
fn what_is_no_recording_is_told() {
    let program = Program::new();
    for (content, why) in [
        ("", "it is empty"),
        ("# Notes\n", "it does not begin as one"),
        ("{\"version\":1,\"width\":80,\"height\":24,\"stdout\":[]}\n", "of version 1; 2 and 3 are understood"),
        ("{\"version\":3}\n", "how large its terminal was"),
    ] {
        let file = program.file("other", content);
        let seen = program.run(&["play", file.to_str().unwrap()]).exits(7).prints("");
        seen.says("other\" is no recording of a terminal").says(why);
    }
    program.run(&["play", "/no/such.cast"]).exits(2).prints("").says("cannot read \"/no/such.cast\"");
    program.run(&["play", "/"]).exits(2).prints("").says("cannot read \"/\"");
    program.run(&["play"]).exits(2);
    program.run(&["play", "x", "--speed", "0"]).exits(2).says("a number above 0");
    program.run(&["play", "x", "--idle-limit", "-1s"]).exits(2);
}
