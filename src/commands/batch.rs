//! Commands on several objects: every one is tried, every failure told, and the program ends once.

use futures::{StreamExt, stream};

use super::Context;
use super::list::objects;
use crate::api::kinds::Kind;
use crate::cli::flags::Targets;
use crate::error::{Code, Error, Result};
use crate::output::count;

/// Objects worked on at the same time.
const CONCURRENT: usize = 8;

/// Failures so far.
#[derive(Debug, Default)]
pub struct Failures(Vec<Error>);

impl Failures {
    /// Remembers one.
    pub fn add(&mut self, error: Error) {
        self.0.push(error);
    }

    /// Whether there was none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Success, the one failure, or one that names them all; its code is the first one's.
    pub fn into_result(self, what: &str) -> Result<()> {
        self.into_result_of(what, "object")
    }

    /// The same of others than objects.
    pub fn into_result_of(mut self, what: &str, noun: &str) -> Result<()> {
        if self.0.len() <= 1 {
            return self.0.pop().map_or(Ok(()), Err);
        }
        let number = self.0.len();
        let mut failures = self.0.into_iter();
        let Some(first) = failures.next() else { return Ok(()) };
        let mut all = Error::new(first.code, format!("{what} {}", count(number, noun)));
        all.hint.clone_from(&first.hint);
        for failure in std::iter::once(first).chain(failures) {
            all = all.because(failure);
        }
        Err(all)
    }
}

/// The names that a command works on: those given, those a selector finds, or all of the namespace.
pub async fn names(context: &Context, kind: &'static Kind, targets: &Targets) -> Result<Vec<String>> {
    if !targets.names.is_empty() {
        return Ok(targets.names.clone());
    }
    let names = objects::names_of(context, kind, &targets.selection).await?;
    if names.is_empty() {
        context.printer.note(&nothing_found(Some(&context.cluster().await?.namespace)));
    }
    Ok(names)
}

/// That there is nothing, in kubectl's words: in one namespace, or in all.
pub fn nothing_found(namespace: Option<&str>) -> String {
    match namespace {
        Some(namespace) => format!("No resources found in {namespace} namespace."),
        None => "No resources found".to_owned(),
    }
}

/// Works on every name, some at the same time; results are handed on in the order of the names, failures told at the end.
pub async fn each<T>(
    names: &[String],
    what: &str,
    work: impl AsyncFn(&str) -> Result<T>,
    mut result: impl FnMut(&str, T) -> Result<()>,
) -> Result<()> {
    let mut failures = Failures::default();
    let work = &work;
    let mut answers = stream::iter(names).map(|name| async move { (name, work(name).await) }).buffered(CONCURRENT);
    while let Some((name, answer)) = answers.next().await {
        match answer {
            Ok(answer) => result(name, answer)?,
            Err(error) if ends_everything(error.code) => return Err(error),
            Err(error) => failures.add(error),
        }
    }
    failures.into_result(what)
}

/// Whether trying the next object would only fail in the same way.
pub fn ends_everything(code: Code) -> bool {
    matches!(code, Code::ClusterUnreachable | Code::Unauthenticated | Code::Internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_is_itself_and_several_are_one_that_names_them() {
        assert!(Failures::default().into_result("cannot stop").is_ok());
        let mut failures = Failures::default();
        failures.add(Error::new(Code::TaskNotFound, "no task \"a\""));
        assert_eq!(failures.into_result("cannot stop").unwrap_err().message, "no task \"a\"");
        let mut failures = Failures::default();
        failures.add(Error::new(Code::TaskNotFound, "no task \"a\"").hint("list them"));
        failures.add(Error::new(Code::Conflict, "task \"b\" has ended").because("long ago"));
        let error = failures.into_result("cannot stop").unwrap_err();
        assert_eq!(error.code, Code::TaskNotFound);
        assert_eq!(error.causes, ["no task \"a\"", "task \"b\" has ended: long ago"]);
    }

    #[tokio::test]
    async fn every_object_is_tried_and_results_keep_their_order() {
        let names: Vec<String> = ["a", "bad", "c"].map(String::from).into();
        let mut seen = Vec::new();
        let work = async |name: &str| {
            if name == "bad" { Err(Error::new(Code::TaskNotFound, "no task \"bad\"")) } else { Ok(name.to_uppercase()) }
        };
        let done = each(&names, "cannot stop", work, |_, answer| {
            seen.push(answer);
            Ok(())
        });
        assert_eq!(done.await.unwrap_err().code, Code::TaskNotFound);
        assert_eq!(seen, ["A", "C"]);
    }
}
