//! The second floor: cases, the loop from report to rating.
//!
//! What belongs here: the flow and its proof, cases and their tasks, clocks, who owns a matter,
//! what the asker is told, figures over cases. What does not: how a report arrives (server,
//! protocols), meetings and visits (practices).

pub mod case;
pub mod clock;
#[cfg(test)]
mod fixture;
pub mod flow;
pub mod import;
pub mod kpi;
pub mod rulebook;
pub mod task;
pub mod triage;
pub mod view;

pub use rulebook::Rulebook;

use kernel::store::{Migration, Sql};

/// This floor's part of the schema.
pub static MIGRATIONS: &[Migration] = &[Migration { id: "0020_cases", ddl: include_str!("migrations/0020_cases.sql") }];

/// Every statement of this crate, for the registry's test.
pub fn statements() -> Vec<&'static Sql> {
    [case::STATEMENTS, task::STATEMENTS].concat()
}

/// Problems of this floor.
pub mod problems {
    kernel::problems! {
        /// The move does not leave this state.
        NOT_FROM_HERE = "422.1" 422
            zh "现在还不能这样做", "这件事现在是“{state}”，不能“{action}”。", "请看一下现在能做什么。"
            en "Not possible from here", "The case is “{state}”; “{action}” is not possible now.", "See what is possible now.";
        /// Something that the move needs is missing.
        NEED_MISSING = "422.2" 422
            zh "还差一项", "“{action}”要写明{need}。", "请补上再提交。"
            en "Something is missing", "“{action}” needs: {need}.", "Add it and send again.";
        /// No body is named and the catalogue names none.
        NO_BODY = "422.3" 422
            zh "没有指明承办单位", "“{item}”在{place}还没有登记由谁负责。", "请写明交给哪家单位。"
            en "No body to hand it to", "Nobody is registered as responsible for “{item}” at {place}.", "Name the body.";
        /// The body is not known here.
        UNKNOWN_BODY = "422.4" 422
            zh "没有这家单位", "没有找到“{body}”。", "请从单位列表里选。"
            en "No such body", "“{body}” is not known here.", "Choose one from the list.";
        /// Other bodies have not finished.
        TASKS_OPEN = "422.5" 422
            zh "还有单位没办好", "{bodies} 还没有报办结。", "等各家都办好，或先撤回他们的任务。"
            en "Others have not finished", "{bodies} have not said it is done.", "Wait for them or withdraw their tasks.";
        /// Closing needs photos.
        EVIDENCE_MISSING = "422.6" 422
            zh "还差照片", "“{item}”办结要有{what}照片。", "请拍照上传后再报办结。"
            en "Photos are missing", "“{item}” needs photos before it counts as done: {what}.", "Add them and try again.";
        /// The same move was made as often as it may be.
        TOO_OFTEN = "422.7" 422
            zh "次数用完了", "“{action}”最多 {times} 次。", "请按原来答应的日子办，或请上级裁定。"
            en "Used up", "“{action}” may be made at most {times} times.", "Keep the promised day, or ask the level above.";
        /// The day is in the past or too far ahead.
        BAD_DAY = "422.8" 422
            zh "日期不对", "日期要在今天之后、{days} 天以内。", "请改一个日期。"
            en "The day does not fit", "The day must lie ahead, within {days} days.", "Choose another day.";
        /// The window for reopening is over.
        TOO_LATE = "422.9" 422
            zh "过了可以重办的日子", "办结已超过 {days} 天。", "请重新反映一次，我们会看到原来的经过。"
            en "The time for reopening is over", "It was closed more than {days} days ago.", "Please report it anew; the old record stays.";
        /// Merging a case into itself or into one that is not open.
        BAD_MERGE = "422.10" 422
            zh "不能这样合并", "{what}", "请选另一件还在办的。"
            en "Cannot be joined like this", "{what}", "Choose another open case.";
        /// It was sent back so often that somebody above settles whose it is.
        RULING_FIRST = "422.12" 422
            zh "要先裁定归谁办", "已经退回 {times} 次，再交办也是来回推。", "请有裁定权限的上一级裁定归谁办。"
            en "It must be settled first whose it is", "It was sent back {times} times; handing it over again goes in circles.", "Ask the level above to settle whose it is.";
        /// Whoever did the work may not judge it.
        HANDLER = "403.3" 403
            zh "经手的人不能核验", "这件事您经手过，不能由您来“{action}”。", "请换一位没有经手的同事。"
            en "Not by the one who did it", "You had a hand in this, so you may not “{action}”.", "Ask a colleague who had none.";
        /// The case was changed meanwhile.
        STALE = "409.1" 409
            zh "刚刚有人先改了", "您看到的是第 {seen} 版，现在已是第 {now} 版。", "请看一下最新情况再操作。"
            en "It changed meanwhile", "You saw version {seen}; it is version {now} now.", "Look at the latest state and do it again.";
        /// An id that is taken.
        ID_TAKEN = "409.4" 409
            zh "这个编号已经用过", "编号 {id} 已经有一件不同的事。", "请换一个新的编号。"
            en "This id is taken", "The id {id} belongs to something else.", "Use a new id.";
        /// The text is empty or too long.
        BAD_TEXT = "400.3" 400
            zh "请写明情况", "要写 1 到 {max} 个字。", "请写清楚什么事、在哪里。"
            en "Please say what it is", "It needs 1 to {max} characters.", "Say what and where.";
        /// A place is needed.
        NO_PLACE = "400.4" 400
            zh "请写明地点", "没有地点，不知道归谁管。", "请选一个地点，或打开定位。"
            en "Please say where", "Without a place nobody knows whose it is.", "Choose a place or allow your position.";
        /// The point lies outside the district.
        OUTSIDE = "422.11" 422
            zh "不在本区", "这个位置不在本区范围内。", "请核对位置，或到所在的区反映。"
            en "Outside the district", "The point is not in this district.", "Check the point or turn to the district it is in.";
    }
}
