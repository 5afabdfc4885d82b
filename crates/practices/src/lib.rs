//! The third floor: what feeds the loop or follows from it. Visits and meetings so far.
//!
//! A practice is small because the floors below carry it. Practices never import each other: they
//! open or move a case, or react to the journal. What belongs here: who visited whom, who sat
//! together and what they decided. What does not: what happens to a case (cases), pages (server).

pub mod meetings;
mod posts;
#[cfg(test)]
mod tests;
mod text;
pub mod visits;

use kernel::store::{Migration, Sql};

/// This floor's part of the schema.
pub static MIGRATIONS: &[Migration] =
    &[Migration { id: "0030_practices", ddl: include_str!("migrations/0030_practices.sql") }];

/// Every statement of this crate, for the registry's test.
pub fn statements() -> Vec<&'static Sql> {
    [visits::STATEMENTS, meetings::STATEMENTS].concat()
}

/// Problems of this floor.
pub mod problems {
    kernel::problems! {
        /// No such meeting.
        NO_MEETING = "404.30" 404
            zh "没有这次会", "没有找到这次会：{what}。", "请从会议列表里重新打开。"
            en "No such meeting", "This meeting was not found: {what}.", "Open it again from the list of meetings.";
        /// A visit in the future or too long ago.
        VISIT_DAY = "422.30" 422
            zh "走访的时间不对", "走访要记已经发生的，最多补记 {days} 天以前的。", "请改一下时间。"
            en "The visit's time does not fit", "A visit has happened already, at most {days} days ago.", "Correct the time.";
        /// A meeting too far ahead or too long ago.
        MEETING_DAY = "422.31" 422
            zh "开会的时间不对", "开会的日子要在前后 {days} 天以内。", "请改一下日子。"
            en "The meeting's time does not fit", "The day must lie within {days} days from today.", "Correct the day.";
        /// It has not been held.
        NOT_HELD = "422.32" 422
            zh "会还没有开", "这次会还没有开，不能记“{action}”。", "请到开会以后再记。"
            en "Not held yet", "The meeting has not been held; “{action}” cannot be noted yet.", "Come back after the meeting.";
        /// It is closed.
        CLOSED = "422.33" 422
            zh "这次会已经结束", "会议记录已经定稿，不能再改。", "要补充的，请另开一次会。"
            en "The meeting is closed", "Its record is final.", "Hold another meeting for what is missing.";
        /// Nobody can tell which topic a decision is about.
        WHICH_TOPIC = "422.34" 422
            zh "不知道是哪个议题", "没有认出议题“{topic}”。", "请从这次会的议题里选一个。"
            en "Which topic?", "The topic “{topic}” is not one of this meeting.", "Choose one of its topics.";
        /// A body that has nothing to do with the place.
        BODY_ELSEWHERE = "422.35" 422
            zh "这家单位管不到这里", "“{body}”不在{place}。", "请选这里的单位来召集。"
            en "This body works elsewhere", "“{body}” does not belong to {place}.", "Choose a body of this place.";
        /// Too many of something.
        TOO_MANY = "422.36" 422
            zh "太多了", "{what}最多 {max} 个。", "请分开来记。"
            en "Too many", "{what}: at most {max}.", "Note them in several parts.";
        /// The kind of decision or visit is not known.
        UNKNOWN_KIND = "422.37" 422
            zh "没有这一种", "没有“{kind}”这一种。", "请选：{choices}。"
            en "No such kind", "“{kind}” is not one of the kinds.", "Choose one of: {choices}.";
        /// A decision lacks what its kind needs.
        DECISION_LACKS = "422.38" 422
            zh "还差一项", "“{kind}”要写明{need}。", "请补上再提交。"
            en "Something is missing", "“{kind}” needs: {need}.", "Add it and send again.";
    }
}
