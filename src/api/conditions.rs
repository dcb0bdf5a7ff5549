//! Condition types and reasons of every kind, as the platform and our controllers write them.

/// Condition types.
pub mod types {
    /// Task, Agent template, Session: usable, or why not.
    pub const READY: &str = "Ready";
    /// Task: waiting for a place.
    pub const QUEUED: &str = "Queued";
    /// Task, Session: ended by a person or a time limit.
    pub const STOPPED: &str = "Stopped";
    /// Agent: the server's Deployment has a ready Pod.
    pub const SERVER_READY: &str = "ServerReady";
    /// Agent: the server's Deployment is healthy.
    pub const SERVER_HEALTHY: &str = "ServerHealthy";
    /// Agent: scaled to zero.
    pub const SUSPENDED: &str = "Suspended";
    /// Session: the Agent's server answers.
    pub const AGENT_READY: &str = "AgentReady";
    /// Session: the OpenCode session exists.
    pub const SESSION_READY: &str = "SessionReady";
    /// Session: every repository of `spec.repos` is in the workspace.
    pub const REPOS_READY: &str = "ReposReady";
    /// Session: the workflow is in the workspace.
    pub const WORKFLOW_READY: &str = "WorkflowReady";
    /// Session: somebody has to answer.
    pub const WAITING_INPUT: &str = "WaitingInput";
    /// Session: runs on its fallback Agent.
    pub const FELL_BACK: &str = "FellBack";
    /// Session: the whole spec is in effect; absent where nothing is wrong with it.
    pub const SPEC_APPLIED: &str = "SpecApplied";
}

