//! The storage of the API server.
