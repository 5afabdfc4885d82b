//! Matters: reported, moved and looked at as the people of the story would.

use std::collections::BTreeMap;

use cases::case::CaseId;
use kernel::Timestamp;
use serde_json::Value;

use super::{
    Matter, MoveForm, Refusal, ReportForm, Story, Told,
    door::{hidden, photo_names},
};
use crate::text;

/// Who looks at everything that a story asks about: sees all, decides nothing.
const OBSERVER: &str = "故事观察员";
/// The observer's post.
const OBSERVER_POST: &str = "监督员";

/// A matter as the observer sees it.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The case in full.
    pub case: Value,
    /// Its tasks.
    pub tasks: Vec<Value>,
}

/// What a story wants done to a matter.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The action's word in Chinese.
    pub action: String,
    /// The table after it.
    pub fields: BTreeMap<String, String>,
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The word of an act as the desk shows it, with the state that it leads to: `case.dispatch` is 交办 办理中.
fn act_says(rules: &cases::Rulebook, act: &str) -> Vec<String> {
    let (kind, word) = act.split_once('.').unwrap_or(("case", act));
    let flow = if kind == "task" { &rules.task_flow } else { &rules.case_flow };
    let apart = match word {
        "report" => "上报",
        "overdue" => "逾期",
        "returned" => "退回",
        "withdrawn" => "撤回",
        "extended" => "同意延期",
        "part_done" => "报办结",
        _ => "",
    };
    match flow.mv(word) {
        Some(mv) => std::iter::once(mv.zh.clone()).chain(flow.state(&mv.to).map(|s| s.zh.clone())).collect(),
        None if apart.is_empty() => Vec::new(),
        None => vec![apart.to_owned()],
    }
}

impl Sheet {
    /// A fact of the case as text; empty when there is none.
    pub fn fact(&self, name: &str) -> String {
        text_of(&self.case[name])
    }

    /// The name of the place in one of its places.
    pub fn place(&self, name: &str) -> String {
        text_of(&self.case[name]["name"])
    }

    /// A moment.
    pub fn moment(&self, name: &str) -> Option<Timestamp> {
        Timestamp::parse(self.case[name].as_str()?).ok()
    }

    /// The bodies that have a task of a kind that was not taken back, in order.
    pub fn bodies(&self, kinds: &[&str]) -> Vec<String> {
        let there = |task: &&Value| {
            kinds.contains(&task["kind"].as_str().unwrap_or_default())
                && !matches!(task["state"].as_str(), Some("withdrawn" | "returned"))
        };
        let mut names: Vec<String> = self.tasks.iter().filter(there).map(|t| text_of(&t["body"])).collect();
        names.dedup();
        names
    }
}

impl Story {
    /// Takes a report in as its reporter would send it, and gives the matter its name.
    pub async fn report(
        &mut self,
        reporter: &str,
        name: &str,
        form: ReportForm,
        asker: &str,
        photos: &[String],
    ) -> Told {
        self.house()?.moment_passes();
        self.man_bodies().await?;
        if self.matters.contains_key(name) {
            return Err(format!("“{name}”这个名字已经给了另一件事，请换一个"));
        }
        let token = self.token(reporter).await?;
        let district = self.town()?.district.clone();
        let outcome = self.send_report(&district, form, photos, token.as_deref()).await;
        let Some(receipt) = self.acted(outcome)? else { return Ok(()) };
        let id: CaseId = receipt["id"]
            .as_str()
            .and_then(|id| id.parse().ok())
            .ok_or_else(|| format!("回执里没有编号：{receipt}"))?;
        self.keep_matter(
            name,
            &district,
            id,
            receipt["number"].as_str().unwrap_or_default(),
            receipt["lookup_code"].as_str().unwrap_or_default(),
            asker,
        );
        if token.is_none()
            && let Some(matter) = self.matters.get_mut(name)
        {
            matter.reporter = reporter.to_owned();
        }
        Ok(())
    }

    /// Gives a case its name in the story.
    pub fn keep_matter(
        &mut self,
        name: &str,
        district: &str,
        id: CaseId,
        number: &str,
        lookup_code: &str,
        asker: &str,
    ) {
        let matter = Matter {
            district: district.into(),
            id,
            number: number.into(),
            lookup_code: lookup_code.into(),
            asker: asker.into(),
            reporter: String::new(),
        };
        self.matters.insert(name.to_owned(), matter);
    }

