//! `config VERB …`: shows what the layers say together, and changes the user's own.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::settings::{self, Accepts, FILE, FILE_VARIABLE, Layer, Layers, NAMESPACE, Origin, Place, SETTINGS, shown};
use super::{Context, prompt};
use crate::cli::config::{ConfigCommand, ResolveSettings, SetSetting, UnsetSetting, ViewSettings};
use crate::cli::flags::DryRun;
use crate::error::{Error, Result};
use crate::output::{Format, Table, from_yaml, to_yaml};

/// Does what `config VERB` says.
pub async fn dispatch(context: &Context, command: &ConfigCommand) -> Result<()> {
    match command {
        ConfigCommand::Resolve(args) => resolve(context, args).await,
        ConfigCommand::View(args) => view(context, args),
        ConfigCommand::Set(args) => set(context, args),
        ConfigCommand::Unset(args) => unset(context, args),
    }
}

/// Shows every setting, its value, and where that comes from.
async fn resolve(context: &Context, args: &ResolveSettings) -> Result<()> {
    let known = Layer::new(Origin::Flag);
    for key in &args.settings {
        if settings::Setting::named(key).is_none() {
            known.read(key, &Value::Null)?;
        }
    }
    let mut typed = Layer::new(Origin::Flag);
    if let Some(template) = &args.template {
        typed.set("template", template.as_str().into());
    }
    // A cluster that cannot be reached is left out, as with a creation that sends nothing.
    let mut layers = settings::for_new_work(context, typed, true, DryRun::Client).await?;
    layers.read.push(built_in()?);
    let rows = rows(&layers, &args.settings);
    let format = args.output.format();
    if format == Format::Name {
        return rows.iter().try_for_each(|row| context.printer.line(&row.key));
    }
    if format.is_structured() {
        return context.printer.structured(&value(&layers, &rows), &format, true);
    }
    let mut table = Table::new(["Setting", "Value", "Origin"]);
    for row in &rows {
        table.row([row.key.as_str(), row.shown.as_deref().unwrap_or("<none>"), &row.place]);
    }
    context.printer.print(&table.render(true, context.printer.colour()))?;
    for (origin, why) in &layers.left_out {
        context.printer.note(&format!("{origin} is not read: {why}"));
    }
    Ok(())
}

/// What holds where nobody says anything.
fn built_in() -> Result<Layer> {
    let mut layer = Layer::new(Origin::BuiltIn);
    for setting in &SETTINGS {
        if let Some(value) = setting.built_in {
            let value = setting.accepts.read(&value.into());
            layer.set(setting.key, value.map_err(|why| Error::internal(setting.key).because(why))?);
        }
    }
    Ok(layer)
}

/// One setting, or one key of a map.
struct Row<'a> {
    key: String,
    shown: Option<String>,
    place: String,
    origin: Option<&'a Origin>,
    value: Value,
}

fn rows<'a>(layers: &'a Layers, wanted: &[String]) -> Vec<Row<'a>> {
    let resolved = layers.resolve();
    let mut rows = Vec::new();
    for setting in &SETTINGS {
        let first = rows.len();
        for (key, found) in resolved.of(setting) {
            let origin = layers.read.iter().map(|layer| &layer.origin).find(|origin| **origin == found.origin);
            rows.push(Row {
                key: key.to_owned(),
                shown: Some(shown(setting, &found.value)),
                place: found.origin.place_of(key),
                origin,
                value: found.value.clone(),
            });
        }
        if rows.len() == first && setting.place != Place::Template {
            let (key, place) = (setting.key.to_owned(), String::new());
            rows.push(Row { key, shown: None, place, origin: None, value: Value::Null });
        }
    }
    let is_wanted = |row: &Row| {
        let of = row.key.split_once('.').map_or(row.key.as_str(), |(of, _)| of);
        wanted.is_empty() || wanted.iter().any(|wanted| *wanted == row.key || wanted == of)
    };
    rows.retain(is_wanted);
    rows
}

