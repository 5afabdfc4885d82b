//! The engines are one engine: the same commands leave the same rows.
