//! `serve` and `demo`: opens the installation and listens.

use std::{collections::BTreeSet, net::SocketAddr, path::Path};

use kernel::{Lang, access};
use server::{App, Config, limits::Rates};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::{
    args::{Demo, Serve},
    home::Home,
    out::{Exit, Failure, Out},
};

/// Serves the enabled districts.
pub fn serve(home: &Home, wanted: &Serve, out: &Out) -> Result<Exit, Failure> {
    let config = Config {
        base_url: wanted.base_url.clone(),
        proxy_hops: wanted.proxy_hops,
        rates: if wanted.unlimited { Rates::off() } else { Rates::default() },
        ..config(home, wanted.listen)
    };
    let engine = home.open()?;
    for district in &wanted.enable {
        home.enable(&engine, district)?;
    }
    run(engine, config, &[], out)
}

/// Loads the demonstration, then serves it.
pub fn demo(home: &Home, wanted: &Demo, out: &Out) -> Result<Exit, Failure> {
    std::fs::create_dir_all(&home.data).map_err(|e| Failure::file(&home.data, e))?;
    // Makes the key file under the guard against a second process before the loader reads it.
    home.keys()?;
    let say = |district: &str| out.note(&format!("装入演示区县 loading {district} …"));
    let now = kernel::time::Clock::now(&kernel::time::SystemClock);
    server::demo::load(&home.db, &home.key_file(), home.packs.as_deref(), now, &say).map_err(|e| {
        Failure::environment(
            "demo",
            format!("演示数据装不进去：{e:#}"),
            format!("The demonstration cannot be loaded: {e:#}"),
        )
    })?;
    let config = Config { demo: true, ..config(home, wanted.listen) };
    let engine = home.open()?;
    let said = accounts(home, &engine)?;
    run(engine, config, &said, out)
}

fn config(home: &Home, listen: SocketAddr) -> Config {
    Config {
        data: home.data.clone(),
        packs: home.packs.clone().map(|packs| absolute(&packs)),
        listen,
        ..Config::default()
    }
}

fn absolute(path: &Path) -> std::path::PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn run(engine: kernel::Engine, mut config: Config, said: &[String], out: &Out) -> Result<Exit, Failure> {
    logs();
    let runtime = tokio::runtime::Runtime::new().map_err(|e| {
        Failure::environment("threads", format!("起不了线程：{e}"), format!("No threads can be started: {e}"))
    })?;
    runtime.block_on(async {
        let wanted = config.listen;
        let taken = |e: std::io::Error| {
            Failure::environment(
                "port",
                format!("不能监听 {wanted}：{e}。请换一个端口，或停掉占用它的程序。"),
                format!("Cannot listen on {wanted}: {e}. Choose another port, or stop the program that uses it."),
            )
        };
        let listener = TcpListener::bind(wanted).await.map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        config.listen = address;
        let app = App::start(engine, config)
            .await
            .map_err(|e| Failure::environment("start", format!("启动不了：{e:#}"), format!("Cannot start: {e:#}")))?;
        out.line(&format!("listening http://{address}"));
        for line in said {
            out.line(line);
        }
        server::serve(app, listener)
            .await
            .map_err(|e| Failure::environment("serve", format!("服务中断：{e:#}"), format!("Serving ended: {e:#}")))?;
        Ok(Exit::Ok)
    })
}

/// The demonstration's accounts, one for each post of each district, and their password.
fn accounts(home: &Home, engine: &kernel::Engine) -> Result<Vec<String>, Failure> {
    let mut lines = vec![format!("密码 password: {}", server::demo::PASSWORD)];
    for (district, _) in engine.read_now(|db| Ok(commons::install::districts(db)?))? {
        let directory = home.directory(engine, &district)?;
        let now = engine.now();
        let wanted = district.clone();
        let mut seen = BTreeSet::new();
        lines.push(format!("{district} {}", directory.pack.meta.name_zh));
        for account in engine.read_now(move |db| Ok(access::account_list(db, &wanted)?))? {
            let actor = directory.actor(&account.person, Some(account.id), now);
            let Some(grant) = actor.grants.first() else { continue };
            if seen.insert(grant.post.clone()) {
                lines.push(format!(
                    "  {:16} {} {}",
                    account.name,
                    directory.post_name(&grant.post, Lang::Zh),
                    actor.display
                ));
            }
        }
    }
    Ok(lines)
}

/// Log lines go to stderr; `DOORSTEP_LOG` says how much, such as `info` or `server=debug`.
fn logs() {
    let filter = EnvFilter::try_from_env("DOORSTEP_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    // Set already: a second server in one process keeps the first one's.
    drop(tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init());
}