    async fn send_report(
        &self,
        district: &str,
        mut form: ReportForm,
        photos: &[String],
        token: Option<&str>,
    ) -> Result<Value, Refusal> {
        let house = self.house().map_err(Refusal::broken)?;
        for photo in photos {
            form.evidence.push(house.photo(district, photo, token).await?);
        }
        house.post(district, "cases", &form, token).await
    }

    /// Somebody who may look at everything and do nothing, in the matter's district.
    async fn observer(&mut self, district: &str) -> Told<String> {
        let here = self.here.replace(district.to_owned());
        let token = match self.token(OBSERVER).await? {
            Some(token) => token,
            None => {
                let root = self.rules()?.directory.root().to_string();
                self.town_mut()?.places.insert(root.clone(), root.parse().map_err(|_| "root")?);
                self.appoint(OBSERVER, &root, OBSERVER_POST, 0, None).await?;
                self.token(OBSERVER).await?.ok_or("观察员没有登录")?
            }
        };
        self.here = here;
        Ok(token)
    }

    /// The observer as the rules see them, with today's rules.
    pub async fn observing(&mut self) -> Told<(std::sync::Arc<cases::Rulebook>, kernel::access::Actor)> {
        let district = self.town()?.district.clone();
        self.observer(&district).await?;
        let (rules, now) = (self.rules()?, self.house()?.now());
        let id = self.town()?.people.get(OBSERVER).and_then(|p| p.id).ok_or("没有观察员")?;
        let actor = rules.directory.actor(&id, None, now);
        Ok((rules, actor))
    }

    /// A matter as it stands, with its tasks.
    pub async fn sheet(&mut self, name: &str) -> Told<Sheet> {
        let matter = self.matter(name)?.clone();
        let token = self.observer(&matter.district).await?;
        let house = self.house()?;
        let path = format!("cases/{}", matter.id);
        let case =
            house.get(&matter.district, &path, &[], Some(&token)).await.map_err(|r| format!("看不到“{name}”：{r}"))?;
        let tasks = house
            .get(&matter.district, &format!("{path}/tasks"), &[], Some(&token))
            .await
            .map_err(|r| format!("看不到“{name}”的任务：{r}"))?;
        Ok(Sheet { case, tasks: tasks.as_array().cloned().unwrap_or_default() })
    }

    /// What happened to a matter: the sentences that staff read and those that its asker reads.
    pub async fn history(&mut self, name: &str) -> Told<Vec<String>> {
        let matter = self.matter(name)?.clone();
        let token = self.observer(&matter.district).await?;
        let house = self.house()?;
        let steps = house
            .get(&matter.district, &format!("cases/{}/history", matter.id), &[], Some(&token))
            .await
            .map_err(|r| format!("看不到“{name}”的经过：{r}"))?;
        let rules = house.rules(&matter.district)?;
        let line = |step: &Value| {
            let words = ["by", "says", "reason"].iter().map(|key| text_of(&step[*key])).filter(|t| !t.is_empty());
            act_says(&rules, step["act"].as_str().unwrap_or_default())
                .into_iter()
                .chain(words)
                .collect::<Vec<_>>()
                .join(" ")
        };
        Ok(steps.as_array().into_iter().flatten().map(line).collect())
    }

    /// True when somebody may see a matter: staff by their account, a resident by their own look-up code.
    pub async fn sees(&mut self, who: &str, name: &str) -> Told<bool> {
        let who = &self.stand_in(who)?;
        let matter = self.matter(name)?.clone();
        let token = self.token(who).await?;
        if token.is_none() && matter.is_of(who) {
            return self.asker_sees(&matter).await;
        }
        let house = self.house()?;
        match house.get(&matter.district, &format!("cases/{}", matter.id), &[], token.as_deref()).await {
            Ok(case) => Ok(case["id"].as_str() == Some(matter.id.as_str())),
            Err(refusal) if hidden(&refusal) => Ok(false),
            Err(refusal) => Err(refusal.to_string()),
        }
    }

    /// The case's page, as its asker opens it with the look-up code.
    async fn asker_sees(&self, matter: &Matter) -> Told<bool> {
        match self.house()?.page(&format!("/{}/c/{}", matter.district, matter.lookup_code)).await {
            Ok(page) => Ok(page.contains(&matter.number)),
            Err(refusal) if hidden(&refusal) => Ok(false),
            Err(refusal) => Err(refusal.to_string()),
        }
    }

