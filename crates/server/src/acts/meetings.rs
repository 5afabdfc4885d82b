//! A meeting as its reader may see it.

use std::sync::Arc;

use cases::Rulebook;
use kernel::{Engine, Lang, Problem, Result, access::Actor, problem::NOT_FOUND};
use practices::meetings::{self, MeetingId, MeetingView};

/// The meeting of an address.
///
/// # Errors
/// 404.1 for what can't be an id.
pub fn id_of(text: &str) -> Result<MeetingId> {
    text.parse().map_err(|_| Problem::new(&NOT_FOUND).with("what", "meeting"))
}

/// In full for those who read meetings at its place, publicly for others.
///
/// # Errors
/// 404.30 when there is none.
pub async fn see(
    engine: &Engine,
    rules: &Arc<Rulebook>,
    actor: Actor,
    id: MeetingId,
    lang: Lang,
) -> Result<MeetingView> {
    let (asking, rulebook, now) = (engine.clone(), rules.clone(), engine.now());
    engine
        .read(move |db| {
            let public = meetings::public_view(db, asking.keys(), &rulebook, &id, lang, now)?;
            if actor.may("meeting.read", &rulebook.directory.chain_ids(&public.place), &[]) {
                return meetings::view(db, asking.keys(), &rulebook, &actor, &id, lang, now);
            }
            Ok(public)
        })
        .await
}
