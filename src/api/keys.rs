//! Labels, annotations, finalizers and field managers: every key that this program reads or writes, once.
//!
//! The `kubeopencode.io/…` keys belong to the KubeOpenCode platform (its `internal/controller` and `api/v1alpha1`);
//! the `session.kubeopencode.io/…` keys are ours.

/// Label: the Agent a Task, Deployment, Service or Pod belongs to.
pub const AGENT: &str = "kubeopencode.io/agent";
/// Label: the `AgentTemplate` a Task or Agent was made from.
pub const AGENT_TEMPLATE: &str = "kubeopencode.io/agent-template";
/// Label on a Task's Pod and `ConfigMap`: the Task's name.
pub const TASK: &str = "kubeopencode.io/task";
/// Label on a Task: the `CronTask` that created it.
pub const CRON_TASK: &str = "kubeopencode.io/crontask";
/// Label on a Task's Pod and `ConfigMap`: always [`APP_VALUE`].
pub const APP: &str = "app";
/// Value of [`APP`].
pub const APP_VALUE: &str = "kubeopencode";
/// Label of server objects: always [`APP_NAME_SERVER`].
pub const APP_NAME: &str = "app.kubernetes.io/name";
/// Value of [`APP_NAME`] on an Agent's server objects.
pub const APP_NAME_SERVER: &str = "kubeopencode-server";
/// Label of server objects: the Agent's name.
pub const APP_INSTANCE: &str = "app.kubernetes.io/instance";
/// Label of server objects: always `server`.
pub const APP_COMPONENT: &str = "app.kubernetes.io/component";
/// Label of server objects: always `kubeopencode`.
pub const APP_MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// Annotation on a Task: `"true"` asks the controller to stop it.
pub const STOP: &str = "kubeopencode.io/stop";
/// Annotation on a `CronTask`: `"true"` asks the controller to run it now.
pub const TRIGGER: &str = "kubeopencode.io/trigger";
/// Annotation on an Agent: RFC 3339 time of the last sign of a connected person, for standby.
pub const LAST_CONNECTION_ACTIVE: &str = "kubeopencode.io/last-connection-active";
/// Annotation on the server's Pod template: hash of the context `ConfigMap`, so that a change rolls the server.
pub const CONTEXT_HASH: &str = "kubeopencode.io/context-hash";

/// Label on objects owned by a Session (a dedicated Agent): the Session's name.
pub const SESSION: &str = "session.kubeopencode.io/session";
/// Annotation on a Session: the user name that created it, as `SelfSubjectReview` told.
pub const CREATED_BY: &str = "session.kubeopencode.io/created-by";
/// Annotation on objects that the command line creates: a value chosen for that one request, so that an answer lost on
/// the way does not make the object somebody else's when the request is sent again.
pub const REQUEST: &str = "session.kubeopencode.io/request-id";
/// Annotation on a Session: the id (`ses_…`) of an OpenCode session that is on its Agent's server already, which the
/// Session is to stand for instead of one of its own. One that another Session stands for is refused.
pub const ADOPT: &str = "session.kubeopencode.io/adopt";
/// Label on an Agent: `"true"` makes it the one that is meant where none is named.
pub const DEFAULT_AGENT: &str = "session.kubeopencode.io/default";
/// Label on a `ConfigMap`: what it is a template of.
pub const TEMPLATE: &str = "session.kubeopencode.io/template";
/// Value of [`TEMPLATE`] on a template of Sessions.
pub const TEMPLATE_OF_SESSIONS: &str = "session";
/// Annotation on a Task that was made again from another: that one's name.
pub const RETRY_OF: &str = "session.kubeopencode.io/retry-of";
/// Finalizer of a Session: aborts the turn, ends PTYs, deletes or keeps the OpenCode session.
pub const SESSION_FINALIZER: &str = "session.kubeopencode.io/cleanup";
/// Finalizer of a Task under our own task controller: aborts the OpenCode session before the Task goes.
pub const TASK_FINALIZER: &str = "kubeopencode.io/task-cleanup";

/// Field manager of writes made for a user by the command line.
pub const FIELD_MANAGER: &str = "kubectl-opencode";
/// Field manager of writes made by our controllers.
pub const CONTROLLER_MANAGER: &str = "kubectl-opencode-controller";

/// Key in an OpenCode session's metadata: the namespace of the Session it stands for.
pub const METADATA_NAMESPACE: &str = "kubernetes.namespace";
/// Key in an OpenCode session's metadata: the name of the Session.
pub const METADATA_NAME: &str = "kubernetes.session";
/// Key in an OpenCode session's metadata: the UID of the Session.
pub const METADATA_UID: &str = "kubernetes.uid";
