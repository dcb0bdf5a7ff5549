//! Templates, read: the grammar of the parent, by recursive descent.

use serde_json::{Number, Value};

use super::{Comparison, Node, Piece, Slice};

/// The pieces of a template, or what is wrong with it, in kubectl's words.
pub(super) fn template(text: &str) -> Result<Vec<Piece>, String> {
    Parser { rest: text }.pieces(false)
}

/// What is inside one pair of braces.
enum Action {
    Path(Vec<Node>),
    Range(Vec<Node>),
    End,
}

struct Parser<'t> {
    rest: &'t str,
}

fn is_terminator(character: char) -> bool {
    character.is_whitespace() || ".,[]$@{}".contains(character)
}

impl<'t> Parser<'t> {
    /// Pieces up to the end of the template, or up to `{end}` inside a range.
    fn pieces(&mut self, in_range: bool) -> Result<Vec<Piece>, String> {
        let mut pieces = Vec::new();
        while !self.rest.is_empty() {
            let brace = self.rest.find('{').unwrap_or(self.rest.len());
            let (text, rest) = self.rest.split_at(brace);
            if !text.is_empty() {
                pieces.push(Piece::Text(text.to_owned()));
            }
            self.rest = rest;
            if let Some(rest) = rest.strip_prefix('{') {
                self.rest = rest;
                match self.action()? {
                    Action::Path(nodes) => pieces.push(Piece::Path(nodes)),
                    Action::Range(nodes) => pieces.push(Piece::Range(nodes, self.pieces(true)?)),
                    Action::End if in_range => return Ok(pieces),
                    Action::End => return Err("not in range, nothing to end".to_owned()),
                }
            }
        }
        Ok(pieces)
    }

    fn action(&mut self) -> Result<Action, String> {
        let mut nodes = Vec::new();
        let mut range = false;
        let mut end = false;
        loop {
            match self.rest.chars().next() {
                None | Some('\n' | '\r') => return Err("unclosed action".to_owned()),
                Some('}') => {
                    self.rest = &self.rest[1..];
                    return Ok(match (end, range) {
                        (true, _) => Action::End,
                        (false, true) => Action::Range(nodes),
                        (false, false) => Action::Path(nodes),
                    });
                }
                Some(_) => match self.word(&mut nodes)? {
                    None => {}
                    Some("range") => range = true,
                    Some("end") => end = true,
                    Some(other) => return Err(format!("unrecognized identifier {other}")),
                },
            }
        }
    }

    /// The nodes of a path that stands alone, as in a filter or a union.
    fn whole(text: &'t str) -> Result<Vec<Node>, String> {
        let mut parser = Parser { rest: text };
        let mut nodes = Vec::new();
        while !parser.rest.is_empty() {
            if let Some(word) = parser.word(&mut nodes)? {
                return Err(format!("unrecognized identifier {word}"));
            }
        }
        Ok(nodes)
    }

