//! The messages that are understood, as the `generated.proto` files of `k8s.io/api` and `k8s.io/apimachinery` have them.

/// What a field holds, and so how its JSON looks.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// A string, absent while empty.
    Text,
    /// A list of strings.
    Texts,
    /// A number, absent while zero.
    Int,
    /// A pointer to a number.
    SomeInt,
    /// Absent while false.
    Bool,
    /// A pointer to a bool.
    SomeBool,
    /// Seconds and nanoseconds.
    Time,
    /// `IntOrString`.
    Port,
    /// A `Quantity`: its text.
    Quantities,
    /// Raw JSON in a message of its own.
    Json,
    /// String to string.
    Map,
    /// String to bytes.
    BytesMap,
    /// String to list of strings.
    ListMap,
    One(Message),
    Many(Message),
}

use Kind::{
    Bool, BytesMap, Int, Json, ListMap, Many, Map as StringMap, One, Port, Quantities, SomeBool, SomeInt, Text, Texts,
    Time,
};

/// The fields of a message: number, JSON name, kind.
pub(super) type Message = &'static [(u32, &'static str, Kind)];

const OBJECT_META: Message = &[
    (1, "name", Text),
    (2, "generateName", Text),
    (3, "namespace", Text),
    (4, "selfLink", Text),
    (5, "uid", Text),
    (6, "resourceVersion", Text),
    (7, "generation", Int),
    (8, "creationTimestamp", Time),
    (9, "deletionTimestamp", Time),
    (10, "deletionGracePeriodSeconds", SomeInt),
    (11, "labels", StringMap),
    (12, "annotations", StringMap),
    (13, "ownerReferences", Many(OWNER_REFERENCE)),
    (14, "finalizers", Texts),
    (17, "managedFields", Many(MANAGED_FIELDS)),
];
const OWNER_REFERENCE: Message = &[
    (1, "kind", Text),
    (3, "name", Text),
    (4, "uid", Text),
    (5, "apiVersion", Text),
    (6, "controller", SomeBool),
    (7, "blockOwnerDeletion", SomeBool),
];
const MANAGED_FIELDS: Message = &[
    (1, "manager", Text),
    (2, "operation", Text),
    (3, "apiVersion", Text),
    (4, "time", Time),
    (6, "fieldsType", Text),
    (7, "fieldsV1", Json),
    (8, "subresource", Text),
];
const CONDITION: Message = &[
    (1, "type", Text),
    (2, "status", Text),
    (4, "lastTransitionTime", Time),
    (5, "reason", Text),
    (6, "message", Text),
];
const LABEL_SELECTOR: Message = &[(1, "matchLabels", StringMap), (2, "matchExpressions", Many(REQUIREMENT))];
const REQUIREMENT: Message = &[(1, "key", Text), (2, "operator", Text), (3, "values", Texts)];
const LOCAL_REFERENCE: Message = &[(1, "name", Text)];
const OBJECT_REFERENCE: Message = &[
    (1, "kind", Text),
    (2, "namespace", Text),
    (3, "name", Text),
    (4, "uid", Text),
    (5, "apiVersion", Text),
    (6, "resourceVersion", Text),
    (7, "fieldPath", Text),
];

const NAMESPACE: Message = &[
    (1, "metadata", One(OBJECT_META)),
    (2, "spec", One(&[(1, "finalizers", Texts)])),
    (3, "status", One(&[(1, "phase", Text), (2, "conditions", Many(CONDITION))])),
];
const SECRET: Message = &[
    (1, "metadata", One(OBJECT_META)),
    (2, "data", BytesMap),
    (3, "type", Text),
    (4, "stringData", StringMap),
    (5, "immutable", SomeBool),
];
pub(super) const CONFIG_MAP: Message = &[
    (1, "metadata", One(OBJECT_META)),
    (2, "data", StringMap),
    (3, "binaryData", BytesMap),
    (4, "immutable", SomeBool),
];
const SERVICE_ACCOUNT: Message = &[
    (1, "metadata", One(OBJECT_META)),
    (2, "secrets", Many(OBJECT_REFERENCE)),
    (3, "imagePullSecrets", Many(LOCAL_REFERENCE)),
    (4, "automountServiceAccountToken", SomeBool),
];