/// Condition reasons.
pub mod reasons {
    /// Task: Agent or template missing or unusable.
    pub const AGENT_ERROR: &str = "AgentError";
    /// Task: a context cannot be resolved.
    pub const CONTEXT_ERROR: &str = "ContextError";
    /// Task: its `ConfigMap` could not be created.
    pub const CONFIG_MAP_CREATION_ERROR: &str = "ConfigMapCreationError";
    /// Task: its Pod could not be created.
    pub const POD_CREATION_ERROR: &str = "PodCreationError";
    /// Task: its Pod cannot start (image, scheduling, configuration).
    pub const POD_UNSTARTABLE: &str = "PodUnstartable";
    /// Task: its Pod vanished while it ran.
    pub const POD_LOST: &str = "PodLost";
    /// Task: its Pod ended with a failure.
    pub const POD_FAILED: &str = "PodFailed";
    /// Task, Session: the OpenCode session ended with an error.
    pub const SESSION_ERROR: &str = "SessionError";
    /// Queued Task: the Agent is suspended.
    pub const AGENT_SUSPENDED: &str = "AgentSuspended";
    /// Queued Task: the Agent's server is not ready.
    pub const AGENT_SERVER_NOT_READY: &str = "AgentServerNotReady";
    /// Queued Task: `maxConcurrentTasks` reached.
    pub const AGENT_AT_CAPACITY: &str = "AgentAtCapacity";
    /// Queued Task: the start quota is used up.
    pub const QUOTA_EXCEEDED: &str = "QuotaExceeded";
    /// Leaving the queue: no limit is set.
    pub const NO_LIMITS: &str = "NoLimits";
    /// Leaving the queue: a place is free.
    pub const CAPACITY_AVAILABLE: &str = "CapacityAvailable";
    /// Stopped by a person.
    pub const USER_STOPPED: &str = "UserStopped";
    /// Stopped by its time limit.
    pub const TIMEOUT: &str = "Timeout";
    /// Session: idle for longer than `idleTimeout`.
    pub const IDLE_TIMEOUT: &str = "IdleTimeout";
    /// Session: the start deadline passed.
    pub const START_DEADLINE: &str = "StartDeadlineExceeded";
    /// Session: the server no longer knows the OpenCode session.
    pub const SESSION_LOST: &str = "SessionLost";
    /// Session: the Agent does not exist.
    pub const AGENT_NOT_FOUND: &str = "AgentNotFound";
    /// Session: an Agent of the name that its dedicated one is to have belongs to somebody else.
    pub const AGENT_NAME_TAKEN: &str = "AgentNameTaken";
    /// Session: everything it needs is there.
    pub const SESSION_RUNNING: &str = "SessionRunning";
    /// Session: the OpenCode session was created or found again.
    pub const SESSION_FOUND: &str = "SessionFound";
    /// Session: the server refused to create the OpenCode session, or does not answer.
    pub const SESSION_NOT_CREATED: &str = "SessionNotCreated";
    /// Session: nobody is asked for anything.
    pub const NO_INPUT_NEEDED: &str = "NoInputNeeded";
    /// Session: started (again).
    pub const STARTED: &str = "Started";
    /// Session: the dedicated Agent was not ready in time.
    pub const DEDICATED_NOT_READY: &str = "DedicatedAgentNotReady";
    /// Session: a field cannot change while it runs; it does when the Session is stopped and started.
    pub const NOT_WHILE_RUNNING: &str = "NotWhileRunning";
    /// Session: a field has a value that means nothing.
    pub const INVALID_VALUE: &str = "InvalidValue";
    /// Session: it cannot be read at all, so nothing is done for it.
    pub const UNDECODABLE: &str = "Undecodable";
    /// Session: its repositories, or its workflow, are not in the workspace, so it does not begin.
    pub const WORKSPACE_NOT_READY: &str = "WorkspaceNotReady";
    /// Repository, workflow: it is in the workspace.
    pub const CLONED: &str = "Cloned";
    /// Repository, workflow: it is being cloned, updated or removed.
    pub const CLONING: &str = "Cloning";
    /// Repository, workflow: the remote has none, or shows none to us.
    pub const REPOSITORY_NOT_FOUND: &str = "RepositoryNotFound";
    /// Repository, workflow: the remote has no such branch.
    pub const BRANCH_NOT_FOUND: &str = "BranchNotFound";
    /// Workflow: the repository has no such folder.
    pub const PATH_NOT_FOUND: &str = "PathNotFound";
    /// Repository, workflow: the remote asks who we are, and the Agent has no credentials for it.
    pub const AUTHENTICATION_REQUIRED: &str = "AuthenticationRequired";
    /// Repository, workflow: the URL is none that git clones from, or carries a password.
    pub const INVALID_URL: &str = "InvalidURL";
    /// Repository, workflow: something else is in its folder.
    pub const FOLDER_TAKEN: &str = "FolderTaken";
    /// Repository, workflow: work that no remote has would be lost.
    pub const LOCAL_CHANGES: &str = "LocalChanges";
    /// Repository, workflow: not done in time.
    pub const CLONE_TIMEOUT: &str = "CloneTimeout";
    /// Repository, workflow: the workspace is full.
    pub const NO_SPACE: &str = "NoSpace";
    /// Repository, workflow: the server has no git.
    pub const NO_GIT: &str = "GitNotFound";
    /// Repository, workflow: git failed for another reason, which is in the message.
    pub const CLONE_FAILED: &str = "CloneFailed";
    /// Agent: this controller does not do what the spec asks for.
    pub const UNSUPPORTED: &str = "Unsupported";
    /// Agent: the spec or its template cannot be turned into a server.
    pub const CONFIGURATION_ERROR: &str = "ConfigurationError";
    /// Waiting: a permission is asked for.
    pub const PERMISSION_REQUIRED: &str = "PermissionRequired";
    /// Waiting: a question is asked.
    pub const QUESTION_ASKED: &str = "QuestionAsked";
    /// Agent: the Deployment has a ready Pod.
    pub const DEPLOYMENT_READY: &str = "DeploymentReady";
    /// Agent: the Deployment has no ready Pod.
    pub const DEPLOYMENT_NOT_READY: &str = "DeploymentNotReady";
    /// Agent: the Deployment is healthy.
    pub const DEPLOYMENT_HEALTHY: &str = "DeploymentHealthy";
    /// Agent: the Deployment does not exist.
    pub const DEPLOYMENT_NOT_FOUND: &str = "DeploymentNotFound";
    /// Agent: suspended (reason of `ServerReady=False`).
    pub const SUSPENDED: &str = "Suspended";
    /// Agent: suspended by its standby rule.
    pub const STANDBY: &str = "Standby";
    /// Agent: suspended by a person.
    pub const USER_REQUESTED: &str = "UserRequested";
    /// Agent: not suspended.
    pub const ACTIVE: &str = "Active";
}