    /// Does to a matter what the story says, as whoever the story says.
    pub async fn act(&mut self, who: &str, name: &str, wanted: &Wanted) -> Told {
        self.house()?.moment_passes();
        self.man_bodies().await?;
        let who = &self.stand_in(who)?;
        let matter = self.matter(name)?.clone();
        let sheet = self.sheet(name).await?;
        let (form, photos) = self.form(name, wanted, &sheet)?;
        let token = self.token(who).await?;
        let outcome = self.make(who, &matter, &sheet, wanted, form, &photos, token.as_deref()).await;
        self.acted(outcome).map(|_| ())
    }

    #[allow(clippy::too_many_arguments)]
    async fn make(
        &self,
        who: &str,
        matter: &Matter,
        sheet: &Sheet,
        wanted: &Wanted,
        mut form: MoveForm,
        photos: &[String],
        token: Option<&str>,
    ) -> Result<Value, Refusal> {
        let house = self.house().map_err(Refusal::broken)?;
        let district = matter.district.as_str();
        for photo in photos {
            form.evidence.push(house.photo(district, photo, token).await?);
        }
        let aim = crate::actions::aim(&wanted.action, &wanted.fields, sheet, &self.standing(who, matter))
            .map_err(Refusal::broken)?;
        form.word = aim.word.to_owned();
        let path = match &aim.task {
            Some(task) => format!("tasks/{task}/moves"),
            None => format!("cases/{}/moves", matter.id),
        };
        let seen = if aim.task.is_some() { aim.version } else { sheet.case["version"].as_i64() };
        form.version = form.version.or(seen);
        if token.is_none() && matter.is_of(who) && !matter.lookup_code.is_empty() {
            return self.as_asker(matter, &form, aim.task.as_deref()).await;
        }
        house
            .post(district, &path, &form, token)
            .await
            .map_err(|refusal| Refusal { nobody: token.is_none(), ..refusal })
    }

    /// The asker's own word, by the form of the case's page. What the page does not offer goes to the
    /// same command that the page uses, so that it is the house that refuses it.
    async fn as_asker(&self, matter: &Matter, form: &MoveForm, task: Option<&str>) -> Result<Value, Refusal> {
        let house = self.house().map_err(Refusal::broken)?;
        if task.is_some() || !matches!(form.word.as_str(), "solved" | "not_solved" | "reopen" | "appeal" | "retract") {
            let rules = house.rules(&matter.district).map_err(Refusal::broken)?;
            let caller = server::acts::Caller::asker(&matter.district);
            let inputs = cases::case::Inputs {
                reason: form.reason.clone(),
                answer: form.answer.clone(),
                basis: form.basis.clone(),
                to: form.to.clone(),
                until: form.until.clone(),
                into: form.into.clone(),
                ..Default::default()
            };
            let (engine, rules, word) = (&house.server.app.engine, (*rules).clone(), form.word.as_str());
            let state = match task.and_then(|id| id.parse().ok()) {
                Some(id) => {
                    let done =
                        server::acts::move_task(engine, rules, &caller, id, word, form.version, inputs, None).await;
                    done.map(|done| done.value.state)
                }
                None => {
                    let id = matter.id;
                    let done =
                        server::acts::move_case(engine, rules, &caller, id, word, form.version, inputs, None).await;
                    done.map(|done| done.value.state)
                }
            };
            return state.map(Value::String).map_err(|problem| Refusal::of(&problem));
        }
        let solved = form.solved.map_or("", |yes| if yes { "yes" } else { "no" });
        let fields = [
            ("move", form.word.clone()),
            ("version", form.version.map(|v| v.to_string()).unwrap_or_default()),
            ("solved", solved.to_owned()),
            ("satisfied", form.satisfied.clone().unwrap_or_default()),
            ("reason", form.reason.clone().unwrap_or_default()),
            ("key", house.server.app.fresh_id()),
        ];
        house.form(&format!("/{}/c/{}/word", matter.district, matter.lookup_code), &fields).await
    }

