//! Photos as people send them, photos as nobody should, and what is left of them.

mod crafted;
mod hostile;
mod kept;
mod kinds;
