//! practices
