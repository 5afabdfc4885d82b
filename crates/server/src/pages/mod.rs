//! The face of the house: pages for people, rendered by the server and complete without JavaScript.
//!
//! `render` turns a view into HTML in one of two languages and two type sizes; `views` says what each
//! page needs to know, `words` puts times and faults into plain words. A handler fills a view and calls [`render::Renderer::page`]. Nothing here reads
//! the database, the clock or the network, and nothing here decides: times and state words arrive ready
//! to be read.

#[cfg(test)]
mod html;
pub mod render;
#[cfg(test)]
mod tests;
pub mod views;
pub mod words;
