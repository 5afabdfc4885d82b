//! The virtual clock: set once, then only forward, through every moment that falls due.

use kernel::{
    Timestamp,
    time::{DAY_MS, HOUR_MS, MINUTE_MS, add_work_days, add_work_hours},
};

use super::{Story, Told};
use crate::text;

/// Moments that one step may pass through.
const MOMENTS_MAX: usize = 50_000;
/// How often a moment that does not go away is tried.
const TRIES_MAX: usize = 3;

impl Story {
    /// Sets the clock: before anything happened to any moment, afterwards only forward.
    pub async fn now_is(&mut self, said: &str) -> Told {
        if self.house.is_none() {
            self.early = Some(said.to_owned());
            return Ok(());
        }
        let target = self.moment(said)?;
        let house = self.house()?;
        if target < house.now() && self.matters.is_empty() && self.meetings.is_empty() {
            house.clock.set(target);
            return self.rebuild().await;
        }
        if self.shown(target)? == self.shown(house.now())? {
            return Ok(());
        }
        if target < house.now() {
            return Err(format!("时间只能往前走：现在已经是 {}", self.shown(house.now())?));
        }
        self.pass_until(target).await
    }

    /// A local day or time as a moment; a day means nine in the morning.
    pub fn moment(&self, said: &str) -> Told<Timestamp> {
        let calendar = &self.rules()?.directory.calendar;
        let text = text::moment(said);
        let text = if text.len() == 10 { format!("{text} 09:00") } else { text };
        let parsed = calendar.parse_local(&text).or_else(|first| Timestamp::parse(&text).map_err(|_| first));
        parsed.map_err(|e| format!("看不懂这个时间“{said}”：{e}；写成 2026-03-02 09:00"))
    }

    /// A moment as the story writes it.
    pub fn shown(&self, at: Timestamp) -> Told<String> {
        Ok(self.rules()?.directory.calendar.local(at).iso_minute())
    }

    /// Lets so much time pass.
    pub async fn pass(&mut self, amount: &str, unit: &str) -> Told {
        let rules = self.rules()?;
        let calendar = &rules.directory.calendar;
        let now = self.house()?.now();
        let half = amount == "半";
        let part: Option<f64> =
            text::half_width(amount).contains('.').then(|| text::half_width(amount).parse().ok()).flatten();
        let n = match part {
            _ if half => 0,
            Some(_) if unit.starts_with('工') => return Err("工作日、工作时要写整数".into()),
            Some(_) => 0,
            None => text::number(amount).ok_or_else(|| format!("看不懂“{amount}”这个数"))?,
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
        let plain = |ms: i64| {
            Ok(now.plus_ms(match part {
                _ if half => ms / 2,
                Some(part) => (part * ms as f64).round() as i64,
                None => i64::from(n) * ms,
            }))
        };
        let target = match unit {
            "工作日" => add_work_days(calendar, now, n),
            "工作时" | "工作小时" => add_work_hours(calendar, now, n),
            "分钟" => plain(MINUTE_MS),
            "小时" | "钟头" => plain(HOUR_MS),
            "周" | "星期" => plain(7 * DAY_MS),
            _ => plain(DAY_MS),
        };
        if half && unit.starts_with('工') {
            return Err("“半个”只用在小时和天上".into());
        }
        self.pass_until(target.map_err(|e| e.to_string())?).await
    }

    /// Moves the clock to a moment, stopping at each that falls due on the way.
    pub async fn pass_until(&mut self, target: Timestamp) -> Told {
        let house = self.house()?;
        let mut last = (Timestamp::MIN, 0);
        for _ in 0..MOMENTS_MAX {
            let Some(due) = house.next_due().await?.filter(|due| *due <= target) else {
                if house.now() < target {
                    house.clock.set(target);
                }
                house.tick().await?;
                return self.rebuild().await;
            };
            last = if last.0 == due { (due, last.1 + 1) } else { (due, 0) };
            if last.1 > TRIES_MAX {
                return Err(format!("{} 到期的一件事一直没有走完", self.shown(due)?));
            }
            if due > house.now() {
                house.clock.set(due);
            }
            house.tick().await?;
        }
        Err(format!("这一步里到期的时刻超过 {MOMENTS_MAX} 个"))
    }
}