/// For programs: values have the form that a Session has.
fn value(layers: &Layers, rows: &[Row]) -> Value {
    let row = |row: &Row| {
        let layer = row.origin.map(Origin::layer);
        json!({"setting": row.key, "value": row.value, "layer": layer, "origin": row.origin.map(|_| &row.place)})
    };
    let read = layers.read.iter().map(|layer| json!({"layer": layer.origin.layer(), "read": true}));
    let left_out =
        layers.left_out.iter().map(|(origin, why)| json!({"layer": origin.layer(), "read": false, "reason": why}));
    json!({
        "settings": rows.iter().map(row).collect::<Vec<_>>(),
        "layers": read.chain(left_out).collect::<Vec<_>>(),
    })
}

/// Where the user's file is, or the failure that there is no place for one.
fn file() -> Result<PathBuf> {
    settings::path().ok_or_else(|| {
        Error::usage("there is no place for a file of settings").hint(format!("set HOME, or {FILE_VARIABLE} to a file"))
    })
}

fn view(context: &Context, args: &ViewSettings) -> Result<()> {
    let path = file()?;
    let Some(text) = prompt::settings(&path)? else {
        context.printer.note(&format!("there is no {} yet; `kubectl opencode config set` makes it", path.display()));
        return Ok(());
    };
    match args.output.format() {
        Format::Table | Format::Wide => context.printer.print(&text),
        format => context.printer.structured(&Value::Object(stands(&text, &path)?), &format, true),
    }
}

/// What stands in the file, as it is typed there; it is known to be settings.
fn stands(text: &str, path: &Path) -> Result<Map<String, Value>> {
    Layer::of_text(text, Origin::File(path.to_owned()))?;
    Ok(match from_yaml(text)?.pop() {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    })
}

fn set(context: &Context, args: &SetSetting) -> Result<()> {
    change(context, &args.setting, Some(&args.value))
}

fn unset(context: &Context, args: &UnsetSetting) -> Result<()> {
    change(context, &args.setting, None)
}

/// Writes a setting, or takes it away. What is not changed keeps its value; comments are lost.
fn change(context: &Context, key: &str, typed: Option<&str>) -> Result<()> {
    let path = file()?;
    let origin = Origin::File(path.clone());
    let typed = typed.map_or(Value::Null, Value::from);
    let (setting, read) = Layer::new(Origin::Flag).read(key, &typed)?;
    Layer::check_alone(key, &read, &format!("\"{key}\""))?;
    let value = match setting.accepts {
        Accepts::Seconds | Accepts::Pairs => read,
        Accepts::Repos => typed.as_str().map_or(Value::Null, |typed| typed.split(',').map(str::trim).collect()),
        _ => typed,
    };
    let mut all = stands(&prompt::settings(&path)?.unwrap_or_default(), &path)?;
    let put = |map: &mut Map<String, Value>, key: &str| match &value {
        Value::Null => map.shift_remove(key).is_some(),
        value => map.insert(key.to_owned(), value.clone()).as_ref() != Some(value),
    };
    let mut changed = false;
    if let Some((of, within)) = key.split_once('.') {
        // Either form may stand there; the one with the point gives way.
        changed |= all.shift_remove(key).is_some();
        let map = all.entry(of).or_insert_with(|| Value::Object(Map::new()));
        if !map.is_object() {
            *map = settings::Setting::named(of).and_then(|of| of.accepts.read(map).ok()).unwrap_or_else(|| json!({}));
        }
        changed |= map.as_object_mut().is_some_and(|map| put(map, within));
        if map.as_object().is_some_and(Map::is_empty) {
            all.shift_remove(of);
        }
    } else {
        changed = put(&mut all, key);
    }
    let text = if all.is_empty() { String::new() } else { to_yaml(&Value::Object(all))? };
    Layer::of_text(&text, origin)?;
    if !changed {
        context.printer.note(&format!("nothing is changed in {}", path.display()));
        return Ok(());
    }
    write(&path, &text).map_err(|error| Error::usage(format!("cannot write {}", path.display())).caused_by(&error))?;
    let what = if value.is_null() { "unset" } else { "set" };
    context.printer.line(&format!("{key} {what} in {}", path.display()))
}