    /// The moves that the house offers somebody on a matter: on the case (no task) or one of its tasks.
    pub async fn offered(&mut self, who: &str, name: &str) -> Told<Vec<(Option<String>, String)>> {
        let matter = self.matter(name)?.clone();
        let token = self.token(who).await?;
        let house = self.house()?;
        let words = |value: &Value| {
            value["moves"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|m| m.as_str().map(str::to_owned))
                .collect::<Vec<_>>()
        };
        if token.is_none() && matter.is_of(who) {
            let rules = house.rules(&matter.district)?;
            let seen = server::acts::see_by_code(
                &house.server.app.engine,
                (*rules).clone(),
                &matter.lookup_code,
                kernel::Lang::Zh,
            )
            .await
            .map_err(|p| Refusal::of(&p).to_string())?;
            let caller = server::acts::Caller::asker(&matter.district);
            return Ok(seen.moves(&rules, &caller).iter().map(|mv| (None, mv.id.clone())).collect());
        }
        let path = format!("cases/{}", matter.id);
        let case = match house.get(&matter.district, &path, &[], token.as_deref()).await {
            Ok(case) => case,
            Err(refusal) if hidden(&refusal) => return Ok(Vec::new()),
            Err(refusal) => return Err(refusal.to_string()),
        };
        let mut out: Vec<(Option<String>, String)> = words(&case).into_iter().map(|word| (None, word)).collect();
        let tasks = house
            .get(&matter.district, &format!("{path}/tasks"), &[], token.as_deref())
            .await
            .map_err(|r| r.to_string())?;
        for task in tasks.as_array().into_iter().flatten() {
            out.extend(words(task).into_iter().map(|word| (task["id"].as_str().map(str::to_owned), word)));
        }
        Ok(out)
    }

    /// The move that an action of somebody would mean on a matter now.
    pub async fn aim(&mut self, who: &str, name: &str, action: &str) -> Told<crate::actions::Aim> {
        let matter = self.matter(name)?.clone();
        let sheet = self.sheet(name).await?;
        crate::actions::aim(action, &BTreeMap::new(), &sheet, &self.standing(who, &matter))
    }

    /// A figure at a place: numerator, denominator, formula.
    pub async fn figure(&mut self, name: &str, place: &str) -> Told<(i64, i64, String)> {
        let place = self.place(place)?.to_string();
        let district = self.town()?.district.clone();
        let token = self.observer(&district).await?;
        let figure = self
            .house()?
            .get(&district, &format!("kpi/{name}"), &[("place", &place)], Some(&token))
            .await
            .map_err(|r| r.to_string())?;
        let number = |key: &str| figure[key].as_i64().ok_or_else(|| format!("指标没有 {key}：{figure}"));
        Ok((number("numerator")?, number("denominator")?, text_of(&figure["formula"])))
    }

    /// What is wrong with the district's history: empty when its chain is whole.
    pub async fn history_faults(&self) -> Told<Vec<String>> {
        const PAGE_ROWS: i64 = 1_000;
        let district = self.town()?.district.clone();
        self.house()?
            .ask(move |db| {
                let (mut from, mut faults) = ((0, kernel::journal::rules::GENESIS), Vec::new());
                loop {
                    let entries = kernel::journal::page(db, &district, from.0, PAGE_ROWS)?;
                    if entries.is_empty() {
                        return Ok(faults
                            .iter()
                            .map(|fault: &kernel::journal::Fault| format!("{} {}", fault.seq, fault.kind))
                            .collect());
                    }
                    from = kernel::journal::rules::check(&district, from, &entries, &mut faults);
                }
            })
            .await
    }

    /// How somebody stands to a matter's tasks: the names under which tasks can be theirs.
    fn standing(&self, who: &str, matter: &Matter) -> crate::actions::Standing {
        let mut names = vec![who.to_owned()];
        if let (Ok(rules), Some(id)) =
            (self.rules(), self.town().ok().and_then(|t| t.people.get(who)).and_then(|p| p.id))
        {
            let directory = &rules.directory;
            let held = directory.holdings.values().filter(|h| h.person == id);
            names.extend(held.filter_map(|h| h.body).filter_map(|b| directory.bodies.get(&b)).map(|b| b.name.clone()));
        }
        crate::actions::Standing { names, asker: matter.is_of(who) }
    }

