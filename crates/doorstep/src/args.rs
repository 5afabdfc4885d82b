//! What can be asked for on the command line, with help in both languages.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};

/// 家门口：居民、网格、村社、镇街和区县一起用的平台。
/// Doorstep: the platform that residents, grids, communities, streets and a district run together.
#[derive(Debug, Parser)]
#[command(name = "doorstep", version, arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Args {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, ClapArgs)]
pub struct Common {
    /// 数据库：sqlite:路径 或 postgres://…；不写就用数据文件夹里的 doorstep.db。
    /// The database: sqlite:PATH or postgres://…; doorstep.db in the data folder by default.
    #[arg(long, global = true, value_name = "URL")]
    pub db: Option<String>,
    /// 数据文件夹，密钥在它的 keys/ 里；不写就用数据库文件所在的文件夹，都没写就用 data。
    /// The data folder, keys stand in its keys/; the folder of the database file by default, else data.
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// 放区县包的文件夹，补充或代替程序自带的包。
    /// A folder of packs that add to or replace those inside the program.
    #[arg(long, global = true, value_name = "DIR")]
    pub packs: Option<PathBuf>,
    /// 只输出一个 JSON 对象，进度写到标准错误。
    /// Print one JSON object; progress goes to stderr.
    #[arg(long, global = true)]
    pub json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 启动服务。Serve the enabled districts over HTTP.
    Serve(Serve),
    /// 装好演示区县和账号，然后启动服务。Load the demonstration districts and accounts, then serve.
    Demo(Demo),
    /// 检查区县包。Check district packs.
    #[command(subcommand)]
    Pack(Pack),
    /// 导入别的系统的数据。Import another system's data.
    #[command(subcommand)]
    Import(Import),
    /// 这个点归哪里管、今天谁在。To which places a point belongs, and who is on duty there.
    Locate(Locate),
    /// 算一个指标，带分子和分母。Count a figure, with numerator and denominator.
    Kpi(Kpi),
    /// 核对每个区县的记录有没有被改过。Verify that no district's history was changed.
    Verify(Verify),
    /// 量一量有多快。Measure how fast it is.
    #[command(subcommand)]
    Bench(Bench),
    /// 管账号：新增、停用、列出、改密码。Look after accounts.
    #[command(subcommand)]
    User(User),
    /// 给一个账号发登录令牌，只显示一次。Mint a session token for an account; shown once.
    Token(Token),
}

/// How it is served.
#[derive(Debug, Clone, ClapArgs)]
pub struct Serve {
    /// 监听的地址；端口写 0 由系统挑一个。
    /// The address to listen on; port 0 lets the system choose.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8311")]
    pub listen: std::net::SocketAddr,
    /// 启动前先启用这些区县，用逗号隔开。
    /// Enable these districts from their packs first, separated by commas.
    #[arg(long, value_name = "DISTRICTS", value_delimiter = ',')]
    pub enable: Vec<String>,
    /// 居民看到的网址，如 https://jiamenkou.example。
    /// The address that people know, such as https://jiamenkou.example.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// 前面有几层可信的反向代理。
    /// How many trusted reverse proxies stand in front.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub proxy_hops: usize,
    /// 量速度时用：不限每个来源的次数。
    /// For measuring: no limit on calls from one address.
    #[arg(long, hide = true)]
    pub unlimited: bool,
}

/// How the demonstration is served.
#[derive(Debug, Clone, ClapArgs)]
pub struct Demo {
    /// 监听的地址。
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8311")]
    pub listen: std::net::SocketAddr,
}

/// District packs.
#[derive(Debug, Subcommand)]
pub enum Pack {
    /// 检查一个包，每个错都说清文件和行。Check a pack; every fault with its file and line.
    Check {
        /// 包的文件夹，或自带包的名字。
        /// The pack's folder, or the name of a shipped one.
        dir: String,
    },
}

/// Imports.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// 导入一个城市的历史件（CSV，可以是 gzip）。Import a city's cases (CSV, plain or gzip).
    Cases {
        /// 导进哪个区县；还没启用就先用它的包启用。
        /// The district; enabled from its pack when it is not.
        #[arg(long)]
        district: String,
        /// 用包里的哪份对照表（imports/ 里的文件名）；只有一份时不用写。
        /// Which of the pack's mappings (a file in imports/); not needed when there is one.
        #[arg(long)]
        mapping: Option<String>,
        /// 文件。
        /// The file.
        file: PathBuf,
    },
}

/// A point.
#[derive(Debug, ClapArgs)]
pub struct Locate {
    /// 区县。
    /// The district.
    #[arg(long)]
    pub district: String,
    /// 经度（WGS-84）。
    /// Longitude, WGS-84.
    #[arg(long, allow_negative_numbers = true)]
    pub lon: f64,
    /// 纬度（WGS-84）。
    /// Latitude, WGS-84.
    #[arg(long, allow_negative_numbers = true)]
    pub lat: f64,
}

