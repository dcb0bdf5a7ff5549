//! `Service`: endpoints of the ready Pods that its selector finds, and a proxy on its cluster IP.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::StreamExt;
use k8s_openapi::api::core::v1::{
    EndpointAddress, EndpointPort, EndpointSubset, Endpoints, ObjectReference, Pod, Service, ServicePort,
};
use k8s_openapi::api::discovery;
use k8s_openapi::api::discovery::v1::{Endpoint, EndpointConditions, EndpointSlice};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kube::api::{Api, ListParams, ObjectMeta, Patch, PatchParams};
use kube::runtime::controller::Action;
use kube::runtime::reflector::ObjectRef;
use kube::runtime::{Controller, WatchStreamExt, watcher};
use kube::{Resource, ResourceExt};
use tokio_util::sync::CancellationToken;

use super::proxy::{Backends, Proxy};
use super::replica_set::is_ready;
use super::{Context, MANAGER, retry};

/// The proxies of a Service, by port.
type Proxies = HashMap<String, BTreeMap<u16, Proxy>>;

struct State {
    shared: Arc<Context>,
    proxies: Mutex<Proxies>,
}

impl State {
    fn proxies(&self) -> MutexGuard<'_, Proxies> {
        self.proxies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs until `shutdown`.
pub async fn run(context: Arc<Context>, shutdown: CancellationToken) {
    let services = Api::<Service>::all(context.client.clone());
    let pods = Api::<Pod>::all(context.client.clone());
    let state = Arc::new(State { shared: context, proxies: Mutex::default() });
    let controller = Controller::new(services.clone(), watcher::Config::default());
    let store = controller.store();
    let deleted = watcher(services.clone(), watcher::Config::default()).default_backoff();
    let gone = state.clone();
    let close = shutdown.clone().run_until_cancelled_owned(deleted.for_each(move |event| {
        if let Ok(watcher::Event::Delete(service)) = event {
            gone.proxies().remove(&service.uid().unwrap_or_default());
        }
        std::future::ready(())
    }));
    let retry_later =
        |service: Arc<Service>, error: &kube::Error, state: Arc<State>| retry(service, error, state.shared.clone());
    let reconciled = controller
        .watches(pods, watcher::Config::default(), move |pod| {
            let namespace = pod.namespace();
            store
                .state()
                .into_iter()
                .filter(|service| service.namespace() == namespace && selects(service, &pod))
                .map(|service| ObjectRef::from_obj(&*service))
                .collect::<Vec<_>>()
        })
        .graceful_shutdown_on(shutdown.cancelled_owned())
        .run(reconcile, retry_later, state)
        .for_each(|_| std::future::ready(()));
    tokio::join!(reconciled, close);
}

fn selects(service: &Service, pod: &Pod) -> bool {
    let selector = service.spec.as_ref().and_then(|spec| spec.selector.as_ref());
    selector.is_some_and(|selector| {
        !selector.is_empty() && selector.iter().all(|(key, value)| pod.labels().get(key) == Some(value))
    })
}

/// The number of the Pod's port that `port` of a Service means.
fn target_port(port: &ServicePort, pod: &Pod) -> Option<u16> {
    match &port.target_port {
        None => u16::try_from(port.port).ok(),
        Some(IntOrString::Int(number)) => u16::try_from(*number).ok(),
        Some(IntOrString::String(name)) => {
            let containers = pod.spec.iter().flat_map(|spec| &spec.containers);
            let mut ports = containers.flat_map(|container| container.ports.iter().flatten());
            ports.find(|port| port.name.as_ref() == Some(name)).and_then(|port| u16::try_from(port.container_port).ok())
        }
    }
}

fn address(pod: &Pod) -> Option<IpAddr> {
    pod.status.as_ref()?.pod_ip.as_ref()?.parse().ok()
}

async fn reconcile(service: Arc<Service>, state: Arc<State>) -> Result<Action, kube::Error> {
    let (Some(spec), Some(namespace)) = (&service.spec, service.namespace()) else { return Ok(Action::await_change()) };
    let key = service.uid().unwrap_or_default();
    if service.metadata.deletion_timestamp.is_some() || spec.selector.as_ref().is_none_or(BTreeMap::is_empty) {
        return Ok(Action::await_change());
    }
    let client = &state.shared.client;
    let pods = Api::<Pod>::namespaced(client.clone(), &namespace).list(&ListParams::default()).await?.items;
    let chosen: Vec<&Pod> = pods.iter().filter(|pod| selects(&service, pod) && address(pod).is_some()).collect();
    let ready: Vec<&Pod> = chosen.iter().copied().filter(|pod| is_ready(pod)).collect();

    let endpoints = Endpoints {
        metadata: ObjectMeta {
            name: Some(service.name_any()),
            namespace: Some(namespace.clone()),
            owner_references: service.controller_owner_ref(&()).map(|owner| vec![owner]),
            ..ObjectMeta::default()
        },
        subsets: subsets(spec.ports.as_deref().unwrap_or_default(), &chosen),
    };
    let api = Api::<Endpoints>::namespaced(client.clone(), &namespace);
    api.patch(&service.name_any(), &PatchParams::apply(MANAGER).force(), &Patch::Apply(endpoints)).await?;

    let slices = Api::<EndpointSlice>::namespaced(client.clone(), &namespace);
    let slice = slice_of(&service, &chosen);
    slices.patch(&service.name_any(), &PatchParams::apply(MANAGER).force(), &Patch::Apply(slice)).await?;

    let cluster_ip = spec.cluster_ip.as_deref().and_then(|ip| ip.parse::<IpAddr>().ok()).filter(IpAddr::is_loopback);
    let mut table = state.proxies();
    let proxies = table.entry(key).or_default();
    let Some(cluster_ip) = cluster_ip else {
        proxies.clear();
        return Ok(Action::await_change());
    };
    let mut wanted: BTreeMap<u16, Vec<SocketAddr>> = BTreeMap::new();
    for port in spec.ports.iter().flatten().filter(|port| port.protocol.as_deref().unwrap_or("TCP") == "TCP") {
        let Ok(number) = u16::try_from(port.port) else { continue };
        let backends = ready.iter().filter_map(|pod| Some(SocketAddr::new(address(pod)?, target_port(port, pod)?)));
        wanted.insert(number, backends.collect());
    }
    proxies.retain(|port, _| wanted.contains_key(port));
    for (port, backends) in wanted {
        let proxy =
            proxies.entry(port).or_insert_with(|| Proxy::start(SocketAddr::new(cluster_ip, port), Backends::default()));
        proxy.backends.set(backends);
    }
    Ok(Action::await_change())
}

/// The same as an `EndpointSlice`, which kubectl and newer clients read. One is enough for the Pods of one host.
fn slice_of(service: &Service, pods: &[&Pod]) -> EndpointSlice {
    let ports = service.spec.iter().flat_map(|spec| spec.ports.iter().flatten());
    let first = pods.first();
    EndpointSlice {
        metadata: ObjectMeta {
            name: Some(service.name_any()),
            namespace: service.namespace(),
            labels: Some(BTreeMap::from([
                ("kubernetes.io/service-name".to_owned(), service.name_any()),
                ("endpointslice.kubernetes.io/managed-by".to_owned(), "endpointslice-controller.k8s.io".to_owned()),
            ])),
            owner_references: service.controller_owner_ref(&()).map(|owner| vec![owner]),
            ..ObjectMeta::default()
        },
        address_type: "IPv4".to_owned(),
        ports: Some(
            ports
                .filter_map(|port| {
                    Some(discovery::v1::EndpointPort {
                        name: Some(port.name.clone().unwrap_or_default()),
                        port: Some(i32::from(target_port(port, first?)?)),
                        protocol: port.protocol.clone().or_else(|| Some("TCP".to_owned())),
                        app_protocol: None,
                    })
                })
                .collect(),
        ),
        endpoints: pods
            .iter()
            .filter_map(|pod| {
                let terminating = pod.metadata.deletion_timestamp.is_some();
                Some(Endpoint {
                    addresses: vec![address(pod)?.to_string()],
                    conditions: Some(EndpointConditions {
                        ready: Some(is_ready(pod)),
                        serving: Some(is_ready(pod)),
                        terminating: Some(terminating),
                    }),
                    node_name: pod.spec.as_ref()?.node_name.clone(),
                    target_ref: Some(reference(pod)),
                    ..Endpoint::default()
                })
            })
            .collect(),
    }
}

fn reference(pod: &Pod) -> ObjectReference {
    ObjectReference {
        kind: Some("Pod".to_owned()),
        name: pod.metadata.name.clone(),
        namespace: pod.metadata.namespace.clone(),
        uid: pod.metadata.uid.clone(),
        ..ObjectReference::default()
    }
}

fn subsets(ports: &[ServicePort], pods: &[&Pod]) -> Option<Vec<EndpointSubset>> {
    let (ready, waiting): (Vec<&Pod>, Vec<&Pod>) = pods.iter().partition(|pod| is_ready(pod));
    let addresses = |pods: &[&Pod]| -> Option<Vec<EndpointAddress>> {
        let all: Vec<_> = pods
            .iter()
            .filter_map(|pod| {
                Some(EndpointAddress {
                    ip: address(pod)?.to_string(),
                    node_name: pod.spec.as_ref()?.node_name.clone(),
                    target_ref: Some(reference(pod)),
                    ..EndpointAddress::default()
                })
            })
            .collect();
        (!all.is_empty()).then_some(all)
    };
    let first = pods.first()?;
    let ports = ports
        .iter()
        .filter_map(|port| {
            Some(EndpointPort {
                name: port.name.clone(),
                port: i32::from(target_port(port, first)?),
                protocol: port.protocol.clone().or_else(|| Some("TCP".to_owned())),
                app_protocol: None,
            })
        })
        .collect();
    Some(vec![EndpointSubset {
        addresses: addresses(&ready),
        not_ready_addresses: addresses(&waiting),
        ports: Some(ports),
    }])
}