const SERVICE: Message = &[
    (1, "metadata", One(OBJECT_META)),
    (2, "spec", One(SERVICE_SPEC)),
    (3, "status", One(&[(1, "loadBalancer", One(&[]))])),
];
const SERVICE_SPEC: Message = &[
    (1, "ports", Many(SERVICE_PORT)),
    (2, "selector", StringMap),
    (3, "clusterIP", Text),
    (4, "type", Text),
    (5, "externalIPs", Texts),
    (7, "sessionAffinity", Text),
    (8, "loadBalancerIP", Text),
    (9, "loadBalancerSourceRanges", Texts),
    (10, "externalName", Text),
    (11, "externalTrafficPolicy", Text),
    (12, "healthCheckNodePort", Int),
    (13, "publishNotReadyAddresses", Bool),
    (17, "ipFamilyPolicy", Text),
    (18, "clusterIPs", Texts),
    (19, "ipFamilies", Texts),
    (20, "allocateLoadBalancerNodePorts", SomeBool),
    (21, "loadBalancerClass", Text),
    (22, "internalTrafficPolicy", Text),
    (23, "trafficDistribution", Text),
];
const SERVICE_PORT: Message = &[
    (1, "name", Text),
    (2, "protocol", Text),
    (3, "port", Int),
    (4, "targetPort", Port),
    (5, "nodePort", Int),
    (6, "appProtocol", Text),
];

/// As much of a Deployment as `kubectl create deployment` can say.
const DEPLOYMENT: Message =
    &[(1, "metadata", One(OBJECT_META)), (2, "spec", One(DEPLOYMENT_SPEC)), (3, "status", One(&[]))];
const DEPLOYMENT_SPEC: Message = &[
    (1, "replicas", SomeInt),
    (2, "selector", One(LABEL_SELECTOR)),
    (3, "template", One(&[(1, "metadata", One(OBJECT_META)), (2, "spec", One(POD_SPEC))])),
    (4, "strategy", One(&[(1, "type", Text)])),
    (5, "minReadySeconds", Int),
    (6, "revisionHistoryLimit", SomeInt),
    (7, "paused", Bool),
    (9, "progressDeadlineSeconds", SomeInt),
];
const POD_SPEC: Message = &[
    (2, "containers", Many(CONTAINER)),
    (3, "restartPolicy", Text),
    (4, "terminationGracePeriodSeconds", SomeInt),
    (6, "dnsPolicy", Text),
    (7, "nodeSelector", StringMap),
    (8, "serviceAccountName", Text),
    (9, "serviceAccount", Text),
    (10, "nodeName", Text),
    (15, "imagePullSecrets", Many(LOCAL_REFERENCE)),
    (19, "schedulerName", Text),
    (20, "initContainers", Many(CONTAINER)),
];
const CONTAINER: Message = &[
    (1, "name", Text),
    (2, "image", Text),
    (3, "command", Texts),
    (4, "args", Texts),
    (5, "workingDir", Text),
    (6, "ports", Many(CONTAINER_PORT)),
    (7, "env", Many(&[(1, "name", Text), (2, "value", Text)])),
    (8, "resources", One(&[(1, "limits", Quantities), (2, "requests", Quantities)])),
    (13, "terminationMessagePath", Text),
    (14, "imagePullPolicy", Text),
    (16, "stdin", Bool),
    (17, "stdinOnce", Bool),
    (18, "tty", Bool),
    (20, "terminationMessagePolicy", Text),
];
const CONTAINER_PORT: Message =
    &[(1, "name", Text), (2, "hostPort", Int), (3, "containerPort", Int), (4, "protocol", Text), (5, "hostIP", Text)];

const POLICY_RULE: Message = &[
    (1, "verbs", Texts),
    (2, "apiGroups", Texts),
    (3, "resources", Texts),
    (4, "resourceNames", Texts),
    (5, "nonResourceURLs", Texts),
];
const ROLE: Message = &[(1, "metadata", One(OBJECT_META)), (2, "rules", Many(POLICY_RULE))];
const CLUSTER_ROLE: Message = &[
    (1, "metadata", One(OBJECT_META)),
    (2, "rules", Many(POLICY_RULE)),
    (3, "aggregationRule", One(&[(1, "clusterRoleSelectors", Many(LABEL_SELECTOR))])),
];
const BINDING: Message = &[
    (1, "metadata", One(OBJECT_META)),
    (2, "subjects", Many(&[(1, "kind", Text), (2, "apiGroup", Text), (3, "name", Text), (4, "namespace", Text)])),
    (3, "roleRef", One(&[(1, "apiGroup", Text), (2, "kind", Text), (3, "name", Text)])),
];

const RESOURCE_ATTRIBUTES: Message = &[
    (1, "namespace", Text),
    (2, "verb", Text),
    (3, "group", Text),
    (4, "version", Text),
    (5, "resource", Text),
    (6, "subresource", Text),
    (7, "name", Text),
    (8, "fieldSelector", One(&[(1, "rawSelector", Text), (2, "requirements", Many(REQUIREMENT))])),
    (9, "labelSelector", One(&[(1, "rawSelector", Text), (2, "requirements", Many(REQUIREMENT))])),
];
const NON_RESOURCE_ATTRIBUTES: Message = &[(1, "path", Text), (2, "verb", Text)];
const ACCESS_STATUS: Message =
    &[(1, "allowed", Bool), (2, "reason", Text), (3, "evaluationError", Text), (4, "denied", Bool)];
