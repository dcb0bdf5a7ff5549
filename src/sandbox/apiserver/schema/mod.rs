//! What a CustomResourceDefinition says about its objects, and the admission of one object under it.
//!
//! The order is kube-apiserver's (`k8s.io/apiextensions-apiserver/pkg/registry/customresource`): fields that the
//! structural schema does not know are removed, nulls where none may be are removed, defaults are filled in, then values
//! are checked, then the CEL rules. An update is forgiven for what was wrong before and has not changed (KEP-4008).

mod check;
mod format;
mod node;
mod prune;

use std::sync::Arc;

use kube_cel::{CompiledSchema, compile_schema, validate_compiled};
use serde_json::Value;

use super::status::FieldError;
pub use node::{ListType, Node};

/// What happens to fields that the schema does not know (`fieldValidation` of a request).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldValidation {
    /// They are removed.
    Ignore,
    /// They are removed, and the client is told.
    #[default]
    Warn,
    /// The object is refused.
    Strict,
}

impl FieldValidation {
    /// From the query parameter; `None` for a value that the API does not know.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "Ignore" => Some(Self::Ignore),
            "" | "Warn" => Some(Self::Warn),
            "Strict" => Some(Self::Strict),
            _ => None,
        }
    }

    /// What there is to say about fields that were sent, and the paths of unknown ones mean: warnings, or a refusal.
    pub fn judge(self, mut warnings: Vec<String>, mut unknown: Vec<String>) -> Result<Vec<String>, String> {
        if self == Self::Ignore {
            return Ok(Vec::new());
        }
        unknown.sort_unstable();
        warnings.extend(unknown.iter().map(|path| format!("unknown field {path:?}")));
        if self == Self::Strict && !warnings.is_empty() {
            return Err(format!("strict decoding error: {}", warnings.join(", ")));
        }
        Ok(warnings)
    }
}

/// The schema of one version of a custom resource, ready for use. Cheap to clone.
#[derive(Clone, Debug)]
pub struct VersionSchema {
    root: Arc<Node>,
    rules: Arc<CompiledSchema>,
    has_rules: bool,
}

impl VersionSchema {
    /// From an element of `spec.versions` of a definition.
    ///
    /// # Errors
    ///
    /// What makes the schema not structural, with the paths that a definition of one version has in the API.
    pub fn compile(version: &Value) -> Result<Self, Vec<FieldError>> {
        const PATH: &str = "spec.validation.openAPIV3Schema";
        let Some(schema) = version.pointer("/schema/openAPIV3Schema").filter(|schema| schema.is_object()) else {
            return Err(vec![FieldError::required("spec.versions[0].schema.openAPIV3Schema", "schemas are required")]);
        };
        let mut errors = Vec::new();
        let root = Node::root(schema, PATH, &mut errors);
        let rules = compile_schema(schema);
        node::check_rules(&rules, schema, PATH, &mut errors);
        if errors.is_empty() {
            Ok(Self { root: Arc::new(root), rules: Arc::new(rules), has_rules: node::has_rules(schema) })
        } else {
            Err(errors)
        }
    }

    /// Prunes and defaults an object that a client sent; warnings for it. Both come before everything else: what a client
    /// leaves to its default has not changed.
    ///
    /// # Errors
    ///
    /// A strict decoding error. `said` is what there is to say besides.
    pub fn decode(
        &self,
        object: &mut Value,
        said: Vec<String>,
        validation: FieldValidation,
    ) -> Result<Vec<String>, String> {
        let warnings = validation.judge(said, self.prune(object))?;
        self.default(object);
        Ok(warnings)
    }

    /// Removes what the schema does not know; the paths of what was removed.
    pub fn prune(&self, object: &mut Value) -> Vec<String> {
        prune::unknown_fields(&self.root, object)
    }

    /// Removes nulls where the schema allows none and fills in defaults, as is also done with what was stored before
    /// the schema had them.
    pub fn default(&self, object: &mut Value) {
        prune::nulls(&self.root, object);
        prune::defaults(&self.root, object);
    }

    /// Everything wrong with an object, apart from what was wrong with `old` and has not changed.
    pub fn validate(&self, object: &Value, old: Option<&Value>) -> Vec<FieldError> {
        let mut errors = Vec::new();
        check::value(&self.root, object, old, &mut String::new(), &mut errors);
        // What blocks the rules is what would make them fail in ways that nobody could understand.
        let blocks = |error: &FieldError| error.reason != "FieldValueInvalid" && error.reason != "FieldValueDuplicate";
        if errors.iter().any(blocks) {
            if self.has_rules {
                let detail = "some validation rules were not checked because the object was invalid; correct the \
                     existing errors to complete validation";
                errors.push(FieldError::invalid("<nil>", &"null".into(), detail));
            }
            return errors;
        }
        if let Err(failures) = validate_compiled(&self.rules, object, old) {
            errors.extend(failures.into_iter().filter_map(|failure| rule_error(&failure, object, old)));
        }
        errors
    }

    /// The schema as a tree.
    pub fn root(&self) -> &Node {
        &self.root
    }
}

/// The value at a path as kube-cel writes one: `spec.list[0].name`.
fn at<'a>(object: &'a Value, path: &str) -> Option<&'a Value> {
    let mut value = object;
    for part in path.split(['.', '[']).filter(|part| !part.is_empty()) {
        value = match part.strip_suffix(']') {
            Some(index) => value.get(index.parse::<usize>().ok()?)?,
            None => value.get(part)?,
        };
    }
    Some(value)
}

/// A failed rule in the words of the API server; `None` when it failed before in the same way.
fn rule_error(failure: &kube_cel::ValidationError, object: &Value, old: Option<&Value>) -> Option<FieldError> {
    let value = at(object, &failure.field_path);
    if !failure.rule.contains("oldSelf")
        && let (Some(old), Some(value)) = (old, value)
        && at(old, &failure.field_path) == Some(value)
    {
        return None;
    }
    let field = if failure.field_path.is_empty() { "<nil>" } else { &failure.field_path };
    Some(match failure.reason.as_deref() {
        Some("FieldValueForbidden") => FieldError::forbidden(field, &failure.message),
        Some("FieldValueRequired") => FieldError::required(field, &failure.message),
        // The server names the type of the value, not the value.
        _ => FieldError::invalid(field, &value.map_or("object", check::type_name).into(), &failure.message),
    })
}

#[cfg(test)]
mod tests;
