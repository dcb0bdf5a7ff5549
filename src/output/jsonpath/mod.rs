//! kubectl's JSONPath templates (`k8s.io/client-go/util/jsonpath`), which are not RFC 9535.
//!
//! ```text
//! template   = { text | "{" action "}" }
//! action     = "range" path … "{" "end" "}" | "end" | path
//! path       = { "$" | "@" | field | index | filter | literal | " " }
//! field      = "." name | ".." name | ".*" | "['" name "']"        a backslash in a name takes the next character as it is
//! index      = "[" int "]" | "[" [int] ":" [int] [":" int] "]" | "[*]" | "[" index { "," index } "]"
//! filter     = "[?(" path [ op path ] ")]"                         op: == != < <= > >=
//! literal    = quoted text | number | "true" | "false"
//! ```
//!
//! `$` and `@` both mean the current value, also inside `range`, as in kubectl.

mod parse;

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Number, Value};

/// A template that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonPath {
    pieces: Vec<Piece>,
    allow_missing: bool,
}

/// Values that one action of a template found.
pub type Found<'a> = Vec<Cow<'a, Value>>;

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Path(Vec<Node>),
    Range(Vec<Node>, Vec<Piece>),
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Field(String),
    Wildcard,
    Recursive,
    Slice(Slice),
    Union(Vec<Vec<Node>>),
    Filter { left: Vec<Node>, comparison: Option<(Comparison, Vec<Node>)> },
    Literal(Value),
}

