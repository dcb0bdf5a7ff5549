//! The reconcilers of Session, Agent and Task.
