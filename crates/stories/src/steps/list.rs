//! Every step there is. docs/stories.md lists the same; a test compares the two.

use futures::FutureExt as _;

use super::{Given, Kind, StepDef, acts, assume, checks, practice, teams, told};

macro_rules! steps {
    ($($kind:ident $frozen:literal $says:literal $note:literal $run:path;)*) => {
        /// The vocabulary.
        pub static STEPS: &[StepDef] = &[$(StepDef {
            says: $says,
            kind: Kind::$kind,
            frozen: $frozen,
            note: $note,
            run: |story, context| async move {
                story.begun += 1;
                told($run(story, Given::of(&context)).await);
            }.boxed_local(),
        }),*];
    };
}

steps! {
    Assume true "区县 “{区县}” 已启用" "装入区县包：地点到村社、单位、岗位、事项、流程；不装演示用的人和职责。写“临平”“临平区”“linping”都行" assume::district;
    Assume true "现在是 “{时间}”" "钟拨到这个当地时间；只写日期就是 09:00。后面再写，时间只能往前走，到期的事一件件走过" assume::now;
    Assume true "“{上级地点}” 下有网格 “{名}”" "建一个网格；区县包里有同名的就用它，原来的人让开" assume::grid;
    Assume true "事项 “{事项}” 受理限 {N} [个]{单位:紧急工作时|工作时|工作小时|小时|工作日|自然日|天|日|周} 办理限 {N} [个]{单位:紧急工作时|工作时|工作小时|小时|工作日|自然日|天|日|周}" "定这个事项的两个时限；没有的事项就建一个" assume::limits;
    Assume true "“{人}” 在 “{地点}” 任 “{岗位}”" "任职。单位经办人写单位名；没有的单位就建一个。“居民”谁都是" assume::post;
    Assume true "“{单位}” 负责 “{事项}” 于 “{地点}”" "这个地点和它下面的这个事项，由这家单位主办；没有的单位、事项就建" assume::duty;

    Act true "“{人}” 在 “{地点}” 上报 “{内容}” 记为 “{名}”" "报一件事。没有任职的人是居民；任职的人报自己发现的事" acts::report_line;
    Act true "“{人}” 上报以下内容 记为 “{名}”" "同上，用表格写明栏目；替人登记写“诉求人”" acts::report_table;
    Act true "“{人}” 对 “{名}” 执行 “{动作}”" "做一个动作，要带的东西写在表里" acts::act;
    Act true "过了 {N} [个]{单位:工作日|工作时|工作小时|天|小时|钟头|分钟|周|星期}" "时间往前走，经过路上每一个到期的时刻。小时、天按钟面算" acts::pass;

    Check true "“{名}” 的 “{字段}” 为 “{值}”" "这件事的一个栏目等于这个值；“空”“无”是没有" checks::field_is;
    Check true "“{名}” 的 “{字段}” 不为 “{值}”" "不等于这个值" checks::field_is_not;
    Check true "“{人}” 收到含 “{文字}” 的消息" "给这个人的消息里有一条含这几个字" checks::told;
    Check true "“{人}” 看得到 “{名}”" "用自己的账号或回执码打得开这件事" checks::sees;
    Check true "“{人}” 看不到 “{名}”" "打不开" checks::sees_not;
    Check true "“{名}” 的经过含 “{文字}”" "经过里有一步含这几个字" checks::history;
    Refusal true "操作被拒绝 编号 “{编号}”" "上一个动作被拒绝，编号是这个（422.2），或点前面的数，或 HTTP 状态" checks::refused_code;
    Refusal true "操作被拒绝 原因含 “{文字}”" "上一个动作被拒绝，说明里含这几个字，中文英文都行" checks::refused_why;
    Check true "指标 “{名}” 在 “{地点}” 为 {N}/{M}" "分子和分母都对得上" checks::figure;

    Refusal false "操作被拒绝" "上一个动作被拒绝，不管为什么" checks::refused;
    Refusal false "操作被拒绝 编号 “{编号}” 原因含 “{文字}”" "编号和说明都对得上" checks::refused_both;
    Check false "“{人}” 没有收到含 “{文字}” 的消息" "给这个人的消息里没有一条含这几个字" checks::not_told;
    Check false "“{名}” 的经过不含 “{文字}”" "经过里没有一步含这几个字" checks::history_not;
    Check false "“{名}” 的 “{字段}” 含 “{文字}”" "这个栏目里有这几个字" checks::field_has;
    Check false "“{人}” 可以对 “{名}” 执行 “{动作}”" "界面上会给这个人这个动作" checks::may;
    Check false "“{人}” 不可以对 “{名}” 执行 “{动作}”" "界面上不会给" checks::may_not;
    Check false "“{地点}” 现在由 “{人}” 值守" "这个地点现在值守的是这个人，空缺时是上一级的人" checks::on_duty;
    Check false "历史没有被改过" "核对整条流水，没有缺、没有改" checks::verified;

    Assume false "“{上级地点}” 下有网格 “{名}” 共 {N} 户" "建一个网格，写明户数" assume::grid_of;
    Assume false "“{上级地点}” 下有{层级:微网格|片区|社区|村|小区|场所} “{名}”" "建一个别的层级的地点" assume::place;
    Assume false "“{上级地点}” 下有{层级:微网格|片区|社区|村|小区|场所} “{名}” 共 {N} 户" "同上，写明户数" assume::place_of;
    Assume false "“{上级地点}” 下有 {N} 个{层级:网格|微网格} 每个 {N} 户 各有一名 “{岗位}”" "一次建许多个，每个有一个人任这个岗位" assume::many;
    Assume false "“{地点}” 的各社区共有 {N} 名 “{岗位}”" "把这么多人平均分到各个村社任这个岗位" assume::spread;
    Assume false "“{人}” 在 “{地点}” 任 “{岗位}” 副手" "任副手：正手不在岗时顶上" assume::deputy;
    Assume false "“{人}” 在 “{地点}” 任 “{岗位}” 在岗 “{时间}”" "任职，写明工作日在岗的时段，如 09:00-11:30,14:00-17:00" assume::hours;
    Assume false "“{人}” 卸任 “{岗位}”" "不再任这个岗位" assume::dismiss;
    Assume false "有单位 “{单位}” 在 “{地点}”" "建一家单位；名字以党支部、党委结尾的是党组织" assume::body;
    Assume false "“{单位}” 协办 “{事项}” 于 “{地点}”" "这个地点的这个事项，由这家单位协办" assume::assist;
    Assume false "事项 “{事项}” 受理限 {N} [个]{单位:紧急工作时|工作时|工作小时|小时|工作日|自然日|天|日|周}" "只定受理时限" assume::accept_limit;
    Assume false "事项 “{事项}” 办理限 {N} [个]{单位:紧急工作时|工作时|工作小时|小时|工作日|自然日|天|日|周}" "只定办理时限" assume::handle_limit;
    Assume false "“{人}” 的电话是 “{电话}”" "这个人用这个号码；不写就编一个没人用的" assume::phone;

    Act false "“{人}” 在 “{地点}” 走访 “{人}” 听到 “{内容}” 记为 “{名}”" "走访时听到，当场记成一件事，报事人是被走访的人" practice::visit_case;
    Act false "“{人}” 在 “{地点}” 走访 “{人}” 听到 “{内容}”" "走访，只记下听到的话" practice::visit;
    Act false "“{人}” 在 “{地点}” 走访，没有事" "走访，没有要办的事" practice::visit_nothing;
    Check false "“{地点}” 有 {N} 次走访" "这个地点和它下面记下的走访次数" practice::visits;
    Act false "“{人}” 在 “{地点}” 召集 “{会议}” 商量 “{名}” 记为 “{会}”" "开会，议题是一件事（也可以是一句话）" practice::call;
    Act false "“{人}” 在 “{地点}” 召集 “{会议}” 记为 “{会}”" "同上，用表格写 议题、时间、地方、召集单位、召集人" practice::call_table;
    Act false "“{人}” 记下 “{会}” 到会 “{到会}”" "记谁到会：单位、任职的人、居民代表 6 人" practice::present;
    Act false "“{人}” 记下 “{会}” 决议 “{内容}”" "记一条决议；表格写 种类、议题、牵头、承办、监督、期限、事项、答复、记为" practice::decide;
    Act false "“{人}” 结束 “{会}”" "会议记录定稿" practice::close;
    Check false "“{会}” 有 {N} 条决议" "这次会定下的条数" practice::decisions;
    Check false "“{会}” 的决议含 “{文字}”" "有一条决议含这几个字（内容、牵头、承办、监督）" practice::decision_has;

    Check false "“{地点}” 的队伍 缺 “{岗位}”" "按班子模板，这个岗位没人或人不够" teams::lacks;
    Check false "“{地点}” 的队伍 不缺 “{岗位}”" "这个岗位够了" teams::has;
    Check false "“{地点}” 的队伍 齐全" "模板里的岗位都有人" teams::complete;
    Check false "“{地点}” 的队伍 人均 {N} 户" "户数除以管户的人，四舍五入；没有登记户数的地点看它下面的微网格合计" teams::load;
    Check false "“{地点}” 的队伍 负荷 “{负荷}”" "偏高、偏低、正常" teams::flag;
    Check false "“{地点}” 下负荷“{负荷}”的有 {N} 个" "它下面偏高（偏低、正常）的有几个" teams::flagged;
    Check false "“{地点}” 共有 {N} 名 “{岗位}”" "现在任这个岗位的人数，连同它下面" teams::held;
    Check false "“{地点}” 共有 {N} 户" "登记的户数；没有登记的看它下面合计" teams::households;
}
