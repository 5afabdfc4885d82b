//! Samples of the work list: an officer's, a secretary's, a street desk's; empty, one, many; a conflict.

use super::form::sample_places;
use super::{
    Chip, ConflictPage, Field, FormError, Group, MoveForm, Post, Proposed, Queue, Row, Signed, Site, StaffStep, Task,
    Tone, Tool, View, WorkItem, WorkList, WorkPage,
};
use crate::pages::render::Lang;

const KEY: &str = "01932d6e-7a10-7c3b-9f5e-2f60f4b0a0bb";

fn row(n: usize, title: &str, place: &str, age: &str, state: Chip, due: Option<Chip>) -> Row {
    Row {
        href: format!("/linping/work/{n}?queue=to_file"),
        title: title.into(),
        place: place.into(),
        age: age.into(),
        state,
        due,
        on: n == 1,
    }
}

fn rows(lang: Lang) -> Vec<Row> {
    let new = || Chip::new(lang.pick("已收到", "Received"), Tone::Doing);
    let filed = || Chip::new(lang.pick("已受理", "Taken in"), Tone::Doing);
    let soon = |zh: &str, en: &str| Some(Chip::new(lang.pick(zh, en), Tone::Soon));
    let age = |minutes: u32| lang.pick(format!("{minutes} 分钟前"), format!("{minutes} min ago"));
    vec![
        row(
            1,
            "三幢单元门关不上，老人进出危险",
            "龙腾社区 · 一网格",
            &age(10),
            new(),
            soon("今天 13:10 前受理", "take in by 13:10"),
        ),
        row(
            2,
            "坡道积水结冰，有人滑倒",
            "前村社区 · 三网格",
            &age(25),
            new(),
            Some(Chip::new(lang.pick("紧急 · 10:10 前", "urgent · by 10:10"), Tone::Late)),
        ),
        row(
            3,
            "地下车库充电桩经常跳闸，晚上电动车充不进去，白天来看又是好的，问物业说是线路老化要大修，问供电说是小区自己的线，来来回回问了三次都没有结果，请帮忙",
            "曹家浜社区 · 二网格",
            &age(40),
            filed(),
            None,
        ),
        row(
            4,
            "菜场门口夜里有油烟味",
            "崇文社区 · 一网格",
            &age(55),
            new(),
            soon("今天 14:00 前受理", "take in by 14:00"),
        ),
        row(
            5,
            "楼道堆物，消防栓打不开",
            "崇杭社区 · 四网格",
            &age(58),
            new(),
            Some(Chip::new(lang.pick("已超期 2 天", "2 days late"), Tone::Late)),
        ),
    ]
}

fn queues(counts: &[(&str, u64)], on: &str) -> Vec<Queue> {
    counts
        .iter()
        .map(|(key, count)| Queue {
            key: (*key).into(),
            href: format!("/linping/work?queue={key}"),
            count: count.to_string(),
            late: *count > 0 && matches!(*key, "overdue" | "due_today"),
            on: *key == on,
        })
        .collect()
}

fn tools(keys: &[&str]) -> Vec<Tool> {
    let count = |key: &str| if key == "calls" { "2".to_owned() } else { String::new() };
    keys.iter().map(|k| Tool { key: (*k).into(), href: format!("/linping/{k}"), count: count(k) }).collect()
}

fn field(name: &str) -> Field {
    // The samples only name fields of the table; a typo would show at once in the tests.
    Field::named(name).unwrap_or_else(|| unreachable!("{name} is not in FIELDS"))
}

fn moves(lang: Lang) -> Vec<MoveForm> {
    let action = "/linping/work/1/moves";
    let make = |name: &str, zh: &str, en: &str| MoveForm::new(name, lang.pick(zh, en), action, 3, KEY);
    let items = vec![Group::of("", &[("door", "单元门损坏"), ("lamp", "楼道灯不亮"), ("clutter", "楼道堆物")])];
    let bodies = vec![
        Group::of(lang.pick("建议", "Proposed"), &[("lt-property", "龙腾物业")]),
        Group::of(lang.pick("其他", "Others"), &[("lt-committee", "龙腾社区居委会"), ("cx-urban", "崇贤街道城建办")]),
    ];
    let mut dispatch = make("dispatch", "受理并交办", "Take in and hand on")
        .asking(vec![
            field("item").with(items),
            field("body").with(bodies),
            field("until").optional(),
            field("note").optional(),
        ])
        .telling(lang.pick(
            "您的事交给龙腾物业办，11 月 25 日 17:00 前办好。",
            "Your matter is with the Longteng property company, by 25 Nov 17:00.",
        ));
    dispatch.main = true;
    let check = make("check", "请网格员去看看", "Send an officer to look")
        .telling(lang.pick("周网格员会去现场看看。", "Officer Zhou will go and look."));
    let answer = make("answer_now", "当场答复", "Answer now").asking(vec![field("answer")]);
    let merge = make("merge", "并入相近的事", "Merge into a near one").asking(vec![field("into")]);
    let mut decline =
        make("decline", "告知去处", "Tell where it belongs").asking(vec![field("reason"), field("answer")]);
    decline.hard = true;
    vec![dispatch, check, answer, merge, decline]
}