#[derive(Clone, Debug, PartialEq)]
struct Slice {
    start: Option<i64>,
    end: Option<i64>,
    step: Option<i64>,
    /// One element, not a range of them.
    single: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl JsonPath {
    /// Understands a template.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in kubectl's words.
    pub fn parse(template: &str) -> Result<Self, String> {
        Ok(Self { pieces: parse::template(template)?, allow_missing: false })
    }

    /// A field that is not there yields nothing instead of an error.
    #[must_use]
    pub fn allow_missing(mut self) -> Self {
        self.allow_missing = true;
        self
    }

    /// What each action finds, in order; text is found as itself.
    ///
    /// # Errors
    ///
    /// `x is not found` and what else kubectl says of a path that does not fit the value.
    pub fn find<'a>(&'a self, value: &'a Value) -> Result<Vec<Found<'a>>, String> {
        let mut results = Vec::new();
        self.walk(&self.pieces, &[Cow::Borrowed(value)], &mut results)?;
        Ok(results)
    }

    /// The template filled in: values of one action separated by spaces, objects and lists as JSON.
    ///
    /// # Errors
    ///
    /// As [`JsonPath::find`].
    pub fn render(&self, value: &Value) -> Result<String, String> {
        let found = self.find(value)?;
        Ok(found.iter().map(|values| text(values)).collect())
    }

    /// The names that lead from a value to all that the template looks at of it: the plain fields that its only action
    /// begins with, none if it looks at several places.
    pub fn stem(&self) -> impl Iterator<Item = &str> {
        let nodes = match self.pieces.as_slice() {
            [Piece::Path(nodes)] => nodes.as_slice(),
            _ => &[],
        };
        nodes.iter().map_while(|node| match node {
            Node::Field(name) if !name.is_empty() => Some(name.as_str()),
            _ => None,
        })
    }

    fn walk<'a>(&self, pieces: &'a [Piece], at: &[Cow<'a, Value>], results: &mut Vec<Found<'a>>) -> Result<(), String> {
        for piece in pieces {
            match piece {
                Piece::Text(text) => results.push(vec![Cow::Owned(Value::String(text.clone()))]),
                Piece::Path(nodes) => results.push(self.path(nodes, at.to_vec())?),
                Piece::Range(nodes, body) => {
                    for value in self.path(nodes, at.to_vec())? {
                        self.walk(body, &[value], results)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn path<'a>(&self, nodes: &'a [Node], mut values: Found<'a>) -> Result<Found<'a>, String> {
        for node in nodes {
            values = self.step(node, values)?;
        }
        Ok(values)
    }

    fn step<'a>(&self, node: &'a Node, values: Found<'a>) -> Result<Found<'a>, String> {
        match node {
            Node::Literal(value) => Ok(vec![Cow::Borrowed(value)]),
            Node::Field(name) => {
                let some = !values.is_empty();
                let found: Found = values.iter().filter_map(|value| member(value, name)).collect();
                if found.is_empty() && some && !self.allow_missing && !values.iter().all(|value| value.is_null()) {
                    return Err(format!("{name} is not found"));
                }
                Ok(found)
            }
            Node::Wildcard => Ok(values.iter().flat_map(children).collect()),
            Node::Recursive => {
                let mut found = Vec::new();
                for value in values {
                    descend(value, &mut found);
                }
                Ok(found)
            }
            Node::Slice(slice) => {
                let mut found = Vec::new();
                for value in values.iter().filter(|value| !value.is_null()) {
                    if !value.is_array() {
                        return Err(format!("{} is not array or slice", go_text(value)));
                    }
                    found.extend(slice.of(children(value))?);
                }
                Ok(found)
            }
            Node::Union(branches) => {
                let mut found = Vec::new();
                for branch in branches {
                    found.extend(self.path(branch, values.clone())?);
                }
                Ok(found)
            }
            Node::Filter { left, comparison } => {
                let mut found = Vec::new();
                for value in values {
                    if !value.is_array() {
                        return Err(format!("{} is not array or slice and cannot be filtered", go_text(&value)));
                    }
                    for element in children(&value) {
                        if self.passes(left, comparison.as_ref(), element.clone())? {
                            found.push(element);
                        }
                    }
                }
                Ok(found)
            }
        }
    }

    fn passes<'a>(
        &self,
        left: &'a [Node],
        comparison: Option<&'a (Comparison, Vec<Node>)>,
        element: Cow<'a, Value>,
    ) -> Result<bool, String> {
        let lefts = self.path(left, vec![element.clone()]);
        let Some((operator, right)) = comparison else {
            return Ok(lefts.is_ok_and(|values| !values.is_empty()));
        };
        let lefts = lefts?;
        let rights = match lefts.len() {
            0 => return Ok(false),
            1 => self.path(right, vec![element])?,
            _ => return Err("can only compare one element at a time".to_owned()),
        };
        match rights.as_slice() {
            [] => Ok(false),
            [right] => operator.holds(&lefts[0], right),
            _ => Err("can only compare one element at a time".to_owned()),
        }
    }
}

impl Comparison {
    fn holds(self, left: &Value, right: &Value) -> Result<bool, String> {
        let incompatible = || "incompatible types for comparison".to_owned();
        let order = match (left, right) {
            (Value::String(left), Value::String(right)) => left.cmp(right),
            (Value::Number(left), Value::Number(right)) => compare(left, right).ok_or_else(incompatible)?,
            (Value::Bool(left), Value::Bool(right)) => match self {
                Self::Equal | Self::NotEqual => left.cmp(right),
                _ => return Err("invalid type for comparison".to_owned()),
            },
            _ => return Err(incompatible()),
        };
        Ok(match self {
            Self::Equal => order == Ordering::Equal,
            Self::NotEqual => order != Ordering::Equal,
            Self::Less => order == Ordering::Less,
            Self::LessOrEqual => order != Ordering::Greater,
            Self::Greater => order == Ordering::Greater,
            Self::GreaterOrEqual => order != Ordering::Less,
        })
    }
}

/// Go compares integers with integers and floats with floats, and nothing across.
fn compare(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        (None, None) => left.as_f64()?.partial_cmp(&right.as_f64()?),
        _ => None,
    }
}

impl Slice {
    fn of<'a>(&self, elements: Found<'a>) -> Result<Found<'a>, String> {
        let length = i64::try_from(elements.len()).unwrap_or(i64::MAX);
        let from_end = |index: i64| if index < 0 { index.saturating_add(length) } else { index };
        let out_of_bounds = |index: i64| format!("array index out of bounds: index {index}, length {length}");
        let start = from_end(self.start.unwrap_or(0));
        let end = if self.single { start.saturating_add(1) } else { from_end(self.end.unwrap_or(length)) };
        if start == end {
            return Ok(Vec::new());
        }
        if start >= length || start < 0 {
            return Err(out_of_bounds(start));
        }
        if end > length || end < 0 {
            return Err(out_of_bounds(end - 1));
        }
        if start > end {
            return Err(format!("starting index {start} is greater than ending index {end}"));
        }
        let step = self.step.unwrap_or(1);
        let step = usize::try_from(step).ok().filter(|step| *step > 0).ok_or("step must be > 0")?;
        let (start, end) = (usize::try_from(start).unwrap_or(0), usize::try_from(end).unwrap_or(0));
        Ok(elements.into_iter().skip(start).take(end - start).step_by(step).collect())
    }
}

fn member<'a>(value: &Cow<'a, Value>, name: &str) -> Option<Cow<'a, Value>> {
    if name.is_empty() {
        return Some(value.clone());
    }
    match value {
        Cow::Borrowed(value) => value.as_object()?.get(name).map(Cow::Borrowed),
        Cow::Owned(value) => value.as_object()?.get(name).cloned().map(Cow::Owned),
    }
}

