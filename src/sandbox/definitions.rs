//! The custom resource definitions of the sandbox: the platform's and ours, as `deploy/crds` holds them.
//!
//! They are embedded as one compressed JSON array, half a megabyte that would otherwise be parsed as YAML at each start.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::Api;
use kube::api::{DynamicObject, PostParams};
use kube::core::ApiResource;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

static EMBEDDED: &[u8] = include_bytes!("definitions.json.z");

/// Annotation on a definition: the SHA-256 of what was written, so that an unchanged one is not written again.
const DIGEST: &str = "session.kubeopencode.io/definition-digest";

/// Every definition.
pub fn all() -> Result<Vec<Value>> {
    let broken = |error: &(dyn std::error::Error + 'static)| {
        Error::internal("the embedded definitions are damaged").caused_by(error)
    };
    let mut text = Vec::new();
    ZlibDecoder::new(EMBEDDED).read_to_end(&mut text).map_err(|error| broken(&error))?;
    serde_json::from_slice(&text).map_err(|error| broken(&error))
}

/// Writes the definitions that are absent or of another version of this program.
pub async fn install(client: &kube::Client) -> Result<()> {
    let resource = ApiResource::erase::<CustomResourceDefinition>(&());
    let api: Api<DynamicObject> = Api::all_with(client.clone(), &resource);
    for definition in all()? {
        let digest = STANDARD.encode(Sha256::digest(definition.to_string()));
        let mut object: DynamicObject = serde_json::from_value(definition)
            .map_err(|error| Error::internal("an embedded definition is not an object").caused_by(&error))?;
        let name = object.metadata.name.clone().unwrap_or_default();
        object.metadata.annotations.get_or_insert_default().insert(DIGEST.to_owned(), digest.clone());
        let failed =
            |error: kube::Error| Error::internal(format!("cannot install the definition {name}")).caused_by(&error);
        let written = match api.get_opt(&name).await.map_err(failed)? {
            Some(found) if found.metadata.annotations.as_ref().and_then(|all| all.get(DIGEST)) == Some(&digest) => {
                continue;
            }
            Some(found) => {
                object.metadata.resource_version = found.metadata.resource_version;
                api.replace(&name, &PostParams::default(), &object).await
            }
            None => api.create(&PostParams::default(), &object).await,
        };
        written.map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::path::Path;

    #[test]
    fn the_embedded_definitions_are_those_of_the_repository() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<_> =
            std::fs::read_dir(root.join("deploy/crds")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
        files.sort();
        let expected: Vec<Value> =
            files.iter().map(|path| serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect();
        assert_eq!(expected.len(), 7);
        if std::env::var_os("BLESS").is_some() {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(serde_json::to_string(&expected).unwrap().as_bytes()).unwrap();
            std::fs::write(root.join("src/sandbox/definitions.json.z"), encoder.finish().unwrap()).unwrap();
        } else {
            assert_eq!(all().unwrap(), expected, "run: BLESS=1 cargo test --lib embedded_definitions");
        }
    }
}