/// A figure.
#[derive(Debug, ClapArgs)]
pub struct Kpi {
    /// 指标名，中文或英文，如 按期办结率 或 on_time_rate。
    /// The figure's name, Chinese or English.
    pub name: String,
    /// 区县。
    /// The district.
    #[arg(long)]
    pub district: String,
    /// 地点的代码或名字；不写就是全区。
    /// Code or name of a place; the whole district by default.
    #[arg(long)]
    pub place: Option<String>,
    /// 应办结的日子从哪天起，如 2026-03-01。
    /// First day on which the deadline falls, such as 2026-03-01.
    #[arg(long, requires = "to", value_name = "DAY")]
    pub from: Option<String>,
    /// 到哪天为止，含这一天。
    /// Last such day, included.
    #[arg(long, requires = "from", value_name = "DAY")]
    pub to: Option<String>,
}

/// A verification.
#[derive(Debug, ClapArgs)]
pub struct Verify {
    /// 以前核对时留在别处的结果（--json 的输出）：到那时为止的记录一条也不能变。
    /// An earlier result kept elsewhere (the output with --json): nothing up to it may have changed.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
}

/// Accounts.
#[derive(Debug, Subcommand)]
pub enum User {
    /// 新增一个账号，密码从标准输入读一行。Add an account; the password is read from stdin.
    Add(UserAdd),
    /// 停用一个账号，它的登录立刻失效。Disable an account; its sessions end at once.
    Disable {
        /// 账号。
        /// The account.
        account: String,
    },
    /// 列出一个区县的账号。List a district's accounts.
    List {
        /// 区县。
        /// The district.
        #[arg(long)]
        district: String,
    },
    /// 换密码，新密码从标准输入读一行；原来的登录全部失效。Set a new password from stdin; sessions end.
    Password {
        /// 账号。
        /// The account.
        account: String,
    },
}

/// A new account.
#[derive(Debug, Clone, ClapArgs)]
pub struct UserAdd {
    /// 登录用的名字。
    /// The name to sign in with.
    pub account: String,
    /// 区县。
    /// The district.
    #[arg(long)]
    pub district: String,
    /// 工作时用的称呼，如 周网格员；已有这个人就用这个人。
    /// The service name, such as 周网格员; somebody known by it already is taken.
    #[arg(long)]
    pub display: String,
    /// 岗位（没有这个人时）：代码或名称，如 grid_officer 或 专职网格员。
    /// The post, for somebody new: id or title.
    #[arg(long)]
    pub post: Option<String>,
    /// 在哪个地点任职：代码或名字。
    /// At which place the post is held: code or name.
    #[arg(long, conflicts_with = "body")]
    pub place: Option<String>,
    /// 在哪家单位任职：名称。
    /// In which body the post is held: its name.
    #[arg(long)]
    pub body: Option<String>,
}

/// A token.
#[derive(Debug, ClapArgs)]
pub struct Token {
    /// 账号。
    /// The account.
    pub account: String,
}

/// Benchmarks. Each makes its own data in a temporary folder and removes it.
#[derive(Debug, Subcommand)]
pub enum Bench {
    /// 上报：并发提交。Reports over HTTP, durable.
    Report(BenchLoad),
    /// 一件事的全程：上报、受理、交办、报办结、按编号查。A whole lifecycle over HTTP, durable.
    Loop {
        /// 先放进多少件。
        /// Cases that are there already.
        #[arg(long, default_value_t = 100_000)]
        records: u64,
        /// 怎么加压。
        #[command(flatten)]
        load: BenchLoad,
    },
    /// 列表和筛选。Lists and filters over HTTP.
    List {
        /// 先放进多少件。
        /// Cases that are there already.
        #[arg(long, default_value_t = 200_000)]
        records: u64,
        /// 怎么加压。
        #[command(flatten)]
        load: BenchLoad,
    },
    /// 由点定位到网格，只用一个核。From point to grid, one core.
    Locate {
        /// 多少块。
        /// Tiles.
        #[arg(long, default_value_t = 20_000)]
        polygons: usize,
        /// 多少点。
        /// Points.
        #[arg(long, default_value_t = 1_000_000)]
        points: usize,
    },
    /// 大屏指标。Figures (not built yet).
    Dashboard(Later),
    /// 查找。Search (not built yet).
    Search(Later),
    /// 设备上报。Device readings (not built yet).
    Ingest(Later),
    /// 反复断电。Killed again and again (not built yet).
    Endure(Later),
}

/// Load of a benchmark over HTTP.
#[derive(Debug, Clone, ClapArgs)]
pub struct BenchLoad {
    /// 同时有多少个客户端，各用一条连接。
    /// Clients at once, each on one connection.
    #[arg(long, default_value_t = 32)]
    pub clients: usize,
    /// 量多少秒。
    /// Seconds to measure.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
}

/// A benchmark that is not built yet takes what it will take.
#[derive(Debug, Clone, ClapArgs)]
pub struct Later {
    /// 以后的参数。
    /// What it will take.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    pub rest: Vec<String>,
}
