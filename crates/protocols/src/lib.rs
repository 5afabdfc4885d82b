//! Third floor, protocols: pure parsers and writers, bytes to types and back.
//! Nothing here opens a file or a socket, reads a clock or draws a random
//! number; that is the server's and the command line's.

pub mod sheets;