fn children<'a>(value: &Cow<'a, Value>) -> Found<'a> {
    match value {
        Cow::Borrowed(Value::Array(list)) => list.iter().map(Cow::Borrowed).collect(),
        Cow::Borrowed(Value::Object(members)) => members.values().map(Cow::Borrowed).collect(),
        Cow::Owned(Value::Array(list)) => list.iter().cloned().map(Cow::Owned).collect(),
        Cow::Owned(Value::Object(members)) => members.values().cloned().map(Cow::Owned).collect(),
        _ => Vec::new(),
    }
}

/// A value and everything below it that has something below it.
fn descend<'a>(value: Cow<'a, Value>, found: &mut Found<'a>) {
    let below = children(&value);
    if !below.is_empty() {
        found.push(value);
        for child in below {
            descend(child, found);
        }
    }
}

/// The values of one action as kubectl prints them.
pub fn text(values: &[Cow<'_, Value>]) -> String {
    let texts: Vec<String> = values
        .iter()
        .map(|value| match value.as_ref() {
            value @ (Value::Object(_) | Value::Array(_)) => value.to_string(),
            Value::Null => "null".to_owned(),
            value => go_text(value),
        })
        .collect();
    texts.join(" ")
}

/// A value as Go's `fmt.Sprint` writes it.
fn go_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "<nil>".to_owned(),
        Value::Number(number) if !number.is_i64() && !number.is_u64() => go_float(number.as_f64().unwrap_or_default()),
        Value::Array(list) => format!("[{}]", list.iter().map(go_text).collect::<Vec<_>>().join(" ")),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(key, value)| format!("{key}:{}", go_text(value))).collect();
            members.sort();
            format!("map[{}]", members.join(" "))
        }
        other => other.to_string(),
    }
}

