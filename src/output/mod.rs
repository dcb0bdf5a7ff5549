//! What users see: the only room that writes to standard output.
