use super::*;
use proptest::prelude::*;

fn call(tool: &str, arguments: Value) -> Step {
    Step::Call { tool: tool.into(), arguments, beside: false }
}

#[test]
fn every_directive_is_read() {
    let script = r#"Do this:
        %think why\nnot
        %bash ls -la | wc -l
        %+read notes.md
        %write src/a.txt one\ntwo
        %edit a.txt one => 1
        %todo look; leap
        %question Which? | red | blue
        %task %bash ls
        %tool grep {"pattern": "x"}
        %slow 3
        %slow 3 10
        %words 9
        %wait 1m30s
        %fail 429 slow down
        %busy 2
        %busy 3 10
        %hang
        %drop
        %help
        %say bye"#;
    let read = |path: &str| json!({"filePath": path});
    let expected = [
        Step::Think("why\nnot".into()),
        call("bash", json!({"command": "ls -la | wc -l", "description": "Runs a scripted command"})),
        Step::Call { tool: "read".into(), arguments: read("notes.md"), beside: true },
        call("write", json!({"filePath": "src/a.txt", "content": "one\ntwo\n"})),
        call("edit", json!({"filePath": "a.txt", "oldString": "one", "newString": "1"})),
        call(
            "todowrite",
            json!({"todos": [
                {"id": "1", "content": "look", "status": "in_progress", "priority": "medium"},
                {"id": "2", "content": "leap", "status": "pending", "priority": "medium"}]}),
        ),
        call(
            "question",
            json!({"questions": [{"question": "Which?", "header": "Question", "options": [
                {"label": "red", "description": "red"}, {"label": "blue", "description": "blue"}]}]}),
        ),
        call("task", json!({"description": "Scripted subtask", "prompt": "%bash ls", "subagent_type": "general"})),
        call("grep", json!({"pattern": "x"})),
        Step::Slow { words: 3, pause: Duration::from_millis(200) },
        Step::Slow { words: 3, pause: Duration::from_millis(10) },
        Step::Words(9),
        Step::Wait(Duration::from_secs(90)),
        Step::Fail { status: 429, message: "slow down".into() },
        Step::Busy { tries: 2, again: 1 },
        Step::Busy { tries: 3, again: 10 },
        Step::Hang,
        Step::Drop,
        Step::Help,
        Step::Say("bye".into()),
    ];
    let found = steps(script);
    assert_eq!(found, expected);
    for Directive { name, .. } in DIRECTIVES {
        assert!(script.contains(&format!("%{name}")) || script.contains(&format!("%+{name}")), "{name}");
    }
}

#[test]
fn a_directive_that_cannot_be_read_says_how_to_write_it() {
    for line in [
        "%slow many",
        "%words 99999999",
        "%fail 200",
        "%busy",
        "%busy 1 soon",
        "%wait 1d",
        "%edit a.txt b",
        "%question alone",
        "%tool x []",
        "%bash",
        "%+say x",
    ] {
        let found = steps(line);
        assert!(matches!(&found[..], [Step::Say(text)] if text.contains("; write: %")), "{line}: {found:?}");
    }
}

#[test]
fn other_text_is_no_directive() {
    for text in ["", "hello", "100 % sure", "a %bash ls", "mail me@say.it", "@src/a.rs", "%unknown x", "% bash ls", "%"]
    {
        assert_eq!(steps(text), [], "{text:?}");
    }
}

#[test]
fn quotes_round_the_whole_message_do_not_matter() {
    assert_eq!(steps("\"%say a \"b\"\"\n"), [Step::Say("a \"b\"".into())]);
}

#[test]
fn both_signs_mean_the_same() {
    assert_eq!(steps("@bash ls\n@+read a"), steps("%bash ls\n%+read a"));
}

#[test]
fn a_tool_call_ends_the_turn() {
    let script = turns(steps("%think a\n%bash b\n%+bash c\n%say d\n%read e\n%read f\n%say g\n%say h"));
    let shape: Vec<_> = script.iter().map(Vec::len).collect();
    assert_eq!(shape, [3, 2, 1, 2]);
}

#[test]
fn the_listing_names_each_directive_once() {
    let listing = listing();
    assert_eq!(listing.lines().count(), DIRECTIVES.len());
    assert!(listing.lines().all(|line| line.starts_with("  %")));
}

fn written(step: &Step) -> String {
    let escaped = |text: &str| text.replace('\\', r"\\").replace('\n', r"\n").replace('\t', r"\t");
    match step {
        Step::Say(text) => format!("%say {}", escaped(text)),
        Step::Think(text) => format!("%think {}", escaped(text)),
        Step::Slow { words, pause } => format!("%slow {words} {}", pause.as_millis()),
        Step::Words(words) => format!("%words {words}"),
        Step::Wait(time) => format!("%wait {}", GoDuration::from(*time)),
        Step::Hang => "%hang".into(),
        Step::Drop => "%drop".into(),
        Step::Fail { status, message } => format!("%fail {status} {}", escaped(message)),
        Step::Call { tool, arguments, beside } => {
            format!("%{}tool {tool} {arguments}", if *beside { "+" } else { "" })
        }
        Step::Busy { tries, again } => format!("%busy {tries} {again}"),
        Step::Help => "%help".into(),
    }
}

fn any_step() -> impl Strategy<Value = Step> {
    let text = "[a-z\\\\\n\t\"%=|;{}é]{0,20}[a-z]";
    prop_oneof![
        text.prop_map(Step::Say),
        text.prop_map(Step::Think),
        (0..=MOST_WORDS, any::<u32>())
            .prop_map(|(words, pause)| Step::Slow { words, pause: Duration::from_millis(pause.into()) }),
        (0..=MOST_WORDS).prop_map(Step::Words),
        (0..u64::from(u32::MAX)).prop_map(|millis| Step::Wait(Duration::from_millis(millis))),
        Just(Step::Hang),
        Just(Step::Drop),
        Just(Step::Help),
        (400_u16..600, text).prop_map(|(status, message)| Step::Fail { status, message }),
        any::<(u32, u32)>().prop_map(|(tries, again)| Step::Busy { tries, again }),
        ("[a-z_]{1,12}", ".{0,20}", any::<bool>()).prop_map(|(tool, value, beside)| Step::Call {
            tool,
            arguments: json!({"value": value}),
            beside
        }),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(script in prop::collection::vec(any_step(), 1..8)) {
        // A first text line keeps a quote at the start and one at the end from looking like a wrapped message.
        let message = script.iter().fold(String::from("script"), |text, step| text + "\n" + &written(step));
        prop_assert_eq!(steps(&message), script);
    }

    #[test]
    fn turns_lose_nothing(script in prop::collection::vec(any_step(), 0..20)) {
        prop_assert_eq!(turns(script.clone()).concat(), script);
    }

    #[test]
    fn any_text_is_read(text in "(%[+a-z]{0,8}[ -~\\n]{0,20}){0,6}") {
        let _ = turns(steps(&text));
    }
}