fn item(lang: Lang) -> WorkItem {
    let p = |f: &str, v: (&str, &str), w: (&str, &str)| Proposed {
        field: f.into(),
        value: lang.pick(v.0, v.1).into(),
        why: lang.pick(w.0, w.1).into(),
    };
    WorkItem {
        number: "LP-261120-7K3M".into(),
        title: "三幢单元门关不上，老人进出危险".into(),
        asker: lang
            .pick(
                "孙**（186****2210）在楼下活动室说的，周网格员代录",
                "Sun ** (186****2210), told at the hall, written down by Officer Zhou",
            )
            .into(),
        echo: lang.pick("办好打电话告诉她", "Call her when done").into(),
        at: lang.pick("今天 9:12", "today 9:12").into(),
        state: Chip::new(lang.pick("已收到", "Received"), Tone::Doing),
        due: Some(Chip::new(lang.pick("今天 13:12 前受理", "take in by 13:12"), Tone::Soon)),
        text: "三幢的单元门这两天关不上，风一吹砰砰响，我家老头子眼睛不好，差点夹到手。能不能找人修修。".into(),
        photos: vec![],
        place: lang.pick("龙腾社区 · 一网格", "Longteng · grid 1").into(),
        landmark: "悦贤里三幢一单元".into(),
        duty: lang
            .pick("在岗：周网格员。牵头：一网格党支部。", "On duty: Officer Zhou. Led by the branch of grid 1.")
            .into(),
        proposal: vec![
            p(
                "item",
                ("单元门损坏", "Unit door broken"),
                ("“单元门”“关不上”命中规则 17", "words “unit door”, “does not close”: rule 17"),
            ),
            p(
                "body",
                ("龙腾物业", "Longteng property company"),
                ("权责清单：公共部位维修", "duty list: repair of common parts"),
            ),
            p(
                "until",
                ("3 个工作日，11 月 25 日 17:00 前", "3 work-days, by 25 Nov 17:00"),
                ("周末不计", "weekends not counted"),
            ),
        ],
        tasks: vec![],
        history: vec![StaffStep {
            at: lang.pick("今天 9:12", "today 9:12").into(),
            by: lang.pick("周网格员 · 一网格", "Officer Zhou, grid 1").into(),
            text: lang.pick("代录，当面说的。", "Written down, told in person.").into(),
            note: String::new(),
            photos: vec![],
        }],
        moves: moves(lang),
        waits: String::new(),
        near: lang
            .pick(
                "同楼单元门报修 2 次，均已办结；相近 0 件在办。",
                "Same building: 2 door repairs, both closed; none open nearby.",
            )
            .into(),
        public_href: "/linping/c/7K3M-2Q9D".into(),
        slip_href: "/linping/c/7K3M-2Q9D/slip".into(),
        back: "/linping/work?queue=to_file".into(),
    }
}

fn handled(lang: Lang) -> WorkItem {
    let mut item = item(lang);
    let mut done = MoveForm::new("done", lang.pick("报办结", "Report done"), "/linping/tasks/5/moves", 2, KEY)
        .asking(vec![field("answer"), field("evidence")]);
    done.main = true;
    done.open = true;
    done.errors = vec![FormError::new(
        "evidence",
        lang.pick("这类事要有办好后的照片。请选一张。", "This kind needs a photo of the result. Choose one."),
    )];
    let mut back = MoveForm::new("return", lang.pick("退回", "Return"), "/linping/tasks/5/moves", 2, KEY)
        .asking(vec![field("basis")]);
    back.hard = true;
    item.state = Chip::new(lang.pick("办理中", "In hand"), Tone::Doing);
    item.due = Some(Chip::new(lang.pick("已超期 1 天", "1 day late"), Tone::Late));
    item.proposal.clear();
    item.moves.clear();
    item.waits = lang
        .pick("现在轮到龙腾物业：修好后报办结。", "It is the property company's turn: repair, then report done.")
        .into();
    item.tasks = vec![
        Task {
            body: lang.pick("龙腾物业", "Longteng property").into(),
            kind: lang.pick("主办", "Lead").into(),
            state: Chip::new(lang.pick("已签收", "Acknowledged"), Tone::Doing),
            due: Some(Chip::new(lang.pick("11 月 25 日 17:00 前", "by 25 Nov 17:00"), Tone::Late)),
            note: lang.pick("先装临时缓冲条。", "Put a buffer strip first.").into(),
            moves: vec![done, back],
        },
        Task {
            body: lang.pick("悦贤里业委会", "Owners' committee").into(),
            kind: lang.pick("协办", "Assist").into(),
            state: Chip::new(lang.pick("已办", "Done"), Tone::Done),
            due: None,
            note: String::new(),
            moves: vec![],
        },
    ];
    item
}