const SELF_ACCESS_REVIEW: Message = &[
    (1, "metadata", One(OBJECT_META)),
    (
        2,
        "spec",
        One(&[
            (1, "resourceAttributes", One(RESOURCE_ATTRIBUTES)),
            (2, "nonResourceAttributes", One(NON_RESOURCE_ATTRIBUTES)),
        ]),
    ),
    (3, "status", One(ACCESS_STATUS)),
];
const ACCESS_REVIEW: Message = &[
    (1, "metadata", One(OBJECT_META)),
    (
        2,
        "spec",
        One(&[
            (1, "resourceAttributes", One(RESOURCE_ATTRIBUTES)),
            (2, "nonResourceAttributes", One(NON_RESOURCE_ATTRIBUTES)),
            (3, "user", Text),
            (4, "groups", Texts),
            (5, "extra", ListMap),
            (6, "uid", Text),
        ]),
    ),
    (3, "status", One(ACCESS_STATUS)),
];
const SELF_RULES_REVIEW: Message = &[
    (1, "metadata", One(OBJECT_META)),
    (2, "spec", One(&[(1, "namespace", Text)])),
    (3, "status", One(&[(3, "incomplete", Bool), (4, "evaluationError", Text)])),
];
const USER_INFO: Message = &[(1, "username", Text), (2, "uid", Text), (3, "groups", Texts), (4, "extra", ListMap)];
const SELF_REVIEW: Message =
    &[(1, "metadata", One(OBJECT_META)), (2, "status", One(&[(1, "userInfo", One(USER_INFO))]))];
const TOKEN_REVIEW: Message = &[
    (1, "metadata", One(OBJECT_META)),
    (2, "spec", One(&[(1, "token", Text), (2, "audiences", Texts)])),
    (
        3,
        "status",
        One(&[(1, "authenticated", Bool), (2, "user", One(USER_INFO)), (3, "error", Text), (4, "audiences", Texts)]),
    ),
];
const TOKEN_REQUEST: Message = &[
    (1, "metadata", One(OBJECT_META)),
    (
        2,
        "spec",
        One(&[
            (1, "audiences", Texts),
            (
                3,
                "boundObjectRef",
                One(&[(1, "kind", Text), (2, "apiVersion", Text), (3, "name", Text), (4, "uid", Text)]),
            ),
            (4, "expirationSeconds", SomeInt),
        ]),
    ),
    (3, "status", One(&[(1, "token", Text), (2, "expirationTimestamp", Time)])),
];
const POD_BINDING: Message = &[(1, "metadata", One(OBJECT_META)), (2, "target", One(OBJECT_REFERENCE))];
const EVICTION: Message = &[(1, "metadata", One(OBJECT_META)), (2, "deleteOptions", One(DELETE_OPTIONS))];
const DELETE_OPTIONS: Message = &[
    (1, "gracePeriodSeconds", SomeInt),
    (2, "preconditions", One(&[(1, "uid", Text), (2, "resourceVersion", Text)])),
    (3, "orphanDependents", SomeBool),
    (4, "propagationPolicy", Text),
    (5, "dryRun", Texts),
    (6, "ignoreStoreReadErrorWithClusterBreakingPotential", SomeBool),
];

/// The message of a kind.
pub(super) fn message(api_version: &str, kind: &str) -> Option<Message> {
    Some(match (api_version, kind) {
        ("v1", "Namespace") => NAMESPACE,
        ("v1", "Secret") => SECRET,
        ("v1", "ConfigMap") => CONFIG_MAP,
        ("v1", "ServiceAccount") => SERVICE_ACCOUNT,
        ("v1", "Service") => SERVICE,
        ("v1", "Binding") => POD_BINDING,
        ("policy/v1", "Eviction") => EVICTION,
        ("apps/v1", "Deployment") => DEPLOYMENT,
        ("rbac.authorization.k8s.io/v1", "Role") => ROLE,
        ("rbac.authorization.k8s.io/v1", "ClusterRole") => CLUSTER_ROLE,
        ("rbac.authorization.k8s.io/v1", "RoleBinding" | "ClusterRoleBinding") => BINDING,
        ("authorization.k8s.io/v1", "SelfSubjectAccessReview") => SELF_ACCESS_REVIEW,
        ("authorization.k8s.io/v1", "SubjectAccessReview" | "LocalSubjectAccessReview") => ACCESS_REVIEW,
        ("authorization.k8s.io/v1", "SelfSubjectRulesReview") => SELF_RULES_REVIEW,
        ("authentication.k8s.io/v1", "SelfSubjectReview") => SELF_REVIEW,
        ("authentication.k8s.io/v1", "TokenReview") => TOKEN_REVIEW,
        ("authentication.k8s.io/v1", "TokenRequest") => TOKEN_REQUEST,
        (_, "DeleteOptions") => DELETE_OPTIONS,
        _ => return None,
    })
}
