//! Packs: the shipped ones load and say what they should; every fault is found where it stands.

mod faults;
mod shipped;
mod small;