impl View for WorkPage {
    const TEMPLATE: &'static str = "work.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let list = |queue: &str, rows: Vec<Row>, total: u64, more: Option<&str>| WorkList {
            queue: queue.into(),
            action: "/linping/work".into(),
            q: String::new(),
            place: String::new(),
            places: sample_places(),
            rows,
            total: total.to_string(),
            more: more.map(Into::into),
            first: None,
        };
        let counts: &[(&str, u64)] = &[
            ("to_file", 37),
            ("to_dispatch", 12),
            ("handling", 10_482),
            ("due_today", 5),
            ("overdue", 2),
            ("to_verify", 8),
            ("to_rate", 21),
            ("to_rule", 1),
        ];
        let mut site = Site::sample_signed(lang, "/linping/work?queue=to_file");
        let unmarked = || rows(lang).into_iter().map(|r| Row { on: false, ..r }).collect::<Vec<_>>();
        let officer = Self {
            site: site.clone(),
            post: Post::Officer,
            notice: String::new(),
            queues: queues(
                &[("mine", 3), ("to_check", 1), ("to_verify", 0), ("due_today", 1), ("overdue", 0), ("all", 12)],
                "mine",
            ),
            tools: tools(&["intake", "visit", "duty"]),
            list: list("mine", unmarked().into_iter().take(1).collect(), 1, None),
            item: None,
        };
        let mut none = officer.clone();
        none.list.rows.clear();
        none.list.total = "0".into();
        none.site.flash = Some(super::Flash {
            tone: Tone::Done,
            text: lang.pick("记下了：受理并交办给龙腾物业。", "Noted: handed to the Longteng property company.").into(),
            clears: String::new(),
        });
        site.person = Some(Signed {
            name: lang.pick("郑调度", "Dispatcher Zheng").into(),
            post: lang.pick("街道调度员 · 崇贤街道", "Street desk, Chongxian").into(),
            work: "/linping/work".into(),
            messages: "/linping/work/messages".into(),
            unread: "99+".into(),
            logout: "/logout".into(),
        });
        let desk = Self {
            site,
            post: Post::Desk,
            notice: lang
                .pick(
                    "2027 年的放假安排还没有装进来。请告诉许管理员。",
                    "The days off of 2027 are not loaded. Tell Xu.",
                )
                .into(),
            queues: queues(counts, "to_file"),
            tools: tools(&["intake", "meetings", "kpi"]),
            list: list("to_file", unmarked(), 37, Some("/linping/work?queue=to_file&cursor=abc")),
            item: None,
        };
        let mut desk_item = desk.clone();
        desk_item.list.rows = rows(lang);
        desk_item.item = Some(item(lang));
        let mut searched = desk.clone();
        searched.list.q = "雨棚".into();
        searched.list.rows.clear();
        searched.list.total = "0".into();
        searched.list.more = None;
        searched.list.first = Some("/linping/work?queue=to_file".into());
        let secretary = Self { post: Post::Secretary, item: Some(handled(lang)), ..desk_item.clone() };
        let officer_item = Self { item: Some(item(lang)), ..officer.clone() };
        vec![
            ("officer-one", officer),
            ("officer-none", none),
            ("officer-item", officer_item),
            ("desk-list", desk),
            ("desk-item", desk_item),
            ("desk-searched", searched),
            ("secretary-task", secretary),
        ]
    }
}

impl View for ConflictPage {
    const TEMPLATE: &'static str = "conflict.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let mut form = moves(lang).swap_remove(0);
        form.open = true;
        form.version = 4;
        let still = Self {
            site: Site::sample_signed(lang, "/linping/work/1"),
            title: "三幢单元门关不上，老人进出危险".into(),
            state: Chip::new(lang.pick("已受理", "Taken in"), Tone::Doing),
            changed: vec![StaffStep {
                at: lang.pick("今天 9:31", "today 9:31").into(),
                by: lang.pick("钱书记 · 龙腾社区", "Secretary Qian, Longteng").into(),
                text: lang.pick("受理了。", "Took it in.").into(),
                note: String::new(),
                photos: vec![],
            }],
            wanted: form.label.clone(),
            form: Some(form),
            item_href: "/linping/work/1".into(),
        };
        let mut gone = still.clone();
        gone.form = None;
        vec![("still", still), ("gone", gone)]
    }
}