    /// One element of a path; a word that is no element is returned.
    fn word(&mut self, nodes: &mut Vec<Node>) -> Result<Option<&'t str>, String> {
        if let Some(rest) = self.rest.strip_prefix("[?(") {
            self.rest = rest;
            nodes.push(self.filter()?);
            return Ok(None);
        }
        if let Some(rest) = self.rest.strip_prefix("..") {
            nodes.push(Node::Recursive);
            self.rest = rest;
            if rest.starts_with(|first: char| first == '*' || !is_terminator(first)) {
                nodes.push(self.field());
            }
            return Ok(None);
        }
        let Some(first) = self.rest.chars().next() else {
            return Ok(None);
        };
        match first {
            ' ' | '@' | '$' => self.rest = &self.rest[1..],
            '.' => {
                self.rest = &self.rest[1..];
                nodes.push(self.field());
            }
            '[' => nodes.extend(self.index()?),
            '"' | '\'' => nodes.push(Node::Literal(Value::String(self.quoted(first)?))),
            '+' | '-' | '0'..='9' => nodes.push(Node::Literal(self.number()?)),
            _ if first.is_alphanumeric() || first == '_' => match self.name() {
                "true" => nodes.push(Node::Literal(Value::Bool(true))),
                "false" => nodes.push(Node::Literal(Value::Bool(false))),
                word => return Ok(Some(word)),
            },
            _ => return Err(format!("unrecognized character in action: {first:?}")),
        }
        Ok(None)
    }

    /// Everything before the next terminator.
    fn name(&mut self) -> &'t str {
        let mut escaped = false;
        let end = self.rest.find(|character| {
            let ends = !escaped && is_terminator(character);
            escaped = !escaped && character == '\\';
            ends
        });
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        name
    }

    fn field(&mut self) -> Node {
        match self.name() {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        }
    }

    fn number(&mut self) -> Result<Value, String> {
        let text = self.rest;
        let end = text.find(|digit: char| !(digit.is_ascii_digit() || "+-.eE".contains(digit))).unwrap_or(text.len());
        let (text, rest) = text.split_at(end);
        self.rest = rest;
        if let Ok(number) = text.parse::<i64>() {
            return Ok(number.into());
        }
        let number = text.parse::<f64>().ok().and_then(Number::from_f64);
        number.map(Value::Number).ok_or_else(|| format!("cannot parse number {text}"))
    }

    fn quoted(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => text.push(match characters.next() {
                    Some((_, 'n')) => '\n',
                    Some((_, 't')) => '\t',
                    Some((_, 'r')) => '\r',
                    Some((_, other)) => other,
                    None => break,
                }),
                '\n' => break,
                _ if character == quote => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(text);
                }
                _ => text.push(character),
            }
        }
        Err("unterminated quoted string".to_owned())
    }

    fn index(&mut self) -> Result<Vec<Node>, String> {
        let end = self.rest.find([']', '\n']).filter(|end| self.rest[*end..].starts_with(']'));
        let end = end.ok_or("unterminated array")?;
        let text = &self.rest[1..end];
        self.rest = &self.rest[end + 1..];
        if text.contains(',') {
            let branches = text.split(',').map(|part| index(part.trim()));
            return Ok(vec![Node::Union(branches.collect::<Result<_, _>>()?)]);
        }
        index(text)
    }

    /// The rest of a filter, after `[?(`.
    fn filter(&mut self) -> Result<Node, String> {
        let mut quote = None;
        let mut previous = ' ';
        let mut end = None;
        for (at, character) in self.rest.char_indices() {
            match character {
                '\n' => break,
                '"' | '\'' if quote.is_none() => quote = Some(character),
                _ if quote == Some(character) && previous != '\\' => quote = None,
                ')' if quote.is_none() => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
            previous = character;
        }
        let end = end.ok_or("unterminated filter")?;
        let text = &self.rest[..end];
        self.rest = self.rest[end + 1..].strip_prefix(']').ok_or("unclosed array expect ]")?;
        let is_operator = |character: char| "!<>=".contains(character);
        let Some((left, rest)) = text.find(is_operator).filter(|at| *at > 0).map(|at| text.split_at(at)) else {
            return Ok(Node::Filter { left: Self::whole(text)?, comparison: None });
        };
        let length = rest.find(|character| !is_operator(character)).unwrap_or(rest.len());
        let (operator, right) = rest.split_at(length);
        let comparison = match operator {
            "==" => Comparison::Equal,
            "!=" => Comparison::NotEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => return Err(format!("unrecognized filter operator {operator}")),
        };
        if right.trim().is_empty() {
            return Err(format!("nothing to compare with in filter {text}"));
        }
        Ok(Node::Filter { left: Self::whole(left)?, comparison: Some((comparison, Self::whole(right)?)) })
    }
}

/// What stands between brackets, without a union.
fn index(text: &str) -> Result<Vec<Node>, String> {
    if let Some(name) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        // A dot in the name must be escaped, here too.
        let mut parser = Parser { rest: name };
        let mut nodes = vec![parser.field()];
        while !parser.rest.is_empty() {
            if parser.word(&mut nodes)?.is_some() {
                return Err(format!("invalid array index {text}"));
            }
        }
        return Ok(nodes);
    }
    let text = if text == "*" { ":" } else { text };
    let invalid = || format!("invalid array index {text}");
    let bounds: Vec<&str> = text.split(':').collect();
    let [start, end, step] = match bounds.as_slice() {
        [start] if !start.is_empty() => [start, "", ""],
        [start, end] => [start, end, ""],
        [start, end, step] => [*start, *end, *step],
        _ => return Err(invalid()),
    };
    let bound = |text: &str| match text {
        "" => Ok(None),
        _ => text.parse::<i64>().map(Some).map_err(|_| invalid()),
    };
    let slice = Slice { start: bound(start)?, end: bound(end)?, step: bound(step)?, single: bounds.len() == 1 };
    Ok(vec![Node::Slice(slice)])
}