    /// The matter that one is to be joined with: the one whose name or number stands in the table, else
    /// the only other one there is.
    fn meant(&self, name: &str, wanted: &Wanted) -> Told<Option<String>> {
        let others: Vec<(&String, &Matter)> = self.matters.iter().filter(|(other, _)| *other != name).collect();
        let said = |(other, matter): &&(&String, &Matter)| {
            wanted.fields.values().any(|v| v.contains(other.as_str()) || v.contains(matter.number.as_str()))
        };
        // The longest name: 路灯二 is meant where 路灯 is another.
        let named = others.iter().filter(said).max_by_key(|(other, _)| other.chars().count());
        Ok(match (named, others.as_slice()) {
            (Some((_, matter)), _) | (None, [(_, matter)]) => Some(matter.number.clone()),
            _ => None,
        })
    }

    /// The table of an action as a move's form. Nothing is added that the story does not say.
    fn form(&self, name: &str, wanted: &Wanted, sheet: &Sheet) -> Told<(MoveForm, Vec<String>)> {
        let mut form = MoveForm::default();
        let (mut photos, mut note) = (Vec::new(), None);
        for (field, value) in &wanted.fields {
            if text::nothing(value) {
                continue;
            }
            let value = value.clone();
            if wanted.action == "合并"
                && (self.matters.contains_key(&value) || self.matters.values().any(|m| m.number == value))
            {
                form.into = Some(self.matters.get(&value).map_or(value, |matter| matter.number.clone()));
                continue;
            }
            match field.as_str() {
                "单位" | "交给" | "主办" | "主办单位" | "承办单位" | "协办单位" | "责任单位" | "部门" | "转交" => {
                    form.to.extend(text::names(&value))
                }
                "理由" | "原因" | "事由" => form.reason = Some(value),
                "依据" | "办结依据" | "职责依据" | "核验依据" => form.basis = Some(value),
                "答复" | "答复内容" | "办理结果" | "反馈" | "办理情况" => form.answer = Some(value),
                "期限" | "延到" | "到期" | "恢复日期" | "复查日期" | "日期" | "时限" | "暂缓到" => {
                    form.until = Some(text::limit(&value).unwrap_or_else(|| text::moment(&value)))
                }
                "照片" | "图片" | "现场照片" | "证据" | "附件" => photos.extend(photo_names(&value)),
                "解决" | "是否解决" => {
                    form.solved = Some(text::yes(&value).ok_or_else(|| format!("“解决”要写 是 或 否，不是“{value}”"))?)
                }
                "满意" | "是否满意" | "满意度" => form.satisfied = Some(value),
                "事项" => form.item = Some(value),
                "地点" | "网格" => form.place = Some(self.place_of(&value)?.to_string()),
                "并入" | "合并到" | "并到" | "主件" | "原件" | "目标" | "事件" | "案件" | "诉求" => {
                    form.into = Some(self.matters.get(&value).map_or(value, |matter| matter.number.clone()));
                }
                "议题" => form.topic = Some(value),
                "版本" => {
                    form.version = Some(
                        text::number(&value).map(i64::from).ok_or_else(|| format!("“版本”要写数字，不是“{value}”"))?,
                    )
                }
                // They say which move is meant; `actions` reads them.
                "结果" | "同意" | "属实" => {}
                "说明" | "备注" | "意见" | "情况" | "结论" => note = Some(value),
                other => {
                    return Err(format!("“{other}”不是动作表里的栏目；有：{}", crate::actions::FIELDS.join("、")));
                }
            }
        }
        // Only these moves are given to somebody; elsewhere a body's name says nothing.
        if !matches!(wanted.action.as_str(), "交办" | "派单" | "改派" | "协办" | "吹哨" | "裁定") {
            form.to.clear();
        }
        match wanted.action.as_str() {
            "报办结" | "办结" | "当场答复" => form.answer = form.answer.or(note),
            _ => form.reason = form.reason.or(note),
        }
        match wanted.action.as_str() {
            // The one thing that is written down goes where the action has its place for it.
            "裁定" | "核验通过" | "请评价" | "请您评价" | "回头看" => {
                form.basis = form.basis.or_else(|| form.reason.clone()).or_else(|| form.answer.clone());
            }
            "上会" | "提交议事" => form.topic = form.topic.or_else(|| form.reason.clone()),
            "合并" if form.into.is_none() => form.into = self.meant(name, wanted)?,
            _ => {}
        }
        // A look-back may say its result in one word; one that says none found nothing wrong.
        if form.solved.is_none() && sheet.fact("state") == "closed" && wanted.action == "回头看" {
            form.solved = match wanted.fields.get("结果") {
                Some(said) => text::yes(said),
                None => Some(true),
            };
        }
        Ok((form, photos))
    }
}