/// Puts a new file, which only its owner reads, in the place of the old one; a link goes on leading to it.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)?;
    let mut fresh = tempfile::NamedTempFile::new_in(folder)?;
    fresh.write_all(text.as_bytes())?;
    fresh.as_file().sync_all()?;
    fresh.persist(&path)?;
    Ok(())
}

/// Other variables that are read, and what for.
const VARIABLES: &[(&str, &str)] = &[
    (FILE_VARIABLE, "your file of settings"),
    ("KUBECTL_OPENCODE_OPENCODE", "the opencode program of the sandbox"),
    ("KUBECTL_OPENCODE_WEBHOOK_TOKEN", "the bearer token that `events --notify webhook=URL` sends"),
    ("KUBECONFIG", "kubeconfig files, as kubectl reads them"),
    ("KUBE_EDITOR, VISUAL, EDITOR", "the editor of `session edit`"),
    ("HTTPS_PROXY, NO_PROXY, …", "proxies, as kubectl reads them"),
    ("NO_COLOR, TERM", "whether there is colour"),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME", "where files are kept"),
];

/// The text of `explain settings`.
pub fn explain() -> String {
    let mut table = Table::new(["Setting", "What it is", "Variable"]);
    for setting in SETTINGS.iter().filter(|setting| setting.place == Place::Anywhere) {
        table.row([setting.key, setting.about, &setting.variable().unwrap_or_default()]);
    }
    let mut own = Table::new(["Setting", "What it is", "Variable"]);
    for setting in SETTINGS.iter().filter(|setting| setting.place == Place::Person) {
        own.row([setting.key, setting.about, &setting.variable().unwrap_or_default()]);
    }
    let mut of_template = Table::new(["Field", "What it is"]);
    for setting in SETTINGS.iter().filter(|setting| setting.place == Place::Template) {
        of_template.row([setting.key, setting.about]);
    }
    let mut variables = String::new();
    for (name, what) in VARIABLES {
        // Writing to a String cannot fail.
        let _ = writeln!(variables, "  {name}\n      {what}");
    }
    format!(
        "\
What is the same every time is said once. What makes new work asks these places (`session create` and `import`, `run`,
`task create`, `schedule create`), and the first that says something wins:

  flags
  environment           KUBECTL_OPENCODE_ and the name of the setting
  session template      session create --template NAME; `template create session` makes one
  the namespace         configmap {NAMESPACE}, key {FILE}
  your file             ~/.config/kubectl-opencode/{FILE}; `config set` and `config view`
  built-in

A value takes the place of a lower one; labels and annotations merge by key; a list takes the place of the whole list; null
in a file takes away what lower places say. An agent and a template of one of its own exclude each other: the higher place
decides. Objects of a manifest (-f) stay as they are; one that names no agent gets it from here. Nothing from here goes into
what copies (`session clone`, `fork`, `move`, `task retry`) or takes what is there (`session adopt`). A task has of all these
an agent or a template, a timeout, labels and annotations; those of a schedule are its tasks'.

  kubectl opencode config resolve          # what holds here and now, and where each value comes from
  kubectl opencode config set agent dev    # into your file
  kubectl create configmap {NAMESPACE} --from-file={FILE}=FILE -n team    # for everybody in a namespace

Who may not get the configmap goes without it: `config resolve`, and -v, say so.

{}
For each person alone, in the environment and in your file; a namespace cannot answer for you:

{}
A session template is a configmap with the label {}={}. Under the key {} it
holds what a manifest of a Session has: metadata.labels, metadata.annotations, and any field of spec, these too:

{}
Other variables:

{variables}",
        table.render(true, false),
        own.render(true, false),
        crate::api::keys::TEMPLATE,
        crate::api::keys::TEMPLATE_OF_SESSIONS,
        settings::TEMPLATE_FILE,
        of_template.render(true, false),
    )
}