/// `%v` of a float: the shortest digits, with an exponent below 1e-4 and from 1e21 on.
fn go_float(number: f64) -> String {
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-4..1e21).contains(&magnitude) {
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    format!("{number}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn render(template: &str, value: &Value) -> Result<String, String> {
        JsonPath::parse(template)?.render(value)
    }

    /// The cases of `k8s.io/client-go/util/jsonpath/jsonpath_test.go` that mean something without Go's types.
    #[test]
    fn templates_read_as_in_kubectl() {
        let store = json!({
            "Name": "jsonpath", "Labels": { "engieer": 10, "web/html": 15, "k8s-app": 20 },
            "Book": [
                { "Category": "reference", "Author": "Nigel Rees", "Title": "Sayings of the Centurey", "Price": 8.95 },
                { "Category": "fiction", "Author": "Evelyn Waugh", "Title": "Sword of Honour", "Price": 12.99 },
                { "Category": "fiction", "Author": "Herman Melville", "Title": "Moby Dick", "Price": 8.99 },
            ],
            "Bicycle": [{ "Color": "red", "Price": 19.95, "IsNew": true }, { "Color": "green", "Price": 20.01, "IsNew": false }],
            "Range": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "Employees": { "jason": "manager", "dan": "clerk" }, "Nothing": null,
        });
        for (template, expected) in [
            ("hello jsonpath", "hello jsonpath"),
            ("hello {.Name}\n", "hello jsonpath\n"),
            ("{\"{\"}", "{"),
            ("{'it''s'}", "s"),
            ("{\"a\\tb\"}", "a\tb"),
            ("{.Name}", "jsonpath"),
            ("{$.Name}", "jsonpath"),
            ("{.Labels.web/html}", "15"),
            ("{.Labels['web/html']}", "15"),
            ("{.Labels.k8s-app}", "20"),
            ("{.Range[1]}", "1"),
            ("{.Range[-1]}", "9"),
            ("{.Range[2:4]}", "2 3"),
            ("{.Range[:-7]}", "0 1 2"),
            ("{.Range[1:9:3]}", "1 4 7"),
            ("{.Range[*]}", "0 1 2 3 4 5 6 7 8 9"),
            ("{.Range[0,3,5]}", "0 3 5"),
            ("{.Range[3:3]}", ""),
            ("{.Bicycle[*].Color}", "red green"),
            ("{.Bicycle.*.Color}", "red green"),
            ("{.Bicycle[*]['Price','IsNew']}", "19.95 20.01 true false"),
            ("{..Color}", "red green"),
            ("{.Book[?(@.Price < 9.0)].Author}", "Nigel Rees Herman Melville"),
            ("{.Book[?(@.Category == \"fiction\")].Title}", "Sword of Honour Moby Dick"),
            ("{.Bicycle[?(@.IsNew==true)].Color}", "red"),
            ("{.Bicycle[?(@.IsNew!=true)].Color}", "green"),
            ("{.Book[?(@.Title)].Author}", "Nigel Rees Evelyn Waugh Herman Melville"),
            ("{.Bicycle[?(@.Missing)].Color}", ""),
            ("{range .Bicycle[*]}{.Color}:{.Price} {end}done", "red:19.95 green:20.01 done"),
            ("{range .Bicycle[*]}[{.Color}]{\"\\n\"}{end}", "[red]\n[green]\n"),
            ("{range .Bicycle[*]}{@.Color}", "redgreen"),
            ("{.Employees}", r#"{"jason":"manager","dan":"clerk"}"#),
            ("{.Nothing}", "null"),
            ("{.Nothing.x}", ""),
            ("{.Range[9]}{.Range[0]}", "90"),
            ("{true} {1.5} {-3}", "true 1.5 -3"),
        ] {
            assert_eq!(render(template, &store).as_deref(), Ok(expected), "{template}");
        }
    }

    #[test]
    fn the_stem_leads_to_all_that_is_looked_at() {
        for (template, expected) in [
            ("{.status.phase}", &["status", "phase"][..]),
            ("{$.status.conditions[?(@.type==\"Ready\")].status}", &["status", "conditions"]),
            ("{.metadata['name']}", &["metadata", "name"]),
            ("{.spec.*}", &["spec"]),
            ("{..name}", &[]),
            ("{.a} {.b}", &[]),
            ("{range .a[*]}{.b}{end}", &[]),
            ("text", &[]),
        ] {
            assert_eq!(JsonPath::parse(template).unwrap().stem().collect::<Vec<_>>(), expected, "{template}");
        }
    }

    #[test]
    fn what_does_not_fit_is_said_as_kubectl_says_it() {
        let value = json!({ "a": [1, 2], "b": "x", "c": [{ "d": 1 }] });
        for (template, expected) in [
            ("{.missing}", "missing is not found"),
            ("{.a[5]}", "array index out of bounds: index 5, length 2"),
            ("{.a[-3]}", "array index out of bounds: index -1, length 2"),
            ("{.b[0]}", "x is not array or slice"),
            ("{.a[0:2:0]}", "step must be > 0"),
            ("{.c[?(@.d == 'x')]}", "incompatible types for comparison"),
            ("{.c[?(@.d =! 1)]}", "unrecognized filter operator =!"),
            ("{.a", "unclosed action"),
            ("{.a[0}", "unterminated array"),
            ("{.a[x]}", "invalid array index x"),
            ("{.a[?(@.x}", "unterminated filter"),
            ("{'x}", "unterminated quoted string"),
            ("{end}", "not in range, nothing to end"),
            ("{foo}", "unrecognized identifier foo"),
            ("{#}", "unrecognized character in action: '#'"),
        ] {
            assert_eq!(render(template, &value), Err(expected.to_owned()), "{template}");
        }
        let path = JsonPath::parse("{.missing.deep}").unwrap().allow_missing();
        assert_eq!(path.render(&value).as_deref(), Ok(""));
    }

    #[test]
    fn an_escaped_dot_belongs_to_the_name() {
        let value = json!({ "metadata": { "annotations": { "kubeopencode.io/last": "now" } } });
        for template in
            ["{.metadata.annotations.kubeopencode\\.io/last}", "{.metadata.annotations['kubeopencode\\.io/last']}"]
        {
            assert_eq!(render(template, &value).as_deref(), Ok("now"), "{template}");
        }
    }

    #[test]
    fn floats_are_written_as_go_writes_them() {
        for (number, text) in [
            (8.95, "8.95"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (0.00001, "1e-05"),
            (-2.5e-9, "-2.5e-09"),
        ] {
            assert_eq!(go_float(number), text);
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-c]{0,3}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map("[a-c]", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_template_makes_it_panic(
            template in "(\\{|\\}|\\[|\\]|\\?\\(@|\\)|\\.|\\.\\.|range |end|[a-c]|-?[0-9]|:|,|\\*|'|\"|\\\\|==|<| |\\$|é){0,20}",
            value in values(),
        ) {
            if let Ok(path) = JsonPath::parse(&template) {
                drop(path.render(&value));
                let lenient = path.allow_missing();
                drop(lenient.render(&value));
            }
        }

        #[test]
        fn text_without_braces_is_itself(text in "[^{]{0,40}") {
            prop_assert_eq!(render(&text, &Value::Null), Ok(text));
        }

        #[test]
        fn a_slice_is_the_slice(list in proptest::collection::vec(0i64..100, 0..8), start in 0usize..8, length in 0usize..8) {
            let end = start + length;
            let value = json!({ "a": list });
            let found = JsonPath::parse(&format!("{{.a[{start}:{end}]}}")).unwrap();
            let found = found.find(&value).map(|found| found.concat().into_iter().map(|v| v.as_i64().unwrap()).collect::<Vec<_>>());
            if length == 0 || end <= list.len() {
                prop_assert_eq!(found.unwrap(), list.get(start..end).unwrap_or_default().to_vec());
            } else {
                prop_assert!(found.is_err());
            }
        }
    }
}
